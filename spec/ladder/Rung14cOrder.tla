---------------------------- MODULE Rung14cOrder ----------------------------
(***************************************************************************)
(* A log that is applied in order: Multi-Paxos.                            *)
(*                                                                         *)
(* A replica applies the slots in their order, and waits where one is not  *)
(* chosen yet. That is why holes must be filled: a slot that nobody wants  *)
(* would hold up all those after it.                                       *)
(*                                                                         *)
(* It is now a machine that survives the loss of any minority of its       *)
(* copies. Each replica starts in the same state and applies the same      *)
(* commands in the same order, so each comes to the same state, whatever   *)
(* the program is. What a client is told is what its command gave when it  *)
(* was applied. The full module, with disks, snapshots and batches, is     *)
(* spec/log.                                                               *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

(***************************************************************************)
(* Acceptors, replicas that apply the log, values and ballots as ever;     *)
(* slots are numbered from 1. NoOp is a value that does nothing.           *)
(***************************************************************************)
CONSTANTS Acceptor, Replica, Value, NoOp, Ballot, Slot

Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* What an acceptor has promised, for all slots; what it has accepted, as  *)
(* a set of records [slot, ballot, value]; and the messages that were      *)
(* sent. What each replica has applied, in its order.                      *)
(***************************************************************************)
VARIABLES promised, accepted, messages, applied

vars == <<promised, accepted, messages, applied>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ accepted = [a \in Acceptor |-> {}]
  /\ messages = {}
  /\ applied = [r \in Replica |-> <<>>]

-----------------------------------------------------------------------------
Send(m) == messages' = messages \cup {m}

Promises(b, q) ==
  {m \in messages : /\ m.type = "promise"
                    /\ m.ballot = b
                    /\ m.acceptor \in q}

Accepts(b, i) ==
  {m \in messages : m.type = "accept" /\ m.ballot = b /\ m.slot = i}

(***************************************************************************)
(* Acceptor a promises ballot b, once for all slots, and reports what it   *)
(* has accepted in each of them.                                           *)
(***************************************************************************)
Promise(a, b) ==
  /\ promised[a] < b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           accepted |-> accepted[a]])
  /\ UNCHANGED <<accepted, applied>>

(***************************************************************************)
(* What is reported to the leader, and what it may then propose in slot i: *)
(* the value of the largest ballot, if there is one. A hole, with nothing  *)
(* reported in it and something after it, is filled with a value that does *)
(* nothing. Beyond all that was reported any value will do.                *)
(***************************************************************************)
Reported(b, q) == UNION {m.accepted : m \in Promises(b, q)}

At(reported, i) == {x \in reported : x.slot = i}

Allowed(reported, i) ==
  IF At(reported, i) # {}
    THEN {x.value : x \in {y \in At(reported, i) :
           \A z \in At(reported, i) : z.ballot <= y.ballot}}
    ELSE IF \E x \in reported : x.slot > i THEN {NoOp} ELSE Value

(***************************************************************************)
(* The leader of ballot b, which has the promises of the quorum q,         *)
(* proposes v in slot i. It proposes once in each slot, in as many as it   *)
(* likes, and needs no other promises for that.                            *)
(***************************************************************************)
Propose(b, i, q, v) ==
  /\ b > 0
  /\ Accepts(b, i) = {}
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ v \in Allowed(Reported(b, q), i)
  /\ Send([type |-> "accept", ballot |-> b, slot |-> i, value |-> v])
  /\ UNCHANGED <<promised, accepted, applied>>

(***************************************************************************)
(* Acceptor a accepts what the leader of ballot b proposes in slot i.      *)
(***************************************************************************)
Accept(a, b, i) ==
  /\ promised[a] <= b
  /\ \A x \in accepted[a] : ~(x.slot = i /\ x.ballot = b)
  /\ \E m \in Accepts(b, i) :
       accepted' = [accepted EXCEPT ![a] =
         {x \in accepted[a] : x.slot # i} \cup
           {[slot |-> i, ballot |-> b, value |-> m.value]}]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, slot |-> i])
  /\ UNCHANGED applied

(***************************************************************************)
(* The values that are chosen in slot i.                                   *)
(***************************************************************************)
Chosen(i) ==
  {m.value : m \in {n \in messages :
    /\ n.type = "accept"
    /\ n.slot = i
    /\ \E q \in Quorum : \A a \in q :
         [type |-> "accepted", ballot |-> n.ballot, acceptor |-> a,
          slot |-> i] \in messages}}

(***************************************************************************)
(* Replica r applies the value v, which is chosen in slot i, the slot      *)
(* after the last that it has applied.                                     *)
(***************************************************************************)
Apply(r, i, v) ==
  /\ v \in Chosen(i)
  /\ i = Len(applied[r]) + 1
  /\ applied' = [applied EXCEPT ![r] =
       Append(applied[r], [slot |-> i, value |-> v])]
  /\ UNCHANGED <<promised, accepted, messages>>

Next ==
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E b \in Ballot, i \in Slot, q \in Quorum, v \in Value \cup {NoOp} :
       Propose(b, i, q, v)
  \/ \E a \in Acceptor : \E b \in Ballot, i \in Slot : Accept(a, b, i)
  \/ \E r \in Replica : \E i \in Slot, v \in Value \cup {NoOp} :
       Apply(r, i, v)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

(***************************************************************************)
(* In each slot one value is chosen at most.                               *)
(***************************************************************************)
Agreement == \A i \in Slot : Cardinality(Chosen(i)) <= 1

(***************************************************************************)
(* Of two replicas one has applied what the other has, in the same order,  *)
(* and perhaps more.                                                       *)
(***************************************************************************)
SameOrder ==
  \A r, s \in Replica :
    \A k \in 1..Len(applied[r]) :
      k <= Len(applied[s]) => applied[r][k] = applied[s][k]

(***************************************************************************)
(* Acceptors may be exchanged for each other, and so may values and        *)
(* replicas.                                                               *)
(***************************************************************************)
Symmetry ==
  Permutations(Acceptor) \cup Permutations(Value) \cup Permutations(Replica)
=============================================================================
