------------------------- MODULE Rung13MasterSlave --------------------------
(***************************************************************************)
(* Two servers: a master that copies everything to a slave, who takes over *)
(* when the master is silent for too long.                                 *)
(*                                                                         *)
(* This is how many databases are replicated, and it looks so much simpler *)
(* than the rungs before: no ballots, no majorities, one leader and one    *)
(* copy. The master answers a client when the slave has the change too. If *)
(* the slave is gone, the master goes on alone, or one broken machine      *)
(* would stop both.                                                        *)
(*                                                                         *)
(* The error is in the word gone. A time-out cannot tell a server that has *)
(* stopped from a link that is cut. When the link is cut each thinks that  *)
(* the other has stopped, and both are masters. Clients reach both. When   *)
(* the link is back one of the two copies has to be thrown away, with      *)
(* changes that clients were told to be done. A rule for which one to keep *)
(* does not help. What helps is that a server alone is no majority of two, *)
(* and so may not answer; and that who leads bears a number which the      *)
(* others check.                                                           *)
(***************************************************************************)
EXTENDS FiniteSets

(***************************************************************************)
(* The changes that clients ask for, each once.                            *)
(***************************************************************************)
CONSTANT Change

(***************************************************************************)
(* Server 1 is the master at first and server 2 the slave.                 *)
(***************************************************************************)
Server == {1, 2}

Other(s) == IF s = 1 THEN 2 ELSE 1

(***************************************************************************)
(* Who thinks that it is master, the changes that each server holds,       *)
(* whether the link is cut, and the changes that clients were told to be   *)
(* done.                                                                   *)
(***************************************************************************)
VARIABLES role, held, cut, acknowledged

vars == <<role, held, cut, acknowledged>>

Init ==
  /\ role = [s \in Server |-> IF s = 1 THEN "master" ELSE "slave"]
  /\ held = [s \in Server |-> {}]
  /\ cut = FALSE
  /\ acknowledged = {}

-----------------------------------------------------------------------------

(***************************************************************************)
(* The link between the two is cut. Clients reach both.                    *)
(***************************************************************************)
Cut ==
  /\ ~cut
  /\ cut' = TRUE
  /\ UNCHANGED <<role, held, acknowledged>>

(***************************************************************************)
(* The slave has heard nothing of its master for too long, and takes over. *)
(***************************************************************************)
TimeOut(s) ==
  /\ cut
  /\ role[s] = "slave"
  /\ role' = [role EXCEPT ![s] = "master"]
  /\ UNCHANGED <<held, cut, acknowledged>>

(***************************************************************************)
(* Master s makes change c, copies it to the other server if it can be     *)
(* reached, and answers.                                                   *)
(***************************************************************************)
Write(s, c) ==
  /\ role[s] = "master"
  /\ c \notin acknowledged
  /\ held' = [t \in Server |-> IF t = s \/ ~cut THEN held[t] \cup {c}
                                            ELSE held[t]]
  /\ acknowledged' = acknowledged \cup {c}
  /\ UNCHANGED <<role, cut>>

(***************************************************************************)
(* The link is back, and the servers see each other. If there are two      *)
(* masters, the one that took over last stays, and the other takes its     *)
(* copy.                                                                   *)
(***************************************************************************)
Heal ==
  LET both == \A s \in Server : role[s] = "master"
  IN /\ cut
     /\ cut' = FALSE
     /\ role' = IF both THEN [role EXCEPT ![1] = "slave"] ELSE role
     /\ held' = IF both THEN [held EXCEPT ![1] = held[2]]
                ELSE [s \in Server |-> held[1] \cup held[2]]
     /\ UNCHANGED acknowledged

Next ==
  \/ Cut
  \/ Heal
  \/ \E s \in Server : TimeOut(s)
  \/ \E s \in Server, c \in Change : Write(s, c)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

(***************************************************************************)
(* When the servers see each other, whoever is master has all changes that *)
(* clients were told of.                                                   *)
(***************************************************************************)
NothingLost ==
  \A s \in Server :
    ~cut /\ role[s] = "master" => acknowledged \subseteq held[s]
=============================================================================
