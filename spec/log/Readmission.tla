---------------------------- MODULE Readmission ----------------------------
(***************************************************************************)
(* A replica that has lost its disk, and takes part in the log again under *)
(* its old name.                                                           *)
(*                                                                         *)
(* What it promised and accepted is gone, so it must not answer as if      *)
(* there had been nothing: a batch may be chosen by its vote and one       *)
(* other, and the third knows nothing of it. The replica is lost. It       *)
(* follows the log as anybody may, and neither promises nor accepts.       *)
(*                                                                         *)
(* It asks all others what they have promised. Whoever wanted to lead has  *)
(* promised its own ballot first, and whoever came to lead has the         *)
(* promises of others: so no ballot for which the lost replica can have    *)
(* promised or accepted anything is larger than all that it is told. Then  *)
(* it waits for a leader under a larger ballot, for which it has promised  *)
(* nothing, and which has therefore been promised by enough others: they   *)
(* meet each quorum that has accepted, even without the lost replica. What *)
(* was chosen by its votes is chosen, or is what that leader proposes      *)
(* again. When it has applied all that, it promises the leader's ballot,   *)
(* and has lost nothing any more that matters.                             *)
(*                                                                         *)
(* The others must not forget the slots that they have a vote in           *)
(* meanwhile, that is, be lost as well: as in every failure, a quorum is   *)
(* needed. All others have to answer once, though: one who does not may    *)
(* hold an old promise of the lost replica, and come to lead by it.        *)
(*                                                                         *)
(* Who starts again on an old copy of its disk has forgotten as well, if   *)
(* not all. It cannot see that itself, but the others have heard how far   *)
(* its disk had come, and refuse it. Then it begins with an empty disk:    *)
(* it is lost.                                                             *)
(***************************************************************************)
EXTENDS LogRead

(***************************************************************************)
(* Which replicas are lost, and how often each was.                        *)
(***************************************************************************)
VARIABLES lost, losses

(***************************************************************************)
(* What the others have told those who are lost: what they have promised;  *)
(* and leaders, up to which slot the log may hold what was chosen under    *)
(* others.                                                                 *)
(***************************************************************************)
VARIABLE entrances

lossVars == <<lost, losses, entrances>>

Entrance ==
       [type : {"bound"}, replica : Replica, lost : Replica, loss : Nat,
        promised : Ballot]
  \cup [type : {"admit"}, ballot : Ballot, slot : Slot]

LossTypeOK ==
  /\ lost \in [Replica -> BOOLEAN]
  /\ losses \in [Replica -> Nat]
  /\ entrances \subseteq Entrance

LossInit ==
  /\ ReadInit
  /\ lost = [r \in Replica |-> FALSE]
  /\ losses = [r \in Replica |-> 0]
  /\ entrances = {}

Member == {r \in Replica : ~lost[r]}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Replica a loses its disk. It starts again with an empty one, and is     *)
(* told so: it cannot see that itself.                                     *)
(***************************************************************************)
Lose(a) ==
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ accepted' = [accepted EXCEPT ![a] = {}]
  /\ snapshot' = [snapshot EXCEPT ![a] = NoSnapshot]
  /\ disk' = [disk EXCEPT ![a] = [promised |-> 0, accepted |-> {},
                                  snapshot |-> NoSnapshot]]
  /\ learned' = [learned EXCEPT ![a] = {}]
  /\ applied' = [applied EXCEPT ![a] = 0]
  /\ machine' = [machine EXCEPT ![a] = Start]
  /\ StepDown(a)
  /\ lost' = [lost EXCEPT ![a] = TRUE]
  /\ losses' = [losses EXCEPT ![a] = losses[a] + 1]
  /\ UNCHANGED <<messages, historyVars, readVars, entrances>>

(***************************************************************************)
(* Replica r tells replica a, which has lost its disk, what it has         *)
(* promised, after it was asked. It may be late, and a takes part again:   *)
(* what is told of one loss is of no use in the next.                      *)
(***************************************************************************)
Bound(r, a) ==
  /\ ~lost[r]
  /\ entrances' = entrances \cup
       {[type |-> "bound", replica |-> r, lost |-> a,
         loss |-> losses[a], promised |-> promised[r]]}
  /\ UNCHANGED <<vars, readVars, lost, losses>>

(***************************************************************************)
(* Leader r tells who is lost up to which slot i the log may hold what was *)
(* chosen under others: the slots before its first, and those that it      *)
(* inherited.                                                              *)
(***************************************************************************)
Settled(r) ==
  Largest({First(r) - 1} \cup {x.slot : x \in inherited[r]})

