------------------------- MODULE FailedCasUnwritten -------------------------
(***************************************************************************)
(* The register with a known bug: the client of a compare-and-set that     *)
(* fails is told so at once, and the state that it found is not accepted   *)
(* again.                                                                  *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Stands for Ask. A compare-and-set that finds another state than it      *)
(* expects changes nothing, so it seems that there is nothing to write.    *)
(* But the answer tells of a state, as that of a read does, and the same   *)
(* happens as in ReadUnwritten: AcknowledgedIsChosen is violated.          *)
(***************************************************************************)
FailedCasUnwritten(p, n) ==
  /\ phase[p] = "prepare"
  /\ \E q \in Quorum :
       LET m == Latest(ballot[p], q)
       IN  /\ \A a \in q : Promises(ballot[p], {a}) # {}
           /\ \E c \in Change : c.name = "cas" /\ c.expect # m.acceptedState
           /\ acknowledged' = acknowledged \cup
                {[ballot |-> m.acceptedBallot, changes |-> <<>>,
                  state |-> m.acceptedState]}
  /\ UNCHANGED <<acceptorVars, proposerVars, messages>>
=============================================================================
