------------------------------ MODULE LogLease ------------------------------
(***************************************************************************)
(* A lease whose grantor is a replicated log.                              *)
(*                                                                         *)
(* In the module Lease each grantor looks at its own clock to see whether  *)
(* it is still bound. The replicas of a log must not: what a command does  *)
(* has to be the same on all of them. So the log knows nothing of time. It *)
(* knows who has the lease, and gives a new number to each grant and to    *)
(* each renewal. That the lease has expired is a command, and a replica    *)
(* asks for it when by its own clock a whole term has passed since it saw  *)
(* the grant. The command names the grant: a lease that was renewed in the *)
(* meantime has another number, and stays.                                 *)
(*                                                                         *)
(* Which replica counts does not matter, nor whether several do: the one   *)
(* that leads does, and a new leader counts a whole term anew. The holder  *)
(* counts from when it sent its request. That is earlier than when any     *)
(* replica saw the grant, so with twice the clocks' error taken off it     *)
(* stops before any replica asks for the expiry.                           *)
(***************************************************************************)
EXTENDS Integers

(***************************************************************************)
(* The replicas of the log, and the holders, of whom Nobody is none. A     *)
(* lease is granted for Term. A clock shows the true time or up to Error   *)
(* more than that.                                                         *)
(***************************************************************************)
CONSTANTS Replica, Holder, Nobody, Term, Error

ASSUME NobodyIsNoHolder == Nobody \notin Holder

ASSUME TermIsLongEnough ==
  /\ Error \in Nat
  /\ Term \in Nat
  /\ Term > 2 * Error

Process == Replica \cup Holder

Time == Nat

Number == Nat

-----------------------------------------------------------------------------
(***************************************************************************)
(* The true time, which nobody sees, and what each clock shows.            *)
(***************************************************************************)
VARIABLES now, clock

(***************************************************************************)
(* The machine that is replicated, after all commands that are chosen: who *)
(* has the lease, the number of the grant that it has it by, and the last  *)
(* number that was given, to a grant or to a renewal. The number of the    *)
(* grant is the token of all that is done under it.                        *)
(***************************************************************************)
VARIABLES owner, token, last

(***************************************************************************)
(* A replica's memory: the number of the grant or renewal for which it     *)
(* counts a term, 0 for none, and what its clock showed when it began.     *)
(***************************************************************************)
VARIABLES counted, since

(***************************************************************************)
(* A holder's memory: its last request, with the time that its clock       *)
(* showed when it sent it, and the lease that it knows of, with the time   *)
(* from which that counts. The number 0 stands for none.                   *)
(***************************************************************************)
VARIABLES request, lease

(***************************************************************************)
(* All messages that were ever sent. History: the token of the last act.   *)
(***************************************************************************)
VARIABLES messages, acted

timeVars == <<now, clock>>
machineVars == <<owner, token, last>>
replicaVars == <<counted, since>>
holderVars == <<request, lease>>
vars == <<timeVars, machineVars, replicaVars, holderVars, messages, acted>>

None == [number |-> 0, sent |-> 0]

(***************************************************************************)
(* What holders ask the log for, what it tells them, and what replicas ask *)
(* it for. A request has a number of its own, so it is granted once.       *)
(***************************************************************************)
Message ==
       [type : {"acquire"}, holder : Holder, number : Number]
  \cup [type : {"renew"}, holder : Holder, number : Number, token : Number]
  \cup [type : {"granted"}, number : Number, token : Number]
  \cup [type : {"release"}, token : Number]
  \cup [type : {"expire"}, grant : Number]

TypeOK ==
  /\ now \in Time
  /\ clock \in [Process -> Time]
  /\ owner \in Holder \cup {Nobody}
  /\ token \in Number
  /\ last \in Number
  /\ counted \in [Replica -> Number]
  /\ since \in [Replica -> Time]
  /\ request \in [Holder -> [number : Number, sent : Time]]
  /\ lease \in [Holder -> [number : Number, sent : Time]]
  /\ messages \subseteq Message
  /\ acted \in Number

Init ==
  /\ now = 0
  /\ clock = [p \in Process |-> 0]
  /\ owner = Nobody
  /\ token = 0
  /\ last = 0
  /\ counted = [r \in Replica |-> 0]
  /\ since = [r \in Replica |-> 0]
  /\ request = [h \in Holder |-> None]
  /\ lease = [h \in Holder |-> None]
  /\ messages = {}
  /\ acted = 0

-----------------------------------------------------------------------------
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* Time passes, and the clocks show c then. No clock is ever set back.     *)
(***************************************************************************)
Tick(c) ==
  /\ now' = now + 1
  /\ \A p \in Process :
       /\ now + 1 <= c[p]
       /\ c[p] <= now + 1 + Error
       /\ clock[p] <= c[p]
  /\ clock' = c
  /\ UNCHANGED <<machineVars, replicaVars, holderVars, messages, acted>>

(***************************************************************************)
(* No request has the number k.                                            *)
(***************************************************************************)
IsNew(k) ==
  /\ k > 0
  /\ ~\E t \in {"acquire", "renew"} : \E m \in messages : m.type = t /\ m.number = k

(***************************************************************************)
(* Holder h asks for the lease by the request k. It looks at its clock     *)
(* before the request leaves.                                              *)
(***************************************************************************)
AskForLease(h, k) ==
  /\ IsNew(k)
  /\ request' = [request EXCEPT ![h] = [number |-> k, sent |-> clock[h]]]
  /\ Send([type |-> "acquire", holder |-> h, number |-> k])
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, lease, acted>>

(***************************************************************************)
(* Holder h asks for its lease to be renewed, by the request k.            *)
(***************************************************************************)
AskForRenewal(h, k) ==
  /\ IsNew(k)
  /\ lease[h].number > 0
  /\ request' = [request EXCEPT ![h] = [number |-> k, sent |-> clock[h]]]
  /\ Send([type |-> "renew", holder |-> h, number |-> k,
           token |-> lease[h].number])
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, lease, acted>>

(***************************************************************************)
(* The log grants holder h the request k, if nobody has the lease, under a *)
(* number n that is larger than all before. Where a log has several leases *)
(* it gives the numbers to all of them in turn, so that of one lease some  *)
(* are left out.                                                           *)
(***************************************************************************)
IsAnswered(k) == \E m \in messages : m.type = "granted" /\ m.number = k

Acquire(h, k, n) ==
  /\ [type |-> "acquire", holder |-> h, number |-> k] \in messages
  /\ ~IsAnswered(k)
  /\ owner = Nobody
  /\ n > last
  /\ owner' = h
  /\ last' = n
  /\ token' = n
  /\ Send([type |-> "granted", number |-> k, token |-> n])
  /\ UNCHANGED <<timeVars, replicaVars, holderVars, acted>>

(***************************************************************************)
(* The log renews the lease of holder h by the request k, if h has it      *)
(* still under the same token. The renewal has a number of its own, n.     *)
(***************************************************************************)
Renew(h, k, n) ==
  /\ owner = h
  /\ [type |-> "renew", holder |-> h, number |-> k, token |-> token]
       \in messages
  /\ ~IsAnswered(k)
  /\ n > last
  /\ last' = n
  /\ Send([type |-> "granted", number |-> k, token |-> token])
  /\ UNCHANGED <<timeVars, owner, token, replicaVars, holderVars, acted>>

(***************************************************************************)
(* Holder h hears that its last request is granted, with token t.          *)
(***************************************************************************)
Hold(h, t) ==
  /\ [type |-> "granted", number |-> request[h].number, token |-> t]
       \in messages
  /\ lease' = [lease EXCEPT ![h] = [number |-> t, sent |-> request[h].sent]]
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, request, messages,
                 acted>>

(***************************************************************************)
(* Holder h gives its lease up, or has noticed that it is over. It stops   *)
(* first, and tells the log then.                                          *)
(***************************************************************************)
GiveUp(h) ==
  /\ lease[h].number > 0
  /\ request' = [request EXCEPT ![h] = None]
  /\ lease' = [lease EXCEPT ![h] = None]
  /\ Send([type |-> "release", token |-> lease[h].number])
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, acted>>

(***************************************************************************)
(* The lease with token t is released.                                     *)
(***************************************************************************)
Release(t) ==
  /\ [type |-> "release", token |-> t] \in messages
  /\ owner # Nobody
  /\ token = t
  /\ owner' = Nobody
  /\ UNCHANGED <<timeVars, token, last, replicaVars, holderVars, messages,
                 acted>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Replica r sees the grant or renewal n, in its own copy, which may be    *)
(* behind, and begins to count. It may begin anew at any time.             *)
(***************************************************************************)
Count(r, n) ==
  /\ n \in 1..last
  /\ counted' = [counted EXCEPT ![r] = n]
  /\ since' = [since EXCEPT ![r] = clock[r]]
  /\ UNCHANGED <<timeVars, machineVars, holderVars, messages, acted>>

(***************************************************************************)
(* A whole term has passed by the clock of replica r, and it asks the log  *)
(* to let the lease expire.                                                *)
(***************************************************************************)
AskForExpiry(r) ==
  /\ counted[r] > 0
  /\ since[r] + Term <= clock[r]
  /\ Send([type |-> "expire", grant |-> counted[r]])
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, holderVars, acted>>

(***************************************************************************)
(* The lease expires, if it was not renewed since the grant n.             *)
(***************************************************************************)
Expire(n) ==
  /\ [type |-> "expire", grant |-> n] \in messages
  /\ owner # Nobody
  /\ n = last
  /\ owner' = Nobody
  /\ UNCHANGED <<timeVars, token, last, replicaVars, holderVars, messages,
                 acted>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Until when, by its own clock, a holder may act: see the module Lease.   *)
