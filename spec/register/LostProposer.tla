---------------------------- MODULE LostProposer ----------------------------
(***************************************************************************)
(* The register with proposers that lose their disks. One that comes back  *)
(* under its name does not know which ballots it has used. A quorum of the *)
(* acceptors does: whatever was proposed, a quorum had promised before.    *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* The largest ballot that an acceptor of q has promised.                  *)
(***************************************************************************)
LargestPromise(q) ==
  LET all == {disk[a].promised : a \in q}
  IN CHOOSE b \in all : \A c \in all : c <= b

(***************************************************************************)
(* As RestartProposer, but the disk may be lost. Then the counter becomes  *)
(* the largest ballot that a quorum q has promised. It may be smaller than *)
(* it was: a ballot that no quorum has promised is claimed anew. Nothing   *)
(* was proposed under it, and the promises that acceptors gave then are as *)
(* good as new ones.                                                       *)
(***************************************************************************)
RestartOrReplace(p) ==
  /\ Rest(p)
  /\ counter' \in
       {counter}
       \cup {[counter EXCEPT ![p] = LargestPromise(q)] : q \in Quorum}
  /\ UNCHANGED <<acceptorVars, messages, acknowledged>>

(***************************************************************************)
(* A known bug: the proposer begins from the front, as if it had never     *)
(* used a ballot. Old promises let it propose another state under one that *)
(* it has used: OneStatePerBallot is violated.                             *)
(***************************************************************************)
ProposerForgets(p) ==
  /\ Rest(p)
  /\ counter' \in {counter, [counter EXCEPT ![p] = 0]}
  /\ UNCHANGED <<acceptorVars, messages, acknowledged>>

(***************************************************************************)
(* Another one: a single acceptor is asked, which may have promised less   *)
(* than a quorum has.                                                      *)
(***************************************************************************)
ProposerAsksOne(p) ==
  /\ Rest(p)
  /\ counter' \in
       {counter}
       \cup {[counter EXCEPT ![p] = LargestPromise({a})] : a \in Acceptor}
  /\ UNCHANGED <<acceptorVars, messages, acknowledged>>
=============================================================================
