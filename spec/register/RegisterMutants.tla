-------------------------- MODULE RegisterMutants ---------------------------
(***************************************************************************)
(* For those invariants of the register that none of the known bugs is     *)
(* made to show, a faulty action by which each fails. The configuration    *)
(* RegisterMutants-I.cfg puts the action in its place and expects I to be  *)
(* violated.                                                               *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* MemoryOnDisk: in the place of Accept. The disk is not written.          *)
(***************************************************************************)
AcceptNotPersisted(a, b) ==
  /\ Accepts(b) # {}
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       /\ promised' = [promised EXCEPT ![a] = b]
       /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<disk, proposerVars, acknowledged>>

(***************************************************************************)
(* PromiseCoversAccepted: in the place of Accept. To accept is no promise. *)
(***************************************************************************)
AcceptWithoutPromise(a, b) ==
  /\ Accepts(b) # {}
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
       /\ disk' = [disk EXCEPT ![a] = [promised |-> promised[a],
                                       acceptedBallot |-> b,
                                       acceptedState |-> m.state]]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<promised, proposerVars, acknowledged>>

(***************************************************************************)
(* AcceptedWasProposed: in the place of RestartAcceptor. The ballots are   *)
(* recovered, but not the state.                                           *)
(***************************************************************************)
RestartWithoutState(a) ==
  /\ promised' = [promised EXCEPT ![a] = disk[a].promised]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = disk[a].acceptedBallot]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = Initial]
  /\ UNCHANGED <<disk, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* ChangeWasApplied: in the place of Propose. The parent is the latest     *)
(* state, but the change is applied to another, as if it were kept from    *)
(* before.                                                                 *)
(***************************************************************************)
ProposeFromCache(p, q, s) ==
  /\ phase[p] = "prepare"
  /\ q \in Quorum
  /\ \A a \in q : Promises(counter[p], {a}) # {}
  /\ s = Apply(change[p], Initial)
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ proposal' = [proposal EXCEPT ![p] = s]
  /\ Send([type |-> "accept", ballot |-> counter[p], state |-> s,
           parent |-> Latest(counter[p], q).acceptedBallot])
  /\ UNCHANGED <<acceptorVars, counter, change, acknowledged>>

(***************************************************************************)
(* LateBallotIsDead: in the place of RestartAcceptor. The disk was         *)
(* replaced by an empty one, and the acceptor goes on under its old name.  *)
(***************************************************************************)
RestartEmpty(a) ==
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = Initial]
  /\ disk' = [disk EXCEPT ![a] = [promised |-> 0, acceptedBallot |-> 0,
                                  acceptedState |-> Initial]]
  /\ UNCHANGED <<proposerVars, messages, acknowledged>>
=============================================================================
