-------------------------------- MODULE Log ---------------------------------
(***************************************************************************)
(* A replicated log: several machines apply the same commands in the same  *)
(* order, although some of them stop and messages are lost.                *)
(*                                                                         *)
(* The log is a sequence of slots, and each slot is an instance of the     *)
(* Synod. To run them one by one would cost two round trips a slot. Here   *)
(* one promise of a replica covers all slots at once, those that are       *)
(* written and those that are not. Whoever holds the promises of a quorum  *)
(* is the leader. It learns what was accepted in every slot, proposes that *)
(* again, fills the holes between with batches of no command, and from     *)
(* then on needs one round trip for a slot, for as many slots at a time as *)
(* it likes.                                                               *)
(*                                                                         *)
(* What is chosen is learned, in any order, and applied in the order of    *)
(* the slots. Now and then a replica writes a snapshot of its machine to   *)
(* disk and forgets the slots that went into it.                           *)
(*                                                                         *)
(* Every replica plays all the parts: it accepts, it applies, and it may   *)
(* lead. Messages may be lost, doubled, delayed and reordered, and         *)
(* replicas may stop at any moment and start again with what is on their   *)
(* disks. The module says what is safe; when something happens it does     *)
(* not say, so there are no clocks and no time-outs in it.                 *)
(*                                                                         *)
(* What a decree costs. Let 2F + 1 replicas be there, of which F + 1 are a *)
(* quorum, and the leader be one of them: what it asks of itself costs no  *)
(* message. A leader that is there sends 2F accepts and gets 2F answers,   *)
(* which makes 4F + 2 with the client's two messages. Of the answers it    *)
(* needs F: so the client's answer needs 2F + 2. If a leader has to be     *)
(* elected first, 2F prepares and 2F promises come before, of which half   *)
(* are needed: 8F + 2 and 4F + 2. That is what the promise for all slots   *)
(* saves. A heartbeat goes to 2F others when somebody has come to lead,    *)
(* and when it has applied more, for as many decrees as there were.        *)
(*                                                                         *)
(* If each of N = 2F + 1 replicas wants to lead for one decree of its own, *)
(* N elections with their heartbeats cost N(12F + 2), in the order of      *)
(* N * N, even if they take turns. If they do not, one deposes the other,  *)
(* and what the other has begun is done again by the next. There is no     *)
(* bound to that: see the module Rung12aWarring of the ladder.             *)
(* The test of tools/messages finds these numbers in traces.               *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets, Ballots

(***************************************************************************)
(* Command is the set of commands that clients may ask for, a subset of    *)
(* AnyCommand below. PrepareSize and AcceptSize are the numbers of         *)
(* replicas that make up a quorum in the first phase and in the second.    *)
(* The replicas and their ballots come from the module Ballots, with its   *)
(* constants Id, Scheme and Stride.                                        *)
(***************************************************************************)
CONSTANTS Command, PrepareSize, AcceptSize

Replica == Proposer

(***************************************************************************)
(* Two quorums of the same phase need not meet. All that is used is that a *)
(* quorum that promises meets every quorum that accepts.                   *)
(***************************************************************************)
ASSUME QuorumsIntersect ==
  /\ PrepareSize \in 1..Cardinality(Replica)
  /\ AcceptSize \in 1..Cardinality(Replica)
  /\ PrepareSize + AcceptSize > Cardinality(Replica)

IsPrepareQuorum(q) == Cardinality(q) >= PrepareSize

IsAcceptQuorum(q) == Cardinality(q) >= AcceptSize

(***************************************************************************)
(* Slots are numbered from 1. The slot 0 stands for "none yet".            *)
(***************************************************************************)
Slot == Nat

-----------------------------------------------------------------------------
(***************************************************************************)
(* The machine that is replicated is a register here: it holds a number,   *)
(* and a change is a function from numbers to numbers, named as in the     *)
(* module Register. Nothing below depends on that but Change and Apply;    *)
(* any machine will do whose next state is a function of its state and the *)
(* command.                                                                *)
(***************************************************************************)
Change ==
       {[name |-> "read"]}
  \cup [name : {"set"}, value : Int]
  \cup [name : {"add"}, value : Int]
  \cup [name : {"cas"}, expect : Int, value : Int]

Effect(c, s) ==
  CASE c.name = "read" -> s
    [] c.name = "set"  -> c.value
    [] c.name = "add"  -> s + c.value
    [] c.name = "cas"  -> IF s = c.expect THEN c.value ELSE s

(***************************************************************************)
(* A command names its client, and the client numbers its requests. Who    *)
(* gets no answer asks again, perhaps another replica, with the same       *)
(* number, and so a command may stand in several slots.                    *)
(***************************************************************************)
AnyCommand == [client : STRING, number : Nat, change : Change]

(***************************************************************************)
(* A slot holds a batch of commands, in order. The empty batch does        *)
(* nothing, and is a value like any other: it fills holes.                 *)
(***************************************************************************)
Batch == Seq(Command)

NoOp == <<>>

(***************************************************************************)
(* Besides its number the machine holds, for each client that it has       *)
(* heard of, the number of the client's last request and the result. They  *)
(* are part of the state that is replicated: every replica knows equally   *)
(* well which requests were performed.                                     *)
(***************************************************************************)
Start == [value |-> 0, sessions |-> {}]

SessionOf(m, client) == {x \in m.sessions : x.client = client}

(***************************************************************************)
(* The machine after command c. A request that was performed, or that is   *)
(* older than the client's last, has no effect.                            *)
(***************************************************************************)
Perform(c, m) ==
  IF \E x \in SessionOf(m, c.client) : c.number <= x.number
    THEN m
    ELSE [value |-> Effect(c.change, m.value),
          sessions |-> (m.sessions \ SessionOf(m, c.client)) \cup
            {[client |-> c.client, number |-> c.number,
              result |-> Effect(c.change, m.value)]}]

(***************************************************************************)
(* The machine after a batch.                                              *)
(***************************************************************************)
RECURSIVE PerformAll(_, _)
PerformAll(v, m) ==
  IF v = NoOp THEN m ELSE PerformAll(Tail(v), Perform(Head(v), m))

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a replica holds in memory as an acceptor: the largest ballot that  *)
(* it has promised, for all slots, and the batch that it accepted last in  *)
(* each slot, as a set of records [slot, ballot, value] with one for a     *)
(* slot at most.                                                           *)
(***************************************************************************)
VARIABLES promised, accepted

(***************************************************************************)
(* The last snapshot that a replica has taken: the last slot in it and the *)
(* machine as it was then. All slots up to it are chosen.                  *)
(***************************************************************************)
VARIABLE snapshot

(***************************************************************************)
(* What a replica holds on its disk, a record of the same three. Promises  *)
(* and accepted batches are written in the step that makes them, because   *)
(* a replica answers only after its disk is written. A snapshot is large   *)
(* and is written later, in a step of its own.                             *)
(***************************************************************************)
VARIABLE disk

(***************************************************************************)
(* What a replica knows to be chosen, as a set of records [slot, value],   *)
(* the last slot that it has applied, and its machine.                     *)
(***************************************************************************)
VARIABLES learned, applied, machine

(***************************************************************************)
(* Whether a replica follows, collects promises ("candidate") or leads. A  *)
(* candidate's and a leader's ballot is what it has itself promised; when  *)
(* it promises a larger one it follows. next is the slot that it will      *)
(* propose for next, and inherited what its promises reported: a set of    *)
(* records [slot, value], the holes filled.                                *)
(***************************************************************************)
VARIABLES role, next, inherited

(***************************************************************************)
(* All messages that were ever sent. The set only grows, and to receive a  *)
(* message is to find it there.                                            *)
(***************************************************************************)
VARIABLE messages

(***************************************************************************)
(* History, which no action looks at: which batch was applied in which     *)
(* slot, by any replica, and the results that clients were told.           *)
(***************************************************************************)
VARIABLES executed, answered

acceptorVars == <<promised, accepted, snapshot, disk>>
machineVars == <<learned, applied, machine>>
leaderVars == <<role, next, inherited>>
historyVars == <<executed, answered>>
vars == <<acceptorVars, machineVars, leaderVars, messages, historyVars>>

(***************************************************************************)
(* The kinds of the compound values.                                       *)
(***************************************************************************)
Vote == [slot : Slot, ballot : Ballot, value : Batch]

Entry == [slot : Slot, value : Batch]

Result == [client : STRING, number : Nat, result : Int]

IsMachine(m) ==
  /\ DOMAIN m = {"value", "sessions"}
  /\ m.value \in Int
  /\ m.sessions \subseteq Result

IsSnapshot(s) ==
  /\ DOMAIN s = {"slot", "machine"}
  /\ s.slot \in Slot
  /\ IsMachine(s.machine)

(***************************************************************************)
(* A prepare asks for a promise in all slots, and for a report of those    *)
(* from its first one on: the candidate has applied the others. A promise  *)
(* reports the votes of its sender, and the last slot of the sender's      *)
(* snapshot on disk, below which it need not have votes any more. An       *)
(* accept asks to accept a batch in a slot. A heartbeat says that the      *)
(* leader has applied all slots up to one. The last two are for those who  *)
(* have fallen behind: "chosen" says what a slot holds, and a snapshot     *)
(* stands for all slots up to one.                                         *)
(***************************************************************************)
IsMessage(m) ==
  CASE m.type = "prepare" ->
         m \in [type : {"prepare"}, ballot : Ballot, first : Nat]
    [] m.type = "promise" ->
         /\ DOMAIN m = {"type", "ballot", "replica", "accepted", "snapshot"}
         /\ m.ballot \in Ballot
         /\ m.replica \in Replica
         /\ m.accepted \subseteq Vote
         /\ m.snapshot \in Slot
    [] m.type = "accept" ->
         m \in [type : {"accept"}, ballot : Ballot, slot : Slot,
                value : Batch]
    [] m.type = "accepted" ->
         m \in [type : {"accepted"}, ballot : Ballot, slot : Slot,
                replica : Replica]
    [] m.type = "heartbeat" ->
         m \in [type : {"heartbeat"}, ballot : Ballot, slot : Slot]
    [] m.type = "chosen" ->
         m \in [type : {"chosen"}, slot : Slot, value : Batch]
    [] m.type = "snapshot" ->
         /\ DOMAIN m = {"type", "slot", "machine"}
         /\ IsSnapshot([slot |-> m.slot, machine |-> m.machine])

TypeOK ==
  /\ promised \in [Replica -> Ballot]
  /\ \A r \in Replica :
       /\ accepted[r] \subseteq Vote
       /\ IsSnapshot(snapshot[r])
       /\ DOMAIN disk[r] = {"promised", "accepted", "snapshot"}
       /\ learned[r] \subseteq Entry
       /\ IsMachine(machine[r])
       /\ inherited[r] \subseteq Entry
  /\ applied \in [Replica -> Slot]
  /\ role \in [Replica -> {"follower", "candidate", "leader"}]
  /\ next \in [Replica -> Nat]
  /\ \A m \in messages : IsMessage(m)
  /\ executed \subseteq Entry
  /\ answered \subseteq [command : Command, result : Int]

(***************************************************************************)
(* At first nothing was promised, accepted or sent, and the machines are   *)
(* at their start.                                                         *)
(***************************************************************************)
NoSnapshot == [slot |-> 0, machine |-> Start]

Init ==
  /\ promised = [r \in Replica |-> 0]
  /\ accepted = [r \in Replica |-> {}]
  /\ snapshot = [r \in Replica |-> NoSnapshot]
  /\ disk = [r \in Replica |-> [promised |-> 0, accepted |-> {},
                                snapshot |-> NoSnapshot]]
  /\ learned = [r \in Replica |-> {}]
  /\ applied = [r \in Replica |-> 0]
  /\ machine = [r \in Replica |-> Start]
  /\ role = [r \in Replica |-> "follower"]
  /\ next = [r \in Replica |-> 0]
  /\ inherited = [r \in Replica |-> {}]
  /\ messages = {}
  /\ executed = {}
  /\ answered = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds messages to those that were sent.                             *)
(***************************************************************************)
Send(ms) == messages' = messages \cup ms

(***************************************************************************)
(* The larger of two numbers, and the largest of a set that is not empty.  *)
(***************************************************************************)
Larger(m, n) == IF m >= n THEN m ELSE n

Largest(S) == CHOOSE m \in S : \A n \in S : n <= m

(***************************************************************************)
(* Replica r steps down, or never led.                                     *)
(***************************************************************************)
StepDown(r) ==
  /\ role' = [role EXCEPT ![r] = "follower"]
  /\ next' = [next EXCEPT ![r] = 0]
  /\ inherited' = [inherited EXCEPT ![r] = {}]

(***************************************************************************)
(* The entries of a set for slot i, be they votes or what was learned.     *)
(***************************************************************************)
At(entries, i) == {x \in entries : x.slot = i}

(***************************************************************************)
(* Those of a set that come after slot i.                                  *)
(***************************************************************************)
After(entries, i) == {x \in entries : x.slot > i}

(***************************************************************************)
(* The promise that replica r gives for ballot b. Slots that are in its    *)
(* snapshot on disk are chosen, and it says so instead of reporting them.  *)
(***************************************************************************)
PromiseOf(r, b, first) ==
  [type |-> "promise", ballot |-> b, replica |-> r,
   accepted |-> After(accepted[r],
                      Larger(first - 1, disk[r].snapshot.slot)),
   snapshot |-> disk[r].snapshot.slot]

(***************************************************************************)
(* The promises that replicas in q gave for ballot b.                      *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : /\ m.type = "promise"
                    /\ m.ballot = b
                    /\ m.replica \in q}

(***************************************************************************)
(* What was proposed for slot i under ballot b. It is one accept at most,  *)
(* which is the invariant OneValuePerBallot.                               *)
(***************************************************************************)
AcceptsFor(b, i) ==
  {m \in messages : /\ m.type = "accept"
                    /\ m.ballot = b
                    /\ m.slot = i}

(***************************************************************************)
(* What the promises ps report about slot i: the votes there, and the      *)
(* batch of a vote with the largest ballot. All votes with that ballot     *)
(* have the same batch, by OneValuePerBallot.                              *)
(***************************************************************************)
Reported(ps, i) == UNION {At(m.accepted, i) : m \in ps}

LatestValue(votes) ==
  (CHOOSE x \in votes : \A y \in votes : y.ballot <= x.ballot).value

(***************************************************************************)
(* What a leader whose promises are ps must propose again, if slot i is    *)
(* the first that it knows nothing of: in each slot up to the last one     *)
(* that was reported the latest batch, and nothing in the holes. A hole    *)
(* is a slot in which nobody who promised has voted. So no quorum has, and *)
(* below this ballot no quorum ever will.                                  *)
(***************************************************************************)
Inherited(ps, i) ==
  LET slots == {x.slot : x \in UNION {m.accepted : m \in ps}}
      last == Largest(slots \cup {0})
  IN  {[slot |-> j,
        value |-> IF Reported(ps, j) = {} THEN NoOp
                  ELSE LatestValue(Reported(ps, j))] : j \in i..last}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Replica r wants to lead under ballot b. It promises the ballot itself,  *)
(* durably, so it will never use it again. What it asks of the others      *)
(* begins after the slots that it has applied.                             *)
(***************************************************************************)
Prepare(r, b) ==
  /\ Owns(r, b)
  /\ b > promised[r]
  /\ promised' = [promised EXCEPT ![r] = b]
  /\ disk' = [disk EXCEPT ![r].promised = b]
  /\ role' = [role EXCEPT ![r] = "candidate"]
  /\ next' = [next EXCEPT ![r] = applied[r] + 1]
  /\ inherited' = [inherited EXCEPT ![r] = {}]
  /\ Send({[type |-> "prepare", ballot |-> b, first |-> applied[r] + 1],
           PromiseOf(r, b, applied[r] + 1)})
  /\ UNCHANGED <<accepted, snapshot, machineVars, historyVars>>

(***************************************************************************)
(* Replica a promises to accept nothing below ballot b, in no slot, and    *)
(* reports what it has accepted. If it led, it does so no longer.          *)
(***************************************************************************)
Promise(a, b) ==
  \E m \in {n \in messages : n.type = "prepare" /\ n.ballot = b} :
    /\ b > promised[a]
    /\ promised' = [promised EXCEPT ![a] = b]
    /\ disk' = [disk EXCEPT ![a].promised = b]
    /\ StepDown(a)
    /\ Send({PromiseOf(a, b, m.first)})
    /\ UNCHANGED <<accepted, snapshot, machineVars, historyVars>>

(***************************************************************************)
(* Replica a refuses to promise ballot b, because it has promised p. As in *)
(* the module Register a refusal changes nothing: what it tells can make   *)
(* a candidate faster but never wrong.                                     *)
(***************************************************************************)
RefusePrepare(a, b, p) ==
  /\ \E m \in messages : m.type = "prepare" /\ m.ballot = b
  /\ p = promised[a]
  /\ b <= p
  /\ UNCHANGED vars

(***************************************************************************)
(* Replica r has the promises of the quorum q and leads from now on. Slots *)
(* that are in a snapshot of some replica in q are chosen: there it must   *)
(* not propose, since the votes may be gone that would tell it what.       *)
(***************************************************************************)
Lead(r, q) ==
  LET ps == Promises(promised[r], q)
      first == Larger(next[r], Largest({m.snapshot : m \in ps}) + 1)
  IN /\ role[r] = "candidate"
     /\ IsPrepareQuorum(q)
     /\ \A a \in q : Promises(promised[r], {a}) # {}
     /\ role' = [role EXCEPT ![r] = "leader"]
     /\ next' = [next EXCEPT ![r] = first]
     /\ inherited' = [inherited EXCEPT ![r] = Inherited(ps, first)]
     /\ UNCHANGED <<acceptorVars, machineVars, messages, historyVars>>

(***************************************************************************)
(* Leader r proposes batch v in slot i, the next one: what it inherited    *)
(* there or, once it is past all that, whatever clients have asked it for. *)
(* It need not wait for slots before to be chosen.                         *)
(***************************************************************************)
Propose(r, i, v) ==
  /\ role[r] = "leader"
  /\ i = next[r]
  /\ \A x \in At(inherited[r], i) : v = x.value
  /\ next' = [next EXCEPT ![r] = i + 1]
  /\ Send({[type |-> "accept", ballot |-> promised[r], slot |-> i,
            value |-> v]})
  /\ UNCHANGED <<acceptorVars, machineVars, role, inherited, historyVars>>

(***************************************************************************)
(* Replica a accepts what is proposed for slot i under ballot b, unless it *)
(* has promised a larger one. To accept is to promise ballot b in all      *)
(* slots. A slot that is in its snapshot is chosen, and it does not vote   *)
(* there any more.                                                         *)
(***************************************************************************)
Accept(a, b, i) ==
  /\ promised[a] <= b
  /\ i > disk[a].snapshot.slot
  /\ AcceptsFor(b, i) # {}
  /\ \A x \in At(accepted[a], i) : x.ballot # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ \E m \in AcceptsFor(b, i) :
       accepted' = [accepted EXCEPT ![a] =
         (accepted[a] \ At(accepted[a], i)) \cup
           {[slot |-> i, ballot |-> b, value |-> m.value]}]
  /\ disk' = [disk EXCEPT ![a].promised = b, ![a].accepted = accepted'[a]]
  /\ IF promised[a] < b THEN StepDown(a) ELSE UNCHANGED leaderVars
  /\ Send({[type |-> "accepted", ballot |-> b, slot |-> i, replica |-> a]})
  /\ UNCHANGED <<snapshot, machineVars, historyVars>>

(***************************************************************************)
(* Replica a finds an accept that it has stored already, and answers as it *)
(* did the first time. That answer is among the messages.                  *)
(***************************************************************************)
RepeatAccept(a, b, i) ==
  /\ \E x \in At(accepted[a], i) : x.ballot = b
  /\ UNCHANGED vars

(***************************************************************************)
(* Replica a refuses to accept in slot i under ballot b, because it has    *)
(* promised p.                                                             *)
(***************************************************************************)
RefuseAccept(a, b, i, p) ==
  /\ AcceptsFor(b, i) # {}
  /\ p = promised[a]
  /\ b < p
  /\ UNCHANGED vars

(***************************************************************************)
(* Leader r hears that the quorum q has accepted what it proposed in slot  *)
(* i: batch v is chosen there. It counts what was accepted under its own   *)
(* ballot only, and only as long as it leads.                              *)
(***************************************************************************)
Learn(r, i, v, q) ==
  /\ role[r] = "leader"
  /\ [type |-> "accept", ballot |-> promised[r], slot |-> i, value |-> v]
       \in messages
  /\ IsAcceptQuorum(q)
  /\ \A a \in q :
       [type |-> "accepted", ballot |-> promised[r], slot |-> i,
        replica |-> a] \in messages
  /\ i > applied[r]
  /\ learned' = [learned EXCEPT ![r] =
       learned[r] \cup {[slot |-> i, value |-> v]}]
  /\ UNCHANGED <<acceptorVars, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* Leader r says how far it has applied the log.                           *)
