----------------------------- MODULE LogMutants -----------------------------
(***************************************************************************)
(* The log with known bugs. Each definition is a step of the module Log    *)
(* with something left out; the configuration LogMutants-D.cfg puts the    *)
(* definition D in its place and expects a property to be violated.        *)
(***************************************************************************)
EXTENDS LogVoting

(***************************************************************************)
(* In the place of Apply: a replica applies what it has learned, although  *)
(* it has not applied a slot before it. MachinesAgree is violated.         *)
(***************************************************************************)
ApplyPastGap(r, i) ==
  /\ i > applied[r]
  /\ \E x \in At(learned[r], i) :
       /\ machine' = [machine EXCEPT ![r] = PerformAll(x.value, @)]
       /\ executed' = executed \cup {x}
  /\ applied' = [applied EXCEPT ![r] = i]
  /\ UNCHANGED <<acceptorVars, learned, leaderVars, messages, answered>>

(***************************************************************************)
(* In the place of Apply: the commands of a batch are performed in any     *)
(* order, as when a program walks through a map. MachinesAgree is          *)
(* violated.                                                               *)
(***************************************************************************)
Reversed(v) == [i \in 1..Len(v) |-> v[Len(v) + 1 - i]]

ApplyInAnyOrder(r, i) ==
  /\ i = applied[r] + 1
  /\ \E x \in At(learned[r], i) :
       /\ \E v \in {x.value, Reversed(x.value)} :
            machine' = [machine EXCEPT ![r] = PerformAll(v, @)]
       /\ executed' = executed \cup {x}
  /\ applied' = [applied EXCEPT ![r] = i]
  /\ UNCHANGED <<acceptorVars, learned, leaderVars, messages, answered>>

(***************************************************************************)
(* In the place of Perform: a request is performed as often as it stands   *)
(* in the log. Its client is told one result and then another:             *)
(* AnswersAgree is violated.                                               *)
(***************************************************************************)
PerformAgain(c, m) ==
  [value |-> Effect(c.change, m.value),
   sessions |-> (m.sessions \ SessionOf(m, c.client)) \cup
     {[client |-> c.client, number |-> c.number,
       result |-> Effect(c.change, m.value)]}]

(***************************************************************************)
(* In the place of Inherited: a new leader fills with nothing the slots    *)
(* below the last that was reported, those too for which a batch was       *)
(* reported. It may have been chosen: Agreement is violated.               *)
(***************************************************************************)
HoleDespiteReport(ps, i) ==
  LET slots == {x.slot : x \in UNION {m.accepted : m \in ps}}
      last == Largest(slots \cup {0})
  IN  {[slot |-> j,
        value |-> IF j < last \/ Reported(ps, j) = {} THEN NoOp
                  ELSE LatestValue(Reported(ps, j))] : j \in i..last}

(***************************************************************************)
(* In the place of PromiseOf: a promise covers all slots, but reports on   *)
(* the first open one only. In the next the leader proposes what it likes. *)
(* Agreement is violated.                                                  *)
(***************************************************************************)
ReportFirstOpenSlot(r, b, first) ==
  [type |-> "promise", ballot |-> b, replica |-> r,
   accepted |-> At(accepted[r], first),
   snapshot |-> disk[r].snapshot.slot]

(***************************************************************************)
(* In the place of Lead: the leader does not mind what is in the snapshots *)
(* of those who promised, and takes the slots that they have forgotten for *)
(* free ones. Agreement is violated.                                       *)
(***************************************************************************)
TruncatedTakenForFree(r, q) ==
  /\ role[r] = "candidate"
  /\ IsPrepareQuorum(q)
  /\ \A a \in q : Promises(promised[r], {a}) # {}
  /\ role' = [role EXCEPT ![r] = "leader"]
  /\ inherited' = [inherited EXCEPT ![r] =
       Inherited(Promises(promised[r], q), next[r])]
  /\ UNCHANGED <<acceptorVars, machineVars, next, messages, historyVars>>

