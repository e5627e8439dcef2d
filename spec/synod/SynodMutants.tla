---------------------------- MODULE SynodMutants ----------------------------
(***************************************************************************)
(* For each property of the Synod a faulty action by which it fails. The   *)
(* configuration SynodMutants-P.cfg puts the action in the place of        *)
(* Promise, Propose or Accept and expects P to be violated.                *)
(***************************************************************************)
EXTENDS MCSynod

(***************************************************************************)
(* OneValuePerBallot: a proposer proposes a second time.                   *)
(***************************************************************************)
ProposeAgain(b, q, v) ==
  /\ q \in PrepareQuorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) :
          /\ m.acceptedValue = v
          /\ \A n \in Reports(b, q) : n.acceptedBallot <= m.acceptedBallot
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>

(***************************************************************************)
(* VoteHasProposal: an acceptor accepts another value than was proposed.   *)
(***************************************************************************)
AcceptAnother(a, b, v) ==
  /\ Accepts(b) # {}
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

(***************************************************************************)
(* AcceptedIsLatestVote: an acceptor accepts below its promise, and with a *)
(* late accept overwrites what it accepted last.                           *)
(***************************************************************************)
AcceptBelowPromise(a, b, v) ==
  /\ [type |-> "accept", ballot |-> b, value |-> v] \in messages
  /\ acceptedBallot[a] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ acceptedValue' = [acceptedValue EXCEPT ![a] = v]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a, value |-> v])

(***************************************************************************)
(* PromiseIsTrue: an acceptor does not report what it accepted.            *)
(***************************************************************************)
PromiseSilently(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> 0, acceptedValue |-> None])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* ProposalIsSafe: a proposer does not look at the reports.                *)
(***************************************************************************)
ProposeAny(b, q, v) ==
  /\ Accepts(b) = {}
  /\ q \in PrepareQuorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>

(***************************************************************************)
(* Agreement: a proposer proposes a value that was reported, but not the   *)
(* one that was reported with the greatest ballot.                         *)
(***************************************************************************)
ProposeAnyReported(b, q, v) ==
  /\ Accepts(b) = {}
  /\ q \in PrepareQuorum
  /\ \A a \in q : Promises(b, {a}) # {}
  /\ \/ Reports(b, q) = {}
     \/ \E m \in Reports(b, q) : m.acceptedValue = v
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>

(***************************************************************************)
(* RefinesVoting: an acceptor promises less than it has promised before.   *)
(***************************************************************************)
PromiseAny(a, b) ==
  /\ [type |-> "prepare", ballot |-> b] \in messages
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedValue |-> acceptedValue[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedValue>>

(***************************************************************************)
(* QuorumsMeet: the promises of one acceptor are taken to be enough. That  *)
(* is an assumption and no invariant; what fails without it is Agreement.  *)
(***************************************************************************)
ProposeByOne(b, q, v) ==
  /\ Accepts(b) = {}
  /\ \E a \in q :
       /\ Promises(b, {a}) # {}
       /\ \/ Reports(b, {a}) = {}
          \/ \E m \in Reports(b, {a}) : m.acceptedValue = v
  /\ Send([type |-> "accept", ballot |-> b, value |-> v])
  /\ UNCHANGED <<promised, acceptedBallot, acceptedValue>>
=============================================================================
