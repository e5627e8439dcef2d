---------------------------- MODULE VectorClocks ----------------------------
(* Logs whose events carry vector clocks: functions from nodes to numbers. *)
EXTENDS Naturals, Sequences, Functions

(* What a clock says of a node; a node that it has not heard of stands at 0. *)
LOCAL At(c, n) == IF n \in DOMAIN c THEN c[n] ELSE 0

LOCAL Before(c, d) ==
  /\ \A n \in DOMAIN c \cup DOMAIN d : At(c, n) \leq At(d, n)
  /\ \E n \in DOMAIN c \cup DOMAIN d : At(c, n) < At(d, n)

LOCAL Concurrent(c, d) ==
  /\ \E n \in DOMAIN c \cup DOMAIN d : At(c, n) < At(d, n)
  /\ \E n \in DOMAIN c \cup DOMAIN d : At(c, n) > At(d, n)

(* Whether no event stands before one that it may depend on. *)
IsCausalOrder(log, clock(_)) ==
  \A j \in 1..Len(log) : \A i \in 1..(j - 1) :
    Before(clock(log[i]), clock(log[j])) \/ Concurrent(clock(log[i]), clock(log[j]))

(* The log in a causal order. node and domain give an event's node and the nodes of its clock. *)
CausalOrder(log, clock(_), node(_), domain(_)) ==
  LET RECURSIVE order(_)
      order(left) ==
        IF left = {} THEN <<>>
        ELSE LET first == CHOOSE j \in left : \A i \in left : ~Before(clock(log[i]), clock(log[j]))
             IN <<log[first]>> \o order(left \ {first})
  IN order(1..Len(log))
=============================================================================
