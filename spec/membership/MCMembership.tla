---------------------------- MODULE MCMembership ----------------------------
(***************************************************************************)
(* The module Membership with the smallest sets there are, for TLC: F is   *)
(* 0, so that one acceptor becomes two and then three. All the arithmetic  *)
(* of larger sets is there already: one of one misses two of three, as two *)
(* of three may miss three of five.                                        *)
(***************************************************************************)
EXTENDS Membership, TLC

CONSTANTS a1, a2, a3

(***************************************************************************)
(* A configuration in which the acceptors of a set are asked and told, and *)
(* a majority of them is enough; and one with a rewriting.                 *)
(***************************************************************************)
Majority(set) ==
  LET n == Cardinality(set) \div 2 + 1
  IN [ask |-> set, promises |-> n, tell |-> set, accepts |-> n,
      rewrite |-> FALSE]

Rewritten(s) == [s EXCEPT !.rewrite = TRUE]

(***************************************************************************)
(* One configuration asks, and the other is told.                          *)
(***************************************************************************)
Mixed(s, t) == [s EXCEPT !.tell = t.tell, !.accepts = t.accepts]

One == Majority({a1})
Two == Majority({a1, a2})
Three == Majority({a1, a2, a3})
OtherTwo == Majority({a2, a3})
OtherOne == Majority({a3})

(***************************************************************************)
(* From 2F + 1 acceptors to 2F + 2: first the new quorums accept, then the *)
(* register is written anew, then the new quorums promise. From 2F + 2 to  *)
(* 2F + 3 one goes in a single step.                                       *)
(***************************************************************************)
OddToEven == <<One, Rewritten(Mixed(One, Two)), Two>>

Grow == OddToEven \o <<Three>>

(***************************************************************************)
(* The same with one stage less. With majorities the order does not        *)
(* matter, because F + 2 of 2F + 2 meet F + 1 of 2F + 1 too, whichever of  *)
(* them promise and whichever accept. What matters is the rewriting.       *)
(***************************************************************************)
GrowAtOnce == <<One, Rewritten(Two), Three>>

(***************************************************************************)
(* And back, to the other end: from 2F + 3 to 2F + 2 in one step, then the *)
(* register is written anew, and then from 2F + 2 to 2F + 1 in one step.   *)
(***************************************************************************)
Shrink == <<Three, Rewritten(OtherTwo), OtherOne>>

(***************************************************************************)
(* An acceptor leaves, loses its disk, and comes back as an empty one.     *)
(***************************************************************************)
Replace == <<Three, Rewritten(Two), Three>>

(***************************************************************************)
(* To have fewer states, the story begins when a client was just told of   *)
(* ballot 1, which some quorum of the first stage has accepted. The accept *)
(* is still on its way to the others.                                      *)
(***************************************************************************)
AfterOneRound ==
  \E q \in SUBSET Stages[1].tell :
    /\ Cardinality(q) = Stages[1].accepts
    /\ promised = [a \in Acceptor |-> IF a \in q THEN 1 ELSE 0]
    /\ acceptedBallot = promised
    /\ ballot = [p \in Proposer |-> 0]
    /\ phase = [p \in Proposer |-> "idle"]
    /\ stage = [p \in Proposer |-> 1]
    /\ target = 1
    /\ confirmed = {}
    /\ rewriting = 0
    /\ messages =
         {[type |-> "prepare", ballot |-> 1, to |-> {}],
          [type |-> "accept", ballot |-> 1, to |-> Stages[1].tell,
           parent |-> 0]}
         \cup {[type |-> "accepted", ballot |-> 1, acceptor |-> a] : a \in q}
    /\ acknowledged = {1}

(***************************************************************************)
(* Proposers may be exchanged for each other.                              *)
(***************************************************************************)
Symmetry == Permutations(Proposer)
=============================================================================