(***************************************************************************)
Heartbeat(r) ==
  /\ role[r] = "leader"
  /\ Send({[type |-> "heartbeat", ballot |-> promised[r],
            slot |-> applied[r]]})
  /\ UNCHANGED <<acceptorVars, machineVars, leaderVars, historyVars>>

(***************************************************************************)
(* Replica r hears that the leader of ballot b has applied all slots up to *)
(* k. What r has accepted there under that very ballot is chosen, as       *)
(* nothing else was proposed under it. What it has accepted under another  *)
(* ballot need not be.                                                     *)
(***************************************************************************)
Follow(r, b, k) ==
  /\ [type |-> "heartbeat", ballot |-> b, slot |-> k] \in messages
  /\ learned' = [learned EXCEPT ![r] = learned[r] \cup
       UNION {{[slot |-> i, value |-> x.value] :
                x \in {y \in At(accepted[r], i) : y.ballot = b}} :
              i \in (applied[r] + 1)..k}]
  /\ UNCHANGED <<acceptorVars, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* Replica r tells what is chosen in slot i, for the sake of those who     *)
(* have fallen behind, and replica r hears it.                             *)
(***************************************************************************)
Tell(r, i) ==
  /\ \E x \in At(learned[r], i) :
       Send({[type |-> "chosen", slot |-> i, value |-> x.value]})
  /\ UNCHANGED <<acceptorVars, machineVars, leaderVars, historyVars>>

