----------------------------- MODULE Statistics -----------------------------
(* Statistical tests. *)
EXTENDS Naturals

(* Whether what was counted fits what was expected, at the level of significance alpha (text: "0.05"). The
   engine computes it. *)
ChiSquare(expected, actual, alpha) == CHOOSE fits : fits \in BOOLEAN
=============================================================================
