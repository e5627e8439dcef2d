--------------------------- MODULE Rung05Majority ---------------------------
(***************************************************************************)
(* A majority is asked, so that the answer cannot miss a chosen value.     *)
(*                                                                         *)
(* A value that was chosen is held by a majority. A proposer that asks a   *)
(* majority too asks at least one member of the other. So if rounds take   *)
(* turns, no proposer overlooks a value that was chosen.                   *)
(*                                                                         *)
(* But it may see two. A round that reached only a minority leaves its     *)
(* value behind, and a later round that saw nothing of it may have chosen  *)
(* another. Whoever finds both and takes the wrong one undoes the choice.  *)
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
(* The rounds before that of ballot b are over if b is the largest ballot  *)
(* that was used. On this rung, as on the one before, all rounds are       *)
(* assumed to take turns: one begins when those before it are over, and    *)
(* from then on nobody acts on their messages any more.                    *)
(***************************************************************************)
EarlierAreOver(b) == \A m \in messages : m.ballot <= b

(***************************************************************************)
(* The proposer of ballot b asks the quorum q what its members hold. If    *)
(* any of them holds a value, the proposer adopts one that it sees,        *)
(* otherwise it proposes what it likes. No ballot is used for two          *)
(* proposals; how proposers manage that, a later rung will ask.            *)
(***************************************************************************)
Propose(b, q, v) ==
  /\ b > 0
  /\ Accepts(b) = {}
  /\ EarlierAreOver(b)
  /\ q \in Quorum
  /\ \/ \A a \in q : acceptedValue[a] = None
     \/ \E a \in q : acceptedValue[a] = v
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* Acceptor a accepts v in the round of ballot b, unless it holds a value  *)
(* of that round or of a later one. It says so in a message.               *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ acceptedBallot[a] < b
  /\ EarlierAreOver(b)
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

Next ==
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
