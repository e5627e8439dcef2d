-------------------------- MODULE DeletionMutants ---------------------------
(***************************************************************************)
(* Each step of the collection left out in turn. The configuration         *)
(* DeletionMutants-M.cfg puts M in the place of the action that is named   *)
(* at it.                                                                  *)
(***************************************************************************)
EXTENDS MCDeletion

(***************************************************************************)
(* Sweep: a tombstone that a quorum has accepted is collected. Those that  *)
(* erase are then outvoted by one that still holds the old value.          *)
(***************************************************************************)
NoSweep(b) ==
  /\ tombstone = 0
  /\ \E m \in Accepts(b) : m.state = "deleted"
  /\ \E q \in Quorum : AcceptedBy(b, q)
  /\ tombstone' = b
  /\ UNCHANGED <<acceptorVars, known, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Advance: the cache is kept. A proposer that knows nothing of the        *)
(* deletion writes the old value back, under a ballot that those who have  *)
(* erased accept, and with its new age.                                    *)
(***************************************************************************)
CacheKept(p) ==
  /\ tombstone # 0
  /\ age[p] = 0
  /\ age' = [age EXCEPT ![p] = 1]
  /\ counter' = [counter EXCEPT ![p] = Larger(counter[p], tombstone)]
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ UNCHANGED <<acceptorVars, known, ballot, cache, tombstone, messages,
                 acknowledged>>

(***************************************************************************)
(* Advance: a round that is under way goes on. It does with its old        *)
(* promises what a cache would do.                                         *)
(***************************************************************************)
RoundKept(p) ==
  /\ tombstone # 0
  /\ age[p] = 0
  /\ age' = [age EXCEPT ![p] = 1]
  /\ counter' = [counter EXCEPT ![p] = Larger(counter[p], tombstone)]
  /\ cache' = [cache EXCEPT ![p] = Empty]
  /\ UNCHANGED <<acceptorVars, known, ballot, phase, tombstone, messages,
                 acknowledged>>

(***************************************************************************)
(* Advance: the counter is not moved. A ballot below the tombstone's wins  *)
(* a quorum of those that have erased, and whoever asks one that has not   *)
(* finds the tombstone, which has the larger ballot.                       *)
(***************************************************************************)
CounterKept(p) ==
  /\ tombstone # 0
  /\ age[p] = 0
  /\ age' = [age EXCEPT ![p] = 1]
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ cache' = [cache EXCEPT ![p] = Empty]
  /\ UNCHANGED <<acceptorVars, known, counter, ballot, tombstone, messages,
                 acknowledged>>

(***************************************************************************)
(* Takes: acceptors do not look at ages. An accept that was sent before    *)
(* the deletion brings the old value to one that has erased its promise.   *)
(***************************************************************************)
TakesAny(a, m) == TRUE

(***************************************************************************)
(* Remember: the ages are written although some proposer was not told yet. *)
(***************************************************************************)
RememberEarly(a) ==
  /\ known' = [known EXCEPT ![a] = age]
  /\ UNCHANGED <<acceptorVars, proposerVars, tombstone, messages,
                 acknowledged>>

(***************************************************************************)
(* Erase: an acceptor erases when one proposer was told and it knows that, *)
(* whatever the others do. Together with RememberEarly.                    *)
(***************************************************************************)
SomeTold(a) ==
  /\ tombstone # 0
  /\ \E p \in Proposer : known[a][p] = 1
  /\ acceptedBallot[a] = tombstone
  /\ promised[a] = tombstone
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = "none"]
  /\ UNCHANGED <<known, proposerVars, tombstone, messages, acknowledged>>

(***************************************************************************)
(* Erase: whatever the acceptor holds by now is erased.                    *)
(***************************************************************************)
EraseAnything(a) ==
  /\ tombstone # 0
  /\ \A p \in Proposer : known[a][p] = 1
  /\ promised[a] = acceptedBallot[a]
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = "none"]
  /\ UNCHANGED <<known, proposerVars, tombstone, messages, acknowledged>>

(***************************************************************************)
(* Erase: an acceptor that still holds that tombstone erases it, and with  *)
(* it a promise that it has given since. This is the procedure as it is    *)
(* generally known. Between the sweep and the erasure a proposer has got   *)
(* promises for its new ballot, and been told of the tombstone or of       *)
(* nothing. The acceptors erase, a smaller ballot above the tombstone's    *)
(* writes and is acknowledged, and then the larger one, which has not      *)
(* heard of that, writes back what it was told.                            *)
(***************************************************************************)
ErasePromised(a) ==
  /\ tombstone # 0
  /\ \A p \in Proposer : known[a][p] = 1
  /\ acceptedBallot[a] = tombstone
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = "none"]
  /\ UNCHANGED <<known, proposerVars, tombstone, messages, acknowledged>>
=============================================================================
