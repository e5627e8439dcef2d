----------------------------- MODULE Membership -----------------------------
(***************************************************************************)
(* A register whose acceptors are exchanged while it is in use.            *)
(*                                                                         *)
(* A configuration says whom a proposer asks for promises, whom it has     *)
(* accept, and how many of these must answer. To change the membership is  *)
(* to take the proposers through a list of configurations, the stages of a *)
(* plan, one proposer after the other and with nobody standing still. An   *)
(* operator does that: a person or a program, who may be interrupted at    *)
(* any point and begins again from the front.                              *)
(*                                                                         *)
(* Two rounds are safe from each other if the quorum that promised to the  *)
(* later one meets the quorum that accepted the earlier one. So a plan     *)
(* must see to two things. While one proposer is in a stage and another in *)
(* the next, their quorums must meet: that is arithmetic, and holds        *)
(* whenever the number of acceptors changes by one. And a state that       *)
(* nobody has touched for several stages must be met as well. That is not  *)
(* arithmetic. Where it would fail, the plan asks for the register to be   *)
(* written anew before the stage is left.                                  *)
(*                                                                         *)
(* The rule that comes out is short. With 2F + 1 acceptors F + 1 are       *)
(* enough, and with 2F + 2 it takes F + 2. A set of 2F + 2 is as good as   *)
(* one of 2F + 3 of which one has been silent from the start, or as one of *)
(* 2F + 1 that asks for one more than it must: if, and only if, every      *)
(* state is held by F + 2 of its members. So: whoever enters an even set   *)
(* writes everything anew before leaving it, in whichever direction.       *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

(***************************************************************************)
(* Acceptor is the set of all who are members at some time, Proposer the   *)
(* set of proposers, and Ballot a set of numbers with 0, which stands for  *)
(* no ballot. Whose a ballot is does not matter here, only that each is    *)
(* used once.                                                              *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer, Ballot

(***************************************************************************)
(* The plan, a sequence of stages. In a stage a proposer asks the members  *)
(* of ask, of which promises must answer, and has the members of tell      *)
(* accept, of which accepts must answer. Where rewrite is true, the        *)
(* register is written anew before anybody leaves the stage.               *)
(***************************************************************************)
CONSTANT Stages

Stage == 1..Len(Stages)

ASSUME StagesAreConfigurations ==
  \A s \in Stage :
    /\ Stages[s].ask \subseteq Acceptor
    /\ Stages[s].tell \subseteq Acceptor
    /\ Stages[s].promises \in 1..Cardinality(Stages[s].ask)
    /\ Stages[s].accepts \in 1..Cardinality(Stages[s].tell)
    /\ Stages[s].rewrite \in BOOLEAN

-----------------------------------------------------------------------------
(***************************************************************************)
(* What an acceptor has promised and accepted. The state itself is left    *)
(* out. What matters is which ballot's state was made from which: its      *)
(* parent.                                                                 *)
(***************************************************************************)
VARIABLES promised, acceptedBallot

(***************************************************************************)
(* The round of a proposer, and the stage that it is in, which it has on   *)
(* its disk.                                                               *)
(***************************************************************************)
VARIABLES ballot, phase, stage

(***************************************************************************)
(* The operator: the stage to which it takes the proposers, those of them  *)
(* who have confirmed that they are there, and the ballot of the round     *)
(* that writes the register anew, or 0. None of it is on a disk.           *)
(***************************************************************************)
VARIABLES target, confirmed, rewriting

(***************************************************************************)
(* All messages that were ever sent, and the ballots that clients were     *)
(* told of.                                                                *)
(***************************************************************************)
VARIABLES messages, acknowledged

acceptorVars == <<promised, acceptedBallot>>
proposerVars == <<ballot, phase, stage>>
operatorVars == <<target, confirmed, rewriting>>
vars == <<acceptorVars, proposerVars, operatorVars, messages, acknowledged>>

(***************************************************************************)
(* Prepares and accepts are addressed to the members of the sender's       *)
(* configuration. An accept tells the ballot whose state was changed.      *)
(***************************************************************************)
Message ==
       [type : {"prepare"}, ballot : Ballot, to : SUBSET Acceptor]
  \cup [type : {"promise"}, ballot : Ballot, acceptor : Acceptor,
        acceptedBallot : Ballot]
  \cup [type : {"accept"}, ballot : Ballot, to : SUBSET Acceptor,
        parent : Ballot]
  \cup [type : {"accepted"}, ballot : Ballot, acceptor : Acceptor]

(***************************************************************************)
(* What kind of value each variable has.                                   *)
(***************************************************************************)
TypeOK ==
  /\ promised \in [Acceptor -> Ballot]
  /\ acceptedBallot \in [Acceptor -> Ballot]
  /\ ballot \in [Proposer -> Ballot]
  /\ phase \in [Proposer -> {"idle", "prepare", "accept"}]
  /\ stage \in [Proposer -> Stage]
  /\ target \in Stage
  /\ confirmed \subseteq Proposer
  /\ rewriting \in Ballot
  /\ messages \subseteq Message
  /\ acknowledged \subseteq Ballot

(***************************************************************************)
(* At first all proposers are in the first stage, and nothing was written. *)
(***************************************************************************)
Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ ballot = [p \in Proposer |-> 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ stage = [p \in Proposer |-> 1]
  /\ target = 1
  /\ confirmed = {}
  /\ rewriting = 0
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The configuration of proposer p, and its quorums.                       *)
(***************************************************************************)
Now(p) == Stages[stage[p]]

PrepareQuorum(p) ==
  {q \in SUBSET Now(p).ask : Cardinality(q) = Now(p).promises}

AcceptQuorum(p) ==
  {q \in SUBSET Now(p).tell : Cardinality(q) = Now(p).accepts}

(***************************************************************************)
(* Send adds a message to those that were sent. Messages are never         *)
(* removed, so that loss, repetition, delay and reordering come for free.  *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The promises of the acceptors in q for ballot b, and the accepts that   *)
(* were sent under it: one at most.                                        *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.acceptor \in q}

Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* Whether ballot b was used before.                                       *)
(***************************************************************************)
Used(b) == \E m \in messages : m.type = "prepare" /\ m.ballot = b

(***************************************************************************)
(* Proposer p begins a round in its configuration.                         *)
(***************************************************************************)
Begin(p, b) ==
  /\ phase[p] = "idle"
  /\ b > 0
  /\ ~Used(b)
  /\ ballot' = [ballot EXCEPT ![p] = b]
  /\ phase' = [phase EXCEPT ![p] = "prepare"]
  /\ Send([type |-> "prepare", ballot |-> b, to |-> Now(p).ask])
  /\ UNCHANGED <<acceptorVars, stage, acknowledged>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Proposer p begins a round for a client.                                 *)
(***************************************************************************)
Prepare(p, b) ==
  /\ Begin(p, b)
  /\ UNCHANGED operatorVars

(***************************************************************************)
(* Acceptor a promises ballot b and reports what it accepted last.         *)
(***************************************************************************)
Promise(a, b) ==
  /\ \E m \in messages : m.type = "prepare" /\ m.ballot = b /\ a \in m.to
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a]])
  /\ UNCHANGED <<acceptedBallot, proposerVars, operatorVars, acknowledged>>

