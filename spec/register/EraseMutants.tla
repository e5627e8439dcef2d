---------------------------- MODULE EraseMutants ----------------------------
(***************************************************************************)
(* The register's erasure with a condition left out. The configuration     *)
(* EraseMutants-M.cfg puts M in the place of the action that is named at   *)
(* it.                                                                     *)
(***************************************************************************)
EXTENDS MCRegisterErase

(***************************************************************************)
(* What some of the mutants need to be seen: changes of which the result   *)
(* depends on what they change, and one ballot alone that may be erased.   *)
(***************************************************************************)
AddOrDelete == {[name |-> "add", value |-> 1], Delete}

FirstOnly == {1}

(***************************************************************************)
(* Collect: a deletion that a quorum has accepted is erased. Those that    *)
(* erase are then outvoted by one that still holds the old state.          *)
(***************************************************************************)
CollectsQuorum(p, b) ==
  /\ Owns(p, b)
  /\ \E m \in Accepts(b) : m.state = Initial
  /\ \E q \in Quorum : \A a \in q :
       [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages
  /\ Send([type |-> "erase", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, proposerVars, acknowledged>>

(***************************************************************************)
(* Collect: what is erased need not be a deletion.                         *)
(***************************************************************************)
CollectsAnyState(p, b) ==
  /\ Owns(p, b)
  /\ \A a \in Acceptor :
       [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages
  /\ Send([type |-> "erase", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, proposerVars, acknowledged>>

(***************************************************************************)
(* Erase: the acceptor forgets its promise as well. A message from before  *)
(* the deletion brings the old state back, or a smaller ballot writes what *)
(* a larger one does not know of.                                          *)
(***************************************************************************)
ErasesPromise(a, b) ==
  /\ [type |-> "erase", ballot |-> b] \in messages
  /\ acceptedBallot[a] = b
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = Initial]
  /\ disk' = [disk EXCEPT ![a] = [promised |-> 0,
                                  acceptedBallot |-> 0,
                                  acceptedState |-> Initial]]
  /\ UNCHANGED <<proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Raise: the one promise for all registers that are erased is not on the  *)
(* disk, and a restart finds a smaller one.                                *)
(***************************************************************************)
FloorForgotten(a, r) ==
  /\ acceptedBallot[a] = 0
  /\ promised' = [promised EXCEPT ![a] = r]
  /\ disk' = [disk EXCEPT ![a].promised = r]
  /\ UNCHANGED <<acceptedBallot, acceptedState, proposerVars, messages,
                 acknowledged>>
=============================================================================
