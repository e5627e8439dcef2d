------------------------------ MODULE Register ------------------------------
(***************************************************************************)
(* A register that clients change by functions, kept by acceptors of which *)
(* a minority may fail.                                                    *)
(*                                                                         *)
(* Paxos as usually told lets a set of acceptors choose one value for      *)
(* ever. Here the acceptors hold a state, and a round of Paxos replaces    *)
(* it: the proposer learns the latest state from a quorum, applies its     *)
(* clients' changes to it, and has a quorum accept the result under the    *)
(* same ballot. There is no log. What takes the log's place is that each   *)
(* state is made from the one before, so that the states that were         *)
(* acknowledged form a single chain.                                       *)
(*                                                                         *)
(* A round takes two round trips, to prepare and to propose. The second of *)
(* them can prepare the proposer's next round as well, which then takes    *)
(* one. And who only wants to read may find that a quorum holds one and    *)
(* the same state, which is then the latest, without any round.            *)
(*                                                                         *)
(* Messages may be lost, doubled, delayed and reordered. Acceptors and     *)
(* proposers may stop at any moment and start again with what they had     *)
(* written to disk. The module says what is safe; it does not say when a   *)
(* change succeeds.                                                        *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences, Ballots

(***************************************************************************)
(* Acceptor is the set of those that keep the state. Change is the set of  *)
(* changes that clients may ask for, a subset of AnyChange below. The      *)
(* proposers and their ballots come from the module Ballots, with its      *)
(* constants Id, Scheme and Stride.                                        *)
(***************************************************************************)
CONSTANTS Acceptor, Change

ASSUME AcceptorsExist == Acceptor # {}

(***************************************************************************)
(* A quorum is a majority. All that is used of it is that every two        *)
(* quorums have an acceptor in common.                                     *)
(***************************************************************************)
Quorum == {q \in SUBSET Acceptor : 2 * Cardinality(q) > Cardinality(Acceptor)}

(***************************************************************************)
(* The numbers that a proposer gives to its reads.                         *)
(***************************************************************************)
Number == Nat

(***************************************************************************)
(* The ballots of deletions that may be collected.                         *)
(***************************************************************************)
Erasable == Ballot

-----------------------------------------------------------------------------
(***************************************************************************)
(* A state is a number, and the register starts at 0. Where the running    *)
(* system keeps something else, its traces show a number for it, and the   *)
(* same number for the same state.                                         *)
(***************************************************************************)
State == Int

Initial == 0

(***************************************************************************)
(* A change is a record that names a function from states to states. A     *)
(* read is a change like any other: the one that leaves the state as it    *)
(* is. So is a deletion: the register holds what it held at first, and     *)
(* that is a state to be accepted like any other. A map is what a trace    *)
(* shows of any function that has no name here: the one state to which it  *)
(* was applied, and what it made of it.                                    *)
(***************************************************************************)
Read == [name |-> "read"]

Delete == [name |-> "delete"]

AnyChange ==
       {Read, Delete}
  \cup [name : {"set"}, value : State]
  \cup [name : {"add"}, value : State]
  \cup [name : {"cas"}, expect : State, value : State]
  \cup [name : {"map"}, at : State, to : State]

(***************************************************************************)
(* The state that change c makes out of state s. A compare-and-set that    *)
(* finds another state than it expects gives back the state it found. That *)
(* state is then proposed and accepted as any other is: answering "it      *)
(* failed" without writing back would be a read of a state that perhaps no *)
(* quorum holds.                                                           *)
(***************************************************************************)
Apply(c, s) ==
  CASE c.name = "read"   -> s
    [] c.name = "delete" -> Initial
    [] c.name = "set"    -> c.value
    [] c.name = "add"    -> s + c.value
    [] c.name = "cas"    -> IF s = c.expect THEN c.value ELSE s
    [] c.name = "map"    -> IF s = c.at THEN c.to ELSE s

(***************************************************************************)
(* The state that the changes of the sequence cs make out of state s, one  *)
(* after the other. Clients who want to change a register at the same time *)
(* need not wait for a round each: one round can serve all who wait.       *)
(***************************************************************************)
RECURSIVE ApplyAll(_, _)
ApplyAll(cs, s) ==
  IF cs = <<>> THEN s ELSE ApplyAll(Tail(cs), Apply(Head(cs), s))

Changes == Seq(Change)

-----------------------------------------------------------------------------
(***************************************************************************)
(* What an acceptor holds in memory: the largest ballot that it has        *)
(* promised, and the ballot and state that it accepted last.               *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState

(***************************************************************************)
(* What an acceptor holds on its disk: a record of the same three. Each    *)
(* action writes the disk and the memory in one step, because an acceptor  *)
(* answers only after its disk is written, and nobody can tell a step that *)
(* was never answered from one that did not happen.                        *)
(***************************************************************************)
VARIABLE disk

(***************************************************************************)
(* The largest ballot that a proposer has used or asked anyone to promise. *)
(* A proposer writes it to its disk before it sends anything about that    *)
(* ballot, and it survives a restart.                                      *)
(***************************************************************************)
VARIABLE counter

(***************************************************************************)
(* What a proposer holds in memory. In phase "prepare" it has claimed the  *)
(* ballot ballot[p] and collects promises, or has a quorum's promises and  *)
(* waits for a client. In phase "accept" it collects acceptances, and in   *)
(* phase "idle" no round is under way. changes[p] are the changes that the *)
(* round is for, known once it proposes, and proposal[p] is the state that *)
(* it proposes.                                                            *)
(***************************************************************************)
VARIABLES phase, ballot, changes, proposal

(***************************************************************************)
(* All messages that were ever sent. The set only grows, and to receive a  *)
(* message is to find it there. So loss, repetition, delay and reordering  *)
(* need no actions: a message may be acted on at any later time, often or  *)
(* never.                                                                  *)
(***************************************************************************)
VARIABLE messages

(***************************************************************************)
(* History, which no action looks at: what clients were told has happened. *)
(***************************************************************************)
VARIABLE acknowledged

(***************************************************************************)
(* The variables in groups: most actions leave whole groups as they are.   *)
(***************************************************************************)
acceptorVars == <<promised, acceptedBallot, acceptedState, disk>>
proposerVars == <<counter, phase, ballot, changes, proposal>>
vars == <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* The messages are named after what they ask or say. A prepare asks for a *)
(* promise to ignore smaller ballots, and the promise reports what its     *)
(* sender has accepted. An accept carries the new state and, as its        *)
(* parent, the ballot of the state that was changed; no receiver needs the *)
(* parent, but the properties are about it. It also asks for a promise of  *)
(* its next ballot, unless that is 0. Messages bear no addressee, and      *)
(* those of proposers no sender, because the ballot tells it. Only those   *)
(* of a quorum read, which has no ballot, name the proposer and a number   *)
(* that it gives the read. An erase asks to forget a deletion.             *)
(***************************************************************************)
Message ==
       [type : {"prepare"}, ballot : Ballot]
  \cup [type : {"promise"}, ballot : Ballot, acceptor : Acceptor,
        acceptedBallot : Ballot, acceptedState : State]
  \cup [type : {"accept"}, ballot : Ballot, state : State, parent : Ballot,
        next : Ballot]
  \cup [type : {"accepted"}, ballot : Ballot, acceptor : Acceptor]
  \cup [type : {"ask"}, proposer : Proposer, number : Number]
  \cup [type : {"report"}, proposer : Proposer, number : Number,
        acceptor : Acceptor, acceptedBallot : Ballot, acceptedState : State]
  \cup [type : {"erase"}, ballot : Ballot]

(***************************************************************************)
(* What kind of value each variable has.                                   *)
(***************************************************************************)
TypeOK ==
  /\ promised \in [Acceptor -> Ballot]
  /\ acceptedBallot \in [Acceptor -> Ballot]
  /\ acceptedState \in [Acceptor -> State]
  /\ disk \in [Acceptor -> [promised : Ballot, acceptedBallot : Ballot,
                            acceptedState : State]]
  /\ counter \in [Proposer -> Ballot]
  /\ phase \in [Proposer -> {"idle", "prepare", "accept"}]
  /\ ballot \in [Proposer -> Ballot]
  /\ changes \in [Proposer -> Seq(AnyChange)]
  /\ proposal \in [Proposer -> State]
  /\ messages \subseteq Message
  /\ acknowledged \subseteq [ballot : Ballot, changes : Seq(AnyChange),
                             state : State]

(***************************************************************************)
(* At first no ballot was used and no message sent. Proposers at rest hold *)
(* no changes, and a ballot and a state that mean nothing.                 *)
(***************************************************************************)
Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> Initial]
  /\ disk = [a \in Acceptor |-> [promised |-> 0, acceptedBallot |-> 0,
                                 acceptedState |-> Initial]]
  /\ counter = [p \in Proposer |-> 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ ballot = [p \in Proposer |-> 0]
  /\ changes = [p \in Proposer |-> <<>>]
  /\ proposal = [p \in Proposer |-> Initial]
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The promises that acceptors in q gave for ballot b, and the one among   *)
(* them that reports the greatest accepted ballot. Several may report that *)
(* ballot, but then all report the same state with it, by                  *)
(* OneStatePerBallot.                                                      *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : /\ m.type = "promise"
                    /\ m.ballot = b
                    /\ m.acceptor \in q}

Latest(b, q) ==
  CHOOSE m \in Promises(b, q) :
    \A n \in Promises(b, q) : n.acceptedBallot <= m.acceptedBallot

(***************************************************************************)
(* The accepts that were sent with ballot b. There is one at most, which   *)
(* is the invariant OneStatePerBallot.                                     *)
(***************************************************************************)
Accepts(b) ==
  {m \in messages : /\ m.type = "accept"
                    /\ m.ballot = b}

(***************************************************************************)
(* The larger of two ballots.                                              *)
(***************************************************************************)
Larger(b, c) == IF b > c THEN b ELSE c

(***************************************************************************)
(* A proposer enters a phase with a ballot, and forgets the round before.  *)
(***************************************************************************)
Enter(p, newPhase, b) ==
  /\ phase' = [phase EXCEPT ![p] = newPhase]
  /\ ballot' = [ballot EXCEPT ![p] = b]
  /\ changes' = [changes EXCEPT ![p] = <<>>]
  /\ proposal' = [proposal EXCEPT ![p] = Initial]

Rest(p) == Enter(p, "idle", 0)

-----------------------------------------------------------------------------
(***************************************************************************)
(* Proposer p claims a ballot b of its own that it has never used. It      *)
(* records the ballot before it sends anything, for if it forgot the       *)
(* ballot in a restart it would use it for a second state. It may leave    *)
(* out ballots: after a refusal it jumps past the one it was told of. What *)
(* it will propose is open still.                                          *)
(***************************************************************************)
Prepare(p, b) ==
  /\ phase[p] = "idle"
  /\ Owns(p, b)
  /\ b > counter[p]
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ Enter(p, "prepare", b)
  /\ Send([type |-> "prepare", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, acknowledged>>

(***************************************************************************)
(* Acceptor a promises ballot b: from now on it accepts nothing under a    *)
(* smaller ballot. With the promise it reports what it has accepted so     *)
(* far, which is then all that it will ever have accepted below b. The     *)
(* promise is on disk before it is sent.                                   *)
(***************************************************************************)
Promise(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ b > acceptedBallot[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ disk' = [disk EXCEPT ![a].promised = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedState |-> acceptedState[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedState, proposerVars, acknowledged>>

(***************************************************************************)
(* Acceptor a refuses ballot b and tells the ballot r that stands against  *)
(* it. A refusal changes nothing and sends nothing here: a proposer may    *)
(* give up at any time and may choose any larger ballot, whether it was    *)
(* refused or not, so what a refusal tells it can make it faster but never *)
(* wrong. The action is there because an implementation refuses, and       *)
(* should do so only if it must, and with the right r.                     *)
(***************************************************************************)
RefusePrepare(a, b, r) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ r = Larger(promised[a], acceptedBallot[a])
  /\ b <= r
  /\ UNCHANGED vars

(***************************************************************************)
(* Proposer p has the promises of all acceptors in the quorum q. It takes  *)
(* the state that was reported with the greatest ballot, applies the       *)
(* changes cs, and asks all acceptors to accept the result s. Any state    *)
(* that a quorum could have accepted below its ballot is known to some     *)
(* acceptor in q, and no such state can arise any more after the promises: *)
(* so what p changes is the latest state that anyone could have been told  *)
(* of.                                                                     *)
(*                                                                         *)
(* With the accept p may ask for the promise of a larger ballot next of    *)
(* its own. That is a claim of this ballot, just as a prepare is, and so   *)
(* the counter must cover it before the accept is sent.                    *)
(***************************************************************************)
Propose(p, q, cs, s, next) ==
  /\ phase[p] = "prepare"
  /\ q \in Quorum
  /\ \A a \in q : Promises(ballot[p], {a}) # {}
  /\ s = ApplyAll(cs, Latest(ballot[p], q).acceptedState)
  /\ next # 0 => Owns(p, next) /\ next > counter[p]
  /\ counter' = [counter EXCEPT ![p] = Larger(next, @)]
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ changes' = [changes EXCEPT ![p] = cs]
  /\ proposal' = [proposal EXCEPT ![p] = s]
  /\ Send([type |-> "accept", ballot |-> ballot[p], state |-> s,
           parent |-> Latest(ballot[p], q).acceptedBallot, next |-> next])
  /\ UNCHANGED <<acceptorVars, ballot, acknowledged>>

(***************************************************************************)
(* What acceptor a says when it accepts m: that it has, and if m asks for  *)
(* its next ballot, that it promises this one. The promise reports the     *)
(* state of m, which is what a has accepted last.                          *)
(***************************************************************************)
AcceptedMessages(a, m) ==
  {[type |-> "accepted", ballot |-> m.ballot, acceptor |-> a]}
  \cup IF m.next = 0 THEN {} ELSE
       {[type |-> "promise", ballot |-> m.next, acceptor |-> a,
         acceptedBallot |-> m.ballot, acceptedState |-> m.state]}

(***************************************************************************)
(* Acceptor a accepts the state that is proposed under ballot b, unless it *)
(* has promised a larger ballot. It need not have promised b. Accepting is *)
(* a promise too: were promised[a] not raised, a late accept with a        *)
(* smaller ballot could overwrite this one. To accept and to promise the   *)
(* next ballot is one step, written to disk at once.                       *)
(***************************************************************************)
Accept(a, b) ==
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       LET promise == Larger(b, m.next)
       IN  /\ promised' = [promised EXCEPT ![a] = promise]
           /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
           /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
           /\ disk' = [disk EXCEPT ![a] = [promised |-> promise,
                                           acceptedBallot |-> b,
                                           acceptedState |-> m.state]]
           /\ messages' = messages \cup AcceptedMessages(a, m)
  /\ UNCHANGED <<proposerVars, acknowledged>>

(***************************************************************************)
(* Acceptor a finds an accept that it has stored already and answers as it *)
(* did the first time. That answer is among the messages, so nothing       *)
(* changes. This holds even if a has promised a larger ballot since.       *)
(***************************************************************************)
RepeatAccept(a, b) ==
  /\ Accepts(b) # {}
  /\ acceptedBallot[a] = b
  /\ UNCHANGED vars

(***************************************************************************)
(* Acceptor a refuses to accept under ballot b because it has promised r.  *)
(* As with RefusePrepare, nothing changes.                                 *)
(***************************************************************************)
RefuseAccept(a, b, r) ==
  /\ Accepts(b) # {}
  /\ acceptedBallot[a] # b
  /\ r = promised[a]
  /\ b < r
  /\ UNCHANGED vars

(***************************************************************************)
(* Proposer p has heard from a quorum q that it accepted, and tells the    *)
(* clients that their changes are satisfied and what the state is now.     *)
(*                                                                         *)
(* If p has asked for a next ballot, then q has promised it. So p is where *)
(* a prepare and its answers would have brought it, and may propose again  *)
(* at once. One can call it a cache that p knows the latest state. But the *)
(* cache is nothing other than promises, and Propose asks no more of them  *)
(* than of any others.                                                     *)
(***************************************************************************)
Acknowledge(p, q) ==
  /\ phase[p] = "accept"
  /\ q \in Quorum
  /\ \A a \in q :
       [type |-> "accepted", ballot |-> ballot[p], acceptor |-> a]
         \in messages
  /\ acknowledged' = acknowledged \cup
       {[ballot |-> ballot[p], changes |-> changes[p],
         state |-> proposal[p]]}
  /\ \E m \in Accepts(ballot[p]) :
       IF m.next = 0 THEN Rest(p) ELSE Enter(p, "prepare", m.next)
  /\ UNCHANGED <<acceptorVars, counter, messages>>

(***************************************************************************)
(* Proposer p gives up its round: refused, out of patience, cut off. In    *)
(* phase "prepare" it has proposed nothing and never will under this       *)
(* ballot, so it may tell the clients who wait that their changes are      *)
(* rejected, or try again for them. In phase "accept" the outcome is       *)
(* unknown: a later round may find the state and build on it, or not. And  *)
(* whichever it is, p goes back to rest: the ballot is spent, and the next *)
(* one that it asked for with it.                                          *)
(***************************************************************************)
Abandon(p) ==
  /\ phase[p] # "idle"
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged>>

(***************************************************************************)
(* Proposer p wants to read, and asks all acceptors what they hold. The    *)
(* number n tells the answers to this read from those to any other.        *)
(***************************************************************************)
Ask(p, n) ==
  /\ [type |-> "ask", proposer |-> p, number |-> n] \notin messages
  /\ Send([type |-> "ask", proposer |-> p, number |-> n])
  /\ UNCHANGED <<acceptorVars, proposerVars, acknowledged>>

(***************************************************************************)
(* Acceptor a tells what it has accepted last. This is no promise, and     *)
(* nothing need be written.                                                *)
(***************************************************************************)
Report(a, p, n) ==
  /\ [type |-> "ask", proposer |-> p, number |-> n] \in messages
  /\ Send([type |-> "report", proposer |-> p, number |-> n, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedState |-> acceptedState[a]])
  /\ UNCHANGED <<acceptorVars, proposerVars, acknowledged>>

(***************************************************************************)
(* All of a quorum q report that they accepted the state s under the same  *)
(* ballot b. Then p answers its client with s, as if a round had proposed  *)
(* it unchanged. If they differ there is no answer, and p has to begin     *)
(* such a round.                                                           *)
(*                                                                         *)
(* What q reports was accepted by a quorum, so that all later rounds build *)
(* on it: no one will be told of a state without it. And it is no older    *)
(* than anything that was acknowledged before the read began. For that had *)
(* been accepted by a quorum; one of its members is in q; and what an      *)
(* acceptor has accepted has ever larger ballots, so that this member      *)
(* reports that ballot or a larger one. It does not matter what q has      *)
(* promised: a round that is under way has not been acknowledged yet, and  *)
(* may as well come after the read.                                        *)
(*                                                                         *)
(* It would not do that all of q report the same state under different     *)
(* ballots, or to take the state with the largest of them: perhaps no      *)
(* quorum ever accepts it.                                                 *)
(***************************************************************************)
Answer(p, n, q, b, s) ==
  /\ q \in Quorum
  /\ \A a \in q :
       [type |-> "report", proposer |-> p, number |-> n, acceptor |-> a,
        acceptedBallot |-> b, acceptedState |-> s] \in messages
  /\ acknowledged' = acknowledged \cup
       {[ballot |-> b, changes |-> <<>>, state |-> s]}
  /\ UNCHANGED <<acceptorVars, proposerVars, messages>>

(***************************************************************************)
(* What was deleted still takes up room: every acceptor holds the ballot   *)
(* of the deletion, and the state Initial, which is that of a register     *)
(* that nobody has used. Proposer p has heard that all acceptors, and not  *)
(* only a quorum, have accepted that state under its ballot b. So nobody   *)
(* holds an older state any more, and there is nothing that the deletion   *)
(* must still outvote. The proposer tells them that they may forget it.    *)
(* Before this it may have deleted once more: a deletion of what is        *)
(* deleted is a change like any other, and reaches those that missed the   *)
(* first one.                                                              *)
(***************************************************************************)
Collect(p, b) ==
  /\ Owns(p, b)
  /\ \E m \in Accepts(b) : m.state = Initial
  /\ \A a \in Acceptor :
       [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages
  /\ Send([type |-> "erase", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, proposerVars, acknowledged>>

(***************************************************************************)
(* Acceptor a still holds what was deleted under ballot b, and forgets it. *)
(* It does not forget what it has promised, be that b or more. Rounds of   *)
(* smaller ballots, and messages and promises of theirs that are still on  *)
(* their way, come to nothing then as they did before, so that nobody else *)
(* need be told of the erasure. The module Deletion shows what must be     *)
(* done instead where acceptors forget their promises as well.             *)
(***************************************************************************)
Erase(a, b) ==
  /\ [type |-> "erase", ballot |-> b] \in messages
  /\ acceptedBallot[a] = b
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = Initial]
  /\ disk' = [disk EXCEPT ![a] = [promised |-> promised[a],
                                  acceptedBallot |-> 0,
                                  acceptedState |-> Initial]]
  /\ UNCHANGED <<promised, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* The promise need not take up room. There are many registers, and of all *)
(* those of which it holds nothing, an acceptor keeps one promise, large   *)
(* enough for each. It grows when another register is erased, and then     *)
(* what a has promised for this one grows as well. To promise more than    *)
(* one was asked for is always allowed.                                    *)
(***************************************************************************)
Raise(a, r) ==
  /\ acceptedBallot[a] = 0
  /\ r >= promised[a]
  /\ promised' = [promised EXCEPT ![a] = r]
  /\ disk' = [disk EXCEPT ![a].promised = r]
  /\ UNCHANGED <<acceptedBallot, acceptedState, proposerVars, messages,
                 acknowledged>>

(***************************************************************************)
(* Acceptor a stops and starts again with what is on its disk.             *)
(***************************************************************************)
RestartAcceptor(a) ==
  /\ promised' = [promised EXCEPT ![a] = disk[a].promised]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = disk[a].acceptedBallot]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = disk[a].acceptedState]
  /\ UNCHANGED <<disk, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Proposer p stops and starts again. Its round is lost, and the clients   *)
(* whose changes it was for learn nothing; the counter is kept.            *)
(***************************************************************************)
RestartProposer(p) ==
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged>>

(***************************************************************************)
(* The steps of the system. The parameters of an action are bound here,    *)
(* each to a set that says no more than its type: what an action demands   *)
(* of them stands in the action.                                           *)
(***************************************************************************)
Next ==
  \/ \E p \in Proposer : \E b \in Ballot : Prepare(p, b)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E a \in Acceptor : \E b, r \in Ballot : RefusePrepare(a, b, r)
  \/ \E p \in Proposer :
       \E q \in SUBSET Acceptor, cs \in Changes, s \in State, next \in Ballot :
         Propose(p, q, cs, s, next)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E a \in Acceptor : \E b \in Ballot : RepeatAccept(a, b)
  \/ \E a \in Acceptor : \E b, r \in Ballot : RefuseAccept(a, b, r)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer : \E n \in Number : Ask(p, n)
  \/ \E a \in Acceptor : \E p \in Proposer, n \in Number : Report(a, p, n)
  \/ \E p \in Proposer :
       \E n \in Number, q \in SUBSET Acceptor, b \in Ballot, s \in State :
         Answer(p, n, q, b, s)
  \/ \E p \in Proposer : \E b \in Erasable : Collect(p, b)
  \/ \E a \in Acceptor : \E b \in Erasable : Erase(a, b)
  \/ \E a \in Acceptor : \E r \in Erasable : Raise(a, r)
  \/ \E a \in Acceptor : RestartAcceptor(a)
  \/ \E p \in Proposer : RestartProposer(p)

(***************************************************************************)
(* A behaviour begins as Init says, and each of its steps is one of Next   *)
(* or changes nothing. No step ever has to happen.                         *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What an acceptor holds in memory is on its disk, so that a restart at   *)
(* any moment loses nothing that anyone was told of.                       *)
(***************************************************************************)
MemoryOnDisk ==
  \A a \in Acceptor :
    disk[a] = [promised |-> promised[a],
               acceptedBallot |-> acceptedBallot[a],
               acceptedState |-> acceptedState[a]]

(***************************************************************************)
(* An acceptor has promised at least what it has accepted.                 *)
(***************************************************************************)
PromiseCoversAccepted ==
  \A a \in Acceptor : acceptedBallot[a] <= promised[a]

(***************************************************************************)
(* What an acceptor has accepted was proposed, and it has said that it     *)
(* accepted it.                                                            *)
(***************************************************************************)
AcceptedWasProposed ==
  \A a \in Acceptor :
    acceptedBallot[a] # 0 =>
      /\ \E m \in Accepts(acceptedBallot[a]) : m.state = acceptedState[a]
      /\ [type |-> "accepted", ballot |-> acceptedBallot[a],
          acceptor |-> a] \in messages

(***************************************************************************)
(* No ballot is used for two states. On this rests that "a quorum accepted *)
(* ballot b" means that it accepted the same state.                        *)
(***************************************************************************)
OneStatePerBallot ==
  \A m, n \in {x \in messages : x.type = "accept"} :
    m.ballot = n.ballot => m = n

(***************************************************************************)
(* The ballot of the state that the accept m has changed. If acceptors     *)
(* have told the proposer of m that they hold nothing, that was the latest *)
(* deletion that was collected below m's ballot, or if there was none the  *)
(* register's first state.                                                 *)
(***************************************************************************)
Collected == {m.ballot : m \in {x \in messages : x.type = "erase"}}

ParentOf(m) ==
  IF m.parent # 0
    THEN m.parent
    ELSE CHOOSE b \in {0} \cup {c \in Collected : c < m.ballot} :
           \A c \in Collected : c < m.ballot => c <= b

(***************************************************************************)
(* The state of ballot b descends from that of ballot c if one arrives at  *)
(* c by going from b to its parent, from there to the parent's parent, and *)
(* so on. A parent is always the smaller ballot.                           *)
(***************************************************************************)
RECURSIVE Descends(_, _)
Descends(b, c) ==
  \E m \in Accepts(b) :
    /\ ParentOf(m) < b
    /\ \/ ParentOf(m) = c
       \/ Descends(ParentOf(m), c)

(***************************************************************************)
(* What clients were told of is the first state, or one that a quorum      *)
(* accepted.                                                               *)
(***************************************************************************)
AcknowledgedIsChosen ==
  \A x \in acknowledged :
    \/ x.ballot = 0
    \/ \E q \in Quorum : \A a \in q :
         [type |-> "accepted", ballot |-> x.ballot, acceptor |-> a]
           \in messages

(***************************************************************************)
(* This is the property for which all the rest exists. Of any two states   *)
(* that clients were told of, one descends from the other, if they are not *)
(* of the same ballot. So the acknowledged changes stand in one order, and *)
(* each saw all those before it: no acknowledged change is ever lost.      *)
(* Between them in the chain there may be changes whose outcome their      *)
(* clients do not know; they took effect. Those outside of the chain never *)
(* did and never will.                                                     *)
(***************************************************************************)
OneChain ==
  \A x, y \in acknowledged :
    \/ x.ballot = y.ballot
    \/ Descends(x.ballot, y.ballot)
    \/ Descends(y.ballot, x.ballot)

(***************************************************************************)
(* The states that were proposed under ballot b. The register's first      *)
(* state counts as that of ballot 0.                                       *)
(***************************************************************************)
StatesAt(b) ==
  IF b = 0 THEN {Initial} ELSE {m.state : m \in Accepts(b)}

(***************************************************************************)
(* A client was told the state of the ballot, and its change was applied   *)
(* to the parent's state.                                                  *)
(***************************************************************************)
ChangesWereApplied ==
  \A x \in acknowledged :
    /\ x.state \in StatesAt(x.ballot)
    /\ x.changes # <<>> =>
         \E m \in Accepts(x.ballot) :
           \E s \in StatesAt(ParentOf(m)) : x.state = ApplyAll(x.changes, s)

(***************************************************************************)
(* The chain respects real time. Once a client was told of a ballot, what  *)
(* is proposed later under a smaller one comes to nothing, because in      *)
(* every quorum there is an acceptor that will not accept it: one that has *)
(* promised more. It makes no difference when the smaller ballot was       *)
(* prepared or promised. So of two changes of which one was acknowledged   *)
(* before the other was proposed, the earlier has the smaller ballot and   *)
(* comes first in the chain. Together with OneChain, AcknowledgedIsChosen  *)
(* and ChangesWereApplied this makes the register linearizable; the module *)
(* RegisterHistory says so as a refinement.                                *)
(***************************************************************************)
LateBallotIsDead ==
  \A x \in acknowledged : \A b \in 1..x.ballot :
    Accepts(b) = {} => \A q \in Quorum : \E a \in q : promised[a] > b
=============================================================================
