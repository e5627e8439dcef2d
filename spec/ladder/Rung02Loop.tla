----------------------------- MODULE Rung02Loop -----------------------------
(***************************************************************************)
(* Three copies, and each client repeats its value until all of them hold  *)
(* it.                                                                     *)
(*                                                                         *)
(* Copies that differ can be made equal by sending again. So a client      *)
(* sends its value in a loop, until every acceptor holds it. This also     *)
(* helps against messages that get lost. When a client finds all copies    *)
(* equal, it takes the matter as settled.                                  *)
(*                                                                         *)
(* But the loops of two clients run side by side. A message of one of them *)
(* may still be under way when the other finds the matter settled. It      *)
(* arrives, and an acceptor takes it, for nothing tells it apart from      *)
(* news. What was settled is not settled at all.                           *)
(***************************************************************************)

(***************************************************************************)
(* Acceptor is the set of servers that keep a copy, Value the set of       *)
(* values that clients send. None stands for no value.                     *)
(***************************************************************************)
CONSTANTS Acceptor, Value, None

(***************************************************************************)
(* The value that each acceptor holds, and the messages that were sent.    *)
(* The set messages only grows, and to receive a message is to find it     *)
(* there. So it may arrive at any later time, often or never, as a message *)
(* does that is repeated and may be lost.                                  *)
(***************************************************************************)
VARIABLES acceptedValue, messages

vars == <<acceptedValue, messages>>

Init ==
  /\ acceptedValue = [a \in Acceptor |-> None]
  /\ messages = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* A client begins to send its value to all acceptors.                     *)
(***************************************************************************)
Propose(v) ==
  /\ Send([type |-> "accept", value |-> v])
  /\ UNCHANGED acceptedValue

(***************************************************************************)
(* The message with v reaches acceptor a, for the first time or again.     *)
(***************************************************************************)
Accept(a, v) ==
  /\ [type |-> "accept", value |-> v] \in messages
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ UNCHANGED messages

Next ==
  \/ \E v \in Value : Propose(v)
  \/ \E a \in Acceptor : \E v \in Value : Accept(a, v)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* A value is settled when all acceptors hold it, and settled it stays.    *)
(***************************************************************************)
Settled(v) == \A a \in Acceptor : acceptedValue[a] = v

Stable == [][\A v \in Value : Settled(v) => Settled(v)']_vars
=============================================================================
