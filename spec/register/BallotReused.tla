---------------------------- MODULE BallotReused ----------------------------
(***************************************************************************)
(* The register with a known bug: a proposer starts a round under the      *)
(* ballot of one that it abandoned.                                        *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* As Prepare, with b >= counter[p] for b > counter[p]. The promises for   *)
(* the ballot are there already, and so perhaps are its accepts. The       *)
(* proposer can thus propose another state under the ballot, and what      *)
(* acceptors say of the one it will take for the other: OneStatePerBallot  *)
(* is violated.                                                            *)
(***************************************************************************)
BallotReused(p, b) ==
  /\ phase[p] = "idle"
  /\ Owns(p, b)
  /\ b >= counter[p]
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ Enter(p, "prepare", b)
  /\ Send([type |-> "prepare", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, acknowledged>>
=============================================================================
