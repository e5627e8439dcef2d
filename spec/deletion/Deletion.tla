------------------------------ MODULE Deletion ------------------------------
(***************************************************************************)
(* How a register forgets a key whose value was deleted.                   *)
(*                                                                         *)
(* To delete a value is to write another in its place, a tombstone, by a   *)
(* round as any other, after which the client is answered. But a           *)
(* tombstone, with its ballot, takes as much room as a value. To erase it  *)
(* is harder than to write it: an acceptor that erases forgets what it has *)
(* promised and accepted, which is what no acceptor may do. So before that *)
(* all must be gone that could do harm to one who has forgotten: copies of *)
(* the value at acceptors that the deletion did not reach, messages on     *)
(* their way, caches of proposers, and ballots below the tombstone's that  *)
(* a proposer might still use.                                             *)
(*                                                                         *)
(* A collector sees to that, at leisure, in four steps:                    *)
(*                                                                         *)
(*   a. Sweep: have all acceptors accept the tombstone, not a quorum only. *)
(*   b. Advance: have every proposer drop its cache and what it has under  *)
(*      way, move its counter past the tombstone's ballot, and grow older: *)
(*      all that it sends bears its age.                                   *)
(*   c. Remember: have every acceptor write the ages to its disk, and      *)
(*      refuse what bears a smaller one.                                   *)
(*   d. Erase: have each acceptor erase the key if it still holds that     *)
(*      tombstone, and has promised nothing since.                         *)
(*                                                                         *)
(* The second condition of the last step is not in the procedure as it is  *)
(* generally known. The module DeletionMutants shows that without it an    *)
(* acknowledged write is lost, and the same for each of the other steps.   *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* Acceptor is the set of those who keep the one key that we look at. The  *)
(* proposers are numbered from 1, and Ballot is a set of numbers with 0,   *)
(* which stands for no ballot.                                             *)
(***************************************************************************)
CONSTANTS Acceptor, Proposer, Ballot

(***************************************************************************)
(* A quorum is a majority: any two have a member in common.                *)
(***************************************************************************)
Quorum == {q \in SUBSET Acceptor : 2 * Cardinality(q) > Cardinality(Acceptor)}

(***************************************************************************)
(* What a key can hold: nothing, the value that was deleted, the           *)
(* tombstone, or a value that is written after the deletion.               *)
(***************************************************************************)
State == {"none", "old", "deleted", "new"}

(***************************************************************************)
(* What an acceptor has promised and accepted for the key, and the ages of *)
(* the proposers that it has on its disk. The ages are kept once for all   *)
(* keys, and are not erased with any.                                      *)
(***************************************************************************)
VARIABLES promised, acceptedBallot, acceptedState, known

(***************************************************************************)
(* The largest ballot that a proposer has used, the ballot of its round    *)
(* and how far that has come, and its age. And its cache: a ballot that a  *)
(* quorum has promised, or 0, and the latest state, so that one round trip *)
(* is enough for the next change.                                          *)
(***************************************************************************)
VARIABLES counter, ballot, phase, age, cache

(***************************************************************************)
(* The ballot of the tombstone that is being collected, or 0.              *)
(***************************************************************************)
VARIABLE tombstone

(***************************************************************************)
(* All messages that were ever sent; and whether a client was told that    *)
(* the new value is written.                                               *)
(***************************************************************************)
VARIABLES messages, acknowledged

acceptorVars == <<promised, acceptedBallot, acceptedState>>
proposerVars == <<counter, ballot, phase, age, cache>>
vars == <<acceptorVars, known, proposerVars, tombstone, messages,
          acknowledged>>

(***************************************************************************)
(* An age is 0 before the collection and 1 after it.                       *)
(***************************************************************************)
Message ==
       [type : {"prepare"}, ballot : Ballot, age : 0..1]
  \cup [type : {"promise"}, ballot : Ballot, acceptor : Acceptor,
        acceptedBallot : Ballot, acceptedState : State]
  \cup [type : {"accept"}, ballot : Ballot, state : State, age : 0..1]
  \cup [type : {"accepted"}, ballot : Ballot, acceptor : Acceptor]

(***************************************************************************)
(* What kind of value each variable has.                                   *)
(***************************************************************************)
TypeOK ==
  /\ promised \in [Acceptor -> Ballot]
  /\ acceptedBallot \in [Acceptor -> Ballot]
  /\ acceptedState \in [Acceptor -> State]
  /\ known \in [Acceptor -> [Proposer -> 0..1]]
  /\ counter \in [Proposer -> Ballot]
  /\ ballot \in [Proposer -> Ballot]
  /\ phase \in [Proposer -> {"idle", "prepare", "accept"}]
  /\ age \in [Proposer -> 0..1]
  /\ cache \in [Proposer -> [ballot : Ballot, state : State]]
  /\ tombstone \in Ballot
  /\ messages \subseteq Message
  /\ acknowledged \in BOOLEAN

(***************************************************************************)
(* An empty cache.                                                         *)
(***************************************************************************)
Empty == [ballot |-> 0, state |-> "none"]

(***************************************************************************)
(* The story begins when proposer 2 has just deleted, with ballot 6, what  *)
(* proposer 1 had written to all acceptors with ballot 1. A quorum holds   *)
(* the tombstone, and the client was told. Proposer 1 does not know of     *)
(* this. All acceptors have promised it ballot 3, for a round that is      *)
(* under way, or else it has that promise and the old value in its cache.  *)
(* Its ballot 5 it has not used yet. The accepts of both rounds are still  *)
(* on their way.                                                           *)
(***************************************************************************)
Init ==
  \E q \in Quorum : \E underWay \in BOOLEAN :
    /\ promised = [a \in Acceptor |-> IF a \in q THEN 6 ELSE 3]
    /\ acceptedBallot = [a \in Acceptor |-> IF a \in q THEN 6 ELSE 1]
    /\ acceptedState = [a \in Acceptor |->
                         IF a \in q THEN "deleted" ELSE "old"]
    /\ known = [a \in Acceptor |-> [p \in Proposer |-> 0]]
    /\ counter = [p \in Proposer |-> IF p = 1 THEN 3 ELSE 6]
    /\ ballot = [p \in Proposer |-> IF p = 1 /\ underWay THEN 3 ELSE 0]
    /\ phase = [p \in Proposer |->
                 IF p = 1 /\ underWay THEN "prepare" ELSE "idle"]
    /\ age = [p \in Proposer |-> 0]
    /\ cache = [p \in Proposer |->
                 IF p = 1 /\ ~underWay THEN [ballot |-> 3, state |-> "old"]
                                       ELSE Empty]
    /\ tombstone = 0
    /\ messages =
         {[type |-> "accept", ballot |-> 1, state |-> "old", age |-> 0],
          [type |-> "accept", ballot |-> 6, state |-> "deleted", age |-> 0]}
         \cup {[type |-> "accepted", ballot |-> 6, acceptor |-> a] : a \in q}
         \cup {[type |-> "promise", ballot |-> 3, acceptor |-> a,
                acceptedBallot |-> 1, acceptedState |-> "old"] :
                 a \in IF underWay THEN Acceptor ELSE {}}
    /\ acknowledged = FALSE

-----------------------------------------------------------------------------
(***************************************************************************)
(* The numbers are dealt out to the proposers in turn.                     *)
(***************************************************************************)
Owns(p, b) == b > 0 /\ (b - 1) % Cardinality(Proposer) = p - 1

(***************************************************************************)
(* The larger of two ballots.                                              *)
(***************************************************************************)
Larger(b, c) == IF b > c THEN b ELSE c

(***************************************************************************)
(* Send adds a message to those that were sent.                            *)
(***************************************************************************)
Send(m) == messages' = messages \cup {m}

(***************************************************************************)
(* The promises of the acceptors in q for ballot b, and the accepts that   *)
(* were sent under it.                                                     *)
(***************************************************************************)
Promises(b, q) ==
  {m \in messages : m.type = "promise" /\ m.ballot = b /\ m.acceptor \in q}

Accepts(b) == {m \in messages : m.type = "accept" /\ m.ballot = b}

(***************************************************************************)
(* Whether all acceptors in q have accepted ballot b.                      *)
(***************************************************************************)
AcceptedBy(b, q) ==
  \A a \in q :
    [type |-> "accepted", ballot |-> b, acceptor |-> a] \in messages

(***************************************************************************)
(* Whether acceptor a takes a message: it does not know its sender to be   *)
(* older than the message is.                                              *)
(***************************************************************************)
Takes(a, m) ==
  \A p \in Proposer : Owns(p, m.ballot) => known[a][p] <= m.age

-----------------------------------------------------------------------------
(***************************************************************************)
(* Proposer p begins a round with a new ballot, and drops its cache.       *)
(***************************************************************************)
Prepare(p, b) ==
  /\ phase[p] = "idle"
  /\ Owns(p, b)
  /\ b > counter[p]
  /\ counter' = [counter EXCEPT ![p] = b]
  /\ ballot' = [ballot EXCEPT ![p] = b]
  /\ phase' = [phase EXCEPT ![p] = "prepare"]
  /\ cache' = [cache EXCEPT ![p] = Empty]
  /\ Send([type |-> "prepare", ballot |-> b, age |-> age[p]])
  /\ UNCHANGED <<acceptorVars, known, age, tombstone, acknowledged>>

(***************************************************************************)
(* Acceptor a promises ballot b and reports what it accepted last.         *)
(***************************************************************************)
Promise(a, b) ==
  /\ \E m \in messages : m.type = "prepare" /\ m.ballot = b /\ Takes(a, m)
  /\ b > promised[a]
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ Send([type |-> "promise", ballot |-> b, acceptor |-> a,
           acceptedBallot |-> acceptedBallot[a],
           acceptedState |-> acceptedState[a]])
  /\ UNCHANGED <<acceptedBallot, acceptedState, known, proposerVars,
                 tombstone, acknowledged>>

(***************************************************************************)
(* Proposer p sends the accept of its round.                               *)
(***************************************************************************)
SendAccept(p, b, s) ==
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ Send([type |-> "accept", ballot |-> b, state |-> s, age |-> age[p]])
  /\ UNCHANGED <<acceptorVars, known, counter, age, tombstone, acknowledged>>

(***************************************************************************)
(* Proposer p has the promises of the quorum q. It proposes the state that *)
(* was reported with the greatest ballot, for a client that reads, or the  *)
(* new value, for one that writes.                                         *)
(***************************************************************************)
Propose(p, q, s) ==
  /\ phase[p] = "prepare"
  /\ \A a \in q : Promises(ballot[p], {a}) # {}
  /\ \E m \in Promises(ballot[p], q) :
       /\ \A n \in Promises(ballot[p], q) :
            n.acceptedBallot <= m.acceptedBallot
       /\ s \in {m.acceptedState, "new"}
  /\ SendAccept(p, ballot[p], s)
  /\ UNCHANGED <<ballot, cache>>

(***************************************************************************)
(* Proposer p proposes by what it has in its cache, in one round trip.     *)
(***************************************************************************)
ProposeFromCache(p, s) ==
  /\ phase[p] = "idle"
  /\ cache[p] # Empty
  /\ s \in {cache[p].state, "new"}
  /\ SendAccept(p, cache[p].ballot, s)
  /\ ballot' = [ballot EXCEPT ![p] = cache[p].ballot]
  /\ cache' = [cache EXCEPT ![p] = Empty]

(***************************************************************************)
(* Acceptor a accepts what was proposed under ballot b, unless it promised *)
(* a larger ballot. It is not asked for a next promise here: a tombstone   *)
(* with one would never be erased.                                         *)
(***************************************************************************)
Accept(a, b) ==
  /\ \E m \in Accepts(b) :
       /\ Takes(a, m)
       /\ acceptedState' = [acceptedState EXCEPT ![a] = m.state]
  /\ promised[a] <= b
  /\ acceptedBallot[a] # b
  /\ promised' = [promised EXCEPT ![a] = b]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = b]
  /\ Send([type |-> "accepted", ballot |-> b, acceptor |-> a])
  /\ UNCHANGED <<known, proposerVars, tombstone, acknowledged>>

(***************************************************************************)
(* The quorum q has accepted: the client is told. We watch the clients     *)
(* that write.                                                             *)
(***************************************************************************)
Acknowledge(p, q) ==
  /\ phase[p] = "accept"
  /\ AcceptedBy(ballot[p], q)
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ acknowledged' = \/ acknowledged
                     \/ \E m \in Accepts(ballot[p]) : m.state = "new"
  /\ UNCHANGED <<acceptorVars, known, counter, ballot, age, cache,
                 tombstone, messages>>

(***************************************************************************)
(* Proposer p gives up its round.                                          *)
(***************************************************************************)
Abandon(p) ==
  /\ phase[p] # "idle"
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ UNCHANGED <<acceptorVars, known, counter, ballot, age, cache, tombstone,
                 messages, acknowledged>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* All acceptors have accepted a tombstone under ballot b: the round that  *)
(* deleted has reached them at last, or another one after it that read the *)
(* tombstone and wrote it back. That tombstone is collected from now on.   *)
(***************************************************************************)
Sweep(b) ==
  /\ tombstone = 0
  /\ \E m \in Accepts(b) : m.state = "deleted"
  /\ AcceptedBy(b, Acceptor)
  /\ tombstone' = b
  /\ UNCHANGED <<acceptorVars, known, proposerVars, messages, acknowledged>>

(***************************************************************************)
(* Proposer p is told of the collection. It drops what it has under way    *)
(* and its cache, moves its counter past the tombstone and grows older, so *)
(* that all that it has sent so far is younger than it is.                 *)
(***************************************************************************)
Advance(p) ==
  /\ tombstone # 0
  /\ age[p] = 0
  /\ age' = [age EXCEPT ![p] = 1]
  /\ counter' = [counter EXCEPT ![p] = Larger(counter[p], tombstone)]
  /\ phase' = [phase EXCEPT ![p] = "idle"]
  /\ cache' = [cache EXCEPT ![p] = Empty]
  /\ UNCHANGED <<acceptorVars, known, ballot, tombstone, messages,
                 acknowledged>>

(***************************************************************************)
(* All proposers have been told, and acceptor a writes the ages to its     *)
(* disk.                                                                   *)
(***************************************************************************)
Remember(a) ==
  /\ \A p \in Proposer : age[p] = 1
  /\ known' = [known EXCEPT ![a] = age]
  /\ UNCHANGED <<acceptorVars, proposerVars, tombstone, messages,
                 acknowledged>>

(***************************************************************************)
(* Acceptor a knows the ages, still holds that tombstone, and has promised *)
(* nothing since. It erases the key. That others know the ages it need not *)
(* wait for: they hold the tombstone, and it protects them.                *)
(***************************************************************************)
Erase(a) ==
  /\ tombstone # 0
  /\ \A p \in Proposer : known[a][p] = 1
  /\ acceptedBallot[a] = tombstone
  /\ promised[a] = tombstone
  /\ promised' = [promised EXCEPT ![a] = 0]
  /\ acceptedBallot' = [acceptedBallot EXCEPT ![a] = 0]
  /\ acceptedState' = [acceptedState EXCEPT ![a] = "none"]
  /\ UNCHANGED <<known, proposerVars, tombstone, messages, acknowledged>>

(***************************************************************************)
(* The steps of the proposers, the acceptors and the collector.            *)
(***************************************************************************)
Next ==
  \/ \E p \in Proposer : \E b \in Ballot : Prepare(p, b)
  \/ \E a \in Acceptor : \E b \in Ballot : Promise(a, b)
  \/ \E p \in Proposer : \E q \in Quorum, s \in State : Propose(p, q, s)
  \/ \E p \in Proposer : \E s \in State : ProposeFromCache(p, s)
  \/ \E a \in Acceptor : \E b \in Ballot : Accept(a, b)
  \/ \E p \in Proposer : \E q \in Quorum : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E b \in Ballot : Sweep(b)
  \/ \E p \in Proposer : Advance(p)
  \/ \E a \in Acceptor : Remember(a)
  \/ \E a \in Acceptor : Erase(a)

(***************************************************************************)
(* Nothing has to happen: the collector may stop anywhere, for ever.       *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* The latest state that acceptors in q hold: what a round finds that asks *)
(* them.                                                                   *)
(***************************************************************************)
Latest(q) ==
  LET a == CHOOSE a \in q :
             \A d \in q : acceptedBallot[d] <= acceptedBallot[a]
  IN acceptedState[a]

(***************************************************************************)
(* Nobody ever finds the value that was deleted.                           *)
(***************************************************************************)
NothingRevives == \A q \in Quorum : Latest(q) # "old"

(***************************************************************************)
(* Once a client was told that the new value is written, everybody finds   *)
(* it.                                                                     *)
(***************************************************************************)
NothingLost == acknowledged => \A q \in Quorum : Latest(q) = "new"
=============================================================================
