-------------------------- MODULE MCRegisterHistory -------------------------
(***************************************************************************)
(* The module RegisterHistory within the bounds of MCRegister, for TLC.    *)
(* Two calls are enough for one to be lost, doubled or taken for the       *)
(* other.                                                                  *)
(***************************************************************************)
EXTENDS RegisterHistory, MCRegister

TwoCalls == {"x", "y"}

OneCall == {"x"}
=============================================================================
