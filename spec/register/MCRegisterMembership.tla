------------------------ MODULE MCRegisterMembership ------------------------
(***************************************************************************)
(* The module RegisterMembership with one acceptor that becomes two and    *)
(* three, or three of which one is exchanged, for TLC.                     *)
(***************************************************************************)
EXTENDS RegisterMembership, TLC

CONSTANTS a1, a2, a3

(***************************************************************************)
(* The configurations after the founding one, which have the numbers 1, 2  *)
(* and so on, and how many ballots there are.                              *)
(***************************************************************************)
CONSTANTS Later, MaxBallot

PairId == [p1 |-> 1, p2 |-> 2]

Stage(ask, tell, from) == [ask |-> ask, tell |-> tell, from |-> from]

From(set, fresh, n) == [a \in set |-> IF a \in fresh THEN n ELSE 0]

(***************************************************************************)
(* The plans of the module MCMembership, without their first stages.       *)
(***************************************************************************)
Grow ==
  <<Stage({a1}, {a1, a2}, From({a1, a2}, {a2}, 1)),
    Stage({a1, a2}, {a1, a2}, From({a1, a2}, {a2}, 1)),
    Stage({a1, a2, a3}, {a1, a2, a3},
          From({a1, a2}, {a2}, 1) @@ (a3 :> 3))>>

Replace ==
  <<Stage({a1, a2}, {a1, a2}, From({a1, a2}, {}, 0)),
    Stage({a1, a2, a3}, {a1, a2, a3}, From({a1, a2, a3}, {a3}, 2))>>

Shrink ==
  <<Stage({a2, a3}, {a2, a3}, From({a2, a3}, {}, 0)),
    Stage({a3}, {a3}, From({a3}, {}, 0))>>

OneStep ==
  <<Stage({a1, a2, a3}, {a1, a2, a3}, From({a1, a2, a3}, {a2, a3}, 1))>>

Additions == {[name |-> "add", value |-> 1]}

MCBallots == 1..MaxBallot

(***************************************************************************)
(* Quorum reads are left to the module MCRegisterRead, and so are ballots  *)
(* that are promised with an accept to the module MCRegister.              *)
(***************************************************************************)
MCNext ==
  \/ \E p \in Proposer : \E b \in MCBallots : Prepare(p, b)
  \/ \E a \in Known : \E b \in MCBallots : Promise(a, b)
  \/ \E p \in Proposer :
       \E q \in SUBSET Known, s \in MCBallots :
         Propose(p, q, <<[name |-> "add", value |-> 1]>>, s, 0)
  \/ \E a \in Known : \E b \in MCBallots : Accept(a, b)
  \/ \E p \in Proposer : \E q \in SUBSET Known : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer :
       \E n \in 1..Len(Later) :
         Adopt(p, n, Later[n].ask, Later[n].tell, Later[n].from)

MCSpec == Init /\ [][MCNext]_vars

(***************************************************************************)
(* In the place of what RegisterMembership asks of a step: nothing.        *)
(***************************************************************************)
AnyProposer(p) == TRUE

AnyTwo(c, d) == TRUE

AnyHolding(c, accepted) == TRUE

AnyBallot(p, b) == TRUE
=============================================================================
