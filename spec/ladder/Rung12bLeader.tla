--------------------------- MODULE Rung12bLeader ----------------------------
(***************************************************************************)
(* The Synod, with a leader.                                               *)
(*                                                                         *)
(* The war ends when one of the proposers keeps still. So they elect a     *)
(* leader, and only who thinks that it leads takes a new ballot. A leader  *)
(* sends word now and then that it is there; who has heard nothing for a   *)
(* while thinks that it must lead itself.                                  *)
(*                                                                         *)
(* Such an election can err: for a while several may think that they lead, *)
(* or nobody. While it errs nothing may be chosen, but nothing false is    *)
(* chosen either, because this is rung 11 with fewer steps. All that is    *)
(* needed is that in the end it is right for long enough. For this no      *)
(* clock needs to be exact, only patience to grow, and that the time-outs  *)
(* are random helps.                                                       *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* Acceptor is the set of those who accept, Proposer of those who propose. *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer

(***************************************************************************)
(* A majority.                                                             *)
(***************************************************************************)
Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* The ballot of each proposer's last round, and whether the round is      *)
(* under way; what each acceptor has promised; and whether a quorum has    *)
(* accepted a ballot. Which value that chooses does not matter here: rung  *)
(* 11 has seen to it. And who thinks that it leads: all at first.          *)
(***************************************************************************)
VARIABLES ballot, active, promised, chosen, leaders

vars == <<ballot, active, promised, chosen, leaders>>

Init ==
  /\ ballot = [p \in Proposer |-> 0]
  /\ active = [p \in Proposer |-> FALSE]
  /\ promised = [a \in Acceptor |-> 0]
  /\ chosen = FALSE
  /\ leaders = Proposer

-----------------------------------------------------------------------------

(***************************************************************************)
(* A war may go on for ever, with ever larger ballots, and a checker that  *)
(* follows it would never come back to where it was. But nothing ever      *)
(* looks at a ballot except to compare it with others. So when a ballot is *)
(* taken, those that are still in use somewhere are numbered anew, 1, 2,   *)
(* 3, ..., in the same order.                                              *)
(***************************************************************************)
Range(f) == {f[x] : x \in DOMAIN f}

Renumbered(f, used) ==
  [x \in DOMAIN f |-> Cardinality({n \in used : 0 < n /\ n <= f[x]})]

(***************************************************************************)
(* Proposer p, which has no round under way, starts one with a ballot      *)
(* larger than any other, and all acceptors promise it. It must think that *)
(* it leads.                                                               *)
(***************************************************************************)
Prepare(p) ==
  LET all == Range(ballot) \cup Range(promised)
      new == 1 + CHOOSE n \in all : \A m \in all : m <= n
      ballots == [ballot EXCEPT ![p] = new]
      promises == [a \in Acceptor |-> new]
      used == Range(ballots) \cup Range(promises)
  IN /\ ~active[p]
     /\ p \in leaders
     /\ active' = [active EXCEPT ![p] = TRUE]
     /\ ballot' = Renumbered(ballots, used)
     /\ promised' = Renumbered(promises, used)
     /\ UNCHANGED <<chosen, leaders>>

(***************************************************************************)
(* The acceptors in q accept what proposer p proposes. None of them has    *)
(* promised a larger ballot.                                               *)
(***************************************************************************)
Accept(p, q) ==
  /\ active[p]
  /\ \A a \in q : promised[a] <= ballot[p]
  /\ promised' = [a \in Acceptor |-> IF a \in q THEN ballot[p]
                                               ELSE promised[a]]
  /\ chosen' = TRUE
  /\ active' = [active EXCEPT ![p] = FALSE]
  /\ UNCHANGED <<ballot, leaders>>

(***************************************************************************)
(* There is no quorum left that would accept what proposer p proposes. It  *)
(* is told so, and will try again.                                         *)
(***************************************************************************)
Refuse(p) ==
  /\ active[p]
  /\ \A q \in Quorum : \E a \in q : promised[a] > ballot[p]
  /\ active' = [active EXCEPT ![p] = FALSE]
  /\ UNCHANGED <<ballot, promised, chosen, leaders>>

(***************************************************************************)
(* The election comes to an end: proposer p leads, and the others know it. *)
(* Before, anybody may have thought anything.                              *)
(***************************************************************************)
Elect(p) ==
  /\ leaders = Proposer
  /\ leaders' = {p}
  /\ UNCHANGED <<ballot, active, promised, chosen>>

Next ==
  \/ \E p \in Proposer : Prepare(p) \/ Refuse(p)
  \/ \E p \in Proposer : \E q \in Quorum : Accept(p, q)
  \/ \E p \in Proposer : Elect(p)

(***************************************************************************)
(* Nobody is lazy, no machine stops and no message is lost: whatever can   *)
(* be done all the time is done in the end. So is the election.            *)
(***************************************************************************)
Fair ==
  /\ \A p \in Proposer : WF_vars(Prepare(p))
  /\ \A p \in Proposer : WF_vars(\E q \in Quorum : Accept(p, q))
  /\ \A p \in Proposer : WF_vars(Refuse(p))
  /\ WF_vars(\E p \in Proposer : Elect(p))

Spec == Init /\ [][Next]_vars /\ Fair

-----------------------------------------------------------------------------

(***************************************************************************)
(* In the end a value is chosen.                                           *)
(***************************************************************************)
Progress == <>chosen
=============================================================================
