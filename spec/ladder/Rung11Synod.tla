---------------------------- MODULE Rung11Synod -----------------------------
(***************************************************************************)
(* The Synod: what an acceptor says is on its disk first. Nothing breaks   *)
(* it.                                                                     *)
(*                                                                         *)
(* An acceptor writes its disk, waits until it is written, and answers     *)
(* then. A restart now changes nothing, and this is Paxos for a single     *)
(* value.                                                                  *)
(*                                                                         *)
(* Why it holds: suppose that a majority accepted v under ballot b, and    *)
(* take the next larger ballot under which anything is proposed. Its       *)
(* proposer has the promises of a majority, one of which comes from an     *)
(* acceptor that accepted v. It accepted v before it promised, since its   *)
(* promise would have forbidden it after. So it reports v, and nobody can  *)
(* report a larger ballot than b, since none was used between. The         *)
(* proposer adopts v. The next one is in the same position, for since b    *)
(* nothing but v was proposed, and so is the one after it.                 *)
(*                                                                         *)
(* What is not promised is that a round succeeds. Two proposers may outbid *)
(* each other for ever; that is a matter of speed, and it is for a leader  *)
(* to settle.                                                              *)
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
(* that it accepted last, the same as the acceptor's disk has it, the      *)
(* largest ballot that each proposer has used, and the messages that were  *)
(* sent. The set messages only grows, and to receive a message is to find  *)
(* it there.                                                               *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedValue, disk, counter, messages

vars == <<promised, acceptedBallot, acceptedValue, disk, counter, messages>>

(***************************************************************************)
(* What an acceptor writes to its disk.                                    *)
(***************************************************************************)
Record(b, c, v) ==
  [promised |-> b, acceptedBallot |-> c, acceptedValue |-> v]

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ disk = [a \in Acceptor |-> Record(0, 0, None)]
  /\ counter = [p \in Proposer |-> 0]
  /\ messages = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The numbers are dealt out to the proposers in turn: of two proposers    *)
(* the first owns 1, 3, 5, ..., and the second 2, 4, 6, ...                *)
(***************************************************************************)
Owns(p, b) == b > 0 /\ (b - 1) % Cardinality(Proposer) = p - 1

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
(* of its own here, since nothing would depend on it. The promise is on    *)
(* disk before it is sent.                                                 *)
(***************************************************************************)
Promise(a, b) ==
  /\ promised[a] < b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ disk' = [disk EXCEPT ![a].promised = b]
  /\ UNCHANGED <<acceptedBallot, acceptedValue, counter>>

(***************************************************************************)
(* Proposer p has a promise for ballot b from each acceptor in the quorum  *)
(* q. If they report values, it adopts the one with the greatest ballot,   *)
(* otherwise it proposes what it likes. It uses no ballot twice, for it    *)
(* counts upwards, and none of another proposer's.                         *)
(***************************************************************************)
Propose(p, b, q, v) ==
  /\ Owns(p, b)
  /\ counter[p] < b
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ q \in Quorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) :
          /\ m.acceptedValue = v
          /\ \A n \in Reports(b, q) : n.acceptedBallot <= m.acceptedBallot
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue, disk>>

(***************************************************************************)
(* Acceptor a accepts v in the round of ballot b, unless it promised a     *)
(* larger ballot. By this it promises b too. It says so in a message, when *)
(* all is on disk.                                                         *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ promised[a] <= b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])
  /\ disk' = [disk EXCEPT ![a] = Record(b, b, v)]
  /\ UNCHANGED counter

(***************************************************************************)
(* Acceptor a stops and starts again, with what is on its disk.            *)
(***************************************************************************)
Restart(a) ==
  /\ promised' = [promised EXCEPT ![a] = disk[a].promised]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = disk[a].acceptedBallot]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = disk[a].acceptedValue]
  /\ UNCHANGED <<disk, counter, messages>>

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E p \in Proposer : \E b \in Ballot, q \in Quorum, v \in Value :
       Propose(p, b, q, v)
  \/ \E a \in Acceptor : \E b \in Ballot, v \in Value : Accept(a, b, v)
  \/ \E a \in Acceptor : Restart(a)

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
(* No ballot is used for two values.                                       *)
(***************************************************************************)
OneValuePerBallot ==
  \A m, n \in messages :
    m.type = "accept" /\ n.type = "accept" /\ m.ballot = n.ballot => m = n

(***************************************************************************)
(* What an acceptor has in memory is on its disk.                          *)
(***************************************************************************)
MemoryOnDisk ==
  \A a \in Acceptor :
    disk[a] = Record(promised[a], acceptedBallot[a], acceptedValue[a])

(***************************************************************************)
(* Acceptors may be exchanged for each other, and so may values. TLC need  *)
(* look at one of such states only.                                        *)
(***************************************************************************)
Symmetry == Permutations(Acceptor) \cup Permutations(Value)
=============================================================================
