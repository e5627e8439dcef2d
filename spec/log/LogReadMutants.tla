--------------------------- MODULE LogReadMutants ---------------------------
(***************************************************************************)
(* Reads with known bugs. In each of them ReadsAreCurrent is violated.     *)
(***************************************************************************)
EXTENDS MCLogRead

(***************************************************************************)
(* In the place of ReadConfirmed: the leader does not wait for confirmations. It    *)
(* may have been deposed.                                                  *)
(***************************************************************************)
ReadUnconfirmed(r, n, q) ==
  /\ role[r] = "leader"
  /\ \E x \in inquiries :
       x.ballot = promised[r] /\ x.number = n /\ applied[r] >= x.slot
  /\ reads' = reads \cup
       {[ballot |-> promised[r], number |-> n, slot |-> applied[r]]}
  /\ UNCHANGED <<vars, inquiries, confirmations, told>>

(***************************************************************************)
(* In the place of ReadSlot: what the leader has applied. It may not have  *)
(* applied yet what was chosen before it led.                              *)
(***************************************************************************)
AppliedSlot(r) == applied[r]

(***************************************************************************)
(* In the place of Confirm: a replica confirms whatever it has promised.   *)
(***************************************************************************)
ConfirmAny(a, b, n) ==
  /\ \E x \in inquiries : x.ballot = b /\ x.number = n
  /\ confirmations' = confirmations \cup
       {[ballot |-> b, number |-> n, replica |-> a]}
  /\ UNCHANGED <<vars, inquiries, told, reads>>
=============================================================================
