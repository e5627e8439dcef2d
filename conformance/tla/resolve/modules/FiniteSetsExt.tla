--------------------------- MODULE FiniteSetsExt ----------------------------
(* More operators on finite sets. *)
EXTENDS Integers, FiniteSets, Folds, Functions

(* op of all elements of a set, in no certain order. *)
FoldSet(op(_, _), base, set) == MapThenFoldSet(op, base, LAMBDA e : e, LAMBDA S : CHOOSE e \in S : TRUE, set)

SumSet(set) == FoldSet(+, 0, set)

ProductSet(set) == FoldSet(LAMBDA a, b : a * b, 1, set)

ReduceSet(op(_, _), set, acc) == FoldSet(op, acc, set)

(* The sum of op(e) for the elements of a set. *)
MapThenSumSet(op(_), set) == MapThenFoldSet(+, 0, op, LAMBDA S : CHOOSE e \in S : TRUE, set)

FlattenSet(S) == UNION S

(* What is in one of the sets but not in both. *)
SymDiff(A, B) == (A \cup B) \ (A \cap B)

(* How many elements satisfy P. *)
Quantify(S, P(_)) == Cardinality({e \in S : P(e)})

(* The subsets with k elements. *)
kSubset(k, S) == {T \in SUBSET S : Cardinality(T) = k}

Max(S) == CHOOSE m \in S : \A e \in S : e \leq m

Min(S) == CHOOSE m \in S : \A e \in S : m \leq e

(* All sets that are made by taking one element of each of the sets. *)
Choices(Sets) == {Range(f) : f \in {g \in [Sets -> UNION Sets] : \A S \in Sets : g[S] \in S}}

(* The only element that satisfies P. *)
ChooseUnique(S, P(_)) == CHOOSE e \in S : P(e) /\ \A d \in S : P(d) => d = e
=============================================================================
