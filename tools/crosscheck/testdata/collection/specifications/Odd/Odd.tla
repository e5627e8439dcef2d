---- MODULE Odd ----
EXTENDS Naturals
VARIABLE n
Init == n = 1
Next == n < 9 /\ n' = n + 2
====
