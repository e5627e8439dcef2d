-------------------------- MODULE UndirectedGraphs --------------------------
(* Undirected graphs: records with a set of nodes and a set of edges, which are sets of one or two nodes. *)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences

IsUndirectedGraph(G) ==
  /\ G = [node |-> G.node, edge |-> G.edge]
  /\ \A e \in G.edge : \E a, b \in G.node : e = {a, b}

IsLoopFreeUndirectedGraph(G) ==
  /\ G = [node |-> G.node, edge |-> G.edge]
  /\ \A e \in G.edge : \E a, b \in G.node : a # b /\ e = {a, b}

UndirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET G.edge] : IsUndirectedGraph(H)}

Path(G) == {p \in Seq(G.node) : p # <<>> /\ \A i \in 1..(Len(p) - 1) : {p[i], p[i + 1]} \in G.edge}

(* The paths on which no node stands twice. *)
SimplePath(G) ==
  LET RECURSIVE extend(_)
      extend(p) ==
        LET seen == {p[i] : i \in 1..Len(p)}
        IN {p} \cup UNION {extend(Append(p, n)) : n \in {m \in G.node \ seen : {p[Len(p)], m} \in G.edge}}
  IN UNION {extend(<<n>>) : n \in G.node}

(* The nodes that are reached from those in S, with S itself. *)
LOCAL Reached(G, S) ==
  LET RECURSIVE reach(_)
      reach(T) == LET U == T \cup {n \in G.node : \E m \in T : {m, n} \in G.edge}
                  IN IF U = T THEN T ELSE reach(U)
  IN reach(S)

AreConnectedIn(m, n, G) == m \in G.node /\ n \in Reached(G, {m})

ConnectedComponents(G) == {Reached(G, {n}) : n \in G.node}

IsStronglyConnected(G) == ConnectedComponents(G) = {G.node}

(* All graphs on the nodes S. *)
UndirectedGraphs(S) == [node : {S}, edge : SUBSET {{s, t} : s \in S, t \in S}]
=============================================================================
