----------------------- MODULE LeaseReadmissionMutants -----------------------
(***************************************************************************)
(* Leases and lost disks, with a known bug. The configuration              *)
(* LeaseReadmissionMutants-D.cfg puts the definition D in the place of     *)
(* what it is made from, and expects ReaderIsAhead to be violated.         *)
(***************************************************************************)
EXTENDS MCLeaseReadmission

(***************************************************************************)
(* In the place of Readmit: the replica takes part again under the ballot  *)
(* of any leader.                                                          *)
(***************************************************************************)
ReadmitUnderAny(a, b) ==
  /\ lost[a]
  /\ \E m \in entrances :
       /\ m.type = "admit"
       /\ m.ballot = b
       /\ m.slot <= applied[a]
  /\ lost' = [lost EXCEPT ![a] = FALSE]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ disk' = [disk EXCEPT ![a].promised = b]
  /\ UNCHANGED <<accepted, snapshot, learned, applied, machine, role, next,
                 inherited, messages, executed, answered, readVars, losses,
                 entrances>>
  /\ SameTime
=============================================================================
