------------------------------ MODULE BagsExt -------------------------------
(* More operators on bags. *)
LOCAL INSTANCE Bags
LOCAL INSTANCE Integers
LOCAL INSTANCE Folds

BagAdd(B, x) == B (+) SetToBag({x})

BagRemove(B, x) == B (-) SetToBag({x})

BagRemoveAll(B, x) == [e \in DOMAIN B \ {x} |-> B[e]]

(* op of f(e) for every occurrence of an e in B, starting from base; choose takes the elements from what is left. *)
MapThenFoldBag(op(_, _), base, f(_), choose(_), B) ==
  LET RECURSIVE repeat(_, _, _)
      repeat(n, e, acc) == IF n = 0 THEN acc ELSE op(f(e), repeat(n - 1, e, acc))
      RECURSIVE fold(_)
      fold(S) == IF S = {} THEN base ELSE LET e == choose(S) IN repeat(B[e], e, fold(S \ {e}))
  IN fold(DOMAIN B)

FoldBag(op(_, _), base, B) == MapThenFoldBag(op, base, LAMBDA e : e, LAMBDA S : CHOOSE e \in S : TRUE, B)

SumBag(B) == FoldBag(+, 0, B)

ProductBag(B) == FoldBag(LAMBDA x, y : x * y, 1, B)
=============================================================================
