------------------------------ MODULE CacheKept -----------------------------
(***************************************************************************)
(* The register with a known bug: a proposer goes on with the promises     *)
(* that it has after a round that failed.                                  *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* Stands for Abandon. The proposer gives up what it proposed, but not its *)
(* ballot: it still has the promises of a quorum, and proposes something   *)
(* else with them. What it proposed before is on its way, though, and      *)
(* perhaps accepted. A ballot then stands for two states. One is           *)
(* acknowledged, and a later round finds the other under the same ballot,  *)
(* and builds on it. OneChain is violated.                                 *)
(***************************************************************************)
CacheKept(p) ==
  /\ phase[p] # "idle"
  /\ IF phase[p] = "accept" THEN Enter(p, "prepare", ballot[p]) ELSE Rest(p)
  /\ UNCHANGED <<acceptorVars, counter, messages, acknowledged>>
=============================================================================
