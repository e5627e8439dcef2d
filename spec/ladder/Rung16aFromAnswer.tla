------------------------- MODULE Rung16aFromAnswer --------------------------
(***************************************************************************)
(* A lease: nobody else leads, for a while.                                *)
(*                                                                         *)
(* A grantor grants the lease for a term to one holder, and to no other    *)
(* until the term is over. As long as a leader holds it, it may answer     *)
(* reads from its own copy and ask nobody.                                 *)
(*                                                                         *)
(* The term begins for the grantor when it grants. For the holder it       *)
(* begins on this rung when it hears of that, as one would think: how      *)
(* could it hold what it does not know to have? But the answer may have    *)
(* been on its way for long, and then the grantor is free while the holder *)
(* still counts.                                                           *)
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
(* Holder h hears that it was granted the lease, and counts from now on.   *)
(***************************************************************************)
Hold(h, q) ==
  /\ Enough(q)
  /\ \A g \in q : [grantor |-> g, holder |-> h] \in grants
  /\ holdsUntil[h] = 0
  /\ holdsUntil' = [holdsUntil EXCEPT ![h] = now + Term]
  /\ UNCHANGED <<now, boundUntil, grantee, sent, grants>>

(***************************************************************************)
(* Grantor g starts again. It still knows that it is bound.                *)
(***************************************************************************)
Restart(g) ==
  /\ boundUntil' = [boundUntil EXCEPT ![g] = @]
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
