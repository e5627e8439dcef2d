----------------------------- MODULE Rung08Grow -----------------------------
(***************************************************************************)
(* Promises only grow, by promising. To accept leaves them as they are.    *)
(*                                                                         *)
(* An acceptor promises a ballot only if it is larger than what it         *)
(* promised before. So no promise is ever broken.                          *)
(*                                                                         *)
(* Something is left. An acceptor may accept under a ballot that it never  *)
(* promised, because it was not among those whom the proposer asked. A     *)
(* message of an older round arrives later. No promise stands against it,  *)
(* and it overwrites the newer value. The rule of the third rung, to       *)
(* ignore what is older than what one holds, had a point after all.        *)
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
(* The ballot that each acceptor has promised, the ballot and the value    *)
(* that it accepted last, and the messages that were sent. The set         *)
(* messages only grows, and to receive a message is to find it there.      *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedValue, messages

vars == <<promised, acceptedBallot, acceptedValue, messages>>

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
(* The proposals that were made under ballot b.                            *)
(***************************************************************************)
Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

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
(* Acceptor a promises ballot b, unless it promised that or a larger one   *)
(* before: it will accept nothing under a smaller one any more. With the   *)
(* promise it tells the proposer what it holds. The question is no message *)
(* of its own here, since nothing would depend on it.                      *)
(***************************************************************************)
Promise(a, b) ==
  /\ promised[a] < b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* The proposer of ballot b has a promise from each acceptor in the quorum *)
(* q. If they report values, it adopts the one with the greatest ballot,   *)
(* otherwise it proposes what it likes. No ballot is used for two          *)
(* proposals; how proposers manage that, a later rung will ask.            *)
(***************************************************************************)
Propose(b, q, v) ==
  /\ Accepts(b) = {}
  /\ q \in Quorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) :
          /\ m.acceptedValue = v
          /\ \A n \in Reports(b, q) : n.acceptedBallot <= m.acceptedBallot
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>

(***************************************************************************)
(* Acceptor a accepts v in the round of ballot b, unless it promised a     *)
(* larger ballot. It says so in a message.                                 *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ promised[a] <= b
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])
  /\ UNCHANGED promised

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
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
