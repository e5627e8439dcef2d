------------------------------ MODULE Integers ------------------------------
(* The integers: the natural numbers and their negatives. The arithmetic of Naturals works on them as well. *)
EXTENDS Naturals

-. a == 0 - a

Int == Nat \cup {-n : n \in Nat}
=============================================================================
