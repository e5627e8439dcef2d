------------------------- MODULE Rung19aNoWriteBack -------------------------
(***************************************************************************)
(* A failed compare-and-set is answered at once. The register tells a tale *)
(* that it later takes back.                                               *)
(*                                                                         *)
(* Instead of choosing one value for ever, the acceptors of a register     *)
(* hold a state. A round finds the latest state, applies a client's change *)
(* to it, and proposes the result. Here the state is a lock: 0 when it is  *)
(* free, otherwise the ballot of the round that took it. The only change   *)
(* is a compare-and-set: if the lock is free, take it.                     *)
(*                                                                         *)
(* If the lock turns out to be taken, there is nothing to change. So why   *)
(* propose anything? On this rung the proposer tells the client who has    *)
(* the lock, and is done. But the state that it found may be one that a    *)
(* single acceptor holds, left there by a round that did not succeed. The  *)
(* next round may ask two others, who have never heard of it, and give the *)
(* lock to somebody else.                                                  *)
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
(* The proposer of ballot b has the promises of the quorum q, and has      *)
(* neither proposed nor answered so far.                                   *)
(***************************************************************************)
MayProceed(b, q) ==
  /\ Accepts(b) = {}
  /\ \A x \in acknowledged : x.ballot # b
  /\ q \in Quorum
  /\ \A a \in q : Promises(b, {a}) # {}

(***************************************************************************)
(* It finds the lock free and proposes to take it.                         *)
(***************************************************************************)
Propose(b, q) ==
  /\ MayProceed(b, q)
  /\ Latest(b, q) = 0
  /\ Send([type |-> "accept", ballot |-> b, state |-> b])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedState, acknowledged>>

(***************************************************************************)
(* It finds the lock taken and tells its client by whom.                   *)
(***************************************************************************)
Refuse(b, q) ==
  /\ MayProceed(b, q)
  /\ Latest(b, q) # 0
  /\ acknowledged' =
       acknowledged \cup {[ballot |-> b, state |-> Latest(b, q)]}
  /\ UNCHANGED <<promised, acceptedBallot, acceptedState, messages>>

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
  \/ \E b \in Ballot : \E q \in Quorum : Propose(b, q) \/ Refuse(b, q)
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
