------------------------------ MODULE Naturals ------------------------------
(* The natural numbers 0, 1, 2, ... and their arithmetic. The definitions here say what the operators mean on natural
   numbers; the engine computes them itself, on all integers. *)

(* A set N with a first element and a successor function that satisfy Peano's axioms. *)
LOCAL Peano(N, zero, succ) ==
  /\ zero \in N
  /\ succ \in [N -> N]
  /\ \A n \in N : succ[n] # zero
  /\ \A m, n \in N : succ[m] = succ[n] => m = n
  /\ \A S \in SUBSET N : zero \in S /\ (\A n \in S : succ[n] \in S) => S = N

LOCAL Succ == CHOOSE succ : \E N : Peano(N, 0, succ)
LOCAL Pred(n) == CHOOSE m \in DOMAIN Succ : Succ[m] = n

Nat == DOMAIN Succ

a + b == LET sum[n \in Nat] == IF n = 0 THEN a ELSE Succ[sum[Pred(n)]] IN sum[b]

a * b == LET product[n \in Nat] == IF n = 0 THEN 0 ELSE product[Pred(n)] + a IN product[b]

a ^ b == LET power[n \in Nat] == IF n = 0 THEN Succ[0] ELSE power[Pred(n)] * a IN power[b]

a \leq b == \E n \in Nat : a + n = b

a < b == a \leq b /\ a # b

a \geq b == b \leq a

a > b == b < a

a - b == CHOOSE n \in Nat : n + b = a

a .. b == {n \in Nat : a \leq n /\ n \leq b}

(* The quotient, rounded down, and the remainder, which is never negative. *)
a \div b == CHOOSE q \in Nat : q * b \leq a /\ a < (q + Succ[0]) * b

a % b == a - b * (a \div b)
=============================================================================
