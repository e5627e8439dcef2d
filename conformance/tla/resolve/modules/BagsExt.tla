------------------------------ MODULE BagsExt -------------------------------
(* More operators on bags. *)
LOCAL INSTANCE Bags
LOCAL INSTANCE Integers
LOCAL INSTANCE Folds

BagAdd(B, x) == B (+) SetToBag({x})

BagRemove(B, x) == B (-) SetToBag({x})

BagRemoveAll(B, x) == [e \in DOMAIN B \ {x} |-> B[e]]

(* op(what came before, f(e)) for every occurrence of an e in B, starting from base; choose takes the next element
   from those that are left. *)
MapThenFoldBag(op(_, _), base, f(_), choose(_), B) ==
  LET RECURSIVE repeat(_, _, _)
      repeat(n, e, before) ==
        CASE n = 0 -> before
          [] n > 0 -> repeat(n - 1, e, op(before, f(e)))
      RECURSIVE fold(_, _)
      fold(S, before) ==
        IF S = {} THEN before ELSE LET e == choose(S) IN fold(S \ {e}, repeat(B[e], e, before))
  IN fold(DOMAIN B, base)

FoldBag(op(_, _), base, B) == MapThenFoldBag(op, base, LAMBDA e : e, LAMBDA S : CHOOSE e \in S : TRUE, B)

SumBag(B) == FoldBag(+, 0, B)

ProductBag(B) == FoldBag(LAMBDA x, y : x * y, 1, B)
=============================================================================