Hear(r, i, v) ==
  /\ [type |-> "chosen", slot |-> i, value |-> v] \in messages
  /\ i > applied[r]
  /\ learned' = [learned EXCEPT ![r] =
       learned[r] \cup {[slot |-> i, value |-> v]}]
  /\ UNCHANGED <<acceptorVars, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* Replica r applies slot i, the one after the last that it has applied.   *)
(***************************************************************************)
Apply(r, i) ==
  /\ i = applied[r] + 1
  /\ \E x \in At(learned[r], i) :
       /\ machine' = [machine EXCEPT ![r] = PerformAll(x.value, @)]
       /\ executed' = executed \cup {x}
  /\ applied' = [applied EXCEPT ![r] = i]
  /\ UNCHANGED <<acceptorVars, learned, leaderVars, messages, answered>>

(***************************************************************************)
(* Replica r, which has performed command c, tells the client its result.  *)
(* Any replica may.                                                        *)
(***************************************************************************)
Answer(r, c) ==
  /\ \E x \in SessionOf(machine[r], c.client) :
       /\ x.number = c.number
       /\ answered' = answered \cup {[command |-> c, result |-> x.result]}
  /\ UNCHANGED <<acceptorVars, machineVars, leaderVars, messages, executed>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Replica r takes a snapshot of its machine.                              *)
