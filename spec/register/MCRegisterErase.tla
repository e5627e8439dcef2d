--------------------------- MODULE MCRegisterErase --------------------------
(***************************************************************************)
(* The register's erasure, for TLC: what was deleted does not come back,   *)
(* and what is written later is not lost.                                  *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Clients set the register to 1 or delete it.                             *)
(***************************************************************************)
SetOrDelete == {[name |-> "set", value |-> 1], Delete}

(***************************************************************************)
(* Of three ballots, the one whose deletion may be erased is that which    *)
(* leaves one for what is written before it, and one for what comes after. *)
(***************************************************************************)
MiddleBallot == {2}

(***************************************************************************)
(* The story may begin late. Proposer p1 wrote 1 with ballot 1, which all  *)
(* acceptors have accepted, and of which p1 has asked them for ballot 3.   *)
(* Proposer p2 has deleted that with ballot 4, at a quorum, and the client *)
(* was told. Whether p1 still waits for a client, with promises that tell  *)
(* of the old state, it has in its memory.                                 *)
(***************************************************************************)
Deleted ==
  \E q \in Quorum : \E waits \in BOOLEAN :
    /\ Cardinality(q) = 2
    /\ promised = [a \in Acceptor |-> IF a \in q THEN 4 ELSE 3]
    /\ acceptedBallot = [a \in Acceptor |-> IF a \in q THEN 4 ELSE 1]
    /\ acceptedState = [a \in Acceptor |-> IF a \in q THEN Initial ELSE 1]
    /\ disk = [a \in Acceptor |-> [promised |-> promised[a],
                                   acceptedBallot |-> acceptedBallot[a],
                                   acceptedState |-> acceptedState[a]]]
    /\ counter = [p \in Proposer |-> IF p = "p1" THEN 3 ELSE 4]
    /\ phase = [p \in Proposer |->
                 IF p = "p1" /\ waits THEN "prepare" ELSE "idle"]
    /\ ballot = [p \in Proposer |-> IF p = "p1" /\ waits THEN 3 ELSE 0]
    /\ changes = [p \in Proposer |-> <<>>]
    /\ proposal = [p \in Proposer |-> Initial]
    /\ messages =
         {[type |-> "accept", ballot |-> 1, state |-> 1, parent |-> 0,
           next |-> 3],
          [type |-> "prepare", ballot |-> 4],
          [type |-> "accept", ballot |-> 4, state |-> Initial, parent |-> 1,
           next |-> 0]}
         \cup {[type |-> "accepted", ballot |-> 1, acceptor |-> a] :
                 a \in Acceptor}
         \cup {[type |-> "promise", ballot |-> 3, acceptor |-> a,
                acceptedBallot |-> 1, acceptedState |-> 1] : a \in Acceptor}
         \cup {[type |-> "promise", ballot |-> 4, acceptor |-> a,
                acceptedBallot |-> 1, acceptedState |-> 1] : a \in q}
         \cup {[type |-> "accepted", ballot |-> 4, acceptor |-> a] : a \in q}
    /\ acknowledged =
         {[ballot |-> 1, changes |-> <<[name |-> "set", value |-> 1]>>,
           state |-> 1],
          [ballot |-> 4, changes |-> <<Delete>>, state |-> Initial]}

(***************************************************************************)
(* The ballots of the late story: with two that are not used yet, or one.  *)
(***************************************************************************)
LateBallot == {0, 1, 3, 4, 5, 6}

FewBallots == LateBallot \ {6}
=============================================================================
