------------------------- MODULE MCLeaseReadmission -------------------------
(***************************************************************************)
(* The module LeaseReadmission with three replicas, of which r3 loses its  *)
(* disk once, and bounded time, for TLC. The leader under ballot 1 has the *)
(* lease, by its own grant and r3's; the others want to lead after it.     *)
(***************************************************************************)
EXTENDS LeaseReadmission, Sequences

(***************************************************************************)
(* The ballots and times of the model.                                     *)
(***************************************************************************)
CONSTANTS MaxBallot, MaxTime

ThreeIds == [r1 |-> 1, r2 |-> 2, r3 |-> 3]

Add == [client |-> "c1", number |-> 1, change |-> [name |-> "add", value |-> 1]]

OneCommand == {Add}

MCBallots == 1..MaxBallot

MCTimes == 0..(MaxTime + Error)

Holders == {"r1", "r3"}

Others == {"r2", "r3"}

Left == {"r1", "r2"}

(***************************************************************************)
(* Whoever leads after the first proposes what the client asks for, which  *)
(* the first leader then lacks.                                            *)
(***************************************************************************)
MCMember ==
  \/ \E r \in Member, b \in MCBallots : Prepare(r, b)
  \/ \E a \in Member, b \in MCBallots : Promise(a, b)
  \/ \E r \in Member : \E q \in {Holders, Others, Left} :
       r \in q /\ Lead(r, q)
  \/ \E r \in Member : promised[r] > 1 /\ Propose(r, 1, <<Add>>)
  \/ \E a \in Member, b \in MCBallots : Accept(a, b, 1)
  \/ "r2" \in Member /\ Learn("r2", 1, <<Add>>, Others)
  \/ "r2" \in Member /\ Apply("r2", 1)
  \/ promised["r1"] = 1 /\ AskForLease("r1")
  \/ \E a \in Member, s \in MCTimes : Grant(a, 1, s)
  \/ \E s \in MCTimes : Hold("r1", s, Holders)

(***************************************************************************)
(* In the place of Lose: the replica takes itself for free, which does no  *)
(* harm.                                                                   *)
(***************************************************************************)
LoseUnbound(a) ==
  /\ D!Lose(a)
  /\ StartClock(a)
  /\ boundUntil' = [boundUntil EXCEPT ![a] = 0]
  /\ settled' = [settled EXCEPT ![a] = 0]
  /\ lease' = [lease EXCEPT ![a] = NoLease]
  /\ UNCHANGED <<now, grants>>

(***************************************************************************)
(* What comes too early to be of use is left out, as in MCReadmission.     *)
(***************************************************************************)
HasSaid(r) == \E m \in entrances : m.type = "bound" /\ m.replica = r

MCNext ==
  \/ now < MaxTime /\ (\E c \in [Replica -> MCTimes] : Tick(c)) /\ SameLoss
  \/ MCMember /\ SameLoss
  \/ losses["r3"] = 0 /\ boundUntil["r3"] > 0 /\ Lose("r3")
  \/ \E r \in {"r1", "r2"} : lost["r3"] /\ ~HasSaid(r) /\ Bound(r, "r3")
  \/ \E r \in Replica : lost["r3"] /\ Admit(r, 0)
  \/ \E b \in MCBallots : Readmit("r3", b)

MCSpec == LossInit /\ [][MCNext]_<<vars, lossVars>>
=============================================================================
