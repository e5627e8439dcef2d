---------------------------- MODULE RetriedTwice ----------------------------
(***************************************************************************)
(* The register with a known bug: a change whose outcome is unknown is     *)
(* proposed again, whatever the next round finds.                          *)
(***************************************************************************)
EXTENDS MCRegisterHistory

(***************************************************************************)
(* Stands for MayCarry. The round may find the very state that the first   *)
(* proposal made, and then the change is applied to its own result.        *)
(* RefinesLinearizable is violated.                                        *)
(***************************************************************************)
RetriedTwice(n, parent) == TRUE
=============================================================================
