------------------------------- MODULE Reals --------------------------------
(* The real numbers. Only the integers among them are computed; the rest is here so that specifications of real time
   can be read. *)
EXTENDS Integers

LOCAL Quotient(a, b) == CHOOSE q : q * b = a

a / b == Quotient(a, b)

(* The rational numbers and the limits of bounded sets of them. *)
LOCAL Rational == {m / n : m \in Int, n \in Nat \ {0}}

Real == {r \in {CHOOSE x : \A q \in S : q \leq x : S \in SUBSET Rational} : \E n \in Nat : r \leq n}

Infinity == CHOOSE x : x \notin Real
=============================================================================
