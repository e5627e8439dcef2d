------------------------------ MODULE RealTime ------------------------------
(* Time that passes: now grows without bound, and actions have the least and the greatest delay. *)
EXTENDS Reals

VARIABLE now

LOCAL Later(r) == {s \in Real : s > r}

(* now is a real number that only grows; no step of v happens while it does. *)
RTnow(v) ==
  LET Pass == now' \in Later(now) /\ UNCHANGED v
  IN /\ now \in Real
     /\ [][Pass]_now
     /\ \A r \in Real : WF_now(Pass /\ now' > r)

(* An A step of v happens only when A has been enabled for at least d and at most e. *)
RTBound(A, v, d, e) ==
  LET Timer(t) ==
        /\ t = 0
        /\ [][t' = IF <<A>>_v \/ ~(ENABLED <<A>>_v)' THEN 0 ELSE t + (now' - now)]_<<t, v, now>>
      AtMost(t) == [](t \leq e)
      AtLeast(t) == [][A => t \geq d]_v
  IN \EE t : Timer(t) /\ AtMost(t) /\ AtLeast(t)
=============================================================================
