--------------------------- MODULE FiniteSetsExt ----------------------------
(* More operators on finite sets. *)
EXTENDS Integers, FiniteSets, Folds, Functions

(* op(e, what came before) for all elements of a set, in no certain order. *)
FoldSet(op(_, _), base, set) ==
  LET RECURSIVE fold(_, _)
      fold(S, before) ==
        IF S = {} THEN before ELSE LET e == CHOOSE d \in S : TRUE IN fold(S \ {e}, op(e, before))
  IN fold(set, base)

SumSet(set) == FoldSet(+, 0, set)

ProductSet(set) == FoldSet(LAMBDA a, b : a * b, 1, set)

ReduceSet(op(_, _), set, acc) == FoldSet(op, acc, set)

(* The sum of op(e) for the elements of a set. *)
MapThenSumSet(op(_), set) == FoldSet(LAMBDA e, sum : op(e) + sum, 0, set)

FlattenSet(S) == UNION S

(* What is in one of the sets but not in both. *)
SymDiff(A, B) == (A \cup B) \ (A \cap B)

(* How many elements satisfy P. *)
Quantify(S, P(_)) == Cardinality({e \in S : P(e)})

(* The subsets with k elements. *)
kSubset(k, S) ==
  LET RECURSIVE subsets(_, _)
      subsets(n, T) ==
        IF n = 0 THEN {{}}
        ELSE IF T = {} THEN {}
        ELSE LET e == CHOOSE d \in T : TRUE
             IN subsets(n, T \ {e}) \cup {U \cup {e} : U \in subsets(n - 1, T \ {e})}
  IN IF k < 0 THEN {} ELSE subsets(k, S)

Max(S) == CHOOSE m \in S : \A e \in S : e \leq m

Min(S) == CHOOSE m \in S : \A e \in S : m \leq e

(* All sets that are made by taking one element of each of the sets. *)
Choices(Sets) == {Range(f) : f \in {g \in [Sets -> UNION Sets] : \A S \in Sets : g[S] \in S}}

(* The only element that satisfies P. *)
ChooseUnique(S, P(_)) == CHOOSE e \in S : P(e) /\ \A d \in S : P(d) => d = e
=============================================================================
