------------------------------ MODULE Ballots -------------------------------
(***************************************************************************)
(* The ballots of the proposers: natural numbers, of which each belongs to *)
(* one proposer at most.                                                   *)
(*                                                                         *)
(* A ballot orders the rounds of all proposers, so it must be comparable   *)
(* with every other ballot, and no two proposers may ever use the same     *)
(* one. Both schemes below give that without any exchange of messages: who *)
(* owns a ballot is a matter of arithmetic.                                *)
(***************************************************************************)
EXTENDS Naturals

(***************************************************************************)
(* Id gives each proposer a positive number of its own. Scheme says how    *)
(* the numbers divide the ballots: "pair" or "coprime". Stride is used by  *)
(* the first scheme alone; it bounds the numbers that proposers may have.  *)
(***************************************************************************)
CONSTANTS Id, Scheme, Stride

(***************************************************************************)
(* The proposers are those that have a number.                             *)
(***************************************************************************)
Proposer == DOMAIN Id

(***************************************************************************)
(* In the scheme "pair" a ballot is a counter and the number of its        *)
(* proposer, compared in that order. The pair is written as the one number *)
(* counter * Stride + id, which keeps the order because no id exceeds      *)
(* Stride. For the scheme "coprime" no two numbers may have a common       *)
(* factor: otherwise a proposer could own nothing, as the one with number  *)
(* 2 next to the one with number 4 would.                                  *)
(***************************************************************************)
ASSUME SchemeIsKnown == Scheme \in {"pair", "coprime"}

ASSUME PairIdsAreDistinct ==
  Scheme = "pair" =>
    /\ \A p \in Proposer : Id[p] \in 1..Stride
    /\ \A p, q \in Proposer : p # q => Id[p] # Id[q]

ASSUME CoprimeIdsAreCoprime ==
  Scheme = "coprime" =>
    /\ \A p \in Proposer : Id[p] > 1
    /\ \A p, q \in Proposer : \A d \in 2..Id[p] :
         (p # q /\ Id[p] % d = 0) => Id[q] % d # 0

(***************************************************************************)
(* Ballots are all the natural numbers. No proposer owns 0, which thereby  *)
(* can stand for "no ballot yet".                                          *)
(***************************************************************************)
Ballot == Nat

(***************************************************************************)
(* With the scheme "pair" and a Stride of 16, the proposer with number 3   *)
(* owns 3, 19, 35, ...                                                     *)
(***************************************************************************)
OwnsPair(p, b) ==
  /\ b > 0
  /\ (b - 1) % Stride = Id[p] - 1

(***************************************************************************)
(* With the scheme "coprime" the proposer with number 3 owns those         *)
(* multiples of 3 that no other proposer's number divides: next to the     *)
(* number 5 these are 3, 6, 9, 12, 18, ..., and the other proposer owns 5, *)
(* 10, 20, 25, 35, ...                                                     *)
(***************************************************************************)
OwnsCoprime(p, b) ==
  /\ b > 0
  /\ b % Id[p] = 0
  /\ \A q \in Proposer \ {p} : b % Id[q] # 0

(***************************************************************************)
(* Whether ballot b belongs to proposer p.                                 *)
(***************************************************************************)
Owns(p, b) ==
  IF Scheme = "pair" THEN OwnsPair(p, b) ELSE OwnsCoprime(p, b)

(***************************************************************************)
(* The two things that are wanted of a scheme. A ballot has one owner at   *)
(* most, and no proposer ever runs out of ballots: within every stretch of *)
(* the given length it owns one. The module MCBallots checks both on a     *)
(* small range.                                                            *)
(***************************************************************************)
OneOwner(b) ==
  \A p, q \in Proposer : Owns(p, b) /\ Owns(q, b) => p = q

OwnsOneAbove(p, b, length) ==
  \E c \in (b + 1)..(b + length) : Owns(p, c)
=============================================================================
