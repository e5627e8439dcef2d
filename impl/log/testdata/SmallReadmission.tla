------------------------- MODULE SmallReadmission ---------------------------
(***************************************************************************)
(* The module Readmission with the bounds of MCLog. Of two replicas one,   *)
(* r1, wants to lead, and the other loses its disk, once. Nobody reads,    *)
(* and what is chosen is told for the sake of who is lost.                 *)
(***************************************************************************)
EXTENDS MCLog, Readmission

CommandBatch == {<<c>> : c \in Command}

(***************************************************************************)
(* The second election, and what is said to who is lost, come after the    *)
(* loss. What has been promised is said once.                              *)
(***************************************************************************)
HasSaid == \E m \in entrances : m.type = "bound"

Lasting ==
  \/ \E a \in Member : \E b \in Ballot : Promise(a, b)
  \/ \E r \in Member : \E q \in SUBSET Replica : Lead(r, q)
  \/ \E r \in Member : \E i \in Slot, v \in Batch : Propose(r, i, v)
  \/ \E a \in Member : \E b \in Ballot, i \in Slot : Accept(a, b, i)
  \/ \E r \in Member :
       \E i \in Slot, v \in Batch, q \in SUBSET Replica : Learn(r, i, v, q)
  \/ \E i \in Slot, v \in Batch : Hear("r2", i, v)
  \/ \E r \in Replica : \E i \in Slot : Apply(r, i)

SmallLossNext ==
  \/ Lasting /\ SameReads
  \/ \E r \in {"r1"} : \E b \in Ballot :
       (b > 1 => losses["r2"] = 1) /\ Prepare(r, b) /\ SameReads
  \/ \E r \in {"r1"} : \E i \in Slot : lost["r2"] /\ Tell(r, i) /\ SameReads
  \/ losses["r2"] = 0 /\ promised["r2"] > 0 /\ Lose("r2")
  \/ lost["r2"] /\ ~HasSaid /\ Bound("r1", "r2")
  \/ \E i \in Slot : lost["r2"] /\ Admit("r1", i)
  \/ \E b \in Ballot : Readmit("r2", b)

SmallLossSpec == LossInit /\ [][SmallLossNext]_<<vars, readVars, lossVars>>
=============================================================================
