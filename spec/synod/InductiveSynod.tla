--------------------------- MODULE InductiveSynod ---------------------------
(***************************************************************************)
(* Whether the invariants of Synod carry themselves from state to state.   *)
(*                                                                         *)
(* To check an invariant, TLC looks at the states that can be reached. A   *)
(* proof needs more: that a step from any state with the invariant, be it  *)
(* reachable or not, leads to a state with the invariant. In a small       *)
(* universe TLC can see that too, by starting from all those states.       *)
(*                                                                         *)
(* The same is done with an invariant that has been published, in which a  *)
(* promise reports a vote of its sender and nothing says that there was    *)
(* none after it. That invariant is true, and not inductive: it admits a   *)
(* state in which an acceptor has voted in ballot 1 and has promised       *)
(* ballot 2 without reporting that vote. From there a proposer takes one   *)
(* step, in good faith, and proposes in ballot 2 what is not safe. No      *)
(* behaviour leads to such a state, but that is not what the invariant     *)
(* says.                                                                   *)
(***************************************************************************)
EXTENDS Synod

(***************************************************************************)
(* The ballots of the universe are 0, 1 and 2. There are too many sets of  *)
(* messages to go through, so states are put together from parts: for each *)
(* acceptor its votes, its promises with what they report, and what it has *)
(* promised; and for each ballot what was proposed. None stands for no     *)
(* vote and no proposal.                                                   *)
(***************************************************************************)
Unsent == <<>>

Report(b) == {<<0, None>>} \cup {<<c, v>> : c \in 1..(b - 1), v \in Value}

Local ==
  [votes : [1..2 -> Value \cup {None}],
   promises : {p \in [1..2 -> {Unsent} \cup Report(2)] :
                 \A b \in 1..2 : p[b] \in {Unsent} \cup Report(b)},
   promised : 0..2]

(***************************************************************************)
(* The ballot of an acceptor's latest vote; 0 if it has not voted.         *)
(***************************************************************************)
LatestOf(x) ==
  CASE x.votes[2] # None -> 2
    [] x.votes[2] = None /\ x.votes[1] # None -> 1
    [] OTHER -> 0

(***************************************************************************)
(* What the invariants say of one acceptor alone. Only states that have    *)
(* this need be put together. Reported votes were cast, and promises and   *)
(* votes are covered by what the acceptor has promised.                    *)
(***************************************************************************)
Sound(x) ==
  /\ LatestOf(x) <= x.promised
  /\ \A b \in 1..2 :
       x.promises[b] # Unsent =>
         /\ b <= x.promised
         /\ x.promises[b][1] > 0 =>
              x.votes[x.promises[b][1]] = x.promises[b][2]

(***************************************************************************)
(* That there is no vote between the one that is reported and the promised *)
(* ballot.                                                                 *)
(***************************************************************************)
NoneBetween(x) ==
  \A b \in 1..2 :
    x.promises[b] # Unsent =>
      \A c \in 1..2 :
        x.votes[c] # None => c <= x.promises[b][1] \/ c >= b

(***************************************************************************)
(* The messages that the parts amount to. All prepares were sent: one that *)
(* is missing makes less possible and nothing else.                        *)
(***************************************************************************)
MessagesOf(l, proposed) ==
       [type : {"prepare"}, ballot : 1..2]
  \cup {[type |-> "accept", ballot |-> b, value |-> proposed[b]] :
          b \in {c \in 1..2 : proposed[c] # None}}
  \cup UNION {{[type |-> "accepted", ballot |-> b, acceptor |-> a,
                value |-> l[a].votes[b]] :
                 b \in {c \in 1..2 : l[a].votes[c] # None}} :
                a \in Acceptor}
  \cup UNION {{[type |-> "promise", ballot |-> b, acceptor |-> a,
                acceptedBallot |-> l[a].promises[b][1],
                acceptedValue |-> l[a].promises[b][2]] :
                 b \in {c \in 1..2 : l[a].promises[c] # Unsent}} :
                a \in Acceptor}

(***************************************************************************)
(* The state that is put together. Every vote is for what was proposed,    *)
(* which is asked first, so that few combinations remain.                  *)
(***************************************************************************)
Start(locals) ==
  \E proposed \in [1..2 -> Value \cup {None}] :
    \E l \in [Acceptor -> {x \in locals : \A b \in 1..2 :
                             x.votes[b] \in {None, proposed[b]}}] :
      /\ promised = [a \in Acceptor |-> l[a].promised]
      /\ acceptedBallot = [a \in Acceptor |-> LatestOf(l[a])]
      /\ acceptedValue = [a \in Acceptor |->
                            IF LatestOf(l[a]) = 0 THEN None
                            ELSE l[a].votes[LatestOf(l[a])]]
      /\ messages = MessagesOf(l, proposed)

-----------------------------------------------------------------------------
(***************************************************************************)
(* The invariant of the module Synod, and all states that have it.         *)
(***************************************************************************)
Inductive ==
  /\ TypeOK
  /\ OneValuePerBallot
  /\ VoteHasProposal
  /\ AcceptedIsLatestVote
  /\ PromiseIsTrue
  /\ ProposalIsSafe

InductiveStart ==
  /\ Start({x \in Local : Sound(x) /\ NoneBetween(x)})
  /\ Inductive

(***************************************************************************)
(* The published one, and all states that have it.                         *)
(***************************************************************************)
PublishedPromise ==
  \A m \in messages :
    m.type = "promise" =>
      /\ m.ballot <= promised[m.acceptor]
      /\ m.acceptedBallot < m.ballot
      /\ m.acceptedBallot > 0 =>
           <<m.acceptedBallot, m.acceptedValue>> \in votes[m.acceptor]

Published ==
  /\ TypeOK
  /\ OneValuePerBallot
  /\ VoteHasProposal
  /\ AcceptedIsLatestVote
  /\ PublishedPromise
  /\ ProposalIsSafe

PublishedStart ==
  /\ Start({x \in Local : Sound(x)})
  /\ Published
=============================================================================
