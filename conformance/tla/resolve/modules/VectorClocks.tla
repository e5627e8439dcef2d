---------------------------- MODULE VectorClocks ----------------------------
(* Logs whose events carry vector clocks: functions from nodes to numbers. *)
EXTENDS Naturals, Sequences
LOCAL INSTANCE TLC

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

(* The log in a causal order. node and domain give an event's node and the nodes of its clock. The events of a node follow
   one another as its own clock says; of the nodes whose next event has heard of nothing that is still to come, the one
   that is farthest behind goes on. *)
CausalOrder(log, clock(_), node(_), domain(_)) ==
  LET own(e) == clock(e)[node(e)]
      of == [n \in {node(log[i]) : i \in 1..Len(log)} |->
               SortSeq(SelectSeq(log, LAMBDA e : node(e) = n), LAMBDA e, f : own(e) < own(f))]
      next(n, count) == of[n][count[n] + 1]
      left(count) == {n \in DOMAIN of : count[n] < Len(of[n])}
      ready(n, count) ==
        LET e == next(n, count)
        IN \A m \in (left(count) \cap domain(clock(e))) \ {n} : own(next(m, count)) > clock(e)[m]
      RECURSIVE order(_, _)
      order(count, list) ==
        IF left(count) = {} THEN list
        ELSE LET heads == {n \in left(count) : ready(n, count)}
                 first == CHOOSE n \in heads : \A m \in heads : count[n] \leq count[m]
             IN order([count EXCEPT ![first] = @ + 1], Append(list, next(first, count)))
  IN order([n \in DOMAIN of |-> 0], <<>>)
=============================================================================
