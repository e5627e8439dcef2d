------------------------------- MODULE TLCExt -------------------------------
(* More operators for checking. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE TLC

(* TRUE if evaluating exp fails with the message err. *)
AssertError(err, exp) == exp = err

(* Equality that reports both values where they differ. *)
AssertEq(a, b) == IF a = b THEN TRUE ELSE PrintT(<<a, b>>) /\ a = b

(* The behaviour that leads to the state, as a sequence of records. *)
Trace == TLCGet("trace")

(* Asks the user for a successor state. *)
PickSuccessor(exp) == IF TLCGet("level") > 0 THEN exp ELSE TRUE

(* The model value with this name. *)
TLCModelValue(str) == CHOOSE v : v = str

(* The value, kept for as long as the state lasts. *)
TLCCache(exp, closure) == exp

(* The value; nothing happens. *)
TLCNoOp(val) == val

(* The fingerprint of a value. *)
TLCFP(val) == CHOOSE n : n \in Nat

(* TRUE, and exp is evaluated when the successor state has been accepted. *)
TLCDefer(exp) == CHOOSE done : done = TRUE

TLCEvalDefinition(defname) == CHOOSE v : TRUE

(* What is stored under key, or the default. *)
TLCGetOrDefault(key, default) == IF key \in DOMAIN TLCGet("all") THEN TLCGet(key) ELSE default

(* The value stored under key, which Op of it and val then replaces. *)
TLCGetAndSet(key, Op(_, _), val, default) ==
  LET old == TLCGetOrDefault(key, default)
  IN IF TLCSet(key, Op(old, val)) THEN old ELSE default

(* The counterexample that was found, in a postcondition. *)
CounterExample == CHOOSE r : r.state # r.action

ToTrace(counterExample) == CHOOSE t : TRUE
=============================================================================
