-------------------------- MODULE DyadicRationals ---------------------------
(* Fractions whose denominator is a power of two, as records with the fields num and den. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC

IsDyadicRational(r) == \E k \in 0..r.den : r.den = 2 ^ k

Zero == [num |-> 0, den |-> 1]

One == [num |-> 1, den |-> 1]

LOCAL Reduce(p) ==
  LET RECURSIVE halve(_)
      halve(q) == IF q.num % 2 = 0 /\ q.den % 2 = 0
                  THEN halve([num |-> q.num \div 2, den |-> q.den \div 2])
                  ELSE q
  IN IF p.num = 0 THEN Zero ELSE halve(p)

Add(p, q) == Reduce([num |-> p.num * q.den + q.num * p.den, den |-> p.den * q.den])

Half(p) == Reduce([p EXCEPT !.den = @ * 2])

PrettyPrint(p) ==
  IF p = Zero THEN "0" ELSE IF p = One THEN "1" ELSE ToString(p.num) \o "/" \o ToString(p.den)
=============================================================================
