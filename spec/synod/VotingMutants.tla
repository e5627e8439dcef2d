--------------------------- MODULE VotingMutants ----------------------------
(***************************************************************************)
(* For each property of Voting a faulty action by which it fails. The      *)
(* configuration VotingMutants-P.cfg puts the action in the place of       *)
(* Promise or Vote and expects P to be violated.                           *)
(***************************************************************************)
EXTENDS MCVoting

(***************************************************************************)
(* OneValuePerBallot: an acceptor does not mind what others voted for in   *)
(* the same ballot.                                                        *)
(***************************************************************************)
VoteAlone(a, b, v) ==
  /\ b > 0
  /\ promised[a] <= b
  /\ ~VotedIn(a, b)
  /\ SafeAt(b, v)
  /\ votes' = [votes EXCEPT ![a] = votes[a] \cup {<<b, v>>}]
  /\ promised' = [promised EXCEPT ![a] = b]

(***************************************************************************)
(* VotesWithinPromise: an acceptor votes and promises nothing by it.       *)
(***************************************************************************)
VoteWithoutPromise(a, b, v) ==
  /\ b > 0
  /\ promised[a] <= b
  /\ ~VotedIn(a, b)
  /\ \A d \in Acceptor : \A w \in Value : VotedFor(d, b, w) => w = v
  /\ SafeAt(b, v)
  /\ votes' = [votes EXCEPT ![a] = votes[a] \cup {<<b, v>>}]
  /\ UNCHANGED promised

(***************************************************************************)
(* VotesSafe: an acceptor votes for a value that is not safe.              *)
(***************************************************************************)
VoteUnsafe(a, b, v) ==
  /\ b > 0
  /\ promised[a] <= b
  /\ ~VotedIn(a, b)
  /\ \A d \in Acceptor : \A w \in Value : VotedFor(d, b, w) => w = v
  /\ votes' = [votes EXCEPT ![a] = votes[a] \cup {<<b, v>>}]
  /\ promised' = [promised EXCEPT ![a] = b]

(***************************************************************************)
(* Agreement: an acceptor breaks its promise.                              *)
(***************************************************************************)
VoteBelowPromise(a, b, v) ==
  /\ b > 0
  /\ ~VotedIn(a, b)
  /\ \A d \in Acceptor : \A w \in Value : VotedFor(d, b, w) => w = v
  /\ SafeAt(b, v)
  /\ votes' = [votes EXCEPT ![a] = votes[a] \cup {<<b, v>>}]
  /\ promised' = [promised EXCEPT ![a] = b]

(***************************************************************************)
(* RefinesConsensus: an acceptor takes its promise back.                   *)
(***************************************************************************)
PromiseAny(a, b) ==
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ UNCHANGED votes
=============================================================================
