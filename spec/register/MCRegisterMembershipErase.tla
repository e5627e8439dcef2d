--------------------- MODULE MCRegisterMembershipErase ---------------------
(***************************************************************************)
(* The module RegisterMembership with deletions that are erased while the  *)
(* acceptors are exchanged, for TLC.                                       *)
(***************************************************************************)
EXTENDS MCRegisterMembership

(***************************************************************************)
(* The clients of p1 delete, and those of p2 write 1.                      *)
(***************************************************************************)
Set1 == [name |-> "set", value |-> 1]

SetOrDelete == {Set1, R!Delete}

Wish(p) == IF p = "p1" THEN R!Delete ELSE Set1

(***************************************************************************)
(* The story begins late. Proposer p1 has written 1 with ballot 1, and all *)
(* founders have accepted it.                                              *)
(***************************************************************************)
Accepted1(a) == [type |-> "accepted", ballot |-> 1, acceptor |-> a]

Written ==
  /\ promised = [a \in Acceptor |-> 1]
  /\ acceptedBallot = [a \in Acceptor |-> 1]
  /\ acceptedState = [a \in Acceptor |-> 1]
  /\ disk = [a \in Acceptor |-> [promised |-> 1, acceptedBallot |-> 1,
                                 acceptedState |-> 1]]
  /\ counter = [p \in Proposer |-> IF p = "p1" THEN 1 ELSE 0]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ ballot = [p \in Proposer |-> 0]
  /\ changes = [p \in Proposer |-> <<>>]
  /\ proposal = [p \in Proposer |-> R!Initial]
  /\ messages =
       {[type |-> "accept", ballot |-> 1, state |-> 1, parent |-> 0,
         next |-> 0]}
       \cup {Accepted1(a) : a \in Acceptor}
  /\ acknowledged =
       {[ballot |-> 1, changes |-> <<Set1>>, state |-> 1]}
  /\ configuration = [p \in Proposer |-> Founding]
  /\ since = Founding.since
  /\ sent = {[type |-> "accept", ballot |-> 1, to |-> Founding.since,
              number |-> 0]}

(***************************************************************************)
(* Or a little later: p2 has also proposed to write 1 with ballot 2, and   *)
(* has given up. The accepts are still on their way.                       *)
(***************************************************************************)
Proposed ==
  /\ promised = [a \in Acceptor |-> 2]
  /\ acceptedBallot = [a \in Acceptor |-> 1]
  /\ acceptedState = [a \in Acceptor |-> 1]
  /\ disk = [a \in Acceptor |-> [promised |-> 2, acceptedBallot |-> 1,
                                 acceptedState |-> 1]]
  /\ counter = [p \in Proposer |-> IF p = "p1" THEN 1 ELSE 2]
  /\ phase = [p \in Proposer |-> "idle"]
  /\ ballot = [p \in Proposer |-> 0]
  /\ changes = [p \in Proposer |-> <<>>]
  /\ proposal = [p \in Proposer |-> R!Initial]
  /\ messages =
       {[type |-> "accept", ballot |-> 1, state |-> 1, parent |-> 0,
         next |-> 0],
        [type |-> "accept", ballot |-> 2, state |-> 1, parent |-> 1,
         next |-> 0]}
       \cup {Accepted1(a) : a \in Acceptor}
  /\ acknowledged =
       {[ballot |-> 1, changes |-> <<Set1>>, state |-> 1]}
  /\ configuration = [p \in Proposer |-> Founding]
  /\ since = Founding.since
  /\ sent = {[type |-> "accept", ballot |-> b, to |-> Founding.since,
              number |-> 0] : b \in 1..2}

(***************************************************************************)
(* Of two acceptors one leaves; one becomes two; and of two one leaves and *)
(* comes back.                                                             *)
(***************************************************************************)
Leave ==
  <<Stage({a2}, {a2}, From({a2}, {}, 0))>>

Join ==
  <<Stage({a1, a2}, {a1, a2}, From({a1, a2}, {a2}, 1))>>

Return ==
  <<Stage({a1}, {a1}, From({a1}, {}, 0)),
    Stage({a1, a2}, {a1, a2}, From({a1, a2}, {a2}, 2))>>

EraseNext ==
  \/ \E p \in Proposer : \E b \in MCBallots : Prepare(p, b)
  \/ \E a \in Known : \E b \in MCBallots : Promise(a, b)
  \/ \E p \in Proposer :
       \E q \in SUBSET Known, s \in 0..1 :
         Propose(p, q, <<Wish(p)>>, s, 0)
  \/ \E a \in Known : \E b \in MCBallots : Accept(a, b)
  \/ \E p \in Proposer : \E q \in SUBSET Known : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer : \E b \in MCBallots : Collect(p, b)
  \/ \E a \in Known : \E b \in MCBallots : Erase(a, b)
  \/ \E p \in Proposer :
       \E n \in 1..Len(Later) :
         Adopt(p, n, Later[n].ask, Later[n].tell, Later[n].from)

(***************************************************************************)
(* In the place of what erasure asks for: nothing.                         *)
(***************************************************************************)
Nobody(p) == FALSE

ByName(m, a) == a \in DOMAIN m.to
=============================================================================
