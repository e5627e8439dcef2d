-------------------------- MODULE MembershipMutants -------------------------
(***************************************************************************)
(* Each step of a change of membership left out in turn. A configuration   *)
(* with the name of a definition below puts it in the place of the plan,   *)
(* or of an action, and expects an acknowledged change to be lost.         *)
(***************************************************************************)
EXTENDS MCMembership

(***************************************************************************)
(* Plans: in the place of Stages.                                          *)
(*                                                                         *)
(* OneStep: from one acceptor to three at once. Two of three need not meet *)
(* one of one.                                                             *)
(***************************************************************************)
OneStep == <<One, Three>>

(***************************************************************************)
(* NoRewrite: one acceptor at a time, but old states stay where they were. *)
(***************************************************************************)
NoRewrite == <<One, Mixed(One, Two), Two, Three>>

(***************************************************************************)
(* AcceptNotRaised: the new quorums promise, but those that accept are     *)
(* still the old ones when the register is written anew. The rewriting is  *)
(* held by as few as before.                                               *)
(***************************************************************************)
AcceptNotRaised == <<One, Rewritten(Mixed(Two, One)), Three>>

(***************************************************************************)
(* PromisesTooEarly: the last configuration is asked for promises before   *)
(* the register is written anew. Whoever asks it first does not find the   *)
(* old state; and the rewriting itself may be the one to ask.              *)
(***************************************************************************)
PromisesTooEarly ==
  <<One, Mixed(One, Two), Rewritten(Mixed(Three, Two)), Three>>

(***************************************************************************)
(* ShrinkNoRewrite: from three acceptors to one, one at a time, but old    *)
(* states stay where they were.                                            *)
(***************************************************************************)
ShrinkNoRewrite == <<Three, OtherTwo, OtherOne>>

(***************************************************************************)
(* ShrinkReversed: the steps by which a set grows in exactly the reverse   *)
(* order, so that the smaller set is asked for promises before the         *)
(* register is written anew. That is right after a set that has just       *)
(* grown. It is wrong after one that has just shrunk: of the quorum that   *)
(* accepted a state, one acceptor is gone already.                         *)
(***************************************************************************)
ShrinkReversed ==
  <<Three, OtherTwo, Rewritten(Mixed(OtherOne, OtherTwo)), OtherOne>>

(***************************************************************************)
(* ReturnsEmpty: an acceptor leaves and comes back empty, and nothing was  *)
(* written anew while it was away.                                         *)
(***************************************************************************)
ReturnsEmpty == <<Three, Two, Three>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Actions: in the place of the one that is named.                         *)
(*                                                                         *)
(* Rewrite: the register is written anew while a proposer may still be in  *)
(* the stage before. What that one writes later is not written anew.       *)
(***************************************************************************)
RewriteTooEarly(p, b) ==
  /\ Stages[target].rewrite
  /\ p \in confirmed
  /\ rewriting \notin acknowledged
  /\ Begin(p, b)
  /\ rewriting' = b
  /\ UNCHANGED <<target, confirmed>>

(***************************************************************************)
(* Advance: the rewriting has begun, but it was not acknowledged.          *)
(***************************************************************************)
AdvanceUnwritten ==
  /\ target < Len(Stages)
  /\ confirmed = Proposer
  /\ Stages[target].rewrite => rewriting # 0
  /\ target' = target + 1
  /\ confirmed' = {}
  /\ rewriting' = 0
  /\ UNCHANGED <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Advance: the operator goes on when one proposer has confirmed, and      *)
(* leaves the others behind.                                               *)
(***************************************************************************)
AdvanceUnconfirmed ==
  /\ target < Len(Stages)
  /\ confirmed # {}
  /\ Stages[target].rewrite => rewriting \in acknowledged
  /\ target' = target + 1
  /\ confirmed' = {}
  /\ rewriting' = 0
  /\ UNCHANGED <<acceptorVars, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Adopt: a proposer confirms the new configuration while its round in the *)
(* old one goes on.                                                        *)
(***************************************************************************)
AdoptInARound(p) ==
  /\ p \notin confirmed
  /\ confirmed' = confirmed \cup {p}
  /\ stage' = IF phase[p] = "idle"
                THEN [stage EXCEPT ![p] = Later(stage[p], target)]
                ELSE stage
  /\ UNCHANGED <<acceptorVars, ballot, phase, target, rewriting, messages,
                 acknowledged>>

(***************************************************************************)
(* Adopt: a proposer takes up whatever configuration it is given, an       *)
(* earlier one too, when the operator begins again.                        *)
(***************************************************************************)
AdoptAny(p) ==
  /\ phase[p] = "idle"
  /\ p \notin confirmed
  /\ stage' = [stage EXCEPT ![p] = target]
  /\ confirmed' = confirmed \cup {p}
  /\ UNCHANGED <<acceptorVars, ballot, phase, target, rewriting, messages,
                 acknowledged>>

(***************************************************************************)
(* Retire: an acceptor is switched off as soon as the operator's stage     *)
(* does without it, although a proposer still counts on it.                *)
(***************************************************************************)
RetireTooEarly(a) ==
  /\ a \notin Stages[target].ask \cup Stages[target].tell
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ UNCHANGED <<proposerVars, operatorVars, messages, acknowledged>>

(***************************************************************************)
(* Stands for actions that a counterexample does not need, in the models   *)
(* that would have many states.                                            *)
(***************************************************************************)
Never(x) == FALSE
=============================================================================