(***************************************************************************)
(* In the place of Learn: a leader counts who has accepted in a slot, and  *)
(* not under which ballot. When it was deposed without knowing, it takes   *)
(* what was accepted from its successor for its own, and its commit index  *)
(* says that its own batch is chosen. LearnedIsChosen is violated.         *)
(***************************************************************************)
DeposedLeaderCounts(r, i, v, q) ==
  /\ role[r] = "leader"
  /\ [type |-> "accept", ballot |-> promised[r], slot |-> i, value |-> v]
       \in messages
  /\ IsAcceptQuorum(q)
  /\ \A a \in q : \E b \in Ballot :
       /\ b >= promised[r]
       /\ [type |-> "accepted", ballot |-> b, slot |-> i, replica |-> a]
            \in messages
  /\ i > applied[r]
  /\ learned' = [learned EXCEPT ![r] =
       learned[r] \cup {[slot |-> i, value |-> v]}]
  /\ UNCHANGED <<acceptorVars, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* In the place of Follow: a replica that has promised the leader's ballot *)
(* takes what it has accepted for chosen, although it may have accepted it *)
(* from another leader. PrefixesAgree is violated.                         *)
(***************************************************************************)
FollowAnyVote(r, b, k) ==
  /\ [type |-> "heartbeat", ballot |-> b, slot |-> k] \in messages
  /\ promised[r] = b
  /\ learned' = [learned EXCEPT ![r] = learned[r] \cup
       {[slot |-> x.slot, value |-> x.value] :
         x \in {y \in After(accepted[r], applied[r]) : y.slot <= k}}]
  /\ UNCHANGED <<acceptorVars, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* In the place of Truncate: the log is cut when the snapshot is taken,    *)
(* and not when it is on disk. After a restart nothing is left of what a   *)
(* quorum has accepted. Agreement is violated.                             *)
(***************************************************************************)
TruncateBeforeSaved(r, k) ==
  /\ k <= snapshot[r].slot
  /\ accepted' = [accepted EXCEPT ![r] = After(accepted[r], k)]
  /\ disk' = [disk EXCEPT ![r].accepted = accepted'[r]]
  /\ learned' = [learned EXCEPT ![r] = After(learned[r], k)]
  /\ UNCHANGED <<promised, snapshot, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* In the place of TakeSnapshot: the snapshot bears the number of the slot *)
(* after the last that went into it, which is then never applied by those  *)
(* who continue from it. MachinesAgree is violated.                        *)
(***************************************************************************)
SnapshotOffByOne(r) ==
  /\ applied[r] > snapshot[r].slot
  /\ snapshot' = [snapshot EXCEPT ![r] = [slot |-> applied[r] + 1,
                                          machine |-> machine[r]]]
  /\ UNCHANGED <<promised, accepted, disk, machineVars, leaderVars,
                 messages, historyVars>>

(***************************************************************************)
(* In the place of TakeSnapshot: the snapshot has the machine's number,    *)
(* and not which requests were performed. Whoever continues from it        *)
(* performs again a request that is repeated after it. AnswersAgree is     *)
(* violated.                                                               *)
(***************************************************************************)
SnapshotWithoutSessions(r) ==
  /\ applied[r] > snapshot[r].slot
  /\ snapshot' = [snapshot EXCEPT ![r] =
       [slot |-> applied[r], machine |-> [machine[r] EXCEPT !.sessions = {}]]]
  /\ UNCHANGED <<promised, accepted, disk, machineVars, leaderVars,
                 messages, historyVars>>

(***************************************************************************)
(* In the place of InstallSnapshot: a replica that continues from a        *)
(* snapshot starts afresh, and its promise is gone. PromisesKept is        *)
(* violated.                                                               *)
(***************************************************************************)
SnapshotLowersPromise(r, k) ==
  \E m \in {n \in messages : n.type = "snapshot" /\ n.slot = k} :
    /\ k > applied[r]
    /\ promised' = [promised EXCEPT ![r] = 0]
    /\ snapshot' = [snapshot EXCEPT ![r] = [slot |-> k,
                                            machine |-> m.machine]]
    /\ accepted' = [accepted EXCEPT ![r] = After(accepted[r], k)]
    /\ disk' = [disk EXCEPT ![r] = [promised |-> 0,
                                    accepted |-> accepted'[r],
                                    snapshot |-> snapshot'[r]]]
    /\ learned' = [learned EXCEPT ![r] = After(learned[r], k)]
    /\ applied' = [applied EXCEPT ![r] = k]
    /\ machine' = [machine EXCEPT ![r] = m.machine]
    /\ UNCHANGED <<leaderVars, messages, historyVars>>

