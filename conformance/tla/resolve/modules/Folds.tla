------------------------------- MODULE Folds --------------------------------
(* The fold that all other folds of these libraries are made of. *)

(* op(f(e1), op(f(e2), ... base)), with the elements in the order in which choose takes them from what is left of S. *)
MapThenFoldSet(op(_, _), base, f(_), choose(_), S) ==
  LET RECURSIVE fold(_)
      fold(T) == IF T = {} THEN base ELSE LET e == choose(T) IN op(f(e), fold(T \ {e}))
  IN fold(S)
=============================================================================
