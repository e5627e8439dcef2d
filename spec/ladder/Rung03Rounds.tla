---------------------------- MODULE Rung03Rounds ----------------------------
(***************************************************************************)
(* Rounds with numbers: an acceptor ignores what is older than what it     *)
(* holds.                                                                  *)
(*                                                                         *)
(* An old message must be known as old. So proposals are made in rounds,   *)
(* and each round has a number, its ballot. An acceptor takes a value only *)
(* if its ballot is larger than the one it holds. Old messages can do no   *)
(* harm now.                                                               *)
(*                                                                         *)
(* Nor must a client wait for all acceptors: one that has stopped would    *)
(* keep it waiting for ever. A majority is enough, because any two         *)
(* majorities have a member in common. A value is chosen when a majority   *)
(* accepted it in one round.                                               *)
(*                                                                         *)
(* That common member alone does not help yet. It accepts the first        *)
(* round's value, and then the second round's, as it is told. So a         *)
(* majority chooses v, and then a majority chooses w.                      *)
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
(* A proposer, acting for a client, proposes v in the round of ballot b.   *)
(* No ballot is used for two proposals; how proposers manage that, a later *)
(* rung will ask.                                                          *)
(***************************************************************************)
Propose(b, v) ==
  /\ b > 0
  /\ Accepts(b) = {}
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
  \/ \E b \in Ballot : \E v \in Value : Propose(b, v)
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
