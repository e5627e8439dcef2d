-------------------------------- MODULE Live --------------------------------
(* A counter that goes round, a switch, and an exit that is open only while  *)
(* the switch is on: enough to tell weak from strong fairness.               *)
EXTENDS Naturals

VARIABLES x, on

vars == <<x, on>>

Init == x = 0 /\ on = FALSE

Inc == x < 2 /\ x' = x + 1 /\ UNCHANGED on

Reset == x = 2 /\ x' = 0 /\ UNCHANGED on

Toggle == on' = ~on /\ UNCHANGED x

Grab == on /\ x = 0 /\ x' = 3 /\ UNCHANGED on

Next == Inc \/ Reset \/ Toggle \/ Grab

Free == Init /\ [][Next]_vars

WeakNext == Free /\ WF_vars(Next)

WeakInc == Free /\ WF_vars(Inc)

WeakToggle == Free /\ WF_vars(Toggle)

WeakGrab == Free /\ WF_vars(Grab) /\ WF_vars(Toggle)

StrongGrab == Free /\ SF_vars(Grab) /\ WF_vars(Toggle)

All == <<Inc, Reset>>

WeakEach == Free /\ \A i \in {0, 1} : WF_vars(x = i /\ Inc)

(* What is said of each pair whose two differ: 182 conditions, and 14 that say nothing. *)
PairsFair == Free /\ \A i, j \in 1..14 : i # j => WF_vars(i < j /\ Inc)

PairsUnfair == Free /\ \A i, j \in 1..14 : i # j => WF_vars(i = j /\ Inc)

ReachesOne == <>(x = 1)

Leaves == (x = 0) ~> (x = 1 \/ x = 3)

Exits == []<>(x = 0) => <>(x = 3)

OftenOn == []<>on

StaysOn == <>[]on

GoesOff == on ~> ~on

Toggles == []<><<Toggle>>_vars

OnlyToggles == <>[][Toggle]_vars

EachFollows == \A v \in {1, 2} : (x = v) ~> (x # v)

OneOf == \E v \in {0, 1, 2, 3} : <>[](x = v)

Either == <>[](x = 3) \/ []<>(x = 0) \/ []<>(x = 1) \/ <>[](x = 2)

Same == []<>on <=> ~<>[]~on

Depends == IF x = 0 THEN <>(x = 4) ELSE TRUE

DependsNot == IF x = 1 THEN <>(x = 4) ELSE []<>(x # 4)
RECURSIVE Sum(_)

Sum(n) == IF n = 0 THEN 0 ELSE 1 + Sum(n - 1)

Recurses == []<>(Sum(x) # 7)
=============================================================================
