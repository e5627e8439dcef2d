----------------------------- MODULE MCRegister -----------------------------
(***************************************************************************)
(* The module Register with three acceptors, two proposers and a bounded   *)
(* number of ballots, for TLC. The configurations choose the scheme of the *)
(* ballots and the changes that clients ask for.                           *)
(***************************************************************************)
EXTENDS Register, TLC

(***************************************************************************)
(* The ballots of the model are those up to MaxBallot.                     *)
(***************************************************************************)
CONSTANT MaxBallot

MCBallot == 0..MaxBallot

(***************************************************************************)
(* The changes of a round, one unless a configuration says otherwise, and  *)
(* the numbers of quorum reads, of which there are none unless a           *)
(* configuration says otherwise.                                           *)
(***************************************************************************)
OneChange == {<<c>> : c \in Change}

OneOrTwoChanges == OneChange \cup {<<c, d>> : c, d \in Change}

NoReads == {}

OneRead == {1}

(***************************************************************************)
(* Nothing is erased unless a configuration says otherwise.                *)
(***************************************************************************)
NoErasure == {}

(***************************************************************************)
(* To refuse, and to answer once more, changes nothing. A configuration    *)
(* may leave these actions out: it reaches the same states, in a third of  *)
(* the steps.                                                              *)
(***************************************************************************)
NoRefusal(a, b, r) == FALSE

NoRepetition(a, b) == FALSE

(***************************************************************************)
(* The states that can arise when every ballot applies some changes.       *)
(***************************************************************************)
RECURSIVE StatesAfter(_)
StatesAfter(n) ==
  IF n = 0
    THEN {Initial}
    ELSE StatesAfter(n - 1)
           \cup {ApplyAll(cs, s) : cs \in Changes, s \in StatesAfter(n - 1)}

MCState == StatesAfter(MaxBallot)

(***************************************************************************)
(* The numbers of the two proposers, for each scheme. With the first, and  *)
(* a Stride of 2, odd ballots belong to p1 and even ones to p2. With the   *)
(* second, 2 and 4 belong to p1 and 3 to p2, and nobody owns 1.            *)
(***************************************************************************)
PairId == [p1 |-> 1, p2 |-> 2]

CoprimeId == [p1 |-> 2, p2 |-> 3]

(***************************************************************************)
(* The changes that clients ask for. To add 1 is enough to see whether the *)
(* chain is one, because the states then count the changes in it. The      *)
(* second set has a compare-and-set that succeeds once at most, the third  *)
(* has each kind of change, and the fourth those that have a name.         *)
(***************************************************************************)
Additions == {[name |-> "add", value |-> 1]}

AddOrCas ==
  {[name |-> "add", value |-> 1],
   [name |-> "cas", expect |-> 0, value |-> 2]}

AllKinds ==
  {Read,
   [name |-> "set", value |-> 2],
   [name |-> "add", value |-> 1],
   [name |-> "cas", expect |-> 0, value |-> 1],
   Delete,
   [name |-> "map", at |-> 1, to |-> 2]}

NamedKinds == {c \in AllKinds : c.name # "map"}

(***************************************************************************)
(* Acceptors may be exchanged for each other. Proposers may not: they have *)
(* different ballots.                                                      *)
(***************************************************************************)
Symmetry == Permutations(Acceptor)
=============================================================================
