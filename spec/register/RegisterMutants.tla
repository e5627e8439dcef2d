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
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       /\ promised' = [promised EXCEPT ![a] = Larger(b, m.next)]
       /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
       /\ messages' = messages \cup AcceptedMessages(a, m)
  /\ UNCHANGED <<disk, proposerVars, acknowledged>>

(***************************************************************************)
(* PromiseCoversAccepted: in the place of Accept. To accept is no promise. *)
(***************************************************************************)
AcceptWithoutPromise(a, b) ==
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ \E m \in Accepts(b) :
       /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
       /\ disk' = [disk EXCEPT ![a] = [promised |-> promised[a],
                                       acceptedBallot |-> b,
                                       acceptedState |-> m.state]]
       /\ messages' = messages \cup AcceptedMessages(a, m)
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
(* AcknowledgedIsChosen: in the place of Answer. A single report is enough *)
(* for a read.                                                             *)
(***************************************************************************)
AnswerToOne(p, n, q, b, s) ==
  /\ \E a \in q :
       [type |-> "report", proposer |-> p, number |-> n, acceptor |-> a,
        acceptedBallot |-> b, acceptedState |-> s] \in messages
  /\ acknowledged' = acknowledged \cup
       {[ballot |-> b, changes |-> <<>>, state |-> s]}
  /\ UNCHANGED <<acceptorVars, proposerVars, messages>>

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
