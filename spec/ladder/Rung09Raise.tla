---------------------------- MODULE Rung09Raise -----------------------------
(***************************************************************************)
(* To accept raises the promise too. Now, who hands out the ballots?       *)
(*                                                                         *)
(* An acceptor that accepts under a ballot promises that ballot by doing   *)
(* so. The number promised is then the largest that the acceptor ever      *)
(* heard of, and nothing older can overwrite what it holds.                *)
(*                                                                         *)
(* So far no ballot was used for two proposals, as if somebody handed them *)
(* out. Nobody does: whoever did would be the one server of the lowest     *)
(* rung again. On this rung each proposer counts for itself, 1, 2, 3, and  *)
(* uses no number twice. But another proposer counts the same way. Both    *)
(* come to propose under ballot 1, and that a majority accepted ballot 1   *)
(* no longer says what it accepted.                                        *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* Acceptor is the set of servers that keep a copy, Value the set of       *)
(* values that clients send, and Proposer the set of proposers, who are    *)
(* numbered from 1. Ballot is a set of numbers with 0, which is the ballot *)
(* of no round. None stands for no value.                                  *)
(***************************************************************************)
CONSTANTS Acceptor, Value, Proposer, Ballot, None

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* The ballot that each acceptor has promised, the ballot and the value    *)
(* that it accepted last, the largest ballot that each proposer has used,  *)
(* and the messages that were sent. The set messages only grows, and to    *)
(* receive a message is to find it there.                                  *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedValue, counter, messages

vars == <<promised, acceptedBallot, acceptedValue, counter, messages>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ counter = [p \in Proposer |-> 0]
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
  /\ UNCHANGED <<acceptedBallot, acceptedValue, counter>>

(***************************************************************************)
(* Proposer p has a promise for ballot b from each acceptor in the quorum  *)
(* q. If they report values, it adopts the one with the greatest ballot,   *)
(* otherwise it proposes what it likes. It uses no ballot twice, for it    *)
(* counts upwards.                                                         *)
(***************************************************************************)
Propose(p, b, q, v) ==
  /\ counter[p] < b
  /\ counter' = [counter EXCEPT ![p] = b]
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
(* larger ballot. By this it promises b too. It says so in a message.      *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ promised[a] <= b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])
  /\ UNCHANGED counter

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E p \in Proposer : \E b \in Ballot, q \in Quorum, v \in Value :
       Propose(p, b, q, v)
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
