----------------------------- MODULE LogHistory -----------------------------
(***************************************************************************)
(* The log is linearizable: seen from its clients, the module Log does     *)
(* what the module Linearizable allows.                                    *)
(*                                                                         *)
(* A call takes its name from its client and its number. A command has its *)
(* effect when the slot that it stands in, and all slots before, are       *)
(* chosen; if it stands in several, in the first of them.                  *)
(***************************************************************************)
EXTENDS MCLog

(***************************************************************************)
(* Two history variables: the calls that clients made, and those that have *)
(* had their effect, in order.                                             *)
(***************************************************************************)
VARIABLES asked, history

CallOf(c) == <<c.client, c.number>>

Asking(c) == [call |-> CallOf(c), change |-> c.change]

(***************************************************************************)
(* The history that a batch makes of history h. A command is left out if   *)
(* the same, or a later one of its client, is in h.                        *)
(***************************************************************************)
StateAfter(h) == IF h = <<>> THEN Start.value ELSE h[Len(h)].state

RECURSIVE Extended(_, _)
Extended(h, v) ==
  IF v = NoOp
    THEN h
    ELSE LET c == Head(v)
             performed == \E i \in 1..Len(h) :
                            /\ h[i].call[1] = c.client
                            /\ c.number <= h[i].call[2]
         IN  Extended(IF performed THEN h
                      ELSE Append(h, [call |-> CallOf(c),
                                      change |-> c.change,
                                      state |-> Effect(c.change,
                                                       StateAfter(h))]),
                      Tail(v))

(***************************************************************************)
(* The history of the chosen slots from i on, as far as there is no gap.   *)
(***************************************************************************)
RECURSIVE ChosenHistory(_, _)
ChosenHistory(h, i) ==
  IF Chosen(i) = {}
    THEN h
    ELSE ChosenHistory(Extended(h, CHOOSE v \in Chosen(i) : TRUE), i + 1)

(***************************************************************************)
(* A client makes a call. Only then may a leader propose it.               *)
(***************************************************************************)
Ask(c) ==
  /\ Asking(c) \notin asked
  /\ asked' = asked \cup {Asking(c)}
  /\ UNCHANGED <<vars, history>>

Proposed(ms) ==
  UNION {{m.value[i] : i \in 1..Len(m.value)} :
         m \in {n \in ms : n.type = "accept"}}

HistoryInit ==
  /\ Init
  /\ asked = {}
  /\ history = <<>>

HistoryNext ==
  \/ \E c \in Command : Ask(c)
  \/ /\ Next
     /\ \A c \in Proposed(messages') : Asking(c) \in asked
     /\ history' = ChosenHistory(<<>>, 1)'
     /\ UNCHANGED asked

HistorySpec == HistoryInit /\ [][HistoryNext]_<<vars, asked, history>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* The answers as Linearizable has them. No call is ever rejected: a       *)
(* client that gets no answer does not know.                               *)
(***************************************************************************)
Told ==
  {[call |-> CallOf(x.command), change |-> x.command.change,
    state |-> x.result] : x \in answered}

L == INSTANCE Linearizable WITH
       Call <- {CallOf(c) : c \in Command},
       Change <- {c.change : c \in Command},
       Initial <- Start.value, Apply <- Effect,
       answered <- Told, rejected <- {}

RefinesLinearizable == L!Spec

THEOREM HistorySpec => RefinesLinearizable
=============================================================================
