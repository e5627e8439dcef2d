------------------------- MODULE LogHistoryMutants --------------------------
(***************************************************************************)
(* The log with a known bug that clients can see and replicas cannot.      *)
(***************************************************************************)
EXTENDS LogHistory

(***************************************************************************)
(* A client that adds, and one that reads.                                 *)
(***************************************************************************)
Read == [client |-> "c2", number |-> 1, change |-> [name |-> "read"]]

AddAndRead == {Add, Read}

(***************************************************************************)
(* In the place of Answer: a replica answers a read from its own machine,  *)
(* without a slot in the log for it. It may be behind, even if it leads:   *)
(* another may lead since, or it may not have applied yet what it          *)
(* inherited. RefinesLinearizable is violated.                             *)
(***************************************************************************)
ReadLocally(r, c) ==
  /\ Asking(c) \in asked
  /\ c.change.name = "read"
  /\ answered' = answered \cup {[command |-> c, result |-> machine[r].value]}
  /\ UNCHANGED <<acceptorVars, machineVars, leaderVars, messages, executed>>
=============================================================================
