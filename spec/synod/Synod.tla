------------------------------- MODULE Synod --------------------------------
(***************************************************************************)
(* The Synod algorithm, Paxos for a single value: how acceptors that know  *)
(* only what messages tell them can vote as the module Voting demands.     *)
(*                                                                         *)
(* Voting asks of each vote that its value be safe, which is a statement   *)
(* about all acceptors. Here each ballot has a proposer that finds a safe  *)
(* value by asking a quorum, and acceptors vote for nothing but what a     *)
(* proposer has proposed. A ballot has two phases: prepare and promise,    *)
(* then accept and accepted. Proposers need no memory but the messages, so *)
(* they are not modelled: what the proposer of ballot b does is an action  *)
(* with parameter b.                                                       *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* Value, Acceptor and Ballot are as in Voting. There are quorums of two   *)
(* kinds: the members of a PrepareQuorum are enough to learn which value   *)
(* is safe, and those of an AcceptQuorum to choose it. None is what an     *)
(* acceptor that has accepted nothing reports instead of a value.          *)
(***************************************************************************)
CONSTANTS Value, Acceptor, PrepareQuorum, AcceptQuorum, Ballot, None

(***************************************************************************)
(* Each quorum of one kind meets each of the other. That is all: two       *)
(* quorums of one kind need have nobody in common. Where both kinds are    *)
(* the majorities, this is Paxos as usually told. But one may also ask all *)
(* acceptors, and then any single one may choose; or let one acceptor be   *)
(* in all quorums that choose, and then it is enough to ask that one.      *)
(***************************************************************************)
ASSUME QuorumsMeet ==
  /\ PrepareQuorum \subseteq SUBSET Acceptor
  /\ AcceptQuorum \subseteq SUBSET Acceptor
  /\ PrepareQuorum # {}
  /\ \A q \in PrepareQuorum, r \in AcceptQuorum : q \cap r # {}

ASSUME NoneIsNoValue == None \notin Value

ASSUME BallotsAreNumbers ==
  /\ Ballot \subseteq Nat
  /\ 0 \in Ballot

(***************************************************************************)
(* Acceptor a has promised to accept nothing under a ballot smaller than   *)
(* promised[a]. What it accepted last is the value acceptedValue[a], under *)
(* the ballot acceptedBallot[a].                                           *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedValue

(***************************************************************************)
(* All messages that were ever sent. They are never removed and may be     *)
(* received at any time, often or never, so that loss, repetition, delay   *)
(* and reordering are all covered.                                         *)
(***************************************************************************)
VARIABLE messages

(***************************************************************************)
(* All variables together.                                                 *)
(***************************************************************************)
vars == <<promised, acceptedBallot, acceptedValue, messages>>

(***************************************************************************)
(* A prepare asks for promises, a promise reports what its sender accepted *)
(* last, an accept asks to accept a value, and accepted tells that its     *)
(* sender did: it is the vote.                                             *)
(***************************************************************************)
Message ==
       [type : {"prepare"}, ballot : Ballot]
  \cup [type : {"promise"}, ballot : Ballot, acceptor : Acceptor,
        acceptedBallot : Ballot, acceptedValue : Value \cup {None}]
  \cup [type : {"accept"}, ballot : Ballot, value : Value]
  \cup [type : {"accepted"}, ballot : Ballot, acceptor : Acceptor,
        value : Value]

(***************************************************************************)
(* What kind of value each variable has.                                   *)
(***************************************************************************)
TypeOK ==
  /\ promised \in [Acceptor -> Ballot]
  /\ acceptedBallot \in [Acceptor -> Ballot]
  /\ acceptedValue \in [Acceptor -> Value \cup {None}]
  /\ messages \subseteq Message

(***************************************************************************)
(* At first no message was sent, so nothing is promised or accepted.       *)
(***************************************************************************)
Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ messages = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The promises of the acceptors in q for ballot b, and those of them that *)
(* report a value.                                                         *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : /\ m.type = "promise"
                    /\ m.ballot = b
                    /\ m.acceptor \in q}

Reports(b, q) == {m \in Promises(b, q) : m.acceptedBallot > 0}

(***************************************************************************)
(* The accepts that were sent with ballot b: one at most.                  *)
(***************************************************************************)
Accepts(b) ==
  {m \in messages : /\ m.type = "accept"
                    /\ m.ballot = b}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The proposer of ballot b asks all acceptors for promises.               *)
(***************************************************************************)
Prepare(b) ==
  /\ b > 0
  /\ Send([type |-> "prepare", ballot |-> b])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>

