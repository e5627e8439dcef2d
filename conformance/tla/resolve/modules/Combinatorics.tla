--------------------------- MODULE Combinatorics ----------------------------
(* Counting. *)
EXTENDS Naturals

factorial[n \in Nat] == IF n = 0 THEN 1 ELSE n * factorial[n - 1]

(* The number of ways to take k of n things. *)
choose(n, k) ==
  LET RECURSIVE ways(_, _)
      ways(m, j) == IF j = 0 THEN 1 ELSE IF m < j THEN 0 ELSE (ways(m - 1, j - 1) * m) \div j
  IN ways(n, k)
=============================================================================
