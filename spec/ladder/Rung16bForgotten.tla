-------------------------- MODULE Rung16bForgotten --------------------------
(***************************************************************************)
(* A lease that counts from when it was asked for.                         *)
(*                                                                         *)
(* The holder does not know when its request was granted, but it knows     *)
(* when it sent it, and that was before. So it counts from then. It loses  *)
(* the time that its request took, and stops before the grantor is free.   *)
(*                                                                         *)
(* The grantor remembers in memory whom it has granted. To write every     *)
(* grant to a disk would take longer than the read that the lease was to   *)
(* make quick. On this rung it starts again, knows of nothing, and grants  *)
(* the lease to the next who asks.                                         *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* The grantors and the holders, of whom Nobody is none. A lease lasts for *)
(* Term. Time runs up to Last.                                             *)
(***************************************************************************)
CONSTANTS Grantor, Holder, Nobody, Term, Last

(***************************************************************************)
(* The time. All clocks are right here; spec/lease is about those that are *)
(* not.                                                                    *)
(***************************************************************************)
VARIABLE now

(***************************************************************************)
(* Until when each grantor is bound, and to whom. When each holder has     *)
(* sent its request, and until when it holds the lease. The grants that    *)
(* are on their way, and those that arrived: each with its grantor and its *)
(* holder.                                                                 *)
(***************************************************************************)
VARIABLES boundUntil, grantee, sent, holdsUntil, grants

vars == <<now, boundUntil, grantee, sent, holdsUntil, grants>>

Init ==
  /\ now = 1
  /\ boundUntil = [g \in Grantor |-> 0]
  /\ grantee = [g \in Grantor |-> Nobody]
  /\ sent = [h \in Holder |-> 0]
  /\ holdsUntil = [h \in Holder |-> 0]
  /\ grants = {}

-----------------------------------------------------------------------------

(***************************************************************************)
(* One grantor is enough: there is only one.                               *)
(***************************************************************************)
Enough(q) == q # {}

(***************************************************************************)
(* Time passes.                                                            *)
(***************************************************************************)
Tick ==
  /\ now < Last
  /\ now' = now + 1
  /\ UNCHANGED <<boundUntil, grantee, sent, holdsUntil, grants>>

(***************************************************************************)
(* Holder h asks all grantors for the lease, once.                         *)
(***************************************************************************)
Request(h) ==
  /\ sent[h] = 0
  /\ sent' = [sent EXCEPT ![h] = now]
  /\ UNCHANGED <<now, boundUntil, grantee, holdsUntil, grants>>

(***************************************************************************)
(* Grantor g, which is not bound, grants the lease to holder h for a term  *)
(* from now.                                                               *)
(***************************************************************************)
Grant(g, h) ==
  /\ sent[h] > 0
  /\ boundUntil[g] <= now
  /\ boundUntil' = [boundUntil EXCEPT ![g] = now + Term]
  /\ grantee' = [grantee EXCEPT ![g] = h]
  /\ grants' = grants \cup {[grantor |-> g, holder |-> h]}
  /\ UNCHANGED <<now, sent, holdsUntil>>

(***************************************************************************)
(* Holder h hears that it was granted the lease, and counts from when it   *)
(* asked.                                                                  *)
(***************************************************************************)
Hold(h, q) ==
  /\ Enough(q)
  /\ \A g \in q : [grantor |-> g, holder |-> h] \in grants
  /\ holdsUntil[h] = 0
  /\ holdsUntil' = [holdsUntil EXCEPT ![h] = sent[h] + Term]
  /\ UNCHANGED <<now, boundUntil, grantee, sent, grants>>

(***************************************************************************)
(* Grantor g starts again. It does not know that it was bound.             *)
(***************************************************************************)
Restart(g) ==
  /\ boundUntil' = [boundUntil EXCEPT ![g] = 0]
  /\ grantee' = [grantee EXCEPT ![g] = Nobody]
  /\ UNCHANGED <<now, sent, holdsUntil, grants>>

Next ==
  \/ Tick
  \/ \E h \in Holder : Request(h)
  \/ \E g \in Grantor, h \in Holder : Grant(g, h)
  \/ \E h \in Holder : \E q \in SUBSET Grantor : Hold(h, q)
  \/ \E g \in Grantor : Restart(g)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

(***************************************************************************)
(* No two hold the lease at the same time.                                 *)
(***************************************************************************)
OneHolder ==
  \A h, i \in Holder : now < holdsUntil[h] /\ now < holdsUntil[i] => h = i

(***************************************************************************)
(* Grantors may be exchanged for each other, and so may holders.           *)
(***************************************************************************)
Symmetry == Permutations(Grantor) \cup Permutations(Holder)
=============================================================================
