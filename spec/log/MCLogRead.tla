----------------------------- MODULE MCLogRead ------------------------------
(***************************************************************************)
(* The module LogRead with the bounds of MCLog, for TLC.                   *)
(***************************************************************************)
EXTENDS MCLog, LogRead

(***************************************************************************)
(* One inquiry of each leader.                                             *)
(***************************************************************************)
OneNumber == {1}

(***************************************************************************)
(* A leader waits for no more slots than it must.                          *)
(***************************************************************************)
InquireNoFurther(r, n, i) ==
  /\ i = ReadSlot(r)
  /\ Inquire(r, n, i)

(***************************************************************************)
(* The steps, with such inquiries.                                         *)
(***************************************************************************)
ReadNextSmall ==
  \/ Next /\ UNCHANGED readVars
  \/ \E r \in Replica : \E n \in Number, i \in Slot : InquireNoFurther(r, n, i)
  \/ \E a \in Replica : \E b \in Ballot, n \in Number : Confirm(a, b, n)
  \/ \E r \in Replica : \E n \in Number, q \in SUBSET Replica : ReadConfirmed(r, n, q)

SmallReadSpec == ReadInit /\ [][ReadNextSmall]_<<vars, readVars>>
=============================================================================
