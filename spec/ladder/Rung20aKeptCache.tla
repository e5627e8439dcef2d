-------------------------- MODULE Rung20aKeptCache --------------------------
(***************************************************************************)
(* One round trip instead of two, with a cache that outlives a failure.    *)
(*                                                                         *)
(* To ask and then to propose takes two round trips. The first can be      *)
(* spared: an accept asks for the next promise as well. An acceptor that   *)
(* accepts ballot b also promises the next ballot of the same proposer.    *)
(* When a quorum has accepted, the proposer holds the promises for that    *)
(* next ballot, and knows the state that they would report: its own. It    *)
(* keeps both in a cache, and its next change goes straight to the accept. *)
(*                                                                         *)
(* Now a round fails: no quorum answers in time. The proposer does not     *)
(* know who has accepted. On this rung it keeps its cache and tries again  *)
(* from there, with another change under the same ballot. Then one ballot  *)
(* stands for two states. One of them is acknowledged, and a later round   *)
(* that finds both may take the other.                                     *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* Acceptor is the set of those who keep the state, and Change the set of  *)
(* changes that clients ask for. The proposers are numbered from 1. Ballot *)
(* is a set of numbers with 0.                                             *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer, Change, Ballot

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* What an acceptor has promised and accepted, the messages that were      *)
(* sent, and the changes that clients were told to be done, each with its  *)
(* ballot. A state is the set of the changes that went into it, so that    *)
(* one sees which are missing.                                             *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState, messages, acknowledged

(***************************************************************************)
(* What each proposer has sent last and waits for: the set of one accept,  *)
(* or the empty set between two rounds. And the proposer's cache: a ballot *)
(* that a quorum has promised, or 0 if the cache is empty, and the latest  *)
(* state.                                                                  *)
(***************************************************************************)
VARIABLES waiting, cache

acceptorVars == <<promised, acceptedBallot, acceptedState>>
proposerVars == <<waiting, cache>>
vars == <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* An empty cache.                                                         *)
(***************************************************************************)
Empty == [ballot |-> 0, state |-> {}]

(***************************************************************************)
(* The first proposer has just finished a round, and all acceptors have    *)
(* promised it ballot 1. The other proposers have empty caches.            *)
(***************************************************************************)
Init ==
  /\ promised = [a \in Acceptor |-> 1]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> {}]
  /\ messages = {}
  /\ acknowledged = {}
  /\ waiting = [p \in Proposer |-> {}]
  /\ cache = [p \in Proposer |-> IF p = 1 THEN [Empty EXCEPT !.ballot = 1]
                                          ELSE Empty]

-----------------------------------------------------------------------------
(***************************************************************************)
(* The numbers are dealt out to the proposers in turn, so a proposer's     *)
(* next ballot is that many further on.                                    *)
(***************************************************************************)
Owns(p, b) == b > 0 /\ (b - 1) % Cardinality(Proposer) = p - 1

Following(b) == b + Cardinality(Proposer)

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
(* Acceptor a promises ballot b, and reports what it has accepted.         *)
(***************************************************************************)
Promise(a, b) ==
  /\ promised[a] < b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedState |-> acceptedState[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedState, proposerVars, acknowledged>>

(***************************************************************************)
(* Proposer p asks all acceptors to accept state s, which the change c     *)
(* made.                                                                   *)
(***************************************************************************)
SendAccept(p, b, c, s) ==
  LET m == [type |-> "accept", ballot |-> b, change |-> c, state |-> s]
  IN /\ Send(m)
     /\ waiting' = [waiting EXCEPT ![p] = {m}]

(***************************************************************************)
(* Proposer p, whose cache is empty, has the promises of the quorum q. It  *)
(* applies the change c to the latest state, or to one of them if there    *)
(* are several.                                                            *)
(***************************************************************************)
Propose(p, b, q, c) ==
  /\ waiting[p] = {}
  /\ cache[p] = Empty
  /\ Owns(p, b)
  /\ Accepts(b) = {}
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \E m \in Promises(b, q) :
       /\ \A n \in Promises(b, q) : n.acceptedBallot <= m.acceptedBallot
       /\ SendAccept(p, b, c, m.acceptedState \cup {c})
  /\ UNCHANGED <<acceptorVars, cache, acknowledged>>

(***************************************************************************)
(* Proposer p applies the change c to the state in its cache.              *)
(***************************************************************************)
ProposeFromCache(p, c) ==
  /\ waiting[p] = {}
  /\ cache[p] # Empty
  /\ SendAccept(p, cache[p].ballot, c, cache[p].state \cup {c})
  /\ UNCHANGED <<acceptorVars, cache, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts the state of ballot b, and promises the ballot after *)
(* it.                                                                     *)
(***************************************************************************)
Accept(a, b) ==
  /\ promised[a] <= b
  /\ \E m \in Accepts(b) :
       acceptedState' = [acceptedState EXCEPT ![a] = m.state]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ promised' = [promised EXCEPT ![a] = Following(b)]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a,
           state |-> acceptedState'[a]])
  /\ UNCHANGED <<proposerVars, acknowledged>>

(***************************************************************************)
(* The quorum q has accepted what proposer p waits for. The change is      *)
(* acknowledged, and the next round needs no promises.                     *)
(***************************************************************************)
Acknowledge(p, q) ==
  \E m \in waiting[p] :
    /\ \A a \in q : [type |-> "accepted", ballot |-> m.ballot,
                     acceptor |-> a, state |-> m.state] \in messages
    /\ acknowledged' =
         acknowledged \cup {[ballot |-> m.ballot, change |-> m.change]}
    /\ cache' = [cache EXCEPT ![p] = [ballot |-> Following(m.ballot),
                                      state |-> m.state]]
    /\ waiting' = [waiting EXCEPT ![p] = {}]
    /\ UNCHANGED <<acceptorVars, messages>>

(***************************************************************************)
(* Proposer p gives up its round. It does not know whether anybody         *)
(* accepted.                                                               *)
(***************************************************************************)
Abandon(p) ==
  /\ waiting[p] # {}
  /\ waiting' = [waiting EXCEPT ![p] = {}]
  /\ UNCHANGED <<acceptorVars, cache, messages, acknowledged>>

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b) \/ Accept(a, b)
  \/ \E p \in Proposer : \E b \in Ballot, q \in Quorum, c \in Change :
       Propose(p, b, q, c)
  \/ \E p \in Proposer : \E c \in Change : ProposeFromCache(p, c)
  \/ \E p \in Proposer : \E q \in Quorum : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* A change that was acknowledged is in every state that is proposed under *)
(* a larger ballot.                                                        *)
(***************************************************************************)
NothingLost ==
  \A x \in acknowledged : \A m \in messages :
    m.type = "accept" /\ m.ballot > x.ballot => x.change \in m.state

(***************************************************************************)
(* Acceptors may be exchanged for each other, and so may changes. TLC need *)
(* look at one of such states only.                                        *)
(***************************************************************************)
Symmetry == Permutations(Acceptor) \cup Permutations(Change)
=============================================================================
