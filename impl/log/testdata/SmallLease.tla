---------------------------- MODULE SmallLease ------------------------------
(***************************************************************************)
(* The module LeaderLease with the bounds of MCLeaderLease, two replicas   *)
(* and true clocks. r1 may ask for leases. A restart is of interest where  *)
(* something was granted.                                                  *)
(***************************************************************************)
EXTENDS MCLeaderLease

TwoIds == [r1 |-> 1, r2 |-> 2]

SmallTime == 0..(MaxTime + Term)

Ticks == {c \in [Replica -> 0..MaxTime] : now < MaxTime}

SmallNext ==
  \/ \E c \in Ticks : Tick(c)
  \/ \E r \in Replica, b \in 1..MaxBallot : Prepare(r, b)
  \/ \E a \in Replica, b \in 1..MaxBallot : Promise(a, b)
  \/ \E r \in Replica : \E q \in Pairs : Lead(r, q)
  \/ \E r \in Replica : \E v \in Proposed(r) : Propose(r, 1, v)
  \/ \E a \in Replica, b \in 1..MaxBallot : Accept(a, b, 1)
  \/ \E r \in Replica : \E v \in {<<>>, <<Add>>}, q \in Pairs :
       Learn(r, 1, v, q)
  \/ \E r \in Replica : Apply(r, 1)
  \/ \E r \in Replica : promised[r] \in Leased /\ AskForLease(r)
  \/ \E a \in Replica, b \in Leased, s \in SmallTime : Grant(a, b, s)
  \/ \E r \in Replica : \E s \in SmallTime, q \in Pairs : Hold(r, s, q)
  \/ \E r \in Replica : Read(r)
  \/ \E r \in Replica :
       Restarts /\ boundUntil[r] > 0 /\ Restart(r, disk[r].promised)

SmallSpec == Init /\ [][SmallNext]_vars
=============================================================================
