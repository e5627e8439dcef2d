------------------------------ MODULE GraphViz ------------------------------
(* Graphs as text for GraphViz. *)
LOCAL INSTANCE Sequences
LOCAL INSTANCE TLC

LOCAL Lines(S, Line(_)) ==
  LET RECURSIVE lines(_)
      lines(T) == IF T = {} THEN "" ELSE LET e == CHOOSE d \in T : TRUE IN Line(e) \o lines(T \ {e})
  IN lines(S)

(* The graph G in the DOT language, with the labels VL of its nodes and EL of its edges. *)
DotDiGraph(G, VL(_), EL(_)) ==
  "digraph G {"
    \o Lines(G.node, LAMBDA n : ToString(n) \o "[label=" \o VL(n) \o "];")
    \o Lines(G.edge, LAMBDA e : ToString(e[1]) \o "->" \o ToString(e[2]) \o "[label=" \o EL(e) \o "];")
    \o "}"
=============================================================================
