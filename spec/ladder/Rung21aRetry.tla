---------------------------- MODULE Rung21aRetry ----------------------------
(***************************************************************************)
(* A client that got no answer asks again. Its change is applied twice.    *)
(*                                                                         *)
(* A round may fail after its accept was sent. Whether its state will      *)
(* survive, nobody knows then: a later round may find it, or not. The      *)
(* honest answer to the client is "unknown". The client wants its change   *)
(* done and asks again.                                                    *)
(*                                                                         *)
(* If the change is to set a value, nothing is wrong with that. If it is   *)
(* to add one, and the first attempt did survive, the second finds its     *)
(* result and adds another. The register did nothing wrong: it was asked   *)
(* twice.                                                                  *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

(***************************************************************************)
(* Acceptor is the set of those who keep the state. Request is the set of  *)
(* the clients' requests, each of which is to add one to a counter. Ballot *)
(* is a set of numbers with 0.                                             *)
(***************************************************************************)
CONSTANTS Acceptor, Request, Ballot

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* What an acceptor has promised and accepted, the messages that were      *)
(* sent, and the answers that clients were given. A state is the sequence  *)
(* of the requests that were applied. The counter is its length, but as a  *)
(* sequence it shows what was counted.                                     *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState, messages, acknowledged

vars == <<promised, acceptedBallot, acceptedState, messages, acknowledged>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> <<>>]
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The state after request r, if it was s before.                          *)
(***************************************************************************)
Apply(r, s) == Append(s, r)

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
(* The proposer of ballot b has the promises of the quorum q and applies   *)
(* the request r, which no client was told to be done. It may be its first *)
(* attempt or a later one.                                                 *)
(***************************************************************************)
Propose(b, q, r) ==
  /\ Accepts(b) = {}
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \A x \in acknowledged : x.request # r
  /\ Send([type |-> "accept", ballot |-> b, request |-> r,
           state |-> Apply(r, Latest(b, q))])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedState, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts the state of ballot b, unless it promised a larger   *)
(* ballot.                                                                 *)
(***************************************************************************)
Accept(a, b) ==
  /\ promised[a] <= b
  /\ \E m \in Accepts(b) :
       acceptedState' = [acceptedState EXCEPT ![a] = m.state]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED acknowledged

(***************************************************************************)
(* The quorum q has accepted ballot b: the client learns the state.        *)
(***************************************************************************)
Acknowledge(b, q) ==
  /\ \A a \in q :
       [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages
  /\ \E m \in Accepts(b) :
       acknowledged' =
         acknowledged \cup {[request |-> m.request, state |-> m.state]}
  /\ UNCHANGED <<promised, acceptedBallot, acceptedState, messages>>

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b) \/ Accept(a, b)
  \/ \E b \in Ballot : \E q \in Quorum, r \in Request : Propose(b, q, r)
  \/ \E b \in Ballot : \E q \in Quorum : Acknowledge(b, q)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No request is counted twice in a state that a client was told of.       *)
(***************************************************************************)
AppliedOnce ==
  \A x \in acknowledged : \A i, j \in 1..Len(x.state) :
    x.state[i] = x.state[j] => i = j

(***************************************************************************)
(* Acceptors may be exchanged for each other, and so may requests. TLC     *)
(* need look at one of such states only.                                   *)
(***************************************************************************)
Symmetry == Permutations(Acceptor) \cup Permutations(Request)
=============================================================================
