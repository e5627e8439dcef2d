------------------------------- MODULE TLAPS --------------------------------
(* The names by which proofs call on provers. In specifications they mean nothing. *)

SMT == TRUE
SMTT(timeout) == TRUE
CVC3 == TRUE
CVC3T(timeout) == TRUE
CVC4 == TRUE
CVC4T(timeout) == TRUE
CVC5 == TRUE
Yices == TRUE
YicesT(timeout) == TRUE
veriT == TRUE
veriTT(timeout) == TRUE
Zipper == TRUE
ZipperT(timeout) == TRUE
Z3 == TRUE
Z3T(timeout) == TRUE
Spass == TRUE
SpassT(timeout) == TRUE
SimpleArithmetic == TRUE
SimplifyAndSolve == TRUE
Simplification == TRUE
Cooper == TRUE
Zenon == TRUE
ZenonT(timeout) == TRUE
SlowZenon == TRUE
SlowerZenon == TRUE
VerySlowZenon == TRUE
SlowestZenon == TRUE
Isa == TRUE
IsaT(timeout) == TRUE
IsaM(method) == TRUE
IsaMT(method, timeout) == TRUE
IsaWithSetExtensionality == TRUE
Auto == TRUE
Force == TRUE
Blast == TRUE
AutoBlast == TRUE
SlowAuto == TRUE
SlowerAuto == TRUE
SlowestAuto == TRUE
SlowForce == TRUE
SlowerForce == TRUE
SlowestForce == TRUE
SlowSimplifyAndSolve == TRUE
SlowerSimplifyAndSolve == TRUE
SlowestSimplifyAndSolve == TRUE
SlowSimplification == TRUE
SlowerSimplification == TRUE
SlowestSimplification == TRUE
SlowBlast == TRUE
SlowerBlast == TRUE
SlowestBlast == TRUE
AllProvers == TRUE
AllProversT(timeout) == TRUE
AllSMT == TRUE
AllSMTT(timeout) == TRUE
AllIsa == TRUE
AllIsaT(timeout) == TRUE
PTL == TRUE
LS4 == TRUE
LS4T(timeout) == TRUE
PropositionalTemporalLogic == TRUE
ExpandENABLED == TRUE
ExpandCdot == TRUE
AutoUSE == TRUE
Lambdify == TRUE
LevelComparison == TRUE
ENABLEDaxioms == TRUE
ENABLEDrewrites == TRUE
ENABLEDrules == TRUE
EnabledWrapper(Op(_)) == FALSE
CdotWrapper(Op(_)) == FALSE
Trivial == TRUE

(* Facts that provers do not find by themselves. *)
THEOREM SetExtensionality == \A S, T : (\A x : x \in S <=> x \in T) => S = T
THEOREM NoSetContainsEverything == \A S : \E x : x \notin S
=============================================================================
