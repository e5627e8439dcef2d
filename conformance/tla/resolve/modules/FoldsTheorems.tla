--------------------------- MODULE FoldsTheorems ----------------------------
(* What proofs extend for its theorems. Proofs are not checked here, so that only what can be used in
   expressions is defined. *)
EXTENDS Folds, FiniteSets
=============================================================================
