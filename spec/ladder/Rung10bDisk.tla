---------------------------- MODULE Rung10bDisk -----------------------------
(***************************************************************************)
(* What an acceptor holds goes to its disk, a little later than its word.  *)
(*                                                                         *)
(* An acceptor must not forget. So it writes what it holds to its disk,    *)
(* and reads it back when it starts again. A proposer does so with its     *)
(* counter, and needs no more.                                             *)
(*                                                                         *)
(* To write takes time. The program hands its data to the operating        *)
(* system, which writes when it sees fit, unless it is told to do so at    *)
(* once and is waited for. On this rung the acceptor answers without       *)
(* waiting. If it stops between its answer and the disk, the answer is out *)
(* and its reason is gone: the last rung's execution again.                *)
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
(* of its own here, since nothing would depend on it.                      *)
(***************************************************************************)
Promise(a, b) ==
  /\ promised[a] < b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue, disk, counter>>

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
(* larger ballot. By this it promises b too. It says so in a message.      *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ promised[a] <= b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])
  /\ UNCHANGED <<disk, counter>>

(***************************************************************************)
(* What acceptor a has in memory reaches its disk.                         *)
(***************************************************************************)
Sync(a) ==
  /\ disk' = [disk EXCEPT ![a] = Record(promised[a], acceptedBallot[a],
                                       acceptedValue[a])]
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue, counter, messages>>

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
  \/ \E a \in Acceptor : Sync(a) \/ Restart(a)

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
