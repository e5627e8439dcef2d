------------------------------- MODULE Graphs -------------------------------
(* Directed graphs: records with a set of nodes and a set of edges, which are pairs of nodes. *)
EXTENDS Naturals, Sequences, FiniteSets, SequencesExt, Relation

IsDirectedGraph(G) ==
  /\ G = [node |-> G.node, edge |-> G.edge]
  /\ G.edge \subseteq G.node \X G.node

DirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET G.edge] : IsDirectedGraph(H)}

Transpose(G) == [node |-> G.node, edge |-> {<<e[2], e[1]>> : e \in G.edge}]

IsUndirectedGraph(G) == IsDirectedGraph(G) /\ Transpose(G).edge = G.edge

UndirectedSubgraph(G) == {H \in DirectedSubgraph(G) : IsUndirectedGraph(H)}

(* Sequences of nodes in which an edge leads from each to the next. *)
Path(G) == {p \in Seq(G.node) : p # <<>> /\ \A i \in 1..(Len(p) - 1) : <<p[i], p[i + 1]>> \in G.edge}

(* The paths on which no node stands twice. *)
SimplePath(G) ==
  LET RECURSIVE extend(_)
      extend(p) ==
        {p} \cup UNION {extend(Append(p, n)) : n \in {m \in G.node \ ToSet(p) : <<Last(p), m>> \in G.edge}}
  IN UNION {extend(<<n>>) : n \in G.node}

LOCAL EdgeRelation(G) == [x, y \in G.node |-> <<x, y>> \in G.edge]

(* For each pair of nodes, whether a path leads from the first to the second. *)
ConnectionsIn(G) == ReflexiveTransitiveClosure(EdgeRelation(G), G.node)

AreConnectedIn(m, n, G) == m \in G.node /\ n \in G.node /\ ConnectionsIn(G)[m, n]

IsStronglyConnected(G) ==
  LET connected == ConnectionsIn(G) IN \A m, n \in G.node : connected[m, n]

(* Whether each node leads to the root r, along one edge from each other node. *)
IsTreeWithRoot(G, r) ==
  /\ IsDirectedGraph(G)
  /\ r \in G.node
  /\ \A e \in G.edge : e[1] # r /\ \A f \in G.edge : e[1] = f[1] => e = f
  /\ \A n \in G.node : AreConnectedIn(n, r, G)

GraphUnion(G, H) == [node |-> G.node \cup H.node, edge |-> G.edge \cup H.edge]

IsBipartiteWithPartitions(G, U, V) ==
  /\ U \cap V = {}
  /\ G.node \subseteq U \cup V
  /\ \A e \in G.edge : <<e[1], e[2]>> \in (U \X V) \cup (V \X U)

HasCycle(G) == LET closure == TransitiveClosure(EdgeRelation(G), G.node) IN \E n \in G.node : closure[n, n]

IsDag(G) == IsDirectedGraph(G) /\ ~HasCycle(G)

Successors(G, n) == {m \in G.node : <<n, m>> \in G.edge}

AllSuccessors(G, S) == UNION {Successors(G, n) : n \in S}

Predecessors(G, n) == {m \in G.node : <<m, n>> \in G.edge}

AllPredecessors(G, S) == UNION {Predecessors(G, n) : n \in S}

(* The nodes from which n is reached, and those that it reaches, by one edge or more. *)
Ancestors(G, n) ==
  LET closure == TransitiveClosure(EdgeRelation(G), G.node) IN {m \in G.node : closure[m, n]}

Descendants(G, n) ==
  LET closure == TransitiveClosure(EdgeRelation(G), G.node) IN {m \in G.node : closure[n, m]}

InDegree(G, n) == Cardinality(Predecessors(G, n))

OutDegree(G, n) == Cardinality(Successors(G, n))

Roots(G) == {n \in G.node : Predecessors(G, n) = {}}

Leaves(G) == {n \in G.node : Successors(G, n) = {}}

EmptyGraph == [node |-> {}, edge |-> {}]

(* All graphs on the nodes S. *)
Graphs(S) == [node : {S}, edge : SUBSET (S \X S)]
=============================================================================
