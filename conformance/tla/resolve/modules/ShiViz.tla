------------------------------- MODULE ShiViz -------------------------------
(* What a trace needs to be shown by ShiViz: the host of a step and its vector clock. *)
LOCAL INSTANCE Integers
LOCAL INSTANCE Json
LOCAL INSTANCE TLC
INSTANCE Toolbox

(* The process whose program counter the step to this state changed. *)
Host ==
  LET before == IF _TEPosition > 1 THEN _TEPosition - 1 ELSE 1
      now == _TETrace[_TEPosition].pc
      changed == {p \in DOMAIN now : now[p] # _TETrace[before].pc[p]}
  IN IF changed = {} THEN "--" ELSE CHOOSE p \in changed : TRUE

(* The number of steps that each process has taken, as text. *)
Clock ==
  LET RECURSIVE count(_, _)
      count(p, i) == IF i < 2 THEN 0
                     ELSE count(p, i - 1) + (IF _TETrace[i].pc[p] # _TETrace[i - 1].pc[p] THEN 1 ELSE 0)
  IN ToJsonObject([p \in DOMAIN _TETrace[_TEPosition].pc |-> count(p, _TEPosition)])
=============================================================================
