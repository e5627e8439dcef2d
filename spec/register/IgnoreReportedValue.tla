------------------------ MODULE IgnoreReportedValue -------------------------
(***************************************************************************)
(* The register with a known bug: a proposer does not look at what the     *)
(* acceptors report.                                                       *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Stands for Latest. The proposer takes it that the register is as it was *)
(* at first, whatever the promises say. Two changes one after the other,   *)
(* with no failure at all, are then two changes of the first state, and    *)
(* the second takes the place of the first instead of following it.        *)
(* OneChain is violated.                                                   *)
(***************************************************************************)
IgnoreReportedValue(b, q) ==
  [type |-> "promise", ballot |-> b, acceptedBallot |-> 0,
   acceptedState |-> Initial]
=============================================================================
