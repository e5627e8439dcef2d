------------------------------ MODULE MCLease -------------------------------
(***************************************************************************)
(* The module Lease with bounded time and few tokens, for TLC.             *)
(***************************************************************************)
EXTENDS Lease, TLC

(***************************************************************************)
(* Time runs up to MaxTime, and tokens up to MaxToken.                     *)
(***************************************************************************)
CONSTANTS MaxTime, MaxToken

MCTime == 0..(MaxTime + Error + Term)

MCToken == 0..MaxToken

(***************************************************************************)
(* Time stops at MaxTime. The clocks that can then be shown are made at    *)
(* once: among all functions to times there are too many wrong ones.       *)
(***************************************************************************)
MCNext ==
  \/ now < MaxTime /\ \E c \in [Process -> (now + 1)..(now + 1 + Error)] :
       Tick(c)
  \/ \E h \in Holder, k \in Token : Request(h, k)
  \/ \E g \in Grantor : \E h \in Holder, k \in Token : Grant(g, h, k)
  \/ \E h \in Holder : \E q \in SUBSET Grantor : Hold(h, q)
  \/ \E h \in Holder : Act(h)
  \/ \E g \in Grantor : RestartGrantor(g)
  \/ \E h \in Holder : RestartHolder(h)

MCSpec == Init /\ [][MCNext]_vars

(***************************************************************************)
(* Grantors may be exchanged for each other, and so may holders.           *)
(***************************************************************************)
Symmetry == Permutations(Grantor) \cup Permutations(Holder)

Never(p) == FALSE
=============================================================================