(***************************************************************************)
TakeSnapshot(r) ==
  /\ applied[r] > snapshot[r].slot
  /\ snapshot' = [snapshot EXCEPT ![r] = [slot |-> applied[r],
                                          machine |-> machine[r]]]
  /\ UNCHANGED <<promised, accepted, disk, machineVars, leaderVars,
                 messages, historyVars>>

(***************************************************************************)
(* The snapshot of replica r is on disk.                                   *)
(***************************************************************************)
SaveSnapshot(r) ==
  /\ disk[r].snapshot # snapshot[r]
  /\ disk' = [disk EXCEPT ![r].snapshot = snapshot[r]]
  /\ UNCHANGED <<promised, accepted, snapshot, machineVars, leaderVars,
                 messages, historyVars>>

(***************************************************************************)
(* Replica r forgets the slots up to k. They must be in the snapshot that  *)
(* is on its disk; a snapshot in memory is gone at the next restart.       *)
(***************************************************************************)
Truncate(r, k) ==
  /\ k <= disk[r].snapshot.slot
  /\ accepted' = [accepted EXCEPT ![r] = After(accepted[r], k)]
  /\ disk' = [disk EXCEPT ![r].accepted = accepted'[r]]
  /\ learned' = [learned EXCEPT ![r] = After(learned[r], k)]
  /\ UNCHANGED <<promised, snapshot, applied, machine, leaderVars, messages,
                 historyVars>>

