--------------------------- MODULE Randomization ----------------------------
(* Random subsets, for checking what is too large to check whole. To logic they are some subset of that kind. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets

(* k elements of S. *)
RandomSubset(k, S) == CHOOSE T \in SUBSET S : Cardinality(T) = k

(* k subsets of S; each element is in one with a probability of n in the size of S. *)
RandomSetOfSubsets(k, n, S) == CHOOSE T \in SUBSET SUBSET S : Cardinality(T) \leq k

(* The same, with the probability as text: "0.1". *)
RandomSubsetSetProbability(k, p, S) == CHOOSE T \in SUBSET SUBSET S : Cardinality(T) \leq k

RandomSubsetSet(k, p, S) == RandomSubsetSetProbability(k, p, S)

(* Whether the size of S is known well enough to draw from it. *)
TestRandomSetOfSubsets(S, k, n) == Cardinality(RandomSetOfSubsets(k, n, S)) \leq k
=============================================================================
