------------------------------ MODULE Recovery ------------------------------
(***************************************************************************)
(* The Synod with acceptors that crash, and whose memory runs ahead of     *)
(* their disk.                                                             *)
(*                                                                         *)
(* To write a disk takes long, and one write can carry much. So an         *)
(* acceptor that is asked for many things acts on all of them in memory    *)
(* first and writes its disk once. Until then it must not say a word of    *)
(* it: an answer tells others what the acceptor will remember, and a crash *)
(* takes the memory. The answers wait in an outbox, which is memory too.   *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* As in the module Synod.                                                 *)
(***************************************************************************)
CONSTANTS Value, Acceptor, Quorum, Ballot, None

ASSUME QuorumsIntersect ==
  /\ Quorum \subseteq SUBSET Acceptor
  /\ \A q, r \in Quorum : q \cap r # {}

ASSUME NoneIsNoValue == None \notin Value

(***************************************************************************)
(* What an acceptor has in memory, and what it has on its disk: a record   *)
(* of the same three.                                                      *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedValue, disk

(***************************************************************************)
(* The answers that acceptors hold back, and all messages that were ever   *)
(* sent.                                                                   *)
(***************************************************************************)
VARIABLES outbox, messages

memory == <<promised, acceptedBallot, acceptedValue>>
vars == <<memory, disk, outbox, messages>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ disk = [a \in Acceptor |-> [promised |-> 0, acceptedBallot |-> 0,
                                 acceptedValue |-> None]]
  /\ outbox = {}
  /\ messages = {}

-----------------------------------------------------------------------------
Promises(b, q) ==
  {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.acceptor \in q}

Reports(b, q) == {m \in Promises(b, q) : m.acceptedBallot > 0}

Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* An answer is held back, and an answer that was held back is sent.       *)
(***************************************************************************)
Hold(m) ==
  /\ outbox' = outbox \cup {m}
  /\ UNCHANGED <<disk, messages>>

Release(m) ==
  /\ m \in outbox
  /\ outbox' = outbox \ {m}
  /\ messages' = messages \cup {m}
  /\ UNCHANGED <<memory, disk>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* The proposer of ballot b asks all acceptors for promises.               *)
(***************************************************************************)
Prepare(b) ==
  /\ b > 0
  /\ messages' = messages \cup {[type |-> "prepare", ballot |-> b]}
  /\ UNCHANGED <<memory, disk, outbox>>

(***************************************************************************)
(* Acceptor a promises ballot b in memory.                                 *)
(***************************************************************************)
Promise(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Hold([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* As in the module Synod.                                                 *)
(***************************************************************************)
Propose(b, q, v) ==
  /\ Accepts(b) = {}
  /\ q \in Quorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) :
          /\ m.acceptedValue = v
          /\ \A n \in Reports(b, q) : n.acceptedBallot <= m.acceptedBallot
  /\ messages' = messages \cup
       {[type |-> "accept", ballot |-> b, value |-> v]}
  /\ UNCHANGED <<memory, disk, outbox>>

(***************************************************************************)
(* Acceptor a accepts v in memory.                                         *)
(***************************************************************************)
Accept(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Hold([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

(***************************************************************************)
(* Acceptor a writes its memory to its disk: because it wants to, or the   *)
(* operating system does.                                                  *)
(***************************************************************************)
Persist(a) ==
  /\ disk' = [disk EXCEPT ![a] = [promised |-> promised[a],
                                  acceptedBallot |-> acceptedBallot[a],
                                  acceptedValue |-> acceptedValue[a]]]
  /\ UNCHANGED <<memory, outbox, messages>>

(***************************************************************************)
(* What is on the disk may be told.                                        *)
(***************************************************************************)
ReleasePromise(a, b) ==
  /\ b <= disk[a].promised
  /\ \E m \in outbox :
       /\ m.type = "promise"
       /\ m.acceptor = a
       /\ m.ballot = b
       /\ Release(m)

ReleaseAccepted(a, b, v) ==
  /\ b <= disk[a].acceptedBallot
  /\ Release([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

(***************************************************************************)
(* Acceptor a crashes and starts again with what is on its disk. The       *)
(* answers that it held back are gone with its memory.                     *)
(***************************************************************************)
RestartAcceptor(a) ==
  /\ promised' = [promised EXCEPT ![a] = disk[a].promised]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = disk[a].acceptedBallot]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = disk[a].acceptedValue]
  /\ outbox' = {m \in outbox : m.acceptor # a}
  /\ UNCHANGED <<disk, messages>>

Next ==
  \/ \E b \in Ballot : Prepare(b)
  \/ \E b \in Ballot : \E q \in Quorum, v \in Value : Propose(b, q, v)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E a \in Acceptor : \E b \in Ballot, v \in Value : Accept(a, b, v)
  \/ \E a \in Acceptor : Persist(a)
  \/ \E a \in Acceptor : \E b \in Ballot : ReleasePromise(a, b)
  \/ \E a \in Acceptor : \E b \in Ballot, v \in Value : ReleaseAccepted(a, b, v)
  \/ \E a \in Acceptor : RestartAcceptor(a)

Spec == Init /\ [][Next]_vars
=============================================================================
