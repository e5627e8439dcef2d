----------------------------- MODULE MCLogLease -----------------------------
(***************************************************************************)
(* The module LogLease with bounded time and few requests, for TLC.        *)
(***************************************************************************)
EXTENDS LogLease, TLC

(***************************************************************************)
(* Time runs up to MaxTime, and requests and grants up to MaxNumber.       *)
(***************************************************************************)
CONSTANTS MaxTime, MaxNumber

MCTime == 0..(MaxTime + Error)

MCNumber == 0..MaxNumber

(***************************************************************************)
(* Time stops at MaxTime. The clocks that can then be shown are made at    *)
(* once: among all functions to times there are too many wrong ones. The   *)
(* requests take the numbers in turn, and so do grants and renewals.       *)
(***************************************************************************)
Taken ==
  {m.number : m \in {n \in messages : n.type \in {"acquire", "renew"}}}

InTurn(k) == k = 1 \/ k - 1 \in Taken

MCNext ==
  \/ now < MaxTime /\ \E c \in [Process -> (now + 1)..(now + 1 + Error)] :
       Tick(c)
  \/ \E h \in Holder, k \in Number : InTurn(k) /\ AskForLease(h, k)
  \/ \E h \in Holder, k \in Number : InTurn(k) /\ AskForRenewal(h, k)
  \/ \E h \in Holder, k \in Number : Acquire(h, k, last + 1)
  \/ \E h \in Holder, k \in Number : Renew(h, k, last + 1)
  \/ \E h \in Holder, t \in Number : Hold(h, t)
  \/ \E h \in Holder : GiveUp(h)
  \/ \E t \in Number : Release(t)
  \/ \E r \in Replica, n \in Number : Count(r, n)
  \/ \E r \in Replica : AskForExpiry(r)
  \/ \E n \in Number : Expire(n)
  \/ \E h \in Holder : Act(h)
  \/ \E h \in Holder : RestartHolder(h)
  \/ \E r \in Replica : Forget(r)

MCSpec == Init /\ [][MCNext]_vars

(***************************************************************************)
(* Replicas may be exchanged for each other, and so may holders.           *)
(***************************************************************************)
Symmetry == Permutations(Replica) \cup Permutations(Holder)
=============================================================================
