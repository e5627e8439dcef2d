---------------------------- MODULE ReadUnwritten ---------------------------
(***************************************************************************)
(* The register with a known bug: a read is answered with the latest state *)
(* that a quorum reports, and the state is not accepted again.             *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Stands for Ask. The proposer has the promises of a quorum, which is all *)
(* that a round needs to propose, and saves itself the rest. But the state *)
(* that was reported with the greatest ballot has perhaps been accepted by *)
(* one acceptor alone. Who reads next may not hear of it.                  *)
(* AcknowledgedIsChosen is violated, and in consequence OneChain.          *)
(***************************************************************************)
ReadUnwritten(p, n) ==
  /\ phase[p] = "prepare"
  /\ \E q \in Quorum :
       LET m == Latest(ballot[p], q)
       IN  /\ \A a \in q : Promises(ballot[p], {a}) # {}
           /\ acknowledged' = acknowledged \cup
                {[ballot |-> m.acceptedBallot, changes |-> <<>>,
                  state |-> m.acceptedState]}
  /\ UNCHANGED <<acceptorVars, proposerVars, messages>>
=============================================================================