(***************************************************************************)
(* Replica r sends its snapshot, which is of the slots up to k, for those  *)
(* who ask for slots that it has forgotten.                                *)
(***************************************************************************)
SendSnapshot(r, k) ==
  /\ k = snapshot[r].slot
  /\ k > 0
  /\ Send({[type |-> "snapshot", slot |-> k,
            machine |-> snapshot[r].machine]})
  /\ UNCHANGED <<acceptorVars, machineVars, leaderVars, historyVars>>

(***************************************************************************)
(* Replica r, which has not come that far, continues from a snapshot of    *)
(* the slots up to k. It is on disk before r goes on. What r has promised  *)
(* stays promised: a snapshot says what is chosen, not who leads.          *)
(***************************************************************************)
InstallSnapshot(r, k) ==
  \E m \in {n \in messages : n.type = "snapshot" /\ n.slot = k} :
    /\ k > applied[r]
    /\ snapshot' = [snapshot EXCEPT ![r] = [slot |-> k,
                                            machine |-> m.machine]]
    /\ accepted' = [accepted EXCEPT ![r] = After(accepted[r], k)]
    /\ disk' = [disk EXCEPT ![r] = [promised |-> promised[r],
                                    accepted |-> accepted'[r],
                                    snapshot |-> snapshot'[r]]]
    /\ learned' = [learned EXCEPT ![r] = After(learned[r], k)]
    /\ applied' = [applied EXCEPT ![r] = k]
    /\ machine' = [machine EXCEPT ![r] = m.machine]
    /\ UNCHANGED <<promised, leaderVars, messages, historyVars>>

