---------------------------- MODULE Rung23bSweep ----------------------------
(***************************************************************************)
(* All acceptors hold the tombstone before one erases it. Old messages do  *)
(* not care.                                                               *)
(*                                                                         *)
(* First the tombstone is written once more, to all acceptors instead of a *)
(* quorum. That may take long, since it has to wait for every one of them, *)
(* but nobody waits for it: the client has its answer. When it has         *)
(* succeeded, no acceptor holds the old value.                             *)
(*                                                                         *)
(* But the network may. An acceptor that has erased a key has erased its   *)
(* promise too. A message that proposes the old value, sent long ago,      *)
(* finds an acceptor that never heard of anything.                         *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* Acceptor is the set of those who keep the value of the one key that we  *)
(* look at. The proposers are numbered from 1, and Ballot is a set of      *)
(* numbers with 0.                                                         *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer, Ballot

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* What each acceptor has promised and accepted, the largest ballot that   *)
(* each proposer has used, the messages that were sent, whether a client   *)
(* was told that its new value is written, and the ballot of the tombstone *)
(* that is being collected, or 0.                                          *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState, counter, messages,
          acknowledged, tombstone

acceptorVars == <<promised, acceptedBallot, acceptedState>>
vars == <<acceptorVars, counter, messages, acknowledged, tombstone>>

(***************************************************************************)
(* What was proposed before this story begins.                             *)
(***************************************************************************)
Propose1 == [type |-> "accept", ballot |-> 1, state |-> "old"]
Propose2 == [type |-> "accept", ballot |-> 2, state |-> "deleted"]

(***************************************************************************)
(* All acceptors held the old value, which proposer 1 wrote. Proposer 2    *)
(* has just deleted it: a quorum q holds the tombstone, and the client was *)
(* told. Messages of both rounds may still arrive.                         *)
(***************************************************************************)
Init ==
  \E q \in Quorum :
    /\ promised = [a \in Acceptor |-> IF a \in q THEN 2 ELSE 1]
    /\ acceptedBallot = promised
    /\ acceptedState = [a \in Acceptor |->
                         IF a \in q THEN "deleted" ELSE "old"]
    /\ messages = {Propose1, Propose2} \cup
         {[type |-> "accepted", ballot |-> 2, acceptor |-> a] : a \in q}
    /\ counter = [p \in Proposer |-> p]
    /\ acknowledged = FALSE
    /\ tombstone = 0

-----------------------------------------------------------------------------
(***************************************************************************)
(* The numbers are dealt out to the proposers in turn.                     *)
(***************************************************************************)
Owns(p, b) == b > 0 /\ (b - 1) % Cardinality(Proposer) = p - 1

(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The proposals that were made under ballot b.                            *)
(***************************************************************************)
Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* Whether all acceptors in q have accepted ballot b.                      *)
(***************************************************************************)
AcceptedBy(b, q) ==
  \A a \in q :
    [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages

(***************************************************************************)
(* The latest state that acceptors in q hold.                              *)
(***************************************************************************)
Latest(q) ==
  LET a == CHOOSE a \in q :
             \A d \in q : acceptedBallot[d] <= acceptedBallot[a]
  IN acceptedState[a]

(***************************************************************************)
(* Proposer p gets the promises of the quorum q, all in one step here, and *)
(* proposes s. This is the state that it found, for a client that reads,   *)
(* or a new one, for a client that writes.                                 *)
(***************************************************************************)
Propose(p, b, q, s) ==
  /\ Owns(p, b)
  /\ counter[p] < b
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ \A a \in q : promised[a] < b
  /\ promised' = [a \in Acceptor |-> IF a \in q THEN b ELSE promised[a]]
  /\ s \in {Latest(q), "new"}
  /\ Send([type |-> "accept", ballot |-> b, state |-> s])
  /\ UNCHANGED <<acceptedBallot, acceptedState, acknowledged, tombstone>>

(***************************************************************************)
(* Acceptor a accepts what was proposed under ballot b, unless it promised *)
(* a larger one.                                                           *)
(***************************************************************************)
Accept(a, b) ==
  /\ promised[a] <= b
  /\ \E m \in Accepts(b) :
       acceptedState' = [acceptedState EXCEPT ![a] = m.state]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<counter, acknowledged, tombstone>>

(***************************************************************************)
(* The quorum q has accepted the new value: its client is told.            *)
(***************************************************************************)
Acknowledge(b, q) ==
  /\ \E m \in Accepts(b) : m.state = "new"
  /\ AcceptedBy(b, q)
  /\ acknowledged' = TRUE
  /\ UNCHANGED <<acceptorVars, counter, messages, tombstone>>

(***************************************************************************)
(* All acceptors have accepted the tombstone under ballot b: it is         *)
(* collected from now on.                                                  *)
(***************************************************************************)
Collect(b) ==
  /\ tombstone = 0
  /\ \E m \in Accepts(b) : m.state = "deleted"
  /\ AcceptedBy(b, Acceptor)
  /\ tombstone' = b
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged>>

(***************************************************************************)
(* Acceptor a still holds that tombstone, and erases it.                   *)
(***************************************************************************)
Erase(a) ==
  /\ tombstone # 0
  /\ acceptedBallot[a] = tombstone
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = "none"]
  /\ UNCHANGED <<counter, messages, acknowledged, tombstone>>

Next ==
  \/ \E p \in Proposer : \E b \in Ballot, q \in Quorum :
       \E s \in {"none", "old", "deleted", "new"} : Propose(p, b, q, s)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E b \in Ballot : \E q \in Quorum : Acknowledge(b, q)
  \/ \E b \in Ballot : Collect(b)
  \/ \E a \in Acceptor : Erase(a)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No quorum that is asked tells the old value, which was deleted. And     *)
(* once a client was told that the new value is written, every quorum      *)
(* tells that.                                                             *)
(***************************************************************************)
NothingRevives == \A q \in Quorum : Latest(q) # "old"

NothingLost == acknowledged => \A q \in Quorum : Latest(q) = "new"

(***************************************************************************)
(* Acceptors may be exchanged for each other. TLC need look at one of such *)
(* states only.                                                            *)
(***************************************************************************)
Symmetry == Permutations(Acceptor)
=============================================================================
