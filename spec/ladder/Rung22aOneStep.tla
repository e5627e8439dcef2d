--------------------------- MODULE Rung22aOneStep ---------------------------
(***************************************************************************)
(* Three acceptors become five in one step. A majority of the new is no    *)
(* majority of the old.                                                    *)
(*                                                                         *)
(* Acceptors wear out and are replaced, or one wants to survive two        *)
(* failures instead of one. So the set of acceptors must change while the  *)
(* register is in use. Each proposer is told, one after the other, whom to *)
(* ask and how many of them must answer.                                   *)
(*                                                                         *)
(* All that Paxos needs is that whoever asks meets whoever accepted        *)
(* before. A majority of three and a majority of five need not meet: what  *)
(* two of the old acceptors hold, the third and the two new ones know      *)
(* nothing of.                                                             *)
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
     [ask |-> 5, promises |-> 3, tell |-> 5, accepts |-> 3] >>

(***************************************************************************)
(* What each acceptor accepted last, the last ballot that was used, the    *)
(* stage that each proposer is in, and the rounds that succeeded. A state  *)
(* is the set of the ballots whose changes went into it. Promises are left *)
(* out: here a round is a single step, so that rounds do take turns.       *)
(***************************************************************************)
VARIABLES acceptedBallot, acceptedState, ballot, stage, acknowledged

acceptorVars == <<acceptedBallot, acceptedState>>
vars == <<acceptorVars, ballot, stage, acknowledged>>

Init ==
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ acceptedState = [a \in Acceptor |-> {}]
  /\ ballot = 0
  /\ stage = [p \in Proposer |-> 1]
  /\ acknowledged = {}

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
     /\ UNCHANGED stage

(***************************************************************************)
(* Proposer p takes the next step, once all others have taken the one      *)
(* before.                                                                 *)
(***************************************************************************)
Step(p) ==
  /\ stage[p] < Len(Stages)
  /\ \A o \in Proposer : stage[o] >= stage[p]
  /\ stage' = [stage EXCEPT ![p] = stage[p] + 1]
  /\ UNCHANGED <<acceptorVars, ballot, acknowledged>>

Next ==
  \/ \E p \in Proposer :
       \E q \in Askable(p), r \in SUBSET (1..Now(p).tell) : Round(p, q, r)
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
