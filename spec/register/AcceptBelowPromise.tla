------------------------- MODULE AcceptBelowPromise -------------------------
(***************************************************************************)
(* The register with a known bug: acceptors promise, but do not keep to    *)
(* it.                                                                     *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* As Accept, without the conjunct promised[a] <= b. An accept that comes  *)
(* after the promise to a later round is stored all the same. The promise  *)
(* said that nothing but what it reported could be chosen below its        *)
(* ballot; now a quorum can accept there after the report, and be          *)
(* acknowledged, while the later round builds on a state that is older.    *)
(* OneChain is violated.                                                   *)
(***************************************************************************)
AcceptBelowPromise(a, b) ==
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       LET promise == Larger(b, m.next)
       IN  /\ promised' = [promised EXCEPT ![a] = promise]
           /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
           /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
           /\ disk' = [disk EXCEPT ![a] = [promised |-> promise,
                                           acceptedBallot |-> b,
                                           acceptedState |-> m.state]]
           /\ messages' = messages \cup AcceptedMessages(a, m)
  /\ UNCHANGED <<proposerVars, acknowledged>>
=============================================================================
