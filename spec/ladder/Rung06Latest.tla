---------------------------- MODULE Rung06Latest ----------------------------
(***************************************************************************)
(* The latest round wins: of several values a proposer adopts the one with *)
(* the greatest ballot.                                                    *)
(*                                                                         *)
(* If a value was chosen, each later round found it or a successor that    *)
(* had adopted it. So the value with the greatest ballot is the chosen     *)
(* one, or none was chosen. If rounds take turns, that is all.             *)
(*                                                                         *)
(* Rounds do not take turns. To ask takes time, and to be answered does;   *)
(* another round may run meanwhile, and old messages still arrive. Two     *)
(* proposers both ask while nobody holds anything. Each finds itself free, *)
(* and what they were told is true no longer when they act on it.          *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* Acceptor is the set of servers that keep a copy, Value the set of       *)
(* values that clients send. Ballot is a set of numbers with 0, which is   *)
(* the ballot of no round. None stands for no value.                       *)
(***************************************************************************)
CONSTANTS Acceptor, Value, Ballot, None

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* The ballot and the value that each acceptor accepted last, and the      *)
(* messages that were sent. The set messages only grows, and to receive a  *)
(* message is to find it there.                                            *)
(***************************************************************************)
VARIABLES acceptedBallot, acceptedValue, messages

vars == <<acceptedBallot, acceptedValue, messages>>

Init ==
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ messages = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The proposals that were made under ballot b.                            *)
(***************************************************************************)
Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* The answers of the acceptors in q for ballot b, and those of them that  *)
(* report a value.                                                         *)
(***************************************************************************)
Answers(b, q) ==
  {m \in messages : /\ m.type = "answer"
                    /\ m.ballot = b
                    /\ m.acceptor \in q}

Reports(b, q) == {m \in Answers(b, q) : m.acceptedBallot > 0}

(***************************************************************************)
(* Acceptor a tells the proposer of ballot b what it holds. The question   *)
(* is no message of its own here, since nothing would depend on it.        *)
(***************************************************************************)
Answer(a, b) ==
  /\ b > 0
  /\ Send([type |-> "answer", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* The proposer of ballot b has an answer from each acceptor in the quorum *)
(* q. If they report values, it adopts the one with the greatest ballot,   *)
(* otherwise it proposes what it likes. No ballot is used for two          *)
(* proposals; how proposers manage that, a later rung will ask.            *)
(***************************************************************************)
Propose(b, q, v) ==
  /\ Accepts(b) = {}
  /\ q \in Quorum
  /\ \A a \in q : Answers(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) :
          /\ m.acceptedValue = v
          /\ \A n \in Reports(b, q) : n.acceptedBallot <= m.acceptedBallot
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* Acceptor a accepts v in the round of ballot b, unless it holds a value  *)
(* of that round or of a later one. It says so in a message.               *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ acceptedBallot[a] < b
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Answer(a, b)
  \/ \E b \in Ballot : \E q \in Quorum, v \in Value : Propose(b, q, v)
  \/ \E a \in Acceptor : \E b \in Ballot, v \in Value : Accept(a, b, v)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* A value is chosen when a quorum accepted it under one ballot. At most   *)
(* one value is ever chosen.                                               *)
(***************************************************************************)
ChosenIn(b, v) ==
  \E q \in Quorum : \A a \in q :
    [type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v]
      \in messages

chosen == {v \in Value : \E b \in Ballot : ChosenIn(b, v)}

Agreement == Cardinality(chosen) <= 1

(***************************************************************************)
(* Acceptors may be exchanged for each other, and so may values. TLC need  *)
(* look at one of such states only.                                        *)
(***************************************************************************)
Symmetry == Permutations(Acceptor) \cup Permutations(Value)
=============================================================================
