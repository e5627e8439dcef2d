------------------------------ MODULE Toolbox -------------------------------
(* What generated error traces extend. *)
LOCAL INSTANCE Naturals

_TETrace == <<>>

_TEPosition == CHOOSE n : n \in Nat
=============================================================================
