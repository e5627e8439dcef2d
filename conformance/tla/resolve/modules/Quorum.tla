------------------------------- MODULE Quorum -------------------------------
(* Quorum systems over a set. *)

(* Sets of quorums that meet each other and are closed under adding elements. *)
QuorumSystem(S) ==
  {Q \in SUBSET SUBSET S :
    /\ Q # {}
    /\ \A A, B \in Q : A \cap B # {}
    /\ \A A \in Q, B \in SUBSET S : A \subseteq B => B \in Q}
=============================================================================
