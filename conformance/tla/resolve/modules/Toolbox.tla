------------------------------ MODULE Toolbox -------------------------------
(* What generated error traces extend. *)
LOCAL INSTANCE Naturals

_TETrace == CHOOSE trace : \E n \in Nat : DOMAIN trace = 1..n

_TEPosition == CHOOSE n : n \in Nat
=============================================================================
