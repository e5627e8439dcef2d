----------------------------- MODULE MultiPaxos -----------------------------
(***************************************************************************)
(* A log: the Synod for every slot of a sequence, with one promise of an   *)
(* acceptor for all slots at once.                                         *)
(*                                                                         *)
(* A leader prepares a ballot once. The promises tell it of every slot     *)
(* that anybody voted in. There it proposes again what was reported; in    *)
(* all others it is free, now and for as long as it leads. So a command    *)
(* takes one round trip as long as the leader stays.                       *)
(*                                                                         *)
(* Replicas learn what was chosen, in any order, and execute it in the     *)
(* order of the slots. A slot that nobody wants is filled with a value     *)
(* that does nothing, which is a value like any other here.                *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* As in the module Synod, with slots numbered from 1 and the replicas     *)
(* that execute the log.                                                   *)
(***************************************************************************)
CONSTANTS Value, Acceptor, Quorum, Ballot, None, Slot, Replica

ASSUME QuorumsIntersect ==
  /\ Quorum \subseteq SUBSET Acceptor
  /\ \A q, r \in Quorum : q \cap r # {}

ASSUME NoneIsNoValue == None \notin Value

ASSUME SlotsAreNumbered == \A i \in Slot : 1..i \subseteq Slot

(***************************************************************************)
(* An acceptor has one promise, and a vote for each slot.                  *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedValue

(***************************************************************************)
(* All messages that were ever sent.                                       *)
(***************************************************************************)
VARIABLE messages

(***************************************************************************)
(* What replicas know to be chosen, the last slot that each has executed,  *)
(* and what was executed.                                                  *)
(***************************************************************************)
VARIABLES learned, applied, executed

acceptorVars == <<promised, acceptedBallot, acceptedValue>>
replicaVars == <<learned, applied, executed>>
vars == <<acceptorVars, messages, replicaVars>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> [i \in Slot |-> 0]]
  /\ acceptedValue = [a \in Acceptor |-> [i \in Slot |-> None]]
  /\ messages = {}
  /\ learned = {}
  /\ applied = [r \in Replica |-> 0]
  /\ executed = {}

-----------------------------------------------------------------------------
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The promises of the acceptors in q for ballot b, those of them that     *)
(* report a value for slot i, and the accepts of ballot b for slot i.      *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.acceptor \in q}

Reports(b, i, q) == {m \in Promises(b, q) : m.acceptedBallot[i] > 0}

Accepts(b, i) ==
  {m \in messages : m.type = "accept" /\ m.ballot = b /\ m.slot = i}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The leader of ballot b asks all acceptors for promises.                 *)
(***************************************************************************)
Prepare(b) ==
  /\ b > 0
  /\ Send([type |-> "prepare", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, replicaVars>>

(***************************************************************************)
(* Acceptor a promises ballot b in all slots, and reports its last vote in *)
(* each of them.                                                           *)
(***************************************************************************)
Promise(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue, replicaVars>>

(***************************************************************************)
(* The leader of ballot b, who has the promises of the quorum q, proposes  *)
(* v for slot i: what was reported for that slot with the greatest ballot, *)
(* or any value if nothing was.                                            *)
(***************************************************************************)
Propose(b, i, q, v) ==
  /\ Accepts(b, i) = {}
  /\ q \in Quorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, i, q) = {}
     \/ \E m \in Reports(b, i, q) :
          /\ m.acceptedValue[i] = v
          /\ \A n \in Reports(b, i, q) :
               n.acceptedBallot[i] <= m.acceptedBallot[i]
  /\ Send([type |-> "accept", ballot |-> b, slot |-> i, value |-> v])
  /\ UNCHANGED <<acceptorVars, replicaVars>>

(***************************************************************************)
(* Acceptor a accepts v for slot i, unless it promised a larger ballot.    *)
(* By that it promises ballot b in all slots.                              *)
(***************************************************************************)
Accept(a, b, i, v) ==
  /\ [type |-> "accept", ballot |-> b, slot |-> i, value |-> v] \in messages
  /\ promised[a] <= b
  /\ acceptedBallot[a][i] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a][i] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a][i] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, slot |-> i,
           value |-> v])
  /\ UNCHANGED replicaVars

(***************************************************************************)
(* Replica r hears that the quorum q accepted v for slot i under ballot b. *)
(***************************************************************************)
Learn(r, b, i, q, v) ==
  /\ q \in Quorum
  /\ \A a \in q : [type |-> "accepted", ballot |-> b, acceptor |-> a,
                   slot |-> i, value |-> v] \in messages
  /\ learned' = learned \cup {[replica |-> r, slot |-> i, value |-> v]}
  /\ UNCHANGED <<acceptorVars, messages, applied, executed>>

(***************************************************************************)
(* Replica r executes the slot after the last one that it has executed.    *)
(***************************************************************************)
Execute(r, i, v) ==
  /\ [replica |-> r, slot |-> i, value |-> v] \in learned
  /\ i = applied[r] + 1
  /\ applied' = [applied EXCEPT ![r] = i]
  /\ executed' = executed \cup {[replica |-> r, slot |-> i, value |-> v]}
  /\ UNCHANGED <<acceptorVars, messages, learned>>

Next ==
  \/ \E b \in Ballot : Prepare(b)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E b \in Ballot : \E i \in Slot, q \in Quorum, v \in Value :
       Propose(b, i, q, v)
  \/ \E a \in Acceptor : \E b \in Ballot, i \in Slot, v \in Value :
       Accept(a, b, i, v)
  \/ \E r \in Replica : \E b \in Ballot, i \in Slot, q \in Quorum, v \in Value :
       Learn(r, b, i, q, v)
  \/ \E r \in Replica : \E i \in Slot, v \in Value : Execute(r, i, v)

Spec == Init /\ [][Next]_vars
=============================================================================
