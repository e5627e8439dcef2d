-------------------------- MODULE LeaseReadmission --------------------------
(***************************************************************************)
(* Leaders' leases of replicas that may lose their disks: the modules      *)
(* LeaderLease and Readmission at once.                                    *)
(*                                                                         *)
(* A replica that has lost its disk does not know what it has granted, no  *)
(* more than one that starts again, and is bound for a term as well. It    *)
(* would be safe without: it promises nothing until it is readmitted, and  *)
(* that is under a ballot which a quorum of the others has promised,       *)
(* larger than all that they had promised when they were asked. One of     *)
(* that quorum has granted each lease that the lost replica has granted,   *)
(* and was free by then: so that lease is over.                            *)
(***************************************************************************)
EXTENDS LeaderLease

(***************************************************************************)
(* As in Readmission.                                                      *)
(***************************************************************************)
VARIABLES lost, losses, entrances

D == INSTANCE Readmission

lossVars == <<lost, losses, entrances>>

Member == {r \in Replica : ~lost[r]}

LossInit ==
  /\ Init
  /\ lost = [r \in Replica |-> FALSE]
  /\ losses = [r \in Replica |-> 0]
  /\ entrances = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Replica a loses its disk. What it knew of the time is gone as well.     *)
(***************************************************************************)
Lose(a) ==
  /\ D!Lose(a)
  /\ StartClock(a)
  /\ boundUntil' = [boundUntil EXCEPT ![a] = Term]
  /\ settled' = [settled EXCEPT ![a] = 0]
  /\ lease' = [lease EXCEPT ![a] = NoLease]
  /\ UNCHANGED <<now, grants>>

(***************************************************************************)
(* How it takes part again has nothing to do with the time.                *)
(***************************************************************************)
Bound(r, a) == D!Bound(r, a) /\ SameTime

Admit(r, i) == D!Admit(r, i) /\ SameTime

Readmit(a, b) == D!Readmit(a, b) /\ SameTime

-----------------------------------------------------------------------------
(***************************************************************************)
(* Who is lost learns, applies, and starts again as others do. All else is *)
(* for those who are not.                                                  *)
(***************************************************************************)
MemberNext ==
  \/ \E r \in Member : \E b \in L!Ballot : Prepare(r, b)
  \/ \E a \in Member : \E b \in L!Ballot : Promise(a, b)
  \/ \E a \in Member : \E b, p \in L!Ballot : RefusePrepare(a, b, p)
  \/ \E r \in Member : \E q \in SUBSET Replica : Lead(r, q)
  \/ \E r \in Member : \E i \in L!Slot, v \in L!Batch : Propose(r, i, v)
  \/ \E a \in Member : \E b \in L!Ballot, i \in L!Slot : Accept(a, b, i)
  \/ \E a \in Member : \E b \in L!Ballot, i \in L!Slot :
       RepeatAccept(a, b, i)
  \/ \E a \in Member : \E b, p \in L!Ballot, i \in L!Slot :
       RefuseAccept(a, b, i, p)
  \/ \E r \in Member :
       \E i \in L!Slot, v \in L!Batch, q \in SUBSET Replica :
         Learn(r, i, v, q)
  \/ \E r \in Member : Heartbeat(r)
  \/ \E r \in Member : \E b \in L!Ballot, k \in L!Slot : Follow(r, b, k)
  \/ \E r \in Member : AskForLease(r)
  \/ \E a \in Member : \E b \in L!Ballot, s \in Time : Grant(a, b, s)
  \/ \E r \in Member : \E s \in Time, q \in SUBSET Replica : Hold(r, s, q)
  \/ \E r \in Member : Read(r)
  \/ \E r \in Member : \E n \in L!Number, i \in L!Slot : Inquire(r, n, i)
  \/ \E a \in Member : \E b \in L!Ballot, n \in L!Number : Confirm(a, b, n)
  \/ \E r \in Member : \E n \in L!Number, q \in SUBSET Replica :
       ReadConfirmed(r, n, q)

LearnerNext ==
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

DiskNext ==
  \/ \E a \in Replica : Lose(a)
  \/ \E r, a \in Replica : Bound(r, a)
  \/ \E r \in Replica : \E i \in L!Slot : Admit(r, i)
  \/ \E a \in Replica : \E b \in L!Ballot : Readmit(a, b)

TimeNext == \E c \in [Replica -> Time] : Tick(c)

SameLoss == UNCHANGED lossVars

LossNext ==
  \/ (TimeNext \/ MemberNext \/ LearnerNext) /\ SameLoss
  \/ DiskNext

LossSpec == LossInit /\ [][LossNext]_<<vars, lossVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a trace of processes can tell: see LeaderLease.                    *)
(***************************************************************************)
LookNext ==
  \/ \E r \in Replica : \E t \in Time : Look(r, t)
  \/ \E r \in Replica : Wait(r)

LossTraceNext ==
  \/ (TimeNext \/ LookNext \/ MemberNext \/ LearnerNext) /\ SameLoss
  \/ DiskNext

LossTraceSpec == LossInit /\ [][LossTraceNext]_<<vars, lossVars>>
=============================================================================
