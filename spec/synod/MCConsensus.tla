---------------------------- MODULE MCConsensus -----------------------------
(***************************************************************************)
(* The module Consensus with two values, for TLC. The model has three      *)
(* states; it is here because the others refine it, and its properties     *)
(* must not be empty words.                                                *)
(***************************************************************************)
EXTENDS Consensus
=============================================================================
