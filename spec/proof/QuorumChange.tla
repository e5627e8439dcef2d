---------------------------- MODULE QuorumChange ----------------------------
(***************************************************************************)
(* A register whose acceptors become more while it is in use.              *)
(*                                                                         *)
(* With 2F + 1 acceptors, F + 1 are enough, for promises as for            *)
(* acceptance. With one more, F + 2 are. Old quorums for promises meet new *)
(* ones for acceptance, so a proposer may go over in two stages: first it  *)
(* asks for acceptance by the new ones, then for promises. But new quorums *)
(* for promises may miss old ones for acceptance. So in between, when all  *)
(* proposers have done the first half, the register is written once more   *)
(* as it is: after that, what anybody was told of has been accepted by a   *)
(* new quorum, or was replaced by what was.                                *)
(*                                                                         *)
(* This is one such change with quorums of any kind, for the proof. The    *)
(* procedures for majorities, with the operator who carries them out, are  *)
(* in the module Membership.                                               *)
(*                                                                         *)
(* The state of a ballot is not modelled. What matters is which ballot's   *)
(* state was made from which: its parent.                                  *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* The acceptors, old and new, the proposers, and the ballots, with 0 for  *)
(* none. The quorums of both kinds, before and after.                      *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer, Ballot,
          OldPrepare, NewPrepare, OldAccept, NewAccept

Meet(Q, R) == \A q \in Q, r \in R : q \cap r # {}

ASSUME QuorumsIntersect ==
  /\ Meet(OldPrepare, OldAccept)
  /\ Meet(OldPrepare, NewAccept)
  /\ Meet(NewPrepare, NewAccept)

(***************************************************************************)
(* What an acceptor has promised and accepted.                             *)
(***************************************************************************)
VARIABLES promised, acceptedBallot

(***************************************************************************)
(* The round of a proposer, and its stage: "old", "joint" or "new".        *)
(***************************************************************************)
VARIABLES ballot, phase, stage

(***************************************************************************)
(* All messages that were ever sent, the ballots whose rounds began when   *)
(* every proposer was in the stage "joint", and the ballots that clients   *)
(* were told of.                                                           *)
(***************************************************************************)
VARIABLES messages, rewriting, acknowledged

acceptorVars == <<promised, acceptedBallot>>
vars == <<acceptorVars, ballot, phase, stage, messages, rewriting,
          acknowledged>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ acceptedBallot = [a \in Acceptor |-> 0]
  /\ ballot = [p \in Proposer |-> 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ stage = [p \in Proposer |-> "old"]
  /\ messages = {}
  /\ rewriting = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The quorums of proposer p in its stage.                                 *)
(***************************************************************************)
PrepareQuorum(p) == IF stage[p] = "new" THEN NewPrepare ELSE OldPrepare

AcceptQuorum(p) == IF stage[p] = "old" THEN OldAccept ELSE NewAccept

Send(m) == messages' = messages \cup {m}

Promises(b, q) ==
  {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.acceptor \in q}

Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* Proposer p begins a round with a ballot that nobody has used.           *)
(***************************************************************************)
Begin(p, b) ==
  /\ phase[p] = "idle"
  /\ b > 0
  /\ [type |-> "prepare", ballot |-> b] \notin messages
  /\ ballot' = [ballot EXCEPT ![p] = b]
  /\ phase' = [phase EXCEPT ![p] = "prepare"]
  /\ Send([type |-> "prepare", ballot |-> b])
  /\ UNCHANGED <<acceptorVars, stage, acknowledged>>

-----------------------------------------------------------------------------
Prepare(p, b) ==
  /\ Begin(p, b)
  /\ UNCHANGED rewriting

(***************************************************************************)
(* When every proposer is in the stage "joint", one of them begins the     *)
(* round that leaves the state as it is.                                   *)
(***************************************************************************)
Rewrite(p, b) ==
  /\ \A o \in Proposer : stage[o] = "joint"
  /\ Begin(p, b)
  /\ rewriting' = rewriting \cup {b}

(***************************************************************************)
(* Acceptor a promises ballot b.                                           *)
(***************************************************************************)
Promise(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a]])
  /\ UNCHANGED <<acceptedBallot, ballot, phase, stage, rewriting,
                 acknowledged>>

(***************************************************************************)
(* Proposer p has the promises of q, a quorum of its stage, and proposes a *)
(* state made from the one that was reported with the greatest ballot.     *)
(***************************************************************************)
Propose(p, q) ==
  /\ phase[p] = "prepare"
  /\ q \in PrepareQuorum(p)
  /\ \A a \in q : Promises(ballot[p], {a}) # {}
  /\ \E m \in Promises(ballot[p], q) :
       /\ \A n \in Promises(ballot[p], q) :
            n.acceptedBallot <= m.acceptedBallot
       /\ Send([type |-> "accept", ballot |-> ballot[p],
                parent |-> m.acceptedBallot])
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ UNCHANGED <<acceptorVars, ballot, stage, rewriting, acknowledged>>

(***************************************************************************)
(* Acceptor a accepts what is proposed under ballot b.                     *)
(***************************************************************************)
Accept(a, b) ==
  /\ Accepts(b) # {}
  /\ promised[a] <= b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<ballot, phase, stage, rewriting, acknowledged>>

(***************************************************************************)
(* A quorum of the proposer's stage has accepted, and the client is told.  *)
(***************************************************************************)
Acknowledge(p, q) ==
  /\ phase[p] = "accept"
  /\ q \in AcceptQuorum(p)
  /\ \A a \in q : [type |-> "accepted", ballot |-> ballot[p],
                   acceptor |-> a] \in messages
  /\ acknowledged' = acknowledged \cup {ballot[p]}
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ UNCHANGED <<acceptorVars, ballot, stage, messages, rewriting>>

(***************************************************************************)
(* Proposer p gives up its round.                                          *)
(***************************************************************************)
Abandon(p) ==
  /\ phase[p] # "idle"
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ UNCHANGED <<acceptorVars, ballot, stage, messages, rewriting,
                 acknowledged>>

(***************************************************************************)
(* Proposer p asks for acceptance by new quorums from now on.              *)
(***************************************************************************)
AdoptAccept(p) ==
  /\ phase[p] = "idle"
  /\ stage[p] = "old"
  /\ stage' = [stage EXCEPT ![p] = "joint"]
  /\ UNCHANGED <<acceptorVars, ballot, phase, messages, rewriting,
                 acknowledged>>

(***************************************************************************)
(* When a round that rewrites was acknowledged, proposer p asks for        *)
(* promises by new quorums from now on.                                    *)
(***************************************************************************)
AdoptPrepare(p) ==
  /\ phase[p] = "idle"
  /\ rewriting \cap acknowledged # {}
  /\ stage' = [stage EXCEPT ![p] = "new"]
  /\ UNCHANGED <<acceptorVars, ballot, phase, messages, rewriting,
                 acknowledged>>

Next ==
  \/ \E p \in Proposer : \E b \in Ballot : Prepare(p, b)
  \/ \E p \in Proposer : \E b \in Ballot : Rewrite(p, b)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor : Propose(p, q)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E p \in Proposer : \E q \in SUBSET Acceptor : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer : AdoptAccept(p)
  \/ \E p \in Proposer : AdoptPrepare(p)

Spec == Init /\ [][Next]_vars
=============================================================================
