-------------------------- MODULE MCRegisterHistory -------------------------
(***************************************************************************)
(* The module RegisterHistory within the bounds of MCRegister, for TLC.    *)
(* Two calls are enough for one to be lost, doubled or taken for the       *)
(* other; with three, two can be told an order that the third denies.      *)
(***************************************************************************)
EXTENDS RegisterHistory, MCRegister

(***************************************************************************)
(* Calls may be exchanged for each other, as acceptors may: each may ask   *)
(* for any change.                                                         *)
(***************************************************************************)
HistorySymmetry == Symmetry \cup Permutations(Call)
=============================================================================
