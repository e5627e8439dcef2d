--------------------------- MODULE CachedRegister ---------------------------
(***************************************************************************)
(* The register with one round trip for a change instead of two.           *)
(*                                                                         *)
(* A proposer that has just changed the register knows its state, and if   *)
(* nobody else comes in between it need not ask for it. So an accept asks  *)
(* for the promise of the proposer's next ballot as well, and who accepts  *)
(* promises. When a quorum has accepted, the proposer holds the promises   *)
(* of a quorum and the latest state: its cache. The next change begins     *)
(* with an accept under the cached ballot.                                 *)
(*                                                                         *)
(* All depends on that the cache is used once. Whatever happens to the     *)
(* round that used it, refusal, silence or a broken connection, the next   *)
(* one begins by asking, under a ballot that was never used.               *)
(*                                                                         *)
(* Acceptors keep all they know on disk; the module Register says what     *)
(* that takes. Proposers restart here.                                     *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

(***************************************************************************)
(* The acceptors, and the proposers. Ballots are numbers with 0, which     *)
(* stands for none. Owns(p, b) says that ballot b belongs to proposer p;   *)
(* no ballot has two owners, and 0 has none.                               *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer, Ballot, Owns(_, _)

ASSUME OneOwner ==
  \A b \in Ballot : \A p, o \in Proposer :
    Owns(p, b) /\ Owns(o, b) => p = o /\ b > 0

(***************************************************************************)
(* The changes that clients may ask for, and the states, of which 0 is the *)
(* first. Apply gives the state after a change.                            *)
(***************************************************************************)
CONSTANTS Change, State, Apply(_, _)

Initial == 0

Read == [name |-> "read"]

Quorum == {q \in SUBSET Acceptor : 2 * Cardinality(q) > Cardinality(Acceptor)}

(***************************************************************************)
(* What an acceptor has promised and accepted.                             *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState

(***************************************************************************)
(* The largest ballot that a proposer has used or asked anybody to promise *)
(* is its counter, which is on its disk. The ballot of the round under way *)
(* may be smaller: the one from the cache is smaller than the one that is  *)
(* asked for next.                                                         *)
(***************************************************************************)
VARIABLES counter, ballot

(***************************************************************************)
(* The round under way: how far it has come, the change that it is for,    *)
(* and the state that it proposes. And the cache: a ballot that a quorum   *)
(* has promised, or 0 if the cache is empty, and the latest state with the *)
(* ballot that it was proposed under.                                      *)
(***************************************************************************)
VARIABLES phase, change, proposal, cache

(***************************************************************************)
(* All messages that were ever sent, and what clients were told.           *)
(***************************************************************************)
VARIABLES messages, acknowledged

acceptorVars == <<promised, acceptedBallot, acceptedState>>
proposerVars == <<counter, ballot, phase, change, proposal, cache>>
vars == <<acceptorVars, proposerVars, messages, acknowledged>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> Initial]
  /\ counter = [p \in Proposer |-> 0]
  /\ ballot = [p \in Proposer |-> 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ change = [p \in Proposer |-> Read]
  /\ proposal = [p \in Proposer |-> Initial]
  /\ cache = [p \in Proposer |-> [ballot |-> 0, parent |-> 0,
                                  state |-> Initial]]
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The promises that acceptors in q gave for ballot b, the one among them  *)
(* that reports the greatest ballot, and the accepts of ballot b, of which *)
(* there is one at most.                                                   *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.acceptor \in q}

Latest(b, q) ==
  CHOOSE m \in Promises(b, q) :
    \A n \in Promises(b, q) : n.acceptedBallot <= m.acceptedBallot

Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* A proposer ends its round.                                              *)
(***************************************************************************)
Rest(p) ==
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ change' = [change EXCEPT ![p] = Read]
  /\ proposal' = [proposal EXCEPT ![p] = Initial]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Proposer p starts a round of two round trips for change c. It drops its *)
(* cache, if it has one.                                                   *)
(***************************************************************************)
Prepare(p, b, c) ==
  /\ phase[p] = "idle"
  /\ Owns(p, b)
  /\ b > counter[p]
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ ballot' = [ballot EXCEPT ![p] = b]
  /\ phase' = [phase EXCEPT ![p] = "prepare"]
  /\ change' = [change EXCEPT ![p] = c]
  /\ cache' = [cache EXCEPT ![p].ballot = 0]
  /\ messages' = messages \cup {[type |-> "prepare", ballot |-> b]}
  /\ UNCHANGED <<acceptorVars, proposal, acknowledged>>

(***************************************************************************)
(* Acceptor a promises ballot b.                                           *)
(***************************************************************************)
Promise(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ messages' = messages \cup
       {[type |-> "promise", ballot |-> b, acceptor |-> a,
         acceptedBallot |-> acceptedBallot[a],
         acceptedState |-> acceptedState[a]]}
  /\ UNCHANGED <<acceptedBallot, acceptedState, proposerVars, acknowledged>>

(***************************************************************************)
(* Proposer p has the promises of the quorum q, and proposes the state s.  *)
(* With the accept it asks for a promise of its ballot n.                  *)
(***************************************************************************)
Propose(p, q, s, n) ==
  /\ phase[p] = "prepare"
  /\ q \in Quorum
  /\ \A a \in q : Promises(ballot[p], {a}) # {}
  /\ s = Apply(change[p], Latest(ballot[p], q).acceptedState)
  /\ Owns(p, n)
  /\ n > counter[p]
  /\ counter' = [counter EXCEPT ![p] = n]
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ proposal' = [proposal EXCEPT ![p] = s]
  /\ messages' = messages \cup
       {[type |-> "accept", ballot |-> ballot[p], state |-> s,
         parent |-> Latest(ballot[p], q).acceptedBallot, next |-> n]}
  /\ UNCHANGED <<acceptorVars, ballot, change, cache, acknowledged>>

(***************************************************************************)
(* Proposer p has a cache. It applies the change g to the state there, and *)
(* proposes the result under the ballot there. The cache is empty then, so *)
(* that the ballot is never used again.                                    *)
(***************************************************************************)
ProposeFromCache(p, g, s, n) ==
  /\ phase[p] = "idle"
  /\ cache[p].ballot > 0
  /\ s = Apply(g, cache[p].state)
  /\ Owns(p, n)
  /\ n > counter[p]
  /\ counter' = [counter EXCEPT ![p] = n]
  /\ ballot' = [ballot EXCEPT ![p] = cache[p].ballot]
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ change' = [change EXCEPT ![p] = g]
  /\ proposal' = [proposal EXCEPT ![p] = s]
  /\ cache' = [cache EXCEPT ![p].ballot = 0]
  /\ messages' = messages \cup
       {[type |-> "accept", ballot |-> cache[p].ballot, state |-> s,
         parent |-> cache[p].parent, next |-> n]}
  /\ UNCHANGED <<acceptorVars, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts what is proposed under ballot b, and promises the    *)
(* ballot that the accept asks for. The promise reports what a has just    *)
(* accepted.                                                               *)
(***************************************************************************)
Accept(a, b) ==
  /\ promised[a] <= b
  /\ \E m \in Accepts(b) :
       /\ promised' = [promised EXCEPT ![a] = m.next]
       /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
       /\ messages' = messages \cup
            {[type |-> "accepted", ballot |-> b, acceptor |-> a],
             [type |-> "promise", ballot |-> m.next, acceptor |-> a,
              acceptedBallot |-> b, acceptedState |-> m.state]}
  /\ UNCHANGED <<proposerVars, acknowledged>>

(***************************************************************************)
(* The quorum q has accepted, and thereby promised the next ballot. The    *)
(* client is told, and the cache is filled.                                *)
(***************************************************************************)
Acknowledge(p, q) ==
  /\ phase[p] = "accept"
  /\ q \in Quorum
  /\ \A a \in q :
       [type |-> "accepted", ballot |-> ballot[p], acceptor |-> a]
         \in messages
  /\ acknowledged' = acknowledged \cup
       {[ballot |-> ballot[p], change |-> change[p], state |-> proposal[p]]}
  /\ \E m \in Accepts(ballot[p]) :
       cache' = [cache EXCEPT ![p] = [ballot |-> m.next,
                                      parent |-> ballot[p],
                                      state |-> proposal[p]]]
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, counter, ballot, messages>>

(***************************************************************************)
(* Proposer p gives up its round. The cache is empty already.              *)
(***************************************************************************)
Abandon(p) ==
  /\ phase[p] # "idle"
  /\ Rest(p)
  /\ UNCHANGED <<acceptorVars, counter, ballot, cache, messages, acknowledged>>

(***************************************************************************)
(* Proposer p stops and starts again with nothing but its counter.         *)
(***************************************************************************)
RestartProposer(p) ==
  /\ Rest(p)
  /\ cache' = [cache EXCEPT ![p].ballot = 0]
  /\ UNCHANGED <<acceptorVars, counter, ballot, messages, acknowledged>>

Next ==
  \/ \E p \in Proposer : \E b \in Ballot, c \in Change : Prepare(p, b, c)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E p \in Proposer : \E q \in Quorum, s \in State, n \in Ballot :
       Propose(p, q, s, n)
  \/ \E p \in Proposer : \E g \in Change, s \in State, n \in Ballot :
       ProposeFromCache(p, g, s, n)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E p \in Proposer : \E q \in Quorum : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer : RestartProposer(p)

Spec == Init /\ [][Next]_vars
=============================================================================