(***************************************************************************)
(* Acceptor a promises ballot b and reports what it accepted last. After   *)
(* this it votes no more below b, so that the report stays true for ever.  *)
(***************************************************************************)
Promise(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* The proposer of ballot b has the promises of the quorum q and proposes  *)
(* v. If the quorum reports no value, every value is safe: in each ballot  *)
(* below b, every quorum that could choose has a member in q, which did    *)
(* not vote there and no longer can. Otherwise v must be the value that    *)
(* was reported with the greatest ballot c. Between c and b nobody in q    *)
(* voted. In c no other value can have been voted for. Below c no other    *)
(* value is choosable, for v was safe at c.                                *)
(***************************************************************************)
Propose(b, q, v) ==
  /\ Accepts(b) = {}
  /\ q \in PrepareQuorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) :
          /\ m.acceptedValue = v
          /\ \A n \in Reports(b, q) : n.acceptedBallot <= m.acceptedBallot
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>

(***************************************************************************)
(* Acceptor a accepts the value v that was proposed under ballot b, unless *)
(* it promised a larger ballot. That it has not promised b does not        *)
(* matter.                                                                 *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

(***************************************************************************)
(* The steps of the proposers and the acceptors.                           *)
(***************************************************************************)
Next ==
  \/ \E b \in Ballot : Prepare(b)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E b \in Ballot : \E q \in PrepareQuorum, v \in Value : Propose(b, q, v)
  \/ \E a \in Acceptor : \E b \in Ballot, v \in Value : Accept(a, b, v)

(***************************************************************************)
(* Nothing has to happen. Two proposers that overtake each other again and *)
(* again, each preparing before the other is accepted, never choose a      *)
(* value.                                                                  *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* The votes that acceptors have cast are the accepted messages they sent. *)
(***************************************************************************)
votes ==
  [a \in Acceptor |->
    {<<m.ballot, m.value>> :
      m \in {n \in messages : /\ n.type = "accepted"
                              /\ n.acceptor = a}}]

(***************************************************************************)
(* With these votes the Synod votes as Voting demands: a promise is a      *)
(* Promise, an accept is a Vote, and to prepare and to propose are no      *)
(* steps at all. The quorums of Voting are those that choose.              *)
(***************************************************************************)
V == INSTANCE Voting WITH Quorum <- AcceptQuorum

RefinesVoting == V!Spec

THEOREM Spec => RefinesVoting

-----------------------------------------------------------------------------
(***************************************************************************)
(* The invariants say why that is so, and at any number of acceptors they  *)
(* would carry a proof: each is kept by every action if all of them hold.  *)
(*                                                                         *)
(* No ballot proposes two values.                                          *)
(***************************************************************************)
OneValuePerBallot ==
  \A m, n \in {x \in messages : x.type = "accept"} :
    m.ballot = n.ballot => m = n

(***************************************************************************)
(* Every vote is for what was proposed under its ballot.                   *)
(***************************************************************************)
VoteHasProposal ==
  \A m \in messages :
    m.type = "accepted" =>
      [type |-> "accept", ballot |-> m.ballot, value |-> m.value]
        \in messages

(***************************************************************************)
(* What an acceptor holds as accepted is its latest vote, and it has       *)
(* promised no less. One that has not voted holds None.                    *)
(***************************************************************************)
AcceptedIsLatestVote ==
  \A a \in Acceptor :
    /\ acceptedBallot[a] <= promised[a]
    /\ IF votes[a] = {}
         THEN acceptedBallot[a] = 0 /\ acceptedValue[a] = None
         ELSE <<acceptedBallot[a], acceptedValue[a]>> \in votes[a]
    /\ \A x \in votes[a] : x[1] <= acceptedBallot[a]

(***************************************************************************)
(* A promise reports the sender's latest vote below its ballot: the sender *)
(* voted as it says, and not between that ballot and the promised one. The *)
(* second half is the one that is easily forgotten, and without it the     *)
(* invariants would not imply themselves after a step.                     *)
(***************************************************************************)
PromiseIsTrue ==
  \A m \in messages :
    m.type = "promise" =>
      /\ m.ballot <= promised[m.acceptor]
      /\ m.acceptedBallot < m.ballot
      /\ m.acceptedBallot > 0 =>
           <<m.acceptedBallot, m.acceptedValue>> \in votes[m.acceptor]
      /\ \A x \in votes[m.acceptor] :
           x[1] <= m.acceptedBallot \/ x[1] >= m.ballot

(***************************************************************************)
(* Whatever is proposed is safe, and proposed under a ballot that is one.  *)
(***************************************************************************)
ProposalIsSafe ==
  \A m \in messages :
    m.type = "accept" =>
      /\ m.ballot > 0
      /\ V!SafeAt(m.ballot, m.value)

(***************************************************************************)
(* At most one value is chosen.                                            *)
(***************************************************************************)
Agreement == V!Agreement
=============================================================================
