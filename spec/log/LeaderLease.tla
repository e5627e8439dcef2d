---------------------------- MODULE LeaderLease -----------------------------
(***************************************************************************)
(* Reads from the leader's own copy: the replicated log of the module Log, *)
(* with a lease for whoever leads, beside the reads of the module LogRead. *)
(*                                                                         *)
(* A leader that answers a read from its own copy must know that no other  *)
(* leads meanwhile, or what that one does is missing. It asks the replicas *)
(* for a lease, with its heartbeats. Who grants it promises no larger      *)
(* ballot for a term, as its own clock counts. While a quorum is bound so, *)
(* nobody can come to lead, and what is chosen the leader is the first to  *)
(* know. As in the module Lease the leader counts from when it asked, and  *)
(* takes off twice what the clocks may err by; and a replica that starts   *)
(* again is bound for a whole term, since it does not know what it has     *)
(* granted.                                                                *)
(*                                                                         *)
(* While a leader holds no lease it asks a quorum, as LogRead has it. A    *)
(* lease makes nothing else different: each step here is a step of         *)
(* LogRead, or adds a read there, or changes nothing.                      *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

(***************************************************************************)
(* The constants of Log, for how long a replica is bound, and by how much  *)
(* a clock may be ahead of the true time.                                  *)
(***************************************************************************)
CONSTANTS Id, Scheme, Stride, Command, PrepareSize, AcceptSize, Term, Error

ASSUME TermIsLongEnough ==
  /\ Error \in Nat
  /\ Term \in Nat
  /\ Term > 2 * Error

VARIABLES promised, accepted, snapshot, disk, learned, applied, machine,
          role, next, inherited, messages, executed, answered,
          inquiries, confirmations, told, reads

L == INSTANCE LogRead

Replica == L!Replica

AnyCommand == L!AnyCommand

Time == Nat

-----------------------------------------------------------------------------
(***************************************************************************)
(* The true time and when each replica started, which nobody sees, and     *)
(* what each replica's clock shows. A clock shows the time since its       *)
(* replica started, and may be ahead of that by Error.                     *)
(***************************************************************************)
VARIABLES now, began, clock

(***************************************************************************)
(* Until when a replica is bound, by its clock, to promise nothing.        *)
(***************************************************************************)
VARIABLE boundUntil

(***************************************************************************)
(* What a leader needs before it may read: the slot that it must have      *)
(* applied, since those up to it may have been chosen under others; and    *)
(* the lease that it holds, with the ballot that it leads under and the    *)
(* time at which it asked.                                                 *)
(***************************************************************************)
VARIABLES settled, lease

(***************************************************************************)
(* What leaders have asked for, and what was granted. A leader's request   *)
(* bears the time that its clock showed, and is known by that.             *)
(***************************************************************************)
VARIABLE grants

logVars == <<promised, accepted, snapshot, disk, learned, applied, machine,
             role, next, inherited, messages, executed, answered>>
readVars == <<inquiries, confirmations, told, reads>>
timeVars == <<now, began, clock>>
leaseVars == <<boundUntil, settled, lease, grants>>
vars == <<logVars, readVars, timeVars, leaseVars>>

NoLease == [ballot |-> 0, sent |-> 0]

Grants ==
       [type : {"ask"}, ballot : L!Ballot, sent : Time]
  \cup [type : {"grant"}, ballot : L!Ballot, sent : Time, replica : Replica]

LeaseTypeOK ==
  /\ now \in Time
  /\ began \in [Replica -> Time]
  /\ clock \in [Replica -> Time]
  /\ boundUntil \in [Replica -> Time]
  /\ settled \in [Replica -> L!Slot]
  /\ lease \in [Replica -> [ballot : L!Ballot, sent : Time]]
  /\ grants \subseteq Grants

Init ==
  /\ L!ReadInit
  /\ now = 0
  /\ began = [r \in Replica |-> 0]
  /\ clock = [r \in Replica |-> 0]
  /\ boundUntil = [r \in Replica |-> 0]
  /\ settled = [r \in Replica |-> 0]
  /\ lease = [r \in Replica |-> NoLease]
  /\ grants = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Time passes, and the clocks show c then. No clock is ever set back.     *)
(***************************************************************************)
Tick(c) ==
  /\ now' = now + 1
  /\ \A r \in Replica :
       /\ now + 1 - began[r] <= c[r]
       /\ c[r] <= now + 1 - began[r] + Error
       /\ clock[r] <= c[r]
  /\ clock' = c
  /\ UNCHANGED <<logVars, readVars, began, leaseVars>>

(***************************************************************************)
(* A replica that is bound promises nothing, neither to another nor to     *)
(* itself. That a replica refuses is no step: it hears nothing.            *)
(***************************************************************************)
IsFree(r) == boundUntil[r] <= clock[r]

Prepare(r, b) ==
  /\ IsFree(r)
  /\ L!Prepare(r, b)
  /\ UNCHANGED <<readVars, timeVars, leaseVars>>

Promise(a, b) ==
  /\ IsFree(a)
  /\ L!Promise(a, b)
  /\ UNCHANGED <<readVars, timeVars, leaseVars>>

(***************************************************************************)
(* A new leader has to apply all slots that may have been chosen under     *)
(* others: those that it inherits, and those before.                       *)
(***************************************************************************)
Lead(r, q) ==
  /\ L!Lead(r, q)
  /\ settled' = [settled EXCEPT ![r] =
       L!Largest({next'[r] - 1} \cup {x.slot : x \in inherited'[r]})]
  /\ UNCHANGED <<readVars, timeVars, boundUntil, lease, grants>>

(***************************************************************************)
(* A replica that starts again does not know what it has granted. Its      *)
(* clock begins anew.                                                      *)
(***************************************************************************)
StartClock(r) ==
  /\ began' = [began EXCEPT ![r] = now]
  /\ clock' = [clock EXCEPT ![r] = 0]

Restart(r, b) ==
  /\ L!Restart(r, b)
  /\ StartClock(r)
  /\ boundUntil' = [boundUntil EXCEPT ![r] = Term]
  /\ settled' = [settled EXCEPT ![r] = 0]
  /\ lease' = [lease EXCEPT ![r] = NoLease]
  /\ UNCHANGED <<readVars, now, grants>>

(***************************************************************************)
(* The other steps of Log are as they were.                                *)
(***************************************************************************)
SameLease == UNCHANGED <<readVars, timeVars, leaseVars>>

RefusePrepare(a, b, p) == L!RefusePrepare(a, b, p) /\ SameLease
Propose(r, i, v) == L!Propose(r, i, v) /\ SameLease
Accept(a, b, i) == L!Accept(a, b, i) /\ SameLease
RepeatAccept(a, b, i) == L!RepeatAccept(a, b, i) /\ SameLease
RefuseAccept(a, b, i, p) == L!RefuseAccept(a, b, i, p) /\ SameLease
Learn(r, i, v, q) == L!Learn(r, i, v, q) /\ SameLease
Heartbeat(r) == L!Heartbeat(r) /\ SameLease
Follow(r, b, k) == L!Follow(r, b, k) /\ SameLease
Tell(r, i) == L!Tell(r, i) /\ SameLease
Hear(r, i, v) == L!Hear(r, i, v) /\ SameLease
Apply(r, i) == L!Apply(r, i) /\ SameLease
Answer(r, c) == L!Answer(r, c) /\ SameLease
TakeSnapshot(r) == L!TakeSnapshot(r) /\ SameLease
SaveSnapshot(r) == L!SaveSnapshot(r) /\ SameLease
Truncate(r, k) == L!Truncate(r, k) /\ SameLease
SendSnapshot(r, k) == L!SendSnapshot(r, k) /\ SameLease
InstallSnapshot(r, k) == L!InstallSnapshot(r, k) /\ SameLease

-----------------------------------------------------------------------------
(***************************************************************************)
(* Leader r asks for a lease. It looks at its clock before the request     *)
(* leaves.                                                                 *)
(***************************************************************************)
AskForLease(r) ==
  /\ role[r] = "leader"
  /\ grants' = grants \cup
       {[type |-> "ask", ballot |-> promised[r], sent |-> clock[r]]}
  /\ UNCHANGED <<logVars, readVars, timeVars, boundUntil, settled, lease>>

(***************************************************************************)
(* Replica a grants the leader of ballot b, which has asked at the time s, *)
(* that it promises no larger ballot for a term. It has promised that very *)
(* ballot: otherwise another may come to lead by a promise that was given. *)
(***************************************************************************)
Grant(a, b, s) ==
  /\ [type |-> "ask", ballot |-> b, sent |-> s] \in grants
  /\ promised[a] = b
  /\ boundUntil' = [boundUntil EXCEPT ![a] = clock[a] + Term]
  /\ grants' = grants \cup
       {[type |-> "grant", ballot |-> b, sent |-> s, replica |-> a]}
  /\ UNCHANGED <<logVars, readVars, timeVars, settled, lease>>

(***************************************************************************)
(* Leader r hears that all of q have granted what it asked for at the time *)
(* s. Every quorum that promises has one of them.                          *)
(***************************************************************************)
Hold(r, s, q) ==
  /\ role[r] = "leader"
  /\ L!IsAcceptQuorum(q)
  /\ \A a \in q : [type |-> "grant", ballot |-> promised[r], sent |-> s,
                   replica |-> a] \in grants
  /\ lease' = [lease EXCEPT ![r] = [ballot |-> promised[r], sent |-> s]]
  /\ UNCHANGED <<logVars, readVars, timeVars, boundUntil, settled, grants>>

(***************************************************************************)
(* Until when leader r may read, by its clock: see the module Lease.       *)
(***************************************************************************)
HoldsUntil(r) == lease[r].sent + Term - 2 * Error

HasSettled(r) ==
  /\ applied[r] >= settled[r]
  /\ L!At(learned[r], applied[r] + 1) = {}

MayRead(r) ==
  /\ role[r] = "leader"
  /\ lease[r].ballot = promised[r]
  /\ clock[r] < HoldsUntil(r)
  /\ HasSettled(r)

(***************************************************************************)
(* Leader r answers a read from its own copy. It looks at its clock after  *)
(* the read has come in, and at its copy after that, or at both at once.   *)
(* Inquiries have numbers from 1 on, and 0 stands for none.                *)
(***************************************************************************)
Read(r) ==
  /\ MayRead(r)
  /\ reads' = reads \cup
       {[ballot |-> promised[r], number |-> 0, slot |-> applied[r]]}
  /\ UNCHANGED <<logVars, inquiries, confirmations, told, timeVars,
                 leaseVars>>

(***************************************************************************)
(* Or it asks a quorum whether it still leads.                             *)
(***************************************************************************)
SameTime == UNCHANGED <<timeVars, leaseVars>>

Inquire(r, n, i) == n > 0 /\ L!Inquire(r, n, i) /\ SameTime
Confirm(a, b, n) == L!Confirm(a, b, n) /\ SameTime
ReadConfirmed(r, n, q) == n > 0 /\ L!ReadConfirmed(r, n, q) /\ SameTime

Next ==
  \/ \E c \in [Replica -> Time] : Tick(c)
  \/ \E r \in Replica : \E b \in L!Ballot : Prepare(r, b)
  \/ \E a \in Replica : \E b \in L!Ballot : Promise(a, b)
  \/ \E a \in Replica : \E b, p \in L!Ballot : RefusePrepare(a, b, p)
  \/ \E r \in Replica : \E q \in SUBSET Replica : Lead(r, q)
  \/ \E r \in Replica : \E i \in L!Slot, v \in L!Batch : Propose(r, i, v)
  \/ \E a \in Replica : \E b \in L!Ballot, i \in L!Slot : Accept(a, b, i)
  \/ \E a \in Replica : \E b \in L!Ballot, i \in L!Slot :
       RepeatAccept(a, b, i)
  \/ \E a \in Replica : \E b, p \in L!Ballot, i \in L!Slot :
       RefuseAccept(a, b, i, p)
  \/ \E r \in Replica :
       \E i \in L!Slot, v \in L!Batch, q \in SUBSET Replica :
         Learn(r, i, v, q)
  \/ \E r \in Replica : Heartbeat(r)
  \/ \E r \in Replica : \E b \in L!Ballot, k \in L!Slot : Follow(r, b, k)
  \/ \E r \in Replica : \E i \in L!Slot : Tell(r, i)
  \/ \E r \in Replica : \E i \in L!Slot, v \in L!Batch : Hear(r, i, v)
  \/ \E r \in Replica : \E i \in L!Slot : Apply(r, i)
  \/ \E r \in Replica : \E c \in Command : Answer(r, c)
  \/ \E r \in Replica : TakeSnapshot(r)
  \/ \E r \in Replica : SaveSnapshot(r)
  \/ \E r \in Replica : \E k \in L!Slot : Truncate(r, k)
  \/ \E r \in Replica : \E k \in L!Slot : SendSnapshot(r, k)
  \/ \E r \in Replica : \E k \in L!Slot : InstallSnapshot(r, k)
  \/ \E r \in Replica : \E b \in L!Ballot : Restart(r, b)
  \/ \E r \in Replica : AskForLease(r)
  \/ \E a \in Replica : \E b \in L!Ballot, s \in Time : Grant(a, b, s)
  \/ \E r \in Replica : \E s \in Time, q \in SUBSET Replica : Hold(r, s, q)
  \/ \E r \in Replica : Read(r)
  \/ \E r \in Replica : \E n \in L!Number, i \in L!Slot : Inquire(r, n, i)
  \/ \E a \in Replica : \E b \in L!Ballot, n \in L!Number : Confirm(a, b, n)
  \/ \E r \in Replica : \E n \in L!Number, q \in SUBSET Replica :
       ReadConfirmed(r, n, q)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a trace of processes can tell of the time: replica r looks at its  *)
(* clock, which shows t. Nobody records the true time, so a trace is       *)
(* judged by what each replica does by its own clock, and that the clocks  *)
(* keep to what Tick says is taken for granted. A tick is a look of each   *)
(* replica.                                                                *)
(***************************************************************************)
Look(r, t) ==
  /\ clock[r] <= t
  /\ clock' = [clock EXCEPT ![r] = t]
  /\ UNCHANGED <<logVars, readVars, now, began, leaseVars>>

(***************************************************************************)
(* A process that is killed may have waited until it was free, and         *)
(* promised, without a record of either.                                   *)
(***************************************************************************)
Wait(r) == clock[r] < boundUntil[r] /\ Look(r, boundUntil[r])

TraceNext ==
  \/ Next
  \/ \E r \in Replica : \E t \in Time : Look(r, t)
  \/ \E r \in Replica : Wait(r)

TraceSpec == Init /\ [][TraceNext]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No two may read from their own copies at the same time.                 *)
(***************************************************************************)
OneReader == \A r, s \in Replica : MayRead(r) /\ MayRead(s) => r = s

(***************************************************************************)
(* Nobody has applied more than who may read from its own copy. So what    *)
(* clients were told before, by whomever, is in what it reads.             *)
(***************************************************************************)
ReaderIsAhead ==
  \A r \in Replica : MayRead(r) =>
    \A s \in Replica : applied[s] <= applied[r]

(***************************************************************************)
(* A quorum's reads are as current beside those from leases as without.    *)
(***************************************************************************)
ReadsAreCurrent == L!ReadsAreCurrent

(***************************************************************************)
(* What a lease adds changes nothing of the log.                           *)
(***************************************************************************)
IsLog == L!Spec
=============================================================================
