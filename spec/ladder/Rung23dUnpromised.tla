------------------------- MODULE Rung23dUnpromised --------------------------
(***************************************************************************)
(* Nothing is erased that was promised since. A slow counter is left       *)
(* behind.                                                                 *)
(*                                                                         *)
(* An acceptor erases a tombstone only if it has not promised a larger     *)
(* ballot since it accepted it. If it has, a round is under way that will  *)
(* replace the tombstone, or leave it for another collection.              *)
(*                                                                         *)
(* What is left is that acceptors differ for a while: some have erased,    *)
(* others have not yet. A proposer whose counter lags behind uses a ballot *)
(* that is smaller than the tombstone's. Two acceptors that have erased    *)
(* accept it, and the client is told that its value is written. Whoever    *)
(* then asks the third one finds the tombstone, which has the larger       *)
(* ballot. The new value is lost.                                          *)
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

(***************************************************************************)
(* The age of each proposer, and the ages that the acceptors have on disk. *)
(***************************************************************************)
VARIABLES age, known

acceptorVars == <<promised, acceptedBallot, acceptedState>>
ageVars == <<age, known>>
vars == <<acceptorVars, counter, messages, acknowledged, tombstone, ageVars>>

(***************************************************************************)
(* What was proposed before this story begins.                             *)
(***************************************************************************)
Propose1 == [type |-> "accept", ballot |-> 1, state |-> "old", age |-> 0]
Propose2 == [type |-> "accept", ballot |-> 2, state |-> "deleted", age |-> 0]

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
    /\ age = [p \in Proposer |-> 0]
    /\ known = age

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
(* or a new one, for a client that writes. The message bears the           *)
(* proposer's age.                                                         *)
(***************************************************************************)
Propose(p, b, q, s) ==
  /\ Owns(p, b)
  /\ counter[p] < b
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ \A a \in q : promised[a] < b
  /\ promised' = [a \in Acceptor |-> IF a \in q THEN b ELSE promised[a]]
  /\ s \in {Latest(q), "new"}
  /\ Send([type |-> "accept", ballot |-> b, state |-> s, age |-> age[p]])
  /\ UNCHANGED <<acceptedBallot, acceptedState, acknowledged, tombstone>>
  /\ UNCHANGED ageVars

(***************************************************************************)
(* Acceptor a accepts what was proposed under ballot b, unless it promised *)
(* a larger one, or knows the proposer to be older than the message.       *)
(***************************************************************************)
Accept(a, b) ==
  /\ promised[a] <= b
  /\ \E m \in Accepts(b) :
       /\ \A p \in Proposer : Owns(p, b) => known[p] <= m.age
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<counter, acknowledged, tombstone, ageVars>>

(***************************************************************************)
(* The quorum q has accepted the new value: its client is told.            *)
(***************************************************************************)
Acknowledge(b, q) ==
  /\ \E m \in Accepts(b) : m.state = "new"
  /\ AcceptedBy(b, q)
  /\ acknowledged' = TRUE
  /\ UNCHANGED <<acceptorVars, counter, messages, tombstone, ageVars>>

(***************************************************************************)
(* All acceptors have accepted the tombstone under ballot b: it is         *)
(* collected from now on.                                                  *)
(***************************************************************************)
Collect(b) ==
  /\ tombstone = 0
  /\ \E m \in Accepts(b) : m.state = "deleted"
  /\ AcceptedBy(b, Acceptor)
  /\ tombstone' = b
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged, ageVars>>

(***************************************************************************)
(* Proposer p is told of the collection and grows older. What it has sent  *)
(* so far is now younger than it is.                                       *)
(***************************************************************************)
Advance(p) ==
  /\ tombstone # 0
  /\ age[p] = 0
  /\ age' = [age EXCEPT ![p] = 1]
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged, tombstone>>
  /\ UNCHANGED known

(***************************************************************************)
(* All proposers were told, and the acceptors write the ages to their      *)
(* disks, all in one step here.                                            *)
(***************************************************************************)
Remember ==
  /\ \A p \in Proposer : age[p] = 1
  /\ known' = age
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged, tombstone>>
  /\ UNCHANGED age

(***************************************************************************)
(* Acceptor a still holds that tombstone when it knows the ages, and has   *)
(* promised nothing since. It erases it.                                   *)
(***************************************************************************)
Erase(a) ==
  /\ tombstone # 0
  /\ \A p \in Proposer : known[p] = 1
  /\ acceptedBallot[a] = tombstone
  /\ promised[a] = tombstone
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = "none"]
  /\ UNCHANGED <<counter, messages, acknowledged, tombstone, ageVars>>

Next ==
  \/ \E p \in Proposer : \E b \in Ballot, q \in Quorum :
       \E s \in {"none", "old", "deleted", "new"} : Propose(p, b, q, s)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E b \in Ballot : \E q \in Quorum : Acknowledge(b, q)
  \/ \E b \in Ballot : Collect(b)
  \/ \E p \in Proposer : Advance(p)
  \/ Remember
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
