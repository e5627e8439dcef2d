-------------------------- MODULE RegisterHistory ---------------------------
(***************************************************************************)
(* The register is linearizable: seen from its clients, the module         *)
(* Register does what the module Linearizable allows.                      *)
(*                                                                         *)
(* A call takes its name from the ballot of the round that serves it,      *)
(* since each round serves one call and each ballot one round. A change    *)
(* has its effect when a quorum has accepted its state, or that of a       *)
(* descendant.                                                             *)
(***************************************************************************)
EXTENDS Register, Sequences

(***************************************************************************)
(* Three history variables, which no action of Register looks at: the      *)
(* calls that clients made, those that ended before anything was proposed  *)
(* for them, and the calls that have had their effect, in order.           *)
(***************************************************************************)
VARIABLES asked, rejected, history

(***************************************************************************)
(* The ballots of which a quorum has accepted the state.                   *)
(***************************************************************************)
Chosen ==
  {b \in {m.ballot : m \in {n \in messages : n.type = "accept"}} :
    \E q \in Quorum : \A a \in q :
      [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages}

(***************************************************************************)
(* The change that was asked for under ballot b.                           *)
(***************************************************************************)
ChangeAt(b) == (CHOOSE x \in asked : x.call = b).change

(***************************************************************************)
(* The calls from the first state to the state of ballot b, from parent to *)
(* child.                                                                  *)
(***************************************************************************)
RECURSIVE Chain(_)
Chain(b) ==
  IF b = 0
    THEN <<>>
    ELSE LET m == CHOOSE n \in Accepts(b) : TRUE
         IN  Append(Chain(m.parent),
                    [call |-> b, change |-> ChangeAt(b), state |-> m.state])

(***************************************************************************)
(* The chain up to the largest ballot that is chosen.                      *)
(***************************************************************************)
LatestChain ==
  IF Chosen = {}
    THEN <<>>
    ELSE Chain(CHOOSE b \in Chosen : \A c \in Chosen : c <= b)

(***************************************************************************)
(* The proposers whose round ends in a step, with nothing proposed.        *)
(***************************************************************************)
EndsUnproposed ==
  {p \in Proposer : /\ phase[p] = "prepare"
                    /\ phase'[p] = "idle"}

(***************************************************************************)
(* Every behaviour of Register, with the three variables written along. A  *)
(* call is made when its round begins. The history is the latest chain;    *)
(* that it only grows at its end is what OneChain is about.                *)
(***************************************************************************)
HistoryInit ==
  /\ Init
  /\ asked = {}
  /\ rejected = {}
  /\ history = <<>>

HistoryNext ==
  /\ Next
  /\ asked' = asked \cup
       {[call |-> counter'[p], change |-> change'[p]] :
         p \in {r \in Proposer : counter'[r] # counter[r]}}
  /\ rejected' = rejected \cup {counter[p] : p \in EndsUnproposed}
  /\ history' = LatestChain'

HistorySpec ==
  HistoryInit /\ [][HistoryNext]_<<vars, asked, rejected, history>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Those that were acknowledged were answered.                             *)
(***************************************************************************)
answered ==
  {[call |-> x.ballot, change |-> x.change, state |-> x.state] :
    x \in acknowledged}

(***************************************************************************)
(* A prepare asks, an accept that completes a quorum performs, an          *)
(* acknowledgement answers, and a round that ends without a proposal       *)
(* rejects. All else changes nothing that clients could see.               *)
(***************************************************************************)
L == INSTANCE Linearizable WITH Call <- Ballot

RefinesLinearizable == L!Spec

THEOREM HistorySpec => RefinesLinearizable
=============================================================================
