------------------------------ MODULE _Possible ------------------------------
(* What _POSSIBLE in a configuration counts: how often each of the predicates  *)
(* that it lists was true.                                                     *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC
LOCAL INSTANCE TLCExt

(* TRUE; counts under the name whether the expression is. *)
_Track(expr, name) ==
  LET old == TLCGetOrDefault("s:_possible", << >>)
      sofar == IF name \in DOMAIN old THEN old[name] ELSE 0
  IN TLCSet("s:_possible", (name :> (IF expr THEN sofar + 1 ELSE sofar)) @@ old)

LOCAL Sum(f, g) ==
  [name \in DOMAIN f \cup DOMAIN g |->
     (IF name \in DOMAIN f THEN f[name] ELSE 0) + (IF name \in DOMAIN g THEN g[name] ELSE 0)]

RECURSIVE All(_)
LOCAL All(counts) == IF counts = << >> THEN << >> ELSE Sum(Head(counts), All(Tail(counts)))

(* How often each of them was true, over all workers. *)
_Counts ==
  LET named == TLCGet("all:named")
  IN IF "s:_possible" \in DOMAIN named THEN All(named["s:_possible"]) ELSE << >>

(* FALSE, and the figures are printed, where the predicate was never true. *)
_CheckName(name) ==
  LET counts == _Counts
  IN IF name \in DOMAIN counts /\ counts[name] > 0 THEN TRUE ELSE PrintT(counts) /\ FALSE

_PrintCounts == PrintT(_Counts)
=============================================================================
