------------------------------- MODULE MCLog --------------------------------
(***************************************************************************)
(* The module Log with three replicas and bounded numbers of ballots and   *)
(* slots, for TLC. The whole of it has too many states to look at them all *)
(* at once, so the configurations choose which of the actions that only    *)
(* sometimes happen are there.                                             *)
(***************************************************************************)
EXTENDS Log

(***************************************************************************)
(* The ballots of the model are those up to MaxBallot, and the slots those *)
(* up to MaxSlot.                                                          *)
(***************************************************************************)
CONSTANTS MaxBallot, MaxSlot

MCBallot == 0..MaxBallot

MCSlot == 0..MaxSlot

(***************************************************************************)
(* The numbers of the replicas. With a Stride of 3 the replica r1 leads    *)
(* under ballot 1, r2 under 2 and r3 under 3; with one of 2, which leaves  *)
(* r3 without a ballot, r1 also under ballot 3.                            *)
(***************************************************************************)
ThreeIds == [r1 |-> 1, r2 |-> 2, r3 |-> 3]

TwoIds == [r1 |-> 1, r2 |-> 2]

(***************************************************************************)
(* What two clients ask for. In which order these are performed can be     *)
(* seen from the result.                                                   *)
(***************************************************************************)
Add == [client |-> "c1", number |-> 1, change |-> [name |-> "add", value |-> 1]]

Set == [client |-> "c2", number |-> 1, change |-> [name |-> "set", value |-> 5]]

TwoCommands == {Add, Set}

OneCommand == {Add}

(***************************************************************************)
(* The batches of the model: none or one command in each. A configuration  *)
(* may add the one that holds both.                                        *)
(***************************************************************************)
SmallBatch == {NoOp} \cup {<<c>> : c \in Command}

FullBatch == SmallBatch \cup {<<Add, Set>>}

(***************************************************************************)
(* A quorum that has more members than it needs shows nothing new.         *)
(***************************************************************************)
SmallPrepareQuorum(q) == Cardinality(q) = PrepareSize

SmallAcceptQuorum(q) == Cardinality(q) = AcceptSize

(***************************************************************************)
(* Leaders propose nothing but what they must and what clients ask for.    *)
(***************************************************************************)
FreshSlotsHoldCommands ==
  \A r \in Replica :
    next'[r] = next[r] + 1 /\ role[r] = "leader" =>
      \/ At(inherited[r], next[r]) # {}
      \/ [type |-> "accept", ballot |-> promised[r], slot |-> next[r],
          value |-> NoOp] \notin messages'

(***************************************************************************)
(* An action that never happens, with as many parameters as are needed.    *)
(***************************************************************************)
Never1(r) == FALSE

Never2(r, i) == FALSE

Never3(r, i, v) == FALSE

Never4(r, i, v, q) == FALSE
=============================================================================