(***************************************************************************)
(* Replica r stops and starts again with what is on its disk. It follows,  *)
(* and has its machine as the snapshot on disk has it; what comes after it *)
(* will have to be learned anew. Votes in slots that are in the snapshot   *)
(* are of no use any more, and those that were not truncated yet it drops. *)
(* b is the ballot that it finds promised. Nobody else need have heard of  *)
(* that ballot, so it is named here for the sake of traces.                *)
(***************************************************************************)
Restart(r, b) ==
  /\ b = disk[r].promised
  /\ promised' = [promised EXCEPT ![r] = b]
  /\ accepted' = [accepted EXCEPT ![r] =
       After(disk[r].accepted, disk[r].snapshot.slot)]
  /\ disk' = [disk EXCEPT ![r].accepted = accepted'[r]]
  /\ snapshot' = [snapshot EXCEPT ![r] = disk[r].snapshot]
  /\ learned' = [learned EXCEPT ![r] = {}]
  /\ applied' = [applied EXCEPT ![r] = disk[r].snapshot.slot]
  /\ machine' = [machine EXCEPT ![r] = disk[r].snapshot.machine]
  /\ StepDown(r)
  /\ UNCHANGED <<messages, historyVars>>

(***************************************************************************)
(* The steps of the system. The parameters of an action are bound here,    *)
(* each to a set that says no more than its type.                          *)
(***************************************************************************)
Next ==
  \/ \E r \in Replica : \E b \in Ballot : Prepare(r, b)
  \/ \E a \in Replica : \E b \in Ballot : Promise(a, b)
  \/ \E a \in Replica : \E b, p \in Ballot : RefusePrepare(a, b, p)
  \/ \E r \in Replica : \E q \in SUBSET Replica : Lead(r, q)
  \/ \E r \in Replica : \E i \in Slot, v \in Batch : Propose(r, i, v)
  \/ \E a \in Replica : \E b \in Ballot, i \in Slot : Accept(a, b, i)
  \/ \E a \in Replica : \E b \in Ballot, i \in Slot : RepeatAccept(a, b, i)
  \/ \E a \in Replica : \E b, p \in Ballot, i \in Slot :
       RefuseAccept(a, b, i, p)
  \/ \E r \in Replica :
       \E i \in Slot, v \in Batch, q \in SUBSET Replica : Learn(r, i, v, q)
  \/ \E r \in Replica : Heartbeat(r)
  \/ \E r \in Replica : \E b \in Ballot, k \in Slot : Follow(r, b, k)
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