(***************************************************************************)
(* Proposer p has the promises of a quorum q of its configuration, and     *)
(* proposes a state made from the one that was reported with the greatest  *)
(* ballot.                                                                 *)
(***************************************************************************)
Propose(p, q) ==
  /\ phase[p] = "prepare"
  /\ q \in PrepareQuorum(p)
  /\ \A a \in q : Promises(ballot[p], {a}) # {}
  /\ \E m \in Promises(ballot[p], q) :
       /\ \A n \in Promises(ballot[p], q) :
            n.acceptedBallot <= m.acceptedBallot
       /\ Send([type |-> "accept", ballot |-> ballot[p], to |-> Now(p).tell,
                parent |-> m.acceptedBallot])
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ UNCHANGED <<acceptorVars, ballot, stage, operatorVars, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts what is proposed under ballot b, unless it promised  *)
(* a larger ballot.                                                        *)
(***************************************************************************)
Accept(a, b) ==
  /\ \E m \in Accepts(b) : a \in m.to
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<proposerVars, operatorVars, acknowledged>>

(***************************************************************************)
(* A quorum of the proposer's configuration has accepted, and the client   *)
(* is told.                                                                *)
(***************************************************************************)
Acknowledge(p, q) ==
  /\ phase[p] = "accept"
  /\ q \in AcceptQuorum(p)
  /\ \A a \in q : [type |-> "accepted", ballot |-> ballot[p],
                   acceptor |-> a] \in messages
  /\ acknowledged' = acknowledged \cup {ballot[p]}
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ UNCHANGED <<acceptorVars, ballot, stage, operatorVars, messages>>

(***************************************************************************)
(* Proposer p gives up its round, or restarts.                             *)
(***************************************************************************)
Abandon(p) ==
  /\ phase[p] # "idle"
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ UNCHANGED <<acceptorVars, ballot, stage, operatorVars, messages,
                 acknowledged>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* The larger of two stages.                                               *)
