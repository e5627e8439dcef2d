----------------------------- MODULE FiniteSets -----------------------------
(* Finite sets and the number of their elements. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences

(* A set is finite if some sequence lists all its elements. *)
IsFiniteSet(S) == \E s \in Seq(S) : \A e \in S : \E i \in 1..Len(s) : s[i] = e

Cardinality(S) ==
  LET RECURSIVE size(_)
      size(T) == IF T = {} THEN 0 ELSE 1 + size(T \ {CHOOSE e \in T : TRUE})
  IN size(S)
=============================================================================
