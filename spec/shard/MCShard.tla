------------------------------ MODULE MCShard -------------------------------
(***************************************************************************)
(* The module Shard with a bounded number of moves, for TLC.               *)
(***************************************************************************)
EXTENDS Shard, TLC

(***************************************************************************)
(* The shard has MaxEpoch epochs: it moves one time less.                  *)
(***************************************************************************)
CONSTANT MaxEpoch

MCEpoch == 0..(MaxEpoch + 1)

FewMoves == \A g \in Group : epoch[g] <= MaxEpoch

Symmetry == Permutations(Group \ {First}) \cup Permutations(Change)
=============================================================================
