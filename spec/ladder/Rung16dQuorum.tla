--------------------------- MODULE Rung16dQuorum ----------------------------
(***************************************************************************)
(* A lease that a quorum grants.                                           *)
(*                                                                         *)
(* Two majorities have a grantor in common, which is bound to one holder.  *)
(* It is the same argument as for promises: a lease is a promise that ends *)
(* by itself.                                                              *)
(*                                                                         *)
(* Clocks are right here. If they err, the holder must take off what they  *)
(* may err by; the module spec/lease/Lease.tla says how much, and what     *)
(* happens if one adds it. And if a clock errs by more than one has        *)
(* reckoned with, a lease is worth nothing. Of all in Paxos it is the one  *)
(* thing that rests on clocks, so where one does not trust them one reads  *)
(* as on rung 15b.                                                         *)
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
(* A majority is enough.                                                   *)
(***************************************************************************)
Enough(q) == 2 * Cardinality(q) > Cardinality(Grantor)

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
(* Holder h hears that the majority q has granted it the lease, and counts *)
(* from when it asked.                                                     *)
(***************************************************************************)
Hold(h, q) ==
  /\ Enough(q)
  /\ \A g \in q : [grantor |-> g, holder |-> h] \in grants
  /\ holdsUntil[h] = 0
  /\ holdsUntil' = [holdsUntil EXCEPT ![h] = sent[h] + Term]
  /\ UNCHANGED <<now, boundUntil, grantee, sent, grants>>

(***************************************************************************)
(* Grantor g starts again. It waits for a term.                            *)
(***************************************************************************)
Restart(g) ==
  /\ boundUntil' = [boundUntil EXCEPT ![g] = now + Term]
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
