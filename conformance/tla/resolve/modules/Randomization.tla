--------------------------- MODULE Randomization ----------------------------
(* Random subsets, for checking what is too large to check whole. To logic they are some subset of that kind. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets

(* k elements of S. *)
RandomSubset(k, S) == CHOOSE T \in SUBSET S : Cardinality(T) = k

(* k subsets of S; each element is in one with a probability of n in the size of S. *)
RandomSetOfSubsets(k, n, S) == CHOOSE T \in SUBSET SUBSET S : Cardinality(T) \leq k

(* How many subsets such a draw gives: fewer than k where some were drawn twice. *)
TestRandomSetOfSubsets(k, n, S) == Cardinality(RandomSetOfSubsets(k, n, S))
=============================================================================
