--------------------------- MODULE RegisterHistory --------------------------
(***************************************************************************)
(* The register is linearizable: seen from its clients, the module         *)
(* Register does what the module Linearizable allows.                      *)
(*                                                                         *)
(* Clients make calls. A proposal carries some of those that wait, in an   *)
(* order. A call has its effect when a quorum has accepted a state that    *)
(* carries it, or a descendant of that. A proposal may come to nothing,    *)
(* and then its calls may be carried again.                                *)
(***************************************************************************)
EXTENDS Register

(***************************************************************************)
(* Call is the set from which calls take their names.                      *)
(***************************************************************************)
CONSTANT Call

(***************************************************************************)
(* History variables, which no action of Register looks at: the calls that *)
(* clients made, the calls that each ballot's proposal carries, the calls  *)
(* whose clients were told that nothing has happened, and the calls that   *)
(* have had their effect, in order.                                        *)
(***************************************************************************)
VARIABLES asked, carried, rejected, history

historyVars == <<asked, carried, rejected, history>>

(***************************************************************************)
(* The ballots that carry call n.                                          *)
(***************************************************************************)
Carriers(n) ==
  {x.ballot : x \in {y \in carried : \E i \in 1..Len(y.calls) : y.calls[i] = n}}

(***************************************************************************)
(* A call may be carried by a proposal with the given parent if that state *)
(* does not contain its effect already: if the parent neither is a ballot  *)
(* that carries the call nor descends from one. Then the call takes effect *)
(* once at most, because no two ballots that carry it are ever in one      *)
(* chain. A proposer whose proposal got no answer can thus try again by    *)
(* itself, if it can tell from the state that the next round finds of      *)
(* which ballots it is made. If that state contains the effect, then the   *)
(* call is done as soon as the round is. Of a state that was erased it     *)
(* cannot tell, only that nothing was erased under the call's ballots or   *)
(* larger ones, if the acceptors have promised no such ballot.             *)
(***************************************************************************)
MayCarry(n, parent) ==
  \A b \in Carriers(n) : parent # b /\ ~Descends(parent, b)

(***************************************************************************)
(* A client may be told that its change is rejected as long as no proposal *)
(* has carried it.                                                         *)
(***************************************************************************)
MayReject(n) == Carriers(n) = {}

(***************************************************************************)
(* The change that call n asks for.                                        *)
(***************************************************************************)
ChangeOf(n) == (CHOOSE x \in asked : x.call = n).change

(***************************************************************************)
(* The calls ns, each with its change and the state that it made, where    *)
(* the first was applied to state s.                                       *)
(***************************************************************************)
RECURSIVE Effects(_, _)
Effects(ns, s) ==
  IF ns = <<>>
    THEN <<>>
    ELSE LET t == Apply(ChangeOf(Head(ns)), s)
         IN  <<[call |-> Head(ns), change |-> ChangeOf(Head(ns)), state |-> t]>>
               \o Effects(Tail(ns), t)

(***************************************************************************)
(* The ballots of which a quorum has accepted the state.                   *)
(***************************************************************************)
Chosen ==
  {b \in {m.ballot : m \in {n \in messages : n.type = "accept"}} :
    \E q \in Quorum : \A a \in q :
      [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages}

(***************************************************************************)
(* The state of ballot b, and the calls from the first state to there,     *)
(* from parent to child.                                                   *)
(***************************************************************************)
StateOf(b) == CHOOSE s \in StatesAt(b) : TRUE

CallsOf(b) == (CHOOSE x \in carried : x.ballot = b).calls

RECURSIVE Chain(_)
Chain(b) ==
  IF b = 0
    THEN <<>>
    ELSE LET m == CHOOSE n \in Accepts(b) : TRUE
         IN  Chain(ParentOf(m)) \o Effects(CallsOf(b), StateOf(ParentOf(m)))

(***************************************************************************)
(* The chain up to the largest ballot that is chosen.                      *)
(***************************************************************************)
LatestChain ==
  IF Chosen = {}
    THEN <<>>
    ELSE Chain(CHOOSE b \in Chosen : \A c \in Chosen : c <= b)

(***************************************************************************)
(* Every behaviour of Register in which what is proposed is what clients   *)
(* asked for, with the history written along. The history is the latest    *)
(* chain; that it only grows at its end is what OneChain is about.         *)
(***************************************************************************)
HistoryInit ==
  /\ Init
  /\ asked = {}
  /\ carried = {}
  /\ rejected = {}
  /\ history = <<>>

(***************************************************************************)
(* A client makes call n and asks for change c.                            *)
(***************************************************************************)
Invoke(n, c) ==
  /\ \A x \in asked : x.call # n
  /\ asked' = asked \cup {[call |-> n, change |-> c]}
  /\ UNCHANGED <<vars, carried, rejected, history>>

(***************************************************************************)
(* The client of call n is told that its change is rejected.               *)
(***************************************************************************)
Reject(n) ==
  /\ \E x \in asked : x.call = n
  /\ n \notin rejected
  /\ MayReject(n)
  /\ rejected' = rejected \cup {n}
  /\ UNCHANGED <<vars, asked, carried, history>>

(***************************************************************************)
(* The sequences of n calls that wait, each of them once.                  *)
(***************************************************************************)
Waiting(n) ==
  {ns \in [1..n -> {x.call : x \in asked} \ rejected] :
    \A i, j \in 1..n : i # j => ns[i] # ns[j]}

(***************************************************************************)
(* A step of the register. If it proposes, under a new accept, then what   *)
(* it proposes are the changes of calls that may be carried. The latest    *)
(* chain is another one only after a new message.                          *)
(***************************************************************************)
NewAccepts == {m \in messages' \ messages : m.type = "accept"}

Step ==
  /\ Next
  /\ UNCHANGED <<asked, rejected>>
  /\ IF NewAccepts = {}
       THEN UNCHANGED carried
       ELSE \E m \in NewAccepts : \E p \in Proposer :
              /\ ballot'[p] = m.ballot
              /\ \E ns \in Waiting(Len(changes'[p])) :
                   /\ \A i \in 1..Len(ns) :
                        /\ ChangeOf(ns[i]) = changes'[p][i]
                        /\ MayCarry(ns[i], ParentOf(m))
                   /\ carried' = carried \cup
                        {[ballot |-> m.ballot, calls |-> ns]}
  /\ history' = IF messages' = messages THEN history ELSE LatestChain'

HistoryNext ==
  \/ \E n \in Call, c \in Change : Invoke(n, c)
  \/ \E n \in Call : Reject(n)
  \/ Step

HistorySpec == HistoryInit /\ [][HistoryNext]_<<vars, historyVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* When a ballot was acknowledged, its calls may be answered, and with     *)
(* them those before it in the chain.                                      *)
(***************************************************************************)
answered ==
  UNION {LET calls == Chain(x.ballot) IN {calls[i] : i \in 1..Len(calls)} :
    x \in acknowledged}

(***************************************************************************)
(* An invocation asks, an accept that completes a quorum performs, an      *)
(* acknowledgement answers, and a rejection rejects. All else changes      *)
(* nothing that clients could see.                                         *)
(***************************************************************************)
L == INSTANCE Linearizable

RefinesLinearizable == L!Spec

THEOREM HistorySpec => RefinesLinearizable
=============================================================================
