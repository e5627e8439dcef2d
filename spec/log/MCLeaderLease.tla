--------------------------- MODULE MCLeaderLease ----------------------------
(***************************************************************************)
(* The module LeaderLease with three replicas of which two want to lead,   *)
(* one slot, and bounded time, for TLC.                                    *)
(***************************************************************************)
EXTENDS LeaderLease, Sequences

(***************************************************************************)
(* The ballots and times of the model, under which ballots leaders ask for *)
(* a lease, under which they read by asking a quorum, once each, under     *)
(* which they propose what the client asks for, and whether replicas start *)
(* again. Reads from leases are steps only where somebody asks a quorum,   *)
(* too: else they are looked at as MayRead.                                *)
(***************************************************************************)
CONSTANTS MaxBallot, MaxTime, Leased, Inquiring, Proposing, Restarts

ThreeIds == [r1 |-> 1, r2 |-> 2, r3 |-> 3]

Add == [client |-> "c1", number |-> 1, change |-> [name |-> "add", value |-> 1]]

OneCommand == {Add}

Pairs == {q \in SUBSET Replica : Cardinality(q) = 2}

(***************************************************************************)
(* Leaders propose what they must, and else what the client asks for. Time *)
(* stops at MaxTime.                                                       *)
(***************************************************************************)
Proposed(r) ==
  IF L!At(inherited[r], 1) # {}
    THEN {x.value : x \in L!At(inherited[r], 1)}
    ELSE IF promised[r] \in Proposing THEN {<<Add>>} ELSE {}

LogNext ==
  \/ \E r \in Replica, b \in 1..MaxBallot : Prepare(r, b)
  \/ \E a \in Replica, b \in 1..MaxBallot : Promise(a, b)
  \/ \E r \in Replica : \E q \in Pairs : Lead(r, q)
  \/ \E r \in Replica : \E v \in Proposed(r) : Propose(r, 1, v)
  \/ \E a \in Replica, b \in 1..MaxBallot : Accept(a, b, 1)
  \/ \E r \in Replica : \E v \in {<<>>, <<Add>>}, q \in Pairs :
       Learn(r, 1, v, q)
  \/ \E r \in Replica : Apply(r, 1)

LeaseNext ==
  \/ now < MaxTime /\ \E c \in [Replica -> 0..(now + 1 + Error)] : Tick(c)
  \/ \E r \in Replica : promised[r] \in Leased /\ AskForLease(r)
  \/ \E a \in Replica, b \in Leased, s \in 0..(MaxTime + Error) :
       Grant(a, b, s)
  \/ \E r \in Replica : \E s \in 0..(MaxTime + Error), q \in Pairs :
       Hold(r, s, q)

(***************************************************************************)
(* A read is of interest if there is something to read, and an inquiry     *)
(* after somebody has read that.                                           *)
(***************************************************************************)
ReadNext ==
  /\ Inquiring # {}
  /\ \/ \E r \in Replica : applied[r] > 0 /\ Read(r)
     \/ \E r \in Replica :
          /\ promised[r] \in Inquiring
          /\ reads # {}
          /\ Inquire(r, 1, L!ReadSlot(r))
     \/ \E a \in Replica, b \in Inquiring : Confirm(a, b, 1)
     \/ \E r \in Replica : \E q \in Pairs : ReadConfirmed(r, 1, q)

(***************************************************************************)
(* A restart is of interest where something was granted.                   *)
(***************************************************************************)
RestartNext ==
  /\ Restarts
  /\ \E r \in Replica :
       /\ boundUntil[r] > 0
       /\ Restart(r, disk[r].promised)

MCNext == LogNext \/ LeaseNext \/ ReadNext \/ RestartNext

MCSpec == Init /\ [][MCNext]_vars
=============================================================================
