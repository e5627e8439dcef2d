----------------------------- MODULE Statistics -----------------------------
(* Statistical tests. *)
EXTENDS Naturals

(* Whether what was counted fits what was expected, at the level of significance alpha (text: "0.05"). *)
ChiSquare(expected, actual, alpha) == DOMAIN expected = DOMAIN actual
=============================================================================