(***************************************************************************)
HoldsUntil(h) == lease[h].sent + Term - 2 * Error

Holds(h) == lease[h].number > 0 /\ clock[h] < HoldsUntil(h)

(***************************************************************************)
(* Holder h acts. It looks at its clock in the moment in which the act has *)
(* its effect.                                                             *)
(***************************************************************************)
Act(h) ==
  /\ Holds(h)
  /\ acted' = lease[h].number
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, holderVars, messages>>

(***************************************************************************)
(* A holder starts again and holds nothing. A replica starts again, or     *)
(* does not lead any more, and has counted nothing.                        *)
(***************************************************************************)
RestartHolder(h) ==
  /\ request' = [request EXCEPT ![h] = None]
  /\ lease' = [lease EXCEPT ![h] = None]
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, messages, acted>>

Forget(r) ==
  /\ counted' = [counted EXCEPT ![r] = 0]
  /\ since' = [since EXCEPT ![r] = 0]
  /\ UNCHANGED <<timeVars, machineVars, holderVars, messages, acted>>

Next ==
  \/ \E c \in [Process -> Time] : Tick(c)
  \/ \E h \in Holder, k \in Number : AskForLease(h, k)
  \/ \E h \in Holder, k \in Number : AskForRenewal(h, k)
  \/ \E h \in Holder, k, n \in Number : Acquire(h, k, n)
  \/ \E h \in Holder, k, n \in Number : Renew(h, k, n)
  \/ \E h \in Holder, t \in Number : Hold(h, t)
  \/ \E h \in Holder : GiveUp(h)
  \/ \E t \in Number : Release(t)
  \/ \E r \in Replica, n \in Number : Count(r, n)
  \/ \E r \in Replica : AskForExpiry(r)
  \/ \E n \in Number : Expire(n)
  \/ \E h \in Holder : Act(h)
  \/ \E h \in Holder : RestartHolder(h)
  \/ \E r \in Replica : Forget(r)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a trace of processes can tell of the time: process p looks at its  *)