Admit(r, i) ==
  /\ ~lost[r]
  /\ role[r] = "leader"
  /\ i = Settled(r)
  /\ entrances' = entrances \cup
       {[type |-> "admit", ballot |-> promised[r], slot |-> i]}
  /\ UNCHANGED <<vars, readVars, lost, losses>>

(***************************************************************************)
(* All others have told the lost replica a that they had promised less     *)
(* than ballot b.                                                          *)
(***************************************************************************)
IsAbove(a, b) ==
  \A r \in Replica \ {a} :
    \E m \in entrances :
      /\ m.type = "bound"
      /\ m.replica = r
      /\ m.lost = a
      /\ m.loss = losses[a]
      /\ m.promised < b

(***************************************************************************)
(* The lost replica a has applied what ballot b's leader named. It takes   *)
(* part again, from that ballot on. Its snapshot of what it has applied is *)
(* on its disk, together with the promise.                                 *)
(***************************************************************************)
Readmit(a, b) ==
  /\ lost[a]
  /\ IsAbove(a, b)
  /\ \E m \in entrances :
       /\ m.type = "admit"
       /\ m.ballot = b
       /\ m.slot <= applied[a]
  /\ lost' = [lost EXCEPT ![a] = FALSE]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ snapshot' = [snapshot EXCEPT ![a] = [slot |-> applied[a],
                                          machine |-> machine[a]]]
  /\ disk' = [disk EXCEPT ![a] = [promised |-> b, accepted |-> {},
                                  snapshot |-> snapshot'[a]]]
  /\ UNCHANGED <<accepted, machineVars, leaderVars, messages, historyVars,
                 readVars, losses, entrances>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Who is lost learns, applies, and starts again as others do. All else is *)
(* for those who are not.                                                  *)
(***************************************************************************)
SameReads == UNCHANGED <<readVars, lossVars>>

MemberNext ==
  \/ \E r \in Member : \E b \in Ballot : Prepare(r, b)
  \/ \E a \in Member : \E b \in Ballot : Promise(a, b)
  \/ \E a \in Member : \E b, p \in Ballot : RefusePrepare(a, b, p)
  \/ \E r \in Member : \E q \in SUBSET Replica : Lead(r, q)
  \/ \E r \in Member : \E i \in Slot, v \in Batch : Propose(r, i, v)
  \/ \E a \in Member : \E b \in Ballot, i \in Slot : Accept(a, b, i)
  \/ \E a \in Member : \E b \in Ballot, i \in Slot : RepeatAccept(a, b, i)
  \/ \E a \in Member : \E b, p \in Ballot, i \in Slot :
       RefuseAccept(a, b, i, p)
  \/ \E r \in Member :
       \E i \in Slot, v \in Batch, q \in SUBSET Replica : Learn(r, i, v, q)
  \/ \E r \in Member : Heartbeat(r)
  \/ \E r \in Member : \E b \in Ballot, k \in Slot : Follow(r, b, k)

LearnerNext ==
  \/ \E r \in Replica : \E i \in Slot : Tell(r, i)
  \/ \E r \in Replica : \E i \in Slot, v \in Batch : Hear(r, i, v)
  \/ \E r \in Replica : \E i \in Slot : Apply(r, i)
  \/ \E r \in Replica : \E c \in Command : Answer(r, c)
  \/ \E r \in Replica : TakeSnapshot(r)
  \/ \E r \in Replica : SaveSnapshot(r)
  \/ \E r \in Replica : \E k \in Slot : Truncate(r, k)
  \/ \E r \in Replica : \E k \in Slot : SendSnapshot(r, k)
  \/ \E r \in Replica : \E k \in Slot : InstallSnapshot(r, k)
  \/ \E r \in Replica : \E b \in Ballot : Restart(r, b)

ReaderNext ==
  \/ \E r \in Member : \E n \in Number, i \in Slot : Inquire(r, n, i)
  \/ \E a \in Member : \E b \in Ballot, n \in Number : Confirm(a, b, n)
  \/ \E r \in Member : \E n \in Number, q \in SUBSET Replica :
       ReadConfirmed(r, n, q)

LossNext ==
  \/ MemberNext /\ SameReads
  \/ LearnerNext /\ SameReads
  \/ ReaderNext /\ UNCHANGED lossVars
  \/ \E a \in Replica : Lose(a)
  \/ \E r, a \in Replica : Bound(r, a)
  \/ \E r \in Replica : \E i \in Slot : Admit(r, i)
  \/ \E a \in Replica : \E b \in Ballot : Readmit(a, b)

LossSpec == LossInit /\ [][LossNext]_<<vars, readVars, lossVars>>
=============================================================================
