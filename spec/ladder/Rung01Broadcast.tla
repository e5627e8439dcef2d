-------------------------- MODULE Rung01Broadcast ---------------------------
(***************************************************************************)
(* Three copies, and each client sends its value to all of them.           *)
(*                                                                         *)
(* A crash of one server must not be the end, so several servers keep a    *)
(* copy each. They are called acceptors, for what will become of them. A   *)
(* client sends its value to all acceptors, once. An acceptor takes every  *)
(* value that arrives, so that the last one to arrive is the one it holds. *)
(*                                                                         *)
(* Last is the word that goes wrong. Two messages may reach one acceptor   *)
(* in one order and another acceptor in the other, and then the copies     *)
(* differ. Nobody has failed and nobody has more to say: they differ for   *)
(* ever.                                                                   *)
(***************************************************************************)

(***************************************************************************)
(* Acceptor is the set of servers that keep a copy, Value the set of       *)
(* values that clients send. None stands for no value.                     *)
(***************************************************************************)
CONSTANTS Acceptor, Value, None

(***************************************************************************)
(* The value that each acceptor holds, the values that have reached it,    *)
(* and the messages that were sent. The set messages only grows: that a    *)
(* message is in it says that it was sent, and received says whom it       *)
(* reached.                                                                *)
(***************************************************************************)
VARIABLES acceptedValue, received, messages

vars == <<acceptedValue, received, messages>>

Init ==
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ received = [a \in Acceptor |-> {}]
  /\ messages = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* A client sends its value to all acceptors.                              *)
(***************************************************************************)
Propose(v) ==
  /\ Send([type |-> "accept", value |-> v])
  /\ UNCHANGED <<acceptedValue, received>>

(***************************************************************************)
(* The message with v reaches acceptor a. It does so once.                 *)
(***************************************************************************)
Accept(a, v) ==
  /\ [type |-> "accept", value |-> v] \in messages
  /\ v \notin received[a]
  /\ received' = [received EXCEPT ![a] = received[a] \cup {v}]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ UNCHANGED messages

Next ==
  \/ \E v \in Value : Propose(v)
  \/ \E a \in Acceptor : \E v \in Value : Accept(a, v)

(***************************************************************************)
(* Every message arrives in the end: as long as a step is left to take,    *)
(* some step is taken.                                                     *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars /\ WF_vars(Next)

-----------------------------------------------------------------------------
(***************************************************************************)
(* In the end the copies are equal, and stay so.                           *)
(***************************************************************************)
Equal == \A a, d \in Acceptor : acceptedValue[a] = acceptedValue[d]

Converges == <>[]Equal
=============================================================================
