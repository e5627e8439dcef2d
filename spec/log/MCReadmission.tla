--------------------------- MODULE MCReadmission ---------------------------
(***************************************************************************)
(* The module Readmission with three replicas, three ballots and one slot, *)
(* for TLC. The replica r3 loses its disk, once.                           *)
(***************************************************************************)
EXTENDS Readmission

(***************************************************************************)
(* The ballots of the model.                                               *)
(***************************************************************************)
CONSTANT MaxBallot

ThreeIds == [r1 |-> 1, r2 |-> 2, r3 |-> 3]

Add == [client |-> "c1", number |-> 1, change |-> [name |-> "add", value |-> 1]]

Set == [client |-> "c2", number |-> 1, change |-> [name |-> "set", value |-> 5]]

TwoCommands == {Add, Set}

Batches == {<<Add>>, <<Set>>}

Pairs == {q \in SUBSET Replica : Cardinality(q) = 2}

MCBallots == 1..MaxBallot

(***************************************************************************)
(* Ballots are asked for in turn, the third one after the loss. Whoever    *)
(* leads has promised its ballot itself.                                   *)
(***************************************************************************)
InTurn(b) ==
  /\ b > 1 => \E m \in messages : m.type = "prepare" /\ m.ballot = b - 1
  /\ b = 3 => losses["r3"] = 1

(***************************************************************************)
(* The leader under ballot 1 proposes one command, and others another,     *)
(* unless they must propose the first again.                               *)
(***************************************************************************)
Fresh(r) == IF promised[r] = 1 THEN <<Add>> ELSE <<Set>>

Proposed(r) ==
  IF At(inherited[r], 1) # {}
    THEN {x.value : x \in At(inherited[r], 1)}
    ELSE {Fresh(r)}

(***************************************************************************)
(* What comes too early to be of use is left out: a chosen batch is        *)
(* learned for the sake of who is lost, the first word of each other       *)
(* replica is the least, and leaders speak when they are waited for.       *)
(***************************************************************************)
HasSaid(r) == \E m \in entrances : m.type = "bound" /\ m.replica = r

MCMember ==
  \/ \E r \in Member, b \in MCBallots : InTurn(b) /\ Prepare(r, b)
  \/ \E a \in Member, b \in MCBallots : Promise(a, b)
  \/ \E r \in Member : \E q \in Pairs : r \in q /\ Lead(r, q)
  \/ \E r \in Member : \E v \in Proposed(r) : Propose(r, 1, v)
  \/ \E a \in Member, b \in MCBallots : Accept(a, b, 1)
  \/ \E r \in Member : \E v \in Batches, q \in Pairs :
       lost["r3"] /\ r \in q /\ Learn(r, 1, v, q)

MCLearner ==
  \/ \E r \in Member : lost["r3"] /\ Tell(r, 1)
  \/ \E v \in Batches : lost["r3"] /\ Hear("r3", 1, v)
  \/ lost["r3"] /\ Apply("r3", 1)

MCNext ==
  \/ MCMember /\ SameReads
  \/ MCLearner /\ SameReads
  \/ losses["r3"] = 0 /\ promised["r3"] > 0 /\ Lose("r3")
  \/ \E r \in {"r1", "r2"} : lost["r3"] /\ ~HasSaid(r) /\ Bound(r, "r3")
  \/ \E r \in Replica : \E i \in 0..1 :
       lost["r3"] /\ IsAbove("r3", promised[r]) /\ Admit(r, i)
  \/ \E b \in MCBallots : Readmit("r3", b)

MCSpec == LossInit /\ [][MCNext]_<<vars, readVars, lossVars>>
=============================================================================
