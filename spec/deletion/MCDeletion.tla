----------------------------- MODULE MCDeletion -----------------------------
(***************************************************************************)
(* The module Deletion with three acceptors and two proposers, for TLC.    *)
(***************************************************************************)
EXTENDS Deletion, TLC

(***************************************************************************)
(* Acceptors may be exchanged for each other.                              *)
(***************************************************************************)
Symmetry == Permutations(Acceptor)

(***************************************************************************)
(* A later beginning of the story, for what happens around the erasure:    *)
(* all acceptors hold the tombstone, and no proposer has anything under    *)
(* way, in its cache, or left of its smaller ballots.                      *)
(***************************************************************************)
Swept ==
  /\ promised = [a \in Acceptor |-> 6]
  /\ acceptedBallot = promised
  /\ acceptedState = [a \in Acceptor |-> "deleted"]
  /\ known = [a \in Acceptor |-> [p \in Proposer |-> 0]]
  /\ counter = [p \in Proposer |-> 6]
  /\ ballot = [p \in Proposer |-> 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ age = [p \in Proposer |-> 0]
  /\ cache = [p \in Proposer |-> Empty]
  /\ tombstone = 0
  /\ messages =
       {[type |-> "accept", ballot |-> 6, state |-> "deleted", age |-> 0]}
       \cup {[type |-> "accepted", ballot |-> 6, acceptor |-> a] :
               a \in Acceptor}
  /\ acknowledged = FALSE
=============================================================================
