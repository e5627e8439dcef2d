------------------------------- MODULE MCLock -------------------------------
(***************************************************************************)
(* The module Lock with a bounded number of tokens and writes, for TLC.    *)
(***************************************************************************)
EXTENDS Lock, TLC

(***************************************************************************)
(* Tokens and numbers are those up to MaxToken: a client may fetch and     *)
(* write more than once under a token, so the numbers need the bound that  *)
(* FewWrites gives.                                                        *)
(***************************************************************************)
CONSTANT MaxToken

MCToken == 0..MaxToken

MCNat == 0..(MaxToken + 2)

FewWrites == stored <= MaxToken

Symmetry == Permutations(Client)
=============================================================================
