------------------------------ MODULE TwoPhase ------------------------------
(* Two-phase commit: a coordinator asks the participants of a transaction    *)
(* whether they can commit it, and decides once all have said so, or one     *)
(* has refused.                                                              *)
EXTENDS Naturals

CONSTANT Participant

VARIABLES
  state,     \* of each participant: "working", "prepared", "committed" or "aborted"
  decision,  \* of the coordinator: "none", "commit" or "abort"
  messages   \* all that were ever sent

Init ==
  /\ state = [p \in Participant |-> "working"]
  /\ decision = "none"
  /\ messages = {}

(* Participant p can commit, and from now on leaves it to the coordinator.   *)
Prepare(p) ==
  /\ state[p] = "working"
  /\ state' = [state EXCEPT ![p] = "prepared"]
  /\ messages' = messages \cup {[type |-> "yes", from |-> p]}
  /\ UNCHANGED decision

(* Participant p cannot, and need not wait for anyone.                       *)
Refuse(p) ==
  /\ state[p] = "working"
  /\ state' = [state EXCEPT ![p] = "aborted"]
  /\ messages' = messages \cup {[type |-> "no", from |-> p]}
  /\ UNCHANGED decision

Commit ==
  /\ decision = "none"
  /\ \A p \in Participant : [type |-> "yes", from |-> p] \in messages
  /\ decision' = "commit"
  /\ messages' = messages \cup {[type |-> "commit"]}
  /\ UNCHANGED state

(* The coordinator may lose its patience before all have answered.           *)
Abort ==
  /\ decision = "none"
  /\ decision' = "abort"
  /\ messages' = messages \cup {[type |-> "abort"]}
  /\ UNCHANGED state

Learn(p) ==
  /\ state[p] = "prepared"
  /\ \/ /\ [type |-> "commit"] \in messages
        /\ state' = [state EXCEPT ![p] = "committed"]
     \/ /\ [type |-> "abort"] \in messages
        /\ state' = [state EXCEPT ![p] = "aborted"]
  /\ UNCHANGED <<decision, messages>>

Next ==
  \/ \E p \in Participant : Prepare(p) \/ Refuse(p) \/ Learn(p)
  \/ Commit
  \/ Abort

Spec == Init /\ [][Next]_<<state, decision, messages>>

Agreement ==
  \A p, q \in Participant : ~(state[p] = "committed" /\ state[q] = "aborted")
=============================================================================
