--------------------------- MODULE Rung12aWarring ---------------------------
(***************************************************************************)
(* The Synod, with two proposers who both want their way.                  *)
(*                                                                         *)
(* Rung 11 never chooses two values. Does it ever choose one? Nothing      *)
(* stops, nothing is lost, and each proposer that is refused tries again   *)
(* with a larger ballot, as it must: if it did not, a proposer that stops  *)
(* after its prepare would block all others.                               *)
(*                                                                         *)
(* Now the two take turns. One collects its promises; before it gets       *)
(* anything accepted the other collects promises for a larger ballot, so   *)
(* the first is refused, and takes a larger one still. Each is as quick as *)
(* it can be, and they go on like that for ever. It takes bad luck to keep *)
(* it up, but no rule of the protocol ends it.                             *)
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
(* 11 has seen to it.                                                      *)
(***************************************************************************)
VARIABLES ballot, active, promised, chosen

vars == <<ballot, active, promised, chosen>>

Init ==
  /\ ballot = [p \in Proposer |-> 0]
  /\ active = [p \in Proposer |-> FALSE]
  /\ promised = [a \in Acceptor |-> 0]
  /\ chosen = FALSE

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
(* larger than any other, and all acceptors promise it.                    *)
(***************************************************************************)
Prepare(p) ==
  LET all == Range(ballot) \cup Range(promised)
      new == 1 + CHOOSE n \in all : \A m \in all : m <= n
      ballots == [ballot EXCEPT ![p] = new]
      promises == [a \in Acceptor |-> new]
      used == Range(ballots) \cup Range(promises)
  IN /\ ~active[p]
     /\ active' = [active EXCEPT ![p] = TRUE]
     /\ ballot' = Renumbered(ballots, used)
     /\ promised' = Renumbered(promises, used)
     /\ UNCHANGED <<chosen>>

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
  /\ UNCHANGED <<ballot>>

(***************************************************************************)
(* There is no quorum left that would accept what proposer p proposes. It  *)
(* is told so, and will try again.                                         *)
(***************************************************************************)
Refuse(p) ==
  /\ active[p]
  /\ \A q \in Quorum : \E a \in q : promised[a] > ballot[p]
  /\ active' = [active EXCEPT ![p] = FALSE]
  /\ UNCHANGED <<ballot, promised, chosen>>

Next ==
  \/ \E p \in Proposer : Prepare(p) \/ Refuse(p)
  \/ \E p \in Proposer : \E q \in Quorum : Accept(p, q)

(***************************************************************************)
(* Nobody is lazy, no machine stops and no message is lost: whatever can   *)
(* be done all the time is done in the end.                                *)
(***************************************************************************)
Fair ==
  /\ \A p \in Proposer : WF_vars(Prepare(p))
  /\ \A p \in Proposer : WF_vars(\E q \in Quorum : Accept(p, q))
  /\ \A p \in Proposer : WF_vars(Refuse(p))

Spec == Init /\ [][Next]_vars /\ Fair

-----------------------------------------------------------------------------

(***************************************************************************)
(* In the end a value is chosen.                                           *)
(***************************************************************************)
Progress == <>chosen
=============================================================================
