--------------------------- MODULE QuorumOfStates ---------------------------
(***************************************************************************)
(* The register with a known bug: a quorum read is answered when a quorum  *)
(* reports the same state, under whatever ballots.                         *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Stands for Answer. Two acceptors have accepted the same state, but one  *)
(* in a round that did not reach a quorum, and the other in another round  *)
(* that has not reached one yet. Neither of the two need ever be accepted  *)
(* by a quorum. The client was then told of a state that the register      *)
(* perhaps does not come from: AcknowledgedIsChosen is violated, and in    *)
(* consequence OneChain.                                                   *)
(***************************************************************************)
QuorumOfStates(p, n, q, b, s) ==
  /\ q \in Quorum
  /\ \A a \in q : \E m \in messages :
       /\ m.type = "report"
       /\ m.proposer = p
       /\ m.number = n
       /\ m.acceptor = a
       /\ m.acceptedBallot <= b
       /\ m.acceptedState = s
  /\ \E a \in q :
       [type |-> "report", proposer |-> p, number |-> n, acceptor |-> a,
        acceptedBallot |-> b, acceptedState |-> s] \in messages
  /\ acknowledged' = acknowledged \cup
       {[ballot |-> b, changes |-> <<>>, state |-> s]}
  /\ UNCHANGED <<acceptorVars, proposerVars, messages>>
=============================================================================
