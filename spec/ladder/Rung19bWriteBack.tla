-------------------------- MODULE Rung19bWriteBack --------------------------
(***************************************************************************)
(* A failed compare-and-set is written back before it is answered.         *)
(*                                                                         *)
(* The proposer proposes the state that it found, unchanged, and answers   *)
(* when a quorum has accepted it. From then on no round can miss it. So a  *)
(* change that changes nothing takes the same two steps as any other; and  *)
(* a read is such a change.                                                *)
(*                                                                         *)
(* It costs a round trip to say no. There is no way around it while a      *)
(* state may be held by a minority: the proposer cannot tell by one        *)
(* acceptor's report whether it is the last word or a leftover.            *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* Acceptor is the set of those who keep the state, and Ballot a set of    *)
(* numbers with 0. Each ballot above 0 belongs to one client, who wants    *)
(* the lock.                                                               *)
(***************************************************************************)
CONSTANTS Acceptor, Ballot

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* What an acceptor has promised and accepted, the messages that were      *)
(* sent, and the answers that clients were given: which ballot was told    *)
(* which state. No action undoes anything at a restart, so that the disk   *)
(* is left out.                                                            *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState, messages, acknowledged

vars == <<promised, acceptedBallot, acceptedState, messages, acknowledged>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> 0]
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The promises of the acceptors in q for ballot b, and the proposals that *)
(* were made under it.                                                     *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : /\ m.type = "promise"
                    /\ m.ballot = b
                    /\ m.acceptor \in q}

Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* The latest state that acceptors in q reported for ballot b.             *)
(***************************************************************************)
Latest(b, q) ==
  LET m == CHOOSE m \in Promises(b, q) :
             \A n \in Promises(b, q) : n.acceptedBallot <= m.acceptedBallot
  IN m.acceptedState

(***************************************************************************)
(* Acceptor a promises ballot b, and reports what it has accepted.         *)
(***************************************************************************)
Promise(a, b) ==
  /\ promised[a] < b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedState |-> acceptedState[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedState, acknowledged>>

(***************************************************************************)
(* The state that the client of ballot b wants in place of s: if the lock  *)
(* is free, it takes it, and otherwise it leaves everything as it is.      *)
(***************************************************************************)
Apply(b, s) == IF s = 0 THEN b ELSE s

(***************************************************************************)
(* The proposer of ballot b has the promises of the quorum q and proposes  *)
(* the new state, even if it is the old one.                               *)
(***************************************************************************)
Propose(b, q) ==
  /\ Accepts(b) = {}
  /\ q \in Quorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ Send([type |-> "accept", ballot |-> b,
           state |-> Apply(b, Latest(b, q))])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedState, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts the state s under ballot b, unless it promised a     *)
(* larger ballot.                                                          *)
(***************************************************************************)
Accept(a, b, s) ==
  /\ [type |-> "accept", ballot |-> b, state |-> s] \in messages
  /\ promised[a] <= b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = s]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED acknowledged

(***************************************************************************)
(* The quorum q has accepted ballot b: the client learns the state.        *)
(***************************************************************************)
Acknowledge(b, q) ==
  /\ q \in Quorum
  /\ \A a \in q :
       [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages
  /\ \E m \in Accepts(b) :
       acknowledged' =
         acknowledged \cup {[ballot |-> b, state |-> m.state]}
  /\ UNCHANGED <<promised, acceptedBallot, acceptedState, messages>>

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E b \in Ballot : \E q \in Quorum : Propose(b, q)
  \/ \E a \in Acceptor : \E b, s \in Ballot : Accept(a, b, s)
  \/ \E b \in Ballot : \E q \in Quorum : Acknowledge(b, q)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* Nobody ever gives the lock back. So all clients must be told of the     *)
(* same holder, whether it is themselves or another.                       *)
(***************************************************************************)
OneHolder == \A x, y \in acknowledged : x.state = y.state

(***************************************************************************)
(* Acceptors may be exchanged for each other. TLC need look at one of such *)
(* states only.                                                            *)
(***************************************************************************)
Symmetry == Permutations(Acceptor)
=============================================================================
