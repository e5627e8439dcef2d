------------------------------ MODULE Register ------------------------------
(***************************************************************************)
(* A register that clients change by functions, kept by acceptors of which *)
(* a minority may fail.                                                    *)
(*                                                                         *)
(* Paxos as usually told lets a set of acceptors choose one value for      *)
(* ever. Here the acceptors hold a state, and a round of Paxos replaces    *)
(* it: the proposer learns the latest state from a quorum, applies the     *)
(* client's change to it, and has a quorum accept the result under the     *)
(* same ballot. There is no log. What takes the log's place is that each   *)
(* state is made from the one before, so that the states that were         *)
(* acknowledged form a single chain.                                       *)
(*                                                                         *)
(* Messages may be lost, doubled, delayed and reordered. Acceptors and     *)
(* proposers may stop at any moment and start again with what they had     *)
(* written to disk. The module says what is safe; it does not say when a   *)
(* change succeeds.                                                        *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Ballots

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

-----------------------------------------------------------------------------
(***************************************************************************)
(* A state is a number, and the register starts at 0.                      *)
(***************************************************************************)
State == Int

Initial == 0

(***************************************************************************)
(* A change is a record that names a function from states to states. A     *)
(* read is a change like any other: the one that leaves the state as it    *)
(* is.                                                                     *)
(***************************************************************************)
Read == [name |-> "read"]

AnyChange ==
       {Read}
  \cup [name : {"set"}, value : State]
  \cup [name : {"add"}, value : State]
  \cup [name : {"cas"}, expect : State, value : State]

(***************************************************************************)
(* The state that change c makes out of state s. A compare-and-set that    *)
(* finds another state than it expects gives back the state it found. That *)
(* state is then proposed and accepted as any other is: answering "it      *)
(* failed" without writing back would be a read of a state that perhaps no *)
(* quorum holds.                                                           *)
(***************************************************************************)
Apply(c, s) ==
  CASE c.name = "read" -> s
    [] c.name = "set"  -> c.value
    [] c.name = "add"  -> s + c.value
    [] c.name = "cas"  -> IF s = c.expect THEN c.value ELSE s

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
(* The largest ballot that a proposer has used. A proposer writes it to    *)
(* its disk before it sends anything under that ballot, and it survives a  *)
(* restart.                                                                *)
(***************************************************************************)
VARIABLE counter

(***************************************************************************)
(* What a proposer holds in memory. In phase "prepare" it collects         *)
(* promises for the ballot counter[p], in phase "accept" it collects       *)
(* acceptances, and in phase "idle" no round is under way. change[p] is    *)
(* the change that the round is for, and proposal[p] the state that it     *)
(* proposes.                                                               *)
(***************************************************************************)
VARIABLES phase, change, proposal

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
proposerVars == <<counter, phase, change, proposal>>
vars == <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* The messages are named after what they ask or say. A prepare asks for a *)
(* promise to ignore smaller ballots, and the promise reports what its     *)
(* sender has accepted. An accept carries the new state and, as its        *)
(* parent, the ballot of the state that was changed; no receiver needs the *)
(* parent, but the properties are about it. Messages bear no addressee,    *)
(* and those of proposers no sender, because the ballot tells it.          *)
(***************************************************************************)
Message ==
       [type : {"prepare"}, ballot : Ballot]
  \cup [type : {"promise"}, ballot : Ballot, acceptor : Acceptor,
        acceptedBallot : Ballot, acceptedState : State]
  \cup [type : {"accept"}, ballot : Ballot, state : State, parent : Ballot]
  \cup [type : {"accepted"}, ballot : Ballot, acceptor : Acceptor]

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
  /\ change \in [Proposer -> AnyChange]
  /\ proposal \in [Proposer -> State]
  /\ messages \subseteq Message
  /\ acknowledged \subseteq [ballot : Ballot, change : AnyChange,
                             state : State]

(***************************************************************************)
(* At first no ballot was used and no message sent. Proposers at rest hold *)
(* a read and the initial state, which mean nothing.                       *)
(***************************************************************************)
Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> Initial]
  /\ disk = [a \in Acceptor |-> [promised |-> 0, acceptedBallot |-> 0,
                                 acceptedState |-> Initial]]
  /\ counter = [p \in Proposer |-> 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ change = [p \in Proposer |-> Read]
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
(* A proposer ends its round and forgets all of it but the ballot.         *)
(***************************************************************************)
Rest(p) ==
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ change' = [change EXCEPT ![p] = Read]
  /\ proposal' = [proposal EXCEPT ![p] = Initial]
  /\ UNCHANGED counter

-----------------------------------------------------------------------------
(***************************************************************************)
(* Proposer p starts a round for change c with a ballot b of its own that  *)
(* it has never used. It records the ballot before it sends anything, for  *)
(* if it forgot the ballot in a restart it would use it for a second       *)
(* state. It may leave out ballots: after a refusal it jumps past the one  *)
(* it was told of.                                                         *)
(***************************************************************************)
Prepare(p, b, c) ==
  /\ phase[p] = "idle"
  /\ Owns(p, b)
  /\ b > counter[p]
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ phase' = [phase EXCEPT ![p] = "prepare"]
  /\ change' = [change EXCEPT ![p] = c]
  /\ Send([type |-> "prepare", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, proposal, acknowledged>>

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
(* change, and asks all acceptors to accept the result s. Any state that a *)
(* quorum could have accepted below its ballot is known to some acceptor   *)
(* in q, and no such state can arise any more after the promises: so what  *)
(* p changes is the latest state that anyone could have been told of.      *)
(***************************************************************************)
Propose(p, q, s) ==
  /\ phase[p] = "prepare"
  /\ q \in Quorum
  /\ \A a \in q : Promises(counter[p], {a}) # {}
  /\ s = Apply(change[p], Latest(counter[p], q).acceptedState)
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ proposal' = [proposal EXCEPT ![p] = s]
  /\ Send([type |-> "accept", ballot |-> counter[p], state |-> s,
           parent |-> Latest(counter[p], q).acceptedBallot])
  /\ UNCHANGED <<acceptorVars, counter, change, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts the state that is proposed under ballot b, unless it *)
(* has promised a larger ballot. It need not have promised b. Accepting is *)
(* a promise too: were promised[a] not raised, a late accept with a        *)
(* smaller ballot could overwrite this one.                                *)
(***************************************************************************)
Accept(a, b) ==
  /\ Accepts(b) # {}
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       /\ promised' = [promised EXCEPT ![a] = b]
       /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
       /\ disk' = [disk EXCEPT ![a] = [promised |-> b, acceptedBallot |-> b,
                                       acceptedState |-> m.state]]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
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
  /\ r = promised[a]
  /\ b < r
  /\ UNCHANGED vars

(***************************************************************************)
(* Proposer p has heard from a quorum q that it accepted, and tells the    *)
(* client that its change is satisfied and what the state is now.          *)
(***************************************************************************)
Acknowledge(p, q) ==
  /\ phase[p] = "accept"
  /\ q \in Quorum
  /\ \A a \in q :
       [type |-> "accepted", ballot |-> counter[p], acceptor |-> a]
         \in messages
  /\ acknowledged' = acknowledged \cup
       {[ballot |-> counter[p], change |-> change[p],
         state |-> proposal[p]]}
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, messages>>

(***************************************************************************)
(* Proposer p gives up its round, refused or out of patience. In phase     *)
(* "prepare" it has proposed nothing and never will under this ballot, so  *)
(* it may tell the client that the change is rejected. In phase "accept"   *)
(* the outcome is unknown: a later round may find the state and build on   *)
(* it, or not.                                                             *)
(***************************************************************************)
Abandon(p) ==
  /\ phase[p] # "idle"
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, messages, acknowledged>>

(***************************************************************************)
(* Acceptor a stops and starts again with what is on its disk.             *)
(***************************************************************************)
RestartAcceptor(a) ==
  /\ promised' = [promised EXCEPT ![a] = disk[a].promised]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = disk[a].acceptedBallot]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = disk[a].acceptedState]
  /\ UNCHANGED <<disk, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Proposer p stops and starts again. Its round is lost, and the client    *)
(* whose change it was for learns nothing; the counter is kept.            *)
(***************************************************************************)
RestartProposer(p) ==
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, messages, acknowledged>>

(***************************************************************************)
(* The steps of the system. The parameters of an action are bound here,    *)
(* each to a set that says no more than its type: what an action demands   *)
(* of them stands in the action.                                           *)
(***************************************************************************)
Next ==
  \/ \E p \in Proposer : \E b \in Ballot, c \in Change : Prepare(p, b, c)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E a \in Acceptor : \E b, r \in Ballot : RefusePrepare(a, b, r)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor, s \in State :
       Propose(p, q, s)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E a \in Acceptor : \E b \in Ballot : RepeatAccept(a, b)
  \/ \E a \in Acceptor : \E b, r \in Ballot : RefuseAccept(a, b, r)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
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
(* The state of ballot b descends from that of ballot c if one arrives at  *)
(* c by going from b to its parent, from there to the parent's parent, and *)
(* so on. A parent is always the smaller ballot.                           *)
(***************************************************************************)
RECURSIVE Descends(_, _)
Descends(b, c) ==
  \E m \in Accepts(b) :
    /\ m.parent < b
    /\ \/ m.parent = c
       \/ Descends(m.parent, c)

(***************************************************************************)
(* This is the property for which all the rest exists. Of any two changes  *)
(* that were acknowledged, one was applied to a state that descends from   *)
(* the other's. So the acknowledged changes stand in one order, and each   *)
(* saw all those before it: no acknowledged change is ever lost. Between   *)
(* them in the chain there may be changes whose outcome their clients do   *)
(* not know; they took effect. Those outside of the chain never did and    *)
(* never will.                                                             *)
(***************************************************************************)
OneChain ==
  \A x, y \in acknowledged :
    \/ x = y
    \/ Descends(x.ballot, y.ballot)
    \/ Descends(y.ballot, x.ballot)

(***************************************************************************)
(* The states that were proposed under ballot b. The register's first      *)
(* state counts as that of ballot 0.                                       *)
(***************************************************************************)
StatesAt(b) ==
  IF b = 0 THEN {Initial} ELSE {m.state : m \in Accepts(b)}

(***************************************************************************)
(* An acknowledged change was applied to its parent's state, and its       *)
(* client was told the result.                                             *)
(***************************************************************************)
ChangeWasApplied ==
  \A x \in acknowledged :
    \E m \in Accepts(x.ballot) :
      \E s \in StatesAt(m.parent) :
        /\ m.state = x.state
        /\ x.state = Apply(x.change, s)

(***************************************************************************)
(* The chain respects real time. Once a change is acknowledged, a round    *)
(* that starts later under a smaller ballot comes to nothing, because in   *)
(* every quorum there is an acceptor that will not promise that ballot. So *)
(* of two changes of which one was acknowledged before the other began,    *)
(* the earlier has the smaller ballot and comes first in the chain.        *)
(* Together, OneChain, ChangeWasApplied and this make the register         *)
(* linearizable; the module RegisterHistory says so as a refinement.       *)
(***************************************************************************)
LateBallotIsDead ==
  \A x \in acknowledged : \A b \in 1..x.ballot :
    [type |-> "prepare", ballot |-> b] \notin messages =>
      \A q \in Quorum : \E a \in q : promised[a] > b
=============================================================================
