----------------------------- MODULE Consensus ------------------------------
(***************************************************************************)
(* What consensus is: one value is chosen, and then no other.              *)
(*                                                                         *)
(* Nothing here says how. There are no processes and no messages, only the *)
(* set of the values that have been chosen. An algorithm reaches consensus *)
(* if it looks like this to one who watches nothing but its choices.       *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* Value is the set of values that may be chosen.                          *)
(***************************************************************************)
CONSTANT Value

ASSUME ValuesExist == Value # {}

(***************************************************************************)
(* The values that have been chosen. It is a set, not a value that may be  *)
(* missing, so that a faulty algorithm can be described too: one that      *)
(* chooses two.                                                            *)
(***************************************************************************)
VARIABLE chosen

(***************************************************************************)
(* Only values are chosen.                                                 *)
(***************************************************************************)
TypeOK == chosen \subseteq Value

(***************************************************************************)
(* At first nothing is chosen.                                             *)
(***************************************************************************)
Init == chosen = {}

(***************************************************************************)
(* The one thing that can happen: some value is chosen, if none has been.  *)
(* To choose is one step, however long an algorithm takes over it.         *)
(***************************************************************************)
Choose(v) ==
  /\ chosen = {}
  /\ chosen' = {v}

(***************************************************************************)
(* Which value it is, is left open.                                        *)
(***************************************************************************)
Next == \E v \in Value : Choose(v)

(***************************************************************************)
(* Nothing need ever be chosen. What consensus promises is that nothing    *)
(* goes wrong; that something happens no algorithm can promise when        *)
(* messages may take any time.                                             *)
(***************************************************************************)
Spec == Init /\ [][Next]_chosen

-----------------------------------------------------------------------------
(***************************************************************************)
(* At most one value is chosen.                                            *)
(***************************************************************************)
Agreement == Cardinality(chosen) <= 1

(***************************************************************************)
(* What has been chosen stays chosen.                                      *)
(***************************************************************************)
ChosenForEver == [][chosen \subseteq chosen']_chosen
=============================================================================
