------------------------------ MODULE LogRead -------------------------------
(***************************************************************************)
(* Reads that take no place in the log.                                    *)
(*                                                                         *)
(* A leader may have been deposed without knowing it, so what its machine  *)
(* says may be old. Before it answers a read it asks the others whether    *)
(* they have promised a larger ballot. If a quorum has not, nobody has led *)
(* under one when it asked, and whatever clients had been told by then was *)
(* chosen under its own ballot or before: it is in the log up to a slot    *)
(* that the leader knows. When it has applied the log that far it answers  *)
(* from its machine. One such inquiry serves all reads that wait for it.   *)
(***************************************************************************)
EXTENDS Log

(***************************************************************************)
(* The inquiries of leaders, each with the slot up to which the log must   *)
(* be applied before a read is answered, and the confirmations.            *)
(***************************************************************************)
VARIABLES inquiries, confirmations

(***************************************************************************)
(* History: what clients had been told when an inquiry was made, and the   *)
(* reads that were answered.                                               *)
(***************************************************************************)
VARIABLES told, reads

(***************************************************************************)
(* The numbers of inquiries.                                               *)
(***************************************************************************)
Number == Nat

readVars == <<inquiries, confirmations, told, reads>>

ReadTypeOK ==
  /\ inquiries \subseteq [replica : Replica, ballot : Ballot, number : Number,
                          slot : Slot]
  /\ confirmations \subseteq [ballot : Ballot, number : Number,
                              replica : Replica]
  /\ \A x \in told : DOMAIN x = {"ballot", "number", "commands", "slot"}
  /\ reads \subseteq [ballot : Ballot, number : Number, slot : Slot]

ReadInit ==
  /\ Init
  /\ inquiries = {}
  /\ confirmations = {}
  /\ told = {}
  /\ reads = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The first slot for which leader r proposes under its ballot. All those  *)
(* before are chosen.                                                      *)
(***************************************************************************)
Proposals(b) == {m.slot : m \in {n \in messages : /\ n.type = "accept"
                                                 /\ n.ballot = b}}

First(r) ==
  LET own == Proposals(promised[r])
  IN  IF own = {} THEN next[r]
      ELSE CHOOSE i \in own : \A j \in own : i <= j

(***************************************************************************)
(* The slot that leader r must have applied. What others chose before it   *)
(* led is in the slots before its first one and in those that it           *)
(* inherited, and what it chose itself it learned first.                   *)
(***************************************************************************)
ReadSlot(r) ==
  Largest({First(r) - 1, applied[r]}
          \cup {x.slot : x \in learned[r]}
          \cup {x.slot : x \in inherited[r]})

(***************************************************************************)
(* Leader r begins inquiry n, under a number that is new for its ballot.   *)
(* It is sure of itself: it has promised its own ballot.                   *)
(***************************************************************************)
Inquire(r, n, i) ==
  /\ role[r] = "leader"
  /\ ~\E x \in inquiries : x.ballot = promised[r] /\ x.number = n
  /\ i >= ReadSlot(r)
  /\ inquiries' = inquiries \cup
       {[replica |-> r, ballot |-> promised[r], number |-> n, slot |-> i]}
  /\ confirmations' = confirmations \cup
       {[ballot |-> promised[r], number |-> n, replica |-> r]}
  /\ told' = told \cup
       {[ballot |-> promised[r], number |-> n,
         commands |-> {x.command : x \in answered},
         slot |-> Largest({0} \cup {x.slot : x \in reads})]}
  /\ UNCHANGED <<vars, reads>>

(***************************************************************************)
(* Replica a has promised no larger ballot than b, and says so.            *)
(***************************************************************************)
Confirm(a, b, n) ==
  /\ \E x \in inquiries : x.ballot = b /\ x.number = n
  /\ promised[a] <= b
  /\ confirmations' = confirmations \cup
       {[ballot |-> b, number |-> n, replica |-> a]}
  /\ UNCHANGED <<vars, inquiries, told, reads>>

(***************************************************************************)
(* Leader r, whose inquiry n the quorum q has confirmed, answers a read    *)
(* from its machine. The quorum is one that accepts: so it has a member in *)
(* common with any quorum that could have promised a larger ballot.        *)
(***************************************************************************)
ReadConfirmed(r, n, q) ==
  /\ role[r] = "leader"
  /\ \E x \in inquiries :
       /\ x.ballot = promised[r]
       /\ x.number = n
       /\ applied[r] >= x.slot
  /\ IsAcceptQuorum(q)
  /\ \A a \in q :
       [ballot |-> promised[r], number |-> n, replica |-> a]
         \in confirmations
  /\ reads' = reads \cup
       {[ballot |-> promised[r], number |-> n, slot |-> applied[r]]}
  /\ UNCHANGED <<vars, inquiries, confirmations, told>>

ReadNext ==
  \/ Next /\ UNCHANGED readVars
  \/ \E r \in Replica : \E n \in Number, i \in Slot : Inquire(r, n, i)
  \/ \E a \in Replica : \E b \in Ballot, n \in Number : Confirm(a, b, n)
  \/ \E r \in Replica : \E n \in Number, q \in SUBSET Replica : ReadConfirmed(r, n, q)

ReadSpec == ReadInit /\ [][ReadNext]_<<vars, readVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* A read sees all commands whose results clients had been told before the *)
(* inquiry for it was made, and is not behind any read that was answered   *)
(* before.                                                                 *)
(***************************************************************************)
Performed(c, m) == \E x \in SessionOf(m, c.client) : c.number <= x.number

ReadsAreCurrent ==
  \A x \in reads : \A y \in told :
    x.ballot = y.ballot /\ x.number = y.number =>
      /\ \A c \in y.commands : Performed(c, MachineAt(x.slot))
      /\ y.slot <= x.slot
=============================================================================
