--------------------------- MODULE Rung22cRewrite ---------------------------
(***************************************************************************)
(* One acceptor at a time, and each state rewritten between telling and    *)
(* asking.                                                                 *)
(*                                                                         *)
(* While the proposers tell four acceptors and ask three, one of them      *)
(* reads the state and writes it back as it is. Then three of four         *)
(* acceptors hold it, as they hold everything that was written since. From *)
(* there on it does not matter any more that two were once enough.         *)
(*                                                                         *)
(* To go from five acceptors to three takes a rewriting too, but not the   *)
(* same steps backwards: it comes as soon as there are four, before        *)
(* anybody asks three. (The module Membership has all of it.)              *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

(***************************************************************************)
(* The acceptors are the numbers 1 to 5. The proposers are numbered from   *)
(* 1, and Ballot is a set of numbers with 0.                               *)
(***************************************************************************)
CONSTANTS Proposer, Ballot

Acceptor == 1..5

(***************************************************************************)
(* The stages of the change. In each a proposer asks the acceptors up to   *)
(* ask, of which promises must answer, and has the acceptors up to tell    *)
(* accept, of which accepts must answer.                                   *)
(***************************************************************************)
Stages ==
  << [ask |-> 3, promises |-> 2, tell |-> 3, accepts |-> 2],
     [ask |-> 3, promises |-> 2, tell |-> 4, accepts |-> 3],
     [ask |-> 4, promises |-> 3, tell |-> 4, accepts |-> 3],
     [ask |-> 5, promises |-> 3, tell |-> 5, accepts |-> 3] >>

(***************************************************************************)
(* What each acceptor accepted last, the last ballot that was used, the    *)
(* stage that each proposer is in, the rounds that succeeded, and whether  *)
(* the state was rewritten. A state is the set of the ballots whose        *)
(* changes went into it. Promises are left out: here a round is a single   *)
(* step, so that rounds do take turns.                                     *)
(***************************************************************************)
VARIABLES
  acceptedBallot, acceptedState, ballot, stage, acknowledged, rewritten

acceptorVars == <<acceptedBallot, acceptedState>>
vars == <<acceptorVars, ballot, stage, acknowledged, rewritten>>

Init ==
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> {}]
  /\ ballot = 0
  /\ stage = [p \in Proposer |-> 1]
  /\ acknowledged = {}
  /\ rewritten = FALSE

-----------------------------------------------------------------------------
(***************************************************************************)
(* The stage that proposer p is in, and the sets of acceptors that it may  *)
(* ask.                                                                    *)
(***************************************************************************)
Now(p) == Stages[stage[p]]

Askable(p) ==
  {q \in SUBSET (1..Now(p).ask) : Cardinality(q) = Now(p).promises}

(***************************************************************************)
(* The latest state that acceptors in q hold.                              *)
(***************************************************************************)
Latest(q) ==
  LET a == CHOOSE a \in q :
             \A d \in q : acceptedBallot[d] <= acceptedBallot[a]
  IN acceptedState[a]

(***************************************************************************)
(* The acceptors in r take state s under a new ballot b. Those that are    *)
(* not in r were not reached.                                              *)
(***************************************************************************)
Store(r, b, s) ==
  /\ acceptedBallot' = [a \in Acceptor |->
                         IF a \in r THEN b ELSE acceptedBallot[a]]
  /\ acceptedState' = [a \in Acceptor |->
                        IF a \in r THEN s ELSE acceptedState[a]]
  /\ ballot' = b

(***************************************************************************)
(* A round of proposer p: it asks the acceptors in q, adds its change to   *)
(* their latest state, and reaches the acceptors in r. If these are        *)
(* enough, the change is acknowledged.                                     *)
(***************************************************************************)
Round(p, q, r) ==
  LET b == ballot + 1
  IN /\ b \in Ballot
     /\ Store(r, b, Latest(q) \cup {b})
     /\ acknowledged' = IF Cardinality(r) >= Now(p).accepts
                          THEN acknowledged \cup {b}
                          ELSE acknowledged
     /\ UNCHANGED <<stage, rewritten>>

(***************************************************************************)
(* When all proposers tell the fourth acceptor and none asks it yet, one   *)
(* of them rewrites the state: a round without a change, which must        *)
(* succeed. A register has many keys, and each must be rewritten so.       *)
(***************************************************************************)
Rewrite(p, q, r) ==
  LET b == ballot + 1
  IN /\ b \in Ballot
     /\ \A o \in Proposer : stage[o] = 2
     /\ Cardinality(r) >= Now(p).accepts
     /\ Store(r, b, Latest(q))
     /\ rewritten' = TRUE
     /\ UNCHANGED <<stage, acknowledged>>

(***************************************************************************)
(* Proposer p takes the next step, once all others have taken the one      *)
(* before and the state is rewritten, if the step is to ask the fourth     *)
(* acceptor.                                                               *)
(***************************************************************************)
Step(p) ==
  /\ stage[p] < Len(Stages)
  /\ \A o \in Proposer : stage[o] >= stage[p]
  /\ stage[p] = 2 => rewritten
  /\ stage' = [stage EXCEPT ![p] = stage[p] + 1]
  /\ UNCHANGED <<acceptorVars, ballot, acknowledged, rewritten>>

Next ==
  \/ \E p \in Proposer :
       \E q \in Askable(p), r \in SUBSET (1..Now(p).tell) : Round(p, q, r)
  \/ \E p \in Proposer :
       \E q \in Askable(p), r \in SUBSET (1..Now(p).tell) : Rewrite(p, q, r)
  \/ \E p \in Proposer : Step(p)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* Whatever was accepted last has all changes in it that were              *)
(* acknowledged.                                                           *)
(***************************************************************************)
NothingLost ==
  \A a \in Acceptor :
    acceptedBallot[a] = ballot => acknowledged \subseteq acceptedState[a]
=============================================================================
