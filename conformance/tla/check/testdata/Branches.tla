------------------------------ MODULE Branches ------------------------------
(***************************************************************************)
(* In how many ways an action is true: as many successors are generated,   *)
(* and they are counted even where they are the same state. The comment    *)
(* behind each action gives the states generated and the distinct ones     *)
(* when it is the next-state relation, or "error".                         *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences, TLC

VARIABLES x, y

Init == x = 0 /\ y = 0
InitTwice == (x = 0 \/ x = 0 \/ x \in {0, 0}) /\ y = 0 \* init 3 1
InitHalf == x = 0 \* init error
InitLate == y = x /\ x = 0 \* init error

Stay == UNCHANGED <<x, y>>
Twice == TRUE \/ TRUE
TwiceOf(i) == i = 0 \/ i = 0
Pick(S, P(_)) == \E s \in S : P(s)
Fact[n \in Nat] == IF n = 0 THEN TRUE ELSE Fact[n - 1] \/ n = 7
RECURSIVE Down(_)
Down(n) == IF n = 0 THEN TRUE ELSE Down(n - 1) \/ FALSE \/ n = 1
Ways(n) == LET ways[i \in 0..3] == i = 0 \/ (i > 0 /\ ways[i - 1]) \/ i = 2 IN ways[n]

----------------------------------------------------------------------------
(* Guards *)
OrGuard == (x = 0 \/ y = 0) /\ Stay \* 3 1
OrNested == (x = 0 \/ (y = 0 \/ x = 0)) /\ Stay \* 4 1
ConstantDefinition == Twice /\ Stay \* 2 1
WithParameter == TwiceOf(0) /\ Stay \* 3 1
StateParameter == TwiceOf(x) /\ Stay \* 3 1
Exists == (\E i \in 1..4 : i > 2) /\ Stay \* 3 1
ExistsNone == (\E i \in {} : TRUE) /\ Stay \* 1 1
ExistsTwo == (\E i, j \in 1..2 : i <= j) /\ Stay \* 4 1
ExistsTuple == (\E <<i, j>> \in {<<1, 2>>, <<2, 1>>} : i > 0) /\ Stay \* 3 1
Filtered == (\E i \in {n \in 1..4 : n > 2 \/ n > 3} : TRUE) /\ Stay \* 3 1
ForAll == (\A i \in 1..3 : x = 0 \/ i > 1) /\ Stay \* 5 1
ForAllNone == (\A i \in {} : FALSE) /\ Stay \* 2 1
ForAllPairs == (\A i \in 1..2, j \in 1..2 : i = 1 \/ j = 1 \/ x = 0) /\ Stay \* 13 1
Implied == (x = 0 => (y = 0 \/ y = 0)) /\ Stay \* 3 1
ImpliedVacuous == (x = 1 => (y = 0 \/ y = 0)) /\ Stay \* 2 1
Equivalent == (x = 0 <=> (y = 0 \/ y = 0)) /\ Stay \* 2 1
Negated == ~(x = 1 \/ x = 2) /\ Stay \* 2 1
Equal == ((x = 0 \/ y = 0) = TRUE) /\ Stay \* 2 1
Member == ((x = 0 \/ y = 0) \in BOOLEAN) /\ Stay \* 2 1
Condition == IF x = 0 \/ y = 0 THEN Stay ELSE FALSE \* 2 1
ThenBranches == (IF x = 0 THEN y = 0 \/ y = 0 ELSE TRUE) /\ Stay \* 3 1
CaseArm == (CASE x = 0 -> (y = 0 \/ y = 0) [] x = 0 -> TRUE) /\ Stay \* 3 1
CaseOther == (CASE x = 1 -> TRUE [] OTHER -> (y = 0 \/ y = 0)) /\ Stay \* 3 1
CaseNone == (CASE x = 1 -> TRUE [] x = 2 -> TRUE) /\ Stay \* error
LetBody == (LET two == x = 0 \/ x = 0 IN two) /\ Stay \* 3 1
LetOperator == (LET P(i) == i = x \/ i = y IN P(0)) /\ Stay \* 3 1
LetUnused == (LET two == 1 \div 0 = 1 IN TRUE) /\ Stay \* 2 1
Passed == Pick(1..3, LAMBDA s : s = 1 \/ s < 3) /\ Stay \* 4 1
Recursive == Down(2) /\ Stay \* 3 1
FunctionConstant == Fact[2] /\ Stay \* 2 1
FunctionLocal == Ways(2) /\ Stay \* 3 1
Printed == PrintT("printed") /\ (x = 0 \/ y = 0) /\ Stay \* 3 1
Asserted == Assert(x = 0 \/ y = 0, "no") /\ Stay \* 2 1
OrThenError == (x = 0 \/ 1 \div 0 = 1) /\ Stay \* error
OrNoError == ((x = 0 \/ 1 \div 0 = 1) = TRUE) /\ Stay \* 2 1
ErrorBehindFalse == x = 1 /\ 1 \div 0 = 1 /\ Stay \* 1 1

----------------------------------------------------------------------------
(* Assignments *)
FromSet == x' \in {0, 0, 1} /\ y' = 0 \* 5 2
FromEmpty == x' \in {} /\ y' = 0 \* 1 1
Second == x' = 0 /\ (x' = 0 \/ x' = 0) /\ y' = 0 \* 3 1
SecondSet == x' = 0 /\ x' \in 0..3 /\ y' = 0 \* 2 1
SecondFalse == x' = 0 /\ x' = 1 /\ y' = 0 \* 1 1
AllAssigned == x' = 0 /\ y' = 0 /\ (x = 0 \/ x = 0) \* 2 1
AllAssignedExists == x' = 0 /\ y' = 0 /\ \E i \in 1..3 : i > 1 \* 2 1
Late == y' = x' /\ x' = 0 \* error
Backwards == 0 = x' /\ y' = 0 \* error
Missing == x' = 0 \* error
ExistsAssigned == \E i \in 0..1, j \in 0..1 : x' = i /\ y' = j \* 17 4
ForAllAssigned == \A i \in 1..2 : x' = 0 /\ y' = 0 \* 2 1
ForAllBranches == \A v \in {1} : (x' = 0 \/ x' = 1) /\ y' = v - 1 \* 5 2
UnchangedBranches == UNCHANGED x /\ (y' = 0 \/ UNCHANGED y) \* 3 1
UnchangedDefinition == LET both == <<x, y>> IN UNCHANGED both \* 2 1
UnchangedExpression == x' = 0 /\ y' = 0 /\ UNCHANGED (x + y) \* 2 1
UnchangedTwice == UNCHANGED <<x, y, x>> \* 2 1
LetPrimed == LET z == x' + 0 IN \/ x' = 0 /\ y' = z
                                \/ x' = 1 /\ y' = z \* 5 2
IfPrimed == x' \in 0..1 /\ (IF x' = 0 THEN y' = 0 ELSE (y' = 1 \/ y' = 1)) \* 7 2
Together == ((x = 0 \/ x = 0) /\ Stay) \/ (x' = 0 /\ y' = 0) \* 4 1
Box == [x' = 1 /\ y' = 1]_<<x, y>> \* 5 2
Angle == <<x' = 0 /\ y' = 0>>_<<x, y>> \* 1 1
AngleChanges == <<x' = 1 - x /\ y' = 0>>_x \* 3 2
Counter == x < 3 /\ x' = x + 1 /\ y' = y \* 4 4
EnabledGuard == ENABLED ((x' = 1 /\ x = 0) \/ x' = 1) /\ Stay \* 2 1
EnabledNot == ENABLED (x' = 1 /\ x = 1) /\ Stay \* 1 1
FunctionOverflow == x' = 2147483647 + 1 /\ y' = y \* error
InfiniteSet == x' \in Nat /\ y' = 0 \* error
=============================================================================
