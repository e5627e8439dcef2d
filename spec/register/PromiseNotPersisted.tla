------------------------ MODULE PromiseNotPersisted -------------------------
(***************************************************************************)
(* The register with a known bug: an acceptor promises before its disk is  *)
(* written.                                                                *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* As Promise, but the disk stays as it is. As long as no acceptor         *)
(* restarts nothing is wrong. After a restart the acceptor has forgotten   *)
(* its promise and accepts below it, and then the same happens as in       *)
(* AcceptBelowPromise: OneChain is violated.                               *)
(***************************************************************************)
PromiseNotPersisted(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ b > acceptedBallot[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedState |-> acceptedState[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedState, disk, proposerVars,
                 acknowledged>>
=============================================================================
