-------------------------- MODULE RequestsMutants ---------------------------
(***************************************************************************)
(* Requests with a rule left out. The configuration RequestsMutants-M.cfg  *)
(* puts M in the place of the operator that is named at it.                *)
(***************************************************************************)
EXTENDS MCRequests

(***************************************************************************)
(* Covers: a client that the state does not remember is taken for one that *)
(* was never served.                                                       *)
(***************************************************************************)
ServesForgotten(s, m) == s.epoch = m.position.epoch

(***************************************************************************)
(* Covers: the epoch is not looked at. A register that was deleted and     *)
(* came up again serves what its predecessor has served.                   *)
(***************************************************************************)
IgnoresEpoch(s, m) ==
  \/ Remembered(s, m.client) # {}
  \/ s.forgotten <= m.position.version

(***************************************************************************)
(* Served: a request that finds another value than it expects is not       *)
(* remembered.                                                             *)
(***************************************************************************)
ForgetsMissed(s, m) ==
  IF ~New(s, m) \/ (~m.resolves /\ ~Effect(s, m))
    THEN s
    ELSE IF ~m.resolves
    THEN [Remember(s, m) EXCEPT !.value = 1 - @]
    ELSE Remember(s, m)

(***************************************************************************)
(* Served: to find out what became of a request changes nothing, and the   *)
(* request may come later still.                                           *)
(***************************************************************************)
ResolvesWithoutNumber(s, m) ==
  IF ~New(s, m) \/ m.resolves
    THEN s
    ELSE IF Effect(s, m)
    THEN [Remember(s, m) EXCEPT !.value = 1 - @]
    ELSE Remember(s, m)

(***************************************************************************)
(* Served: a request is served as often as it comes.                       *)
(***************************************************************************)
ServesAgain(s, m) ==
  IF ~Covers(s, m)
    THEN s
    ELSE IF ~m.resolves /\ Effect(s, m)
    THEN [Remember(s, m) EXCEPT !.value = 1 - @]
    ELSE Remember(s, m)

(***************************************************************************)
(* Meaning: a client that has asked twice takes it for a no that its       *)
(* request is forgotten.                                                   *)
(***************************************************************************)
ForgottenIsNo(x, a) ==
  CASE a.verdict = "done" -> "yes"
    [] a.verdict \in {"not done", "forgotten"} -> "no"
    [] OTHER -> "unknown"
=============================================================================