(***************************************************************************)
Later(s, t) == IF s > t THEN s ELSE t

(***************************************************************************)
(* Proposer p takes up the configuration of the stage to which the         *)
(* operator takes it, and confirms that. It does so between two rounds, so *)
(* that no round of the old configuration is under way when the operator   *)
(* hears of it. Configurations are numbered: one that has gone further     *)
(* stays where it is and confirms that, and so the operator may ask again. *)
(***************************************************************************)
Adopt(p) ==
  /\ phase[p] = "idle"
  /\ p \notin confirmed
  /\ stage' = [stage EXCEPT ![p] = Later(stage[p], target)]
  /\ confirmed' = confirmed \cup {p}
  /\ UNCHANGED <<acceptorVars, ballot, phase, target, rewriting, messages,
                 acknowledged>>

(***************************************************************************)
(* When all proposers have confirmed, the operator has one of them write   *)
(* the register anew: a round that leaves the state as it is. A register   *)
(* has many keys, and each is rewritten so.                                *)
(***************************************************************************)
Rewrite(p, b) ==
  /\ Stages[target].rewrite
  /\ confirmed = Proposer
  /\ rewriting \notin acknowledged
  /\ Begin(p, b)
  /\ rewriting' = b
  /\ UNCHANGED <<target, confirmed>>

(***************************************************************************)
(* The operator goes on to the next stage. All proposers have confirmed,   *)
(* and the rewriting, if there is to be one, was acknowledged.             *)
(***************************************************************************)
Advance ==
  /\ target < Len(Stages)
  /\ confirmed = Proposer
  /\ Stages[target].rewrite => rewriting \in acknowledged
  /\ target' = target + 1
  /\ confirmed' = {}
  /\ rewriting' = 0
  /\ UNCHANGED <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* The operator was interrupted and has forgotten how far it came. It, or  *)
(* another one, begins again from the front.                               *)
(***************************************************************************)
Resume ==
  /\ target' = 1
  /\ confirmed' = {}
  /\ rewriting' = 0
  /\ UNCHANGED <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Acceptor a belongs to no configuration that is in use, of a proposer or *)
(* of the operator's stage. It is switched off, and may come back as an    *)
(* empty one under the same name.                                          *)
(***************************************************************************)
Retire(a) ==
  /\ \A s \in {stage[p] : p \in Proposer} \cup {target} :
       a \notin Stages[s].ask \cup Stages[s].tell
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ UNCHANGED <<proposerVars, operatorVars, messages, acknowledged>>

(***************************************************************************)
(* The steps of the proposers, the acceptors and the operator.             *)
(***************************************************************************)
Next ==
  \/ \E p \in Proposer : \E b \in Ballot : Prepare(p, b)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor : Propose(p, q)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer : Adopt(p)
  \/ \E p \in Proposer : \E b \in Ballot : Rewrite(p, b)
  \/ Advance
  \/ Resume
  \/ \E a \in Acceptor : Retire(a)

(***************************************************************************)
(* Nothing has to happen: the operator may stop anywhere, for ever.        *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* The state of ballot b descends from that of ballot c, as in the module  *)
(* Register.                                                               *)
(***************************************************************************)
RECURSIVE Descends(_, _)
Descends(b, c) ==
  \E m \in Accepts(b) :
    /\ m.parent < b
    /\ \/ m.parent = c
       \/ Descends(m.parent, c)

(***************************************************************************)
(* No acknowledged change is ever lost, whatever the stages of those who   *)
(* made them: of any two, one descends from the other.                     *)
(***************************************************************************)
OneChain ==
  \A b, c \in acknowledged :
    \/ b = c
    \/ Descends(b, c)
    \/ Descends(c, b)

(***************************************************************************)
(* When the last stage is reached, the plan has come to its end, and the   *)
(* next one may begin. What it may count on: whatever was acknowledged is  *)
(* known to every quorum that a proposer of the last stage can ask.        *)
(***************************************************************************)
Finished == target = Len(Stages) /\ confirmed = Proposer

NothingLeftBehind ==
  Finished =>
    \A p \in Proposer : \A q \in PrepareQuorum(p) :
      \A b \in acknowledged : \E a \in q : acceptedBallot[a] >= b
=============================================================================
