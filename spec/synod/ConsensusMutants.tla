-------------------------- MODULE ConsensusMutants --------------------------
(***************************************************************************)
(* For each property of Consensus a faulty action by which it fails. The   *)
(* configuration ConsensusMutants-P.cfg puts the action in the place of    *)
(* Choose and expects P to be violated.                                    *)
(***************************************************************************)
EXTENDS Consensus

(***************************************************************************)
(* Agreement: a value is chosen though another is already.                 *)
(***************************************************************************)
ChooseAgain(v) == chosen' = chosen \cup {v}

(***************************************************************************)
(* ChosenForEver: a value is chosen in place of the one before.            *)
(***************************************************************************)
ChooseInstead(v) == chosen' = {v}
=============================================================================
