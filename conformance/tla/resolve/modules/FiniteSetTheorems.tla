------------------------- MODULE FiniteSetTheorems --------------------------
(* What proofs extend for its theorems. Proofs are not checked here, so that only what can be used in
   expressions is defined. *)
EXTENDS FiniteSets, Integers, Functions, WellFoundedInduction

FiniteSubsetsOf(S) == {T \in SUBSET S : IsFiniteSet(T)}

(* Pairs of finite subsets of S of which the first is a proper part of the second. *)
StrictSubsetOrdering(S) == {p \in (SUBSET S) \X (SUBSET S) : p[1] \subseteq p[2] /\ p[1] # p[2]}
=============================================================================
