---------------------------- MODULE QuorumOfOne -----------------------------
(***************************************************************************)
(* The register with a known bug: one acceptor is taken for a quorum.      *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Stands for Quorum: every set with a member. Two rounds may then be      *)
(* served by acceptors of which none saw both, so that neither learns of   *)
(* the other. OneChain is violated.                                        *)
(***************************************************************************)
QuorumOfOne == SUBSET Acceptor \ {{}}
=============================================================================