(***************************************************************************)
(* A behaviour begins as Init says, and each of its steps is one of Next   *)
(* or changes nothing. No step ever has to happen.                         *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a replica has promised and accepted is on its disk.                *)
(***************************************************************************)
MemoryOnDisk ==
  \A r \in Replica :
    /\ disk[r].promised = promised[r]
    /\ disk[r].accepted = accepted[r]

(***************************************************************************)
(* A replica has one vote in a slot at most, and none above its promise.   *)
(***************************************************************************)
OneVotePerSlot ==
  \A r \in Replica : \A x, y \in accepted[r] :
    /\ x.slot = y.slot => x = y
    /\ x.ballot <= promised[r]

(***************************************************************************)
(* No replica ever takes back a promise.                                   *)
(***************************************************************************)
PromisesKept == [][\A r \in Replica : promised[r] <= promised'[r]]_promised

(***************************************************************************)
(* No ballot is used for two batches in one slot.                          *)
(***************************************************************************)
Accepts == {m \in messages : m.type = "accept"}

OneValuePerBallot ==
  \A m, n \in Accepts :
    m.ballot = n.ballot /\ m.slot = n.slot => m = n

(***************************************************************************)
(* What a replica said that it accepted it still holds, or something later *)
(* in its place, or a snapshot on disk that the slot went into. So what a  *)
(* quorum has accepted is never forgotten.                                 *)
(***************************************************************************)
NothingForgotten ==
  \A m \in {n \in messages : n.type = "accepted"} :
    \/ m.slot <= disk[m.replica].snapshot.slot
    \/ \E x \in At(accepted[m.replica], m.slot) : m.ballot <= x.ballot

(***************************************************************************)
(* What is chosen in slot i: a batch that a quorum has accepted there      *)
(* under one ballot.                                                       *)
(***************************************************************************)
Chosen(i) ==
  {m.value : m \in {n \in Accepts :
    /\ n.slot = i
    /\ \E q \in SUBSET Replica :
         /\ IsAcceptQuorum(q)
         /\ \A a \in q :
              [type |-> "accepted", ballot |-> n.ballot, slot |-> i,
               replica |-> a] \in messages}}

(***************************************************************************)
(* In each slot one batch is chosen at most. On this all the rest depends. *)
(***************************************************************************)
Agreement ==
  \A i \in {m.slot : m \in Accepts} : Cardinality(Chosen(i)) <= 1

(***************************************************************************)
(* What a replica has learned, or was told, is chosen.                     *)
(***************************************************************************)
LearnedIsChosen ==
  /\ \A r \in Replica : \A x \in learned[r] : x.value \in Chosen(x.slot)
  /\ \A m \in {n \in messages : n.type = "chosen"} :
       m.value \in Chosen(m.slot)

(***************************************************************************)
(* No two replicas have applied different batches in one slot.             *)
(***************************************************************************)
PrefixesAgree ==
  \A x, y \in executed : x.slot = y.slot => x = y

(***************************************************************************)
(* The machine after the first i slots, as they were executed.             *)
(***************************************************************************)
RECURSIVE MachineAt(_)
MachineAt(i) ==
  IF i = 0
    THEN Start
    ELSE PerformAll((CHOOSE x \in At(executed, i) : TRUE).value,
                    MachineAt(i - 1))

(***************************************************************************)
(* A replica that says it has come to slot i has the machine that the      *)
(* slots up to i make, whether it has applied them itself or continued     *)
(* from a snapshot. So the machines of two replicas are the same, or one   *)
(* of them is behind.                                                      *)
(***************************************************************************)
IsAt(i, m) ==
  /\ \A j \in 1..i : At(executed, j) # {}
  /\ m = MachineAt(i)

MachinesAgree ==
  \A r \in Replica :
    /\ IsAt(applied[r], machine[r])
    /\ IsAt(snapshot[r].slot, snapshot[r].machine)
    /\ IsAt(disk[r].snapshot.slot, disk[r].snapshot.machine)

(***************************************************************************)
(* Each command is performed once: all answers to it say the same.         *)
(***************************************************************************)
AnswersAgree ==
  \A x, y \in answered : x.command = y.command => x = y
=============================================================================