(* clock, which shows t since p was started. Nobody records the true time, *)
(* so a trace is judged by what each process does by its own clock, and    *)
(* that the clocks keep to what Tick says is taken for granted.            *)
(***************************************************************************)
Look(p, t) ==
  /\ clock[p] <= t
  /\ clock' = [clock EXCEPT ![p] = t]
  /\ UNCHANGED <<now, machineVars, replicaVars, holderVars, messages, acted>>

(***************************************************************************)
(* Process p is started, perhaps again: it counts and holds nothing, and   *)
(* its clock begins anew. No time of before is compared with one of after. *)
(***************************************************************************)
Start(p) ==
  /\ clock' = [clock EXCEPT ![p] = 0]
  /\ counted' = [r \in Replica |-> IF r = p THEN 0 ELSE counted[r]]
  /\ since' = [r \in Replica |-> IF r = p THEN 0 ELSE since[r]]
  /\ request' = [h \in Holder |-> IF h = p THEN None ELSE request[h]]
  /\ lease' = [h \in Holder |-> IF h = p THEN None ELSE lease[h]]
  /\ UNCHANGED <<now, machineVars, messages, acted>>

TraceNext ==
  \/ Next
  \/ \E p \in Process, t \in Time : Look(p, t)
  \/ \E p \in Process : Start(p)

TraceSpec == Init /\ [][TraceNext]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No two hold the lease at the same time.                                 *)
(***************************************************************************)
OneHolder == \A h, i \in Holder : Holds(h) /\ Holds(i) => h = i

(***************************************************************************)
(* Whoever holds the lease has it in the log as well, under its token.     *)
(***************************************************************************)
HolderIsOwner ==
  \A h \in Holder : Holds(h) => owner = h /\ token = lease[h].number

(***************************************************************************)
(* Nobody acts under a lease after another has acted under a later one.    *)
(***************************************************************************)
ActsAscend == [][acted <= acted']_acted

(***************************************************************************)
(* Numbers are given once.                                                 *)
(***************************************************************************)
NumbersGrow ==
  /\ [][last <= last']_last
  /\ [][token < token']_token
=============================================================================