(***************************************************************************)
(* In the place of Prepare: a replica that starts again leads under the    *)
(* ballot that it had. OneValuePerBallot is violated.                      *)
(***************************************************************************)
BallotUsedAgain(r, b) ==
  /\ Owns(r, b)
  /\ b >= promised[r]
  /\ promised' = [promised EXCEPT ![r] = b]
  /\ disk' = [disk EXCEPT ![r].promised = b]
  /\ role' = [role EXCEPT ![r] = "candidate"]
  /\ next' = [next EXCEPT ![r] = applied[r] + 1]
  /\ inherited' = [inherited EXCEPT ![r] = {}]
  /\ Send({[type |-> "prepare", ballot |-> b, first |-> applied[r] + 1],
           PromiseOf(r, b, applied[r] + 1)})
  /\ UNCHANGED <<accepted, snapshot, machineVars, historyVars>>

(***************************************************************************)
(* In the place of Accept: a replica does not keep its promise.            *)
(* SlotRefinesVoting is violated.                                          *)
(***************************************************************************)
AcceptBelowPromise(a, b, i) ==
  /\ AcceptsFor(b, i) # {}
  /\ i > disk[a].snapshot.slot
  /\ \A x \in At(accepted[a], i) : x.ballot # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ \E m \in AcceptsFor(b, i) :
       accepted' = [accepted EXCEPT ![a] =
         (accepted[a] \ At(accepted[a], i)) \cup
           {[slot |-> i, ballot |-> b, value |-> m.value]}]
  /\ disk' = [disk EXCEPT ![a].promised = b, ![a].accepted = accepted'[a]]
  /\ StepDown(a)
  /\ Send({[type |-> "accepted", ballot |-> b, slot |-> i, replica |-> a]})
  /\ UNCHANGED <<snapshot, machineVars, historyVars>>

(***************************************************************************)
(* In the place of Accept: the disk is not written. MemoryOnDisk is        *)
(* violated.                                                               *)
(***************************************************************************)
AcceptNotPersisted(a, b, i) ==
  /\ AcceptsFor(b, i) # {}
  /\ promised[a] <= b
  /\ i > disk[a].snapshot.slot
  /\ \A x \in At(accepted[a], i) : x.ballot # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ \E m \in AcceptsFor(b, i) :
       accepted' = [accepted EXCEPT ![a] =
         (accepted[a] \ At(accepted[a], i)) \cup
           {[slot |-> i, ballot |-> b, value |-> m.value]}]
  /\ IF promised[a] < b THEN StepDown(a) ELSE UNCHANGED leaderVars
  /\ Send({[type |-> "accepted", ballot |-> b, slot |-> i, replica |-> a]})
  /\ UNCHANGED <<snapshot, disk, machineVars, historyVars>>

(***************************************************************************)
(* In the place of Accept: the vote before it is kept beside the new one.  *)
(* OneVotePerSlot is violated.                                             *)
(***************************************************************************)
AcceptBesideOldVote(a, b, i) ==
  /\ AcceptsFor(b, i) # {}
  /\ promised[a] <= b
  /\ i > disk[a].snapshot.slot
  /\ \A x \in At(accepted[a], i) : x.ballot # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ \E m \in AcceptsFor(b, i) :
       accepted' = [accepted EXCEPT ![a] =
         accepted[a] \cup {[slot |-> i, ballot |-> b, value |-> m.value]}]
  /\ disk' = [disk EXCEPT ![a].promised = b, ![a].accepted = accepted'[a]]
  /\ IF promised[a] < b THEN StepDown(a) ELSE UNCHANGED leaderVars
  /\ Send({[type |-> "accepted", ballot |-> b, slot |-> i, replica |-> a]})
  /\ UNCHANGED <<snapshot, machineVars, historyVars>>

(***************************************************************************)
(* In the place of Truncate: the slots that were applied are forgotten,    *)
(* without any snapshot. NothingForgotten is violated.                     *)
(***************************************************************************)
TruncateApplied(r, k) ==
  /\ k <= applied[r]
  /\ accepted' = [accepted EXCEPT ![r] = After(accepted[r], k)]
  /\ disk' = [disk EXCEPT ![r].accepted = accepted'[r]]
  /\ learned' = [learned EXCEPT ![r] = After(learned[r], k)]
  /\ UNCHANGED <<promised, snapshot, applied, machine, leaderVars, messages,
                 historyVars>>
=============================================================================
