------------------------------ MODULE MCSynod -------------------------------
(***************************************************************************)
(* The module Synod with three acceptors, two values and three ballots,    *)
(* for TLC.                                                                *)
(***************************************************************************)
EXTENDS Synod, TLC

(***************************************************************************)
(* Acceptors may be exchanged for each other, and so may values: nothing   *)
(* distinguishes them. All that is checked is safety, of states and of     *)
(* single steps, and the module Voting treats them alike too; so looking   *)
(* at one state of each class of symmetric states misses nothing.          *)
(***************************************************************************)
Symmetry == Permutations(Acceptor) \cup Permutations(Value)

(***************************************************************************)
(* Where quorums are such that acceptors differ, only values may be        *)
(* exchanged.                                                              *)
(***************************************************************************)
ValueSymmetry == Permutations(Value)
=============================================================================
