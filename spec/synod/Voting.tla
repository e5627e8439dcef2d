------------------------------- MODULE Voting -------------------------------
(***************************************************************************)
(* How a set of acceptors can choose by voting, with no word yet about how *)
(* they know of each other's votes.                                        *)
(*                                                                         *)
(* One round of votes is not enough. Three acceptors may each vote for a   *)
(* different value; or two agree and one of them stops, and then nobody    *)
(* can tell what it voted for. So there are many rounds, the ballots,      *)
(* numbered in their order. A value is chosen when in some ballot a quorum *)
(* voted for it. The art is to let later ballots agree with earlier ones   *)
(* whose outcome nobody knows yet.                                         *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* Value is the set of values, Acceptor the set of those who vote, and     *)
(* Quorum the set of those sets of acceptors that are enough to choose.    *)
(* Ballot is the set of ballots.                                           *)
(***************************************************************************)
CONSTANTS Value, Acceptor, Quorum, Ballot

(***************************************************************************)
(* A quorum has somebody in it. Nothing else is used of quorums here, not  *)
(* even that two of them meet. In one ballot two values are never chosen,  *)
(* because all its votes are for one. In two ballots they are not either,  *)
(* because what is voted for in the greater one is safe there. To find out *)
(* what is safe, an algorithm will need quorums that meet.                 *)
(***************************************************************************)
ASSUME QuorumsAreSets ==
  /\ Quorum \subseteq SUBSET Acceptor
  /\ {} \notin Quorum

(***************************************************************************)
(* Ballots are natural numbers, and usually all of them; a model has a     *)
(* few. In the ballot 0 nobody votes: it stands where there is none yet.   *)
(***************************************************************************)
ASSUME BallotsAreNumbers ==
  /\ Ballot \subseteq Nat
  /\ 0 \in Ballot

(***************************************************************************)
(* votes[a] is the set of the votes that acceptor a has cast, each a pair  *)
(* of a ballot and a value. promised[a] is a ballot such that a votes in   *)
(* no smaller one any more.                                                *)
(***************************************************************************)
VARIABLES votes, promised

(***************************************************************************)
(* Both variables together.                                                *)
(***************************************************************************)
vars == <<votes, promised>>

(***************************************************************************)
(* What kind of value each variable has.                                   *)
(***************************************************************************)
TypeOK ==
  /\ votes \in [Acceptor -> SUBSET (Ballot \X Value)]
  /\ promised \in [Acceptor -> Ballot]

(***************************************************************************)
(* At first nobody has voted or promised anything.                         *)
(***************************************************************************)
Init ==
  /\ votes = [a \in Acceptor |-> {}]
  /\ promised = [a \in Acceptor |-> 0]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Whether a voted for v in ballot b, and whether a voted in ballot b at   *)
(* all.                                                                    *)
(***************************************************************************)
VotedFor(a, b, v) == <<b, v>> \in votes[a]

VotedIn(a, b) == \E v \in Value : VotedFor(a, b, v)

(***************************************************************************)
(* A value is chosen in a ballot by the votes of a quorum.                 *)
(***************************************************************************)
ChosenIn(b, v) ==
  \E q \in Quorum : \A a \in q : VotedFor(a, b, v)

(***************************************************************************)
(* The values that are chosen in any ballot.                               *)
(***************************************************************************)
chosen == {v \in Value : \E b \in Ballot : ChosenIn(b, v)}

(***************************************************************************)
(* Whether v could still be chosen in ballot b, whatever is chosen         *)
(* already: in some quorum each member has voted for v in b, or has not    *)
(* voted in b and still may. What has ceased to be choosable never is so   *)
(* again, since acceptors do not take back votes or promises.              *)
(***************************************************************************)
Choosable(b, v) ==
  \E q \in Quorum : \A a \in q :
    \/ VotedFor(a, b, v)
    \/ /\ promised[a] <= b
       /\ ~VotedIn(a, b)

(***************************************************************************)
(* A value is safe at ballot b if in the ballots below b no other value    *)
(* was or can be chosen. It is then safe for ever.                         *)
(***************************************************************************)
SafeAt(b, v) ==
  \A c \in 1..(b - 1) : \A w \in Value \ {v} : ~Choosable(c, w)

-----------------------------------------------------------------------------
(***************************************************************************)
(* Acceptor a promises to vote in no ballot below b. Without promises      *)
(* nothing would ever cease to be choosable but by votes, and no value     *)
(* could be known to be safe while one acceptor is silent.                 *)
(***************************************************************************)
Promise(a, b) ==
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ UNCHANGED votes

(***************************************************************************)
(* Acceptor a votes for v in ballot b. It keeps its promise, it votes once *)
(* in a ballot, it votes for no other value than those who voted there     *)
(* before it, and the value is safe. By its vote it promises to vote in no *)
(* smaller ballot any more.                                                *)
(***************************************************************************)
Vote(a, b, v) ==
  /\ b > 0
  /\ promised[a] <= b
  /\ ~VotedIn(a, b)
  /\ \A d \in Acceptor : \A w \in Value : VotedFor(d, b, w) => w = v
  /\ SafeAt(b, v)
  /\ votes' = [votes EXCEPT ![a] = votes[a] \cup {<<b, v>>}]
  /\ promised' = [promised EXCEPT ![a] = b]

(***************************************************************************)
(* Any acceptor may at any time promise or vote, where it is allowed to.   *)
(***************************************************************************)
Next ==
  \E a \in Acceptor : \E b \in Ballot :
    \/ Promise(a, b)
    \/ \E v \in Value : Vote(a, b, v)

(***************************************************************************)
(* As in Consensus, nothing has to happen.                                 *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* Voting reaches consensus: whoever watches only the values that are      *)
(* chosen sees a behaviour of Consensus.                                   *)
(***************************************************************************)
C == INSTANCE Consensus

RefinesConsensus == C!Spec

THEOREM Spec => RefinesConsensus

(***************************************************************************)
(* All votes of a ballot are for one value.                                *)
(***************************************************************************)
OneValuePerBallot ==
  \A a, d \in Acceptor : \A b \in Ballot : \A v, w \in Value :
    VotedFor(a, b, v) /\ VotedFor(d, b, w) => v = w

(***************************************************************************)
(* Nobody has voted above its promise, nor in the ballot 0 that is none.   *)
(***************************************************************************)
VotesWithinPromise ==
  \A a \in Acceptor : \A x \in votes[a] : x[1] \in 1..promised[a]

(***************************************************************************)
(* Every vote is for a value that is safe at its ballot. This alone        *)
(* excludes that two values are chosen: the vote for the one in the larger *)
(* ballot would have been cast while the other was chosen, hence           *)
(* choosable, below.                                                       *)
(***************************************************************************)
VotesSafe ==
  \A a \in Acceptor : \A x \in votes[a] : SafeAt(x[1], x[2])

(***************************************************************************)
(* At most one value is chosen.                                            *)
(***************************************************************************)
Agreement == Cardinality(chosen) <= 1
=============================================================================
