----------------------------- MODULE MCBallots ------------------------------
(***************************************************************************)
(* Both schemes of the module Ballots on a small range, for TLC. The       *)
(* module has no behaviour: what it says are assumptions, which TLC        *)
(* evaluates.                                                              *)
(***************************************************************************)
EXTENDS Naturals

(***************************************************************************)
(* Proposers with the numbers 1, 2 and 4 under the scheme "pair", which    *)
(* leaves a gap at 3.                                                      *)
(***************************************************************************)
Pair == INSTANCE Ballots WITH
  Id <- [p1 |-> 1, p2 |-> 2, p3 |-> 4], Scheme <- "pair", Stride <- 4

(***************************************************************************)
(* Proposers with the numbers 3, 4 and 5 under the scheme "coprime".       *)
(***************************************************************************)
Coprime == INSTANCE Ballots WITH
  Id <- [p1 |-> 3, p2 |-> 4, p3 |-> 5], Scheme <- "coprime", Stride <- 1

(***************************************************************************)
(* No ballot belongs to two proposers, and 0 to none at all.               *)
(***************************************************************************)
ASSUME PairHasOneOwner == \A b \in 0..200 : Pair!OneOwner(b)

ASSUME CoprimeHasOneOwner == \A b \in 0..200 : Coprime!OneOwner(b)

ASSUME NobodyOwnsZero ==
  /\ \A p \in Pair!Proposer : ~Pair!Owns(p, 0)
  /\ \A p \in Coprime!Proposer : ~Coprime!Owns(p, 0)

(***************************************************************************)
(* Each proposer owns a ballot in every stretch of a certain length: the   *)
(* Stride with pairs, and with coprime numbers the product of them all,    *)
(* after which the pattern repeats.                                        *)
(***************************************************************************)
ASSUME PairNeverEnds ==
  \A p \in Pair!Proposer : \A b \in 0..200 : Pair!OwnsOneAbove(p, b, 4)

ASSUME CoprimeNeverEnds ==
  \A p \in Coprime!Proposer : \A b \in 0..200 :
    Coprime!OwnsOneAbove(p, b, 3 * 4 * 5)

(***************************************************************************)
(* The numbers that the module Ballots gives as its example.               *)
(***************************************************************************)
Example == INSTANCE Ballots WITH
  Id <- [p1 |-> 3, p2 |-> 5], Scheme <- "coprime", Stride <- 1

ASSUME ExampleIsTrue ==
  /\ {b \in 0..20 : Example!Owns("p1", b)} = {3, 6, 9, 12, 18}
  /\ {b \in 0..35 : Example!Owns("p2", b)} = {5, 10, 20, 25, 35}
=============================================================================
