----------------------------- MODULE LogVoting ------------------------------
(***************************************************************************)
(* Each slot of the log is an instance of the Synod: whoever looks at one  *)
(* slot only sees what the module Voting allows, with the one promise of a *)
(* replica as its promise in that slot.                                    *)
(*                                                                         *)
(* Voting knows quorums of one kind, so this is about a log whose two      *)
(* kinds are the same and of which every two meet.                         *)
(***************************************************************************)
EXTENDS MCLog

(***************************************************************************)
(* The votes of the replicas in slot i. They are taken from the messages,  *)
(* because a replica keeps its last vote only, and not even that when the  *)
(* slot is in a snapshot.                                                  *)
(***************************************************************************)
VotesIn(i) ==
  [a \in Replica |->
    {<<m.ballot, m.value>> : m \in {n \in Accepts :
      /\ n.slot = i
      /\ [type |-> "accepted", ballot |-> n.ballot, slot |-> i,
          replica |-> a] \in messages}}]

(***************************************************************************)
(* The sets of replicas that are quorums.                                  *)
(***************************************************************************)
Quorum == {q \in SUBSET Replica : IsAcceptQuorum(q)}

(***************************************************************************)
(* The slot that is looked at, as an instance of Voting. A configuration   *)
(* may put the second in its place.                                        *)
(***************************************************************************)
Watched == 1

Second == 2

V == INSTANCE Voting WITH Value <- Batch, Acceptor <- Replica,
                          votes <- VotesIn(Watched)

SlotRefinesVoting == V!Spec

THEOREM Spec => SlotRefinesVoting
=============================================================================
