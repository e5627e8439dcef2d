-------------------------- MODULE ReadNumberReused --------------------------
(***************************************************************************)
(* The register with a known bug: a proposer gives a read the number of an *)
(* earlier one, because it has forgotten in a restart which numbers it     *)
(* used.                                                                   *)
(***************************************************************************)
EXTENDS MCRegisterRead

(***************************************************************************)
(* Stands for Ask. Reports to the earlier read are taken for answers to    *)
(* this one, and they may be older than what was acknowledged since.       *)
(* ReadIsFresh is violated.                                                *)
(***************************************************************************)
ReadNumberReused(p, n) ==
  /\ Send([type |-> "ask", proposer |-> p, number |-> n])
  /\ UNCHANGED <<acceptorVars, proposerVars, acknowledged>>

(***************************************************************************)
(* Each time the read is begun counts.                                     *)
(***************************************************************************)
NextReused ==
  \/ /\ Next
     /\ UNCHANGED begun
  \/ \E p \in Proposer : \E n \in Number :
       /\ ReadNumberReused(p, n)
       /\ begun' = begun \cup
            {[proposer |-> p, number |-> n,
              ballots |-> {x.ballot : x \in acknowledged}]}

ReusedSpec == ReadInit /\ [][NextReused]_<<vars, begun>>
=============================================================================
