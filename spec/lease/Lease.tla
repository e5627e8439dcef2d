------------------------------- MODULE Lease --------------------------------
(***************************************************************************)
(* A lease: the right to act alone for a while, granted by a quorum of     *)
(* grantors, each of whom has a clock of its own that errs.                *)
(*                                                                         *)
(* A leader that holds a lease may answer reads from its own copy, because *)
(* nobody else leads. That is worth a round trip on each read, and it is   *)
(* the one place where safety depends on clocks. So it must be plain what  *)
(* is assumed of them, and what is counted from when.                      *)
(*                                                                         *)
(* The holder must stop before the first grantor thinks that it has. It    *)
(* knows when it sent its request, and not when that was granted, only     *)
(* that it was later. So it counts from the sending, and takes off what    *)
(* two clocks may err by.                                                  *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

(***************************************************************************)
(* The grantors and the holders. A lease is granted for Term, as a         *)
(* grantor's clock counts. A clock shows the true time or up to Error more *)
(* than that. Each request has a token of its own, a number; who grants a  *)
(* request grants none with a smaller token afterwards.                    *)
(***************************************************************************)
CONSTANTS Grantor, Holder, Nobody, Term, Error

ASSUME NobodyIsNoHolder == Nobody \notin Holder

ASSUME TermIsLongEnough ==
  /\ Error \in Nat
  /\ Term \in Nat
  /\ Term > 2 * Error

Process == Grantor \cup Holder

Time == Nat

Token == Nat

(***************************************************************************)
(* Any two quorums have a grantor in common.                               *)
(***************************************************************************)
Quorum == {q \in SUBSET Grantor : 2 * Cardinality(q) > Cardinality(Grantor)}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The true time, which nobody sees, and what each clock shows.            *)
(***************************************************************************)
VARIABLES now, clock

(***************************************************************************)
(* What a grantor has in memory: by its clock, until when it is bound, and *)
(* to whom. And the largest token that it has granted, which is on its     *)
(* disk.                                                                   *)
(***************************************************************************)
VARIABLES boundUntil, grantee, largest

(***************************************************************************)
(* What a holder has in memory: its last request, with the time that its   *)
(* clock showed when it sent it, and the last request that it knows to be  *)
(* granted. The token 0 stands for none.                                   *)
(***************************************************************************)
VARIABLES request, lease

(***************************************************************************)
(* All messages that were ever sent. History: the token of the last act.   *)
(***************************************************************************)
VARIABLES messages, acted

grantorVars == <<boundUntil, grantee, largest>>
holderVars == <<request, lease>>
vars == <<now, clock, grantorVars, holderVars, messages, acted>>

None == [token |-> 0, sent |-> 0]

Message ==
       [type : {"request"}, holder : Holder, token : Token]
  \cup [type : {"grant"}, grantor : Grantor, token : Token]

TypeOK ==
  /\ now \in Time
  /\ clock \in [Process -> Time]
  /\ boundUntil \in [Grantor -> Time]
  /\ grantee \in [Grantor -> Holder \cup {Nobody}]
  /\ largest \in [Grantor -> Token]
  /\ request \in [Holder -> [token : Token, sent : Time]]
  /\ lease \in [Holder -> [token : Token, sent : Time]]
  /\ messages \subseteq Message
  /\ acted \in Token

(***************************************************************************)
(* At first all clocks are right and no grantor is bound.                  *)
(***************************************************************************)
Init ==
  /\ now = 0
  /\ clock = [p \in Process |-> 0]
  /\ boundUntil = [g \in Grantor |-> 0]
  /\ grantee = [g \in Grantor |-> Nobody]
  /\ largest = [g \in Grantor |-> 0]
  /\ request = [h \in Holder |-> None]
  /\ lease = [h \in Holder |-> None]
  /\ messages = {}
  /\ acted = 0

-----------------------------------------------------------------------------
(***************************************************************************)
(* The clocks are as right as they are supposed to be.                     *)
(***************************************************************************)
ClocksAreRight(t, c) ==
  \A p \in Process : t <= c[p] /\ c[p] <= t + Error

(***************************************************************************)
(* Time passes, and the clocks show c then. No clock is ever set back.     *)
(***************************************************************************)
Tick(c) ==
  /\ now' = now + 1
  /\ ClocksAreRight(now + 1, c)
  /\ \A p \in Process : clock[p] <= c[p]
  /\ clock' = c
  /\ UNCHANGED <<grantorVars, holderVars, messages, acted>>

(***************************************************************************)
(* Holder h asks for a lease with token k, which nobody has used. It looks *)
(* at its clock before the request leaves.                                 *)
(***************************************************************************)
Request(h, k) ==
  /\ k > 0
  /\ \A m \in messages : m.type = "request" => m.token # k
  /\ request' = [request EXCEPT ![h] = [token |-> k, sent |-> clock[h]]]
  /\ messages' = messages \cup
       {[type |-> "request", holder |-> h, token |-> k]}
  /\ UNCHANGED <<now, clock, grantorVars, lease, acted>>

(***************************************************************************)
(* Grantor g grants holder h the request with token k. It is bound to      *)
(* nobody else any more. Who holds the lease may renew it at any time.     *)
(***************************************************************************)
Grant(g, h, k) ==
  /\ [type |-> "request", holder |-> h, token |-> k] \in messages
  /\ k > largest[g]
  /\ grantee[g] = h \/ boundUntil[g] <= clock[g]
  /\ boundUntil' = [boundUntil EXCEPT ![g] = clock[g] + Term]
  /\ grantee' = [grantee EXCEPT ![g] = h]
  /\ largest' = [largest EXCEPT ![g] = k]
  /\ messages' = messages \cup
       {[type |-> "grant", grantor |-> g, token |-> k]}
  /\ UNCHANGED <<now, clock, holderVars, acted>>

(***************************************************************************)
(* Holder h hears that the quorum q has granted its last request.          *)
(***************************************************************************)
Hold(h, q) ==
  /\ q \in Quorum
  /\ \A g \in q : [type |-> "grant", grantor |-> g,
                   token |-> request[h].token] \in messages
  /\ lease' = [lease EXCEPT ![h] = request[h]]
  /\ UNCHANGED <<now, clock, grantorVars, request, messages, acted>>

(***************************************************************************)
(* Until when, by its own clock, a holder may act. When it sent its        *)
(* request its clock may have been fast by Error, and when it looks again  *)
(* it may be right; a grantor's clock may have been right when it granted, *)
(* and be fast by Error when it looks again. Each of the two takes Error   *)
(* off the time that both have.                                            *)
(***************************************************************************)
HoldsUntil(h) == lease[h].sent + Term - 2 * Error

Holds(h) == lease[h].token > 0 /\ clock[h] < HoldsUntil(h)

(***************************************************************************)
(* Holder h acts. It looks at its clock in the moment in which the act has *)
(* its effect, and not before: a process may pause between any two of its  *)
(* instructions. Where an act cannot be tied to the clock so, because it   *)
(* has its effect elsewhere, a lease is not enough; see the module Lock.   *)
(***************************************************************************)
Act(h) ==
  /\ Holds(h)
  /\ acted' = lease[h].token
  /\ UNCHANGED <<now, clock, grantorVars, holderVars, messages>>

(***************************************************************************)
(* Grantor g starts again. It does not know whom it has granted, or when.  *)
(* So it is bound for a whole term as if it had granted right now, and to  *)
(* nobody.                                                                 *)
(***************************************************************************)
RestartGrantor(g) ==
  /\ boundUntil' = [boundUntil EXCEPT ![g] = clock[g] + Term]
  /\ grantee' = [grantee EXCEPT ![g] = Nobody]
  /\ UNCHANGED <<now, clock, largest, holderVars, messages, acted>>

(***************************************************************************)
(* Holder h starts again, and holds nothing.                               *)
(***************************************************************************)
RestartHolder(h) ==
  /\ request' = [request EXCEPT ![h] = None]
  /\ lease' = [lease EXCEPT ![h] = None]
  /\ UNCHANGED <<now, clock, grantorVars, messages, acted>>

Next ==
  \/ \E c \in [Process -> Time] : Tick(c)
  \/ \E h \in Holder, k \in Token : Request(h, k)
  \/ \E g \in Grantor : \E h \in Holder, k \in Token : Grant(g, h, k)
  \/ \E h \in Holder : \E q \in SUBSET Grantor : Hold(h, q)
  \/ \E h \in Holder : Act(h)
  \/ \E g \in Grantor : RestartGrantor(g)
  \/ \E h \in Holder : RestartHolder(h)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No two hold the lease at the same time.                                 *)
(***************************************************************************)
OneHolder == \A h, i \in Holder : Holds(h) /\ Holds(i) => h = i

(***************************************************************************)
(* Nobody acts under a lease after another has acted under a later one.    *)
(***************************************************************************)
ActsAscend == [][acted <= acted']_acted

(***************************************************************************)
(* Whoever holds the lease, a quorum of grantors is bound to it.           *)
(***************************************************************************)
HolderIsBacked ==
  \A h \in Holder : Holds(h) =>
    \E q \in Quorum : \A g \in q :
      /\ clock[g] < boundUntil[g]
      /\ grantee[g] \in {h, Nobody}
=============================================================================
