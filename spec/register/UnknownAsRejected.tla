-------------------------- MODULE UnknownAsRejected -------------------------
(***************************************************************************)
(* The register with a known bug: a client whose change was proposed, but  *)
(* not acknowledged, is told that it was rejected.                         *)
(***************************************************************************)
EXTENDS MCRegisterHistory

(***************************************************************************)
(* Stands for MayReject. The accepts that were sent are still on their     *)
(* way, and a quorum may yet store the state. RefinesLinearizable is       *)
(* violated.                                                               *)
(***************************************************************************)
UnknownAsRejected(n) == \A x \in answered : x.call # n
=============================================================================
