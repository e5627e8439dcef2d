------------------------ MODULE ReadmissionMutants -------------------------
(***************************************************************************)
(* A lost disk, with known bugs. The configuration                         *)
(* ReadmissionMutants-D.cfg puts the definition D in the place of what it  *)
(* is made from, and expects Agreement to be violated.                     *)
(***************************************************************************)
EXTENDS MCReadmission

(***************************************************************************)
(* In the place of Lose: the replica starts again with an empty disk as if *)
(* it had never been there.                                                *)
(***************************************************************************)
StartEmpty(a) ==
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ accepted' = [accepted EXCEPT ![a] = {}]
  /\ disk' = [disk EXCEPT ![a].promised = 0, ![a].accepted = {}]
  /\ StepDown(a)
  /\ losses' = [losses EXCEPT ![a] = losses[a] + 1]
  /\ UNCHANGED <<snapshot, machineVars, messages, historyVars, readVars, lost,
                 entrances>>

(***************************************************************************)
(* In the place of Lose: the replica starts again on an old copy of its    *)
(* disk, from when it had promised and not yet accepted.                   *)
(***************************************************************************)
OldCopy(a) ==
  /\ accepted' = [accepted EXCEPT ![a] = {}]
  /\ disk' = [disk EXCEPT ![a].accepted = {}]
  /\ StepDown(a)
  /\ losses' = [losses EXCEPT ![a] = losses[a] + 1]
  /\ UNCHANGED <<promised, snapshot, machineVars, messages, historyVars,
                 readVars, lost, entrances>>

(***************************************************************************)
(* In the place of IsAbove: one of the others is asked, or nobody, and so  *)
(* the leader may be one for whom the replica has voted.                   *)
(***************************************************************************)
AboveOne(a, b) ==
  \E m \in entrances :
    /\ m.type = "bound"
    /\ m.lost = a
    /\ m.loss = losses[a]
    /\ m.promised < b

AboveNobody(a, b) == TRUE

(***************************************************************************)
(* In the place of Settled: the leader does not name what it has           *)
(* inherited, so the replica does not have it.                             *)
(***************************************************************************)
NothingSettled(r) == 0
=============================================================================
