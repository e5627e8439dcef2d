----------------------------- MODULE CasOnCache -----------------------------
(***************************************************************************)
(* The register with a known bug: a proposer applies a change to the state *)
(* that it knows from a round of its own, not to the one that was          *)
(* reported.                                                               *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* The accepts that proposer p has sent, and the state that it knows: that *)
(* of the latest of them or, if there is none, the reported one.           *)
(***************************************************************************)
Own(p) == {m \in messages : m.type = "accept" /\ Owns(p, m.ballot)}

Known(p, q) ==
  IF Own(p) = {}
    THEN Latest(ballot[p], q).acceptedState
    ELSE (CHOOSE m \in Own(p) : \A n \in Own(p) : n.ballot <= m.ballot).state

(***************************************************************************)
(* Stands for Propose. Another proposer may have changed the register      *)
(* since this one did, and then the promises say so. But a compare-and-set *)
(* is compared with the state that is known, and succeeds where it must    *)
(* fail, or fails where it must succeed. ChangesWereApplied is violated.   *)
(***************************************************************************)
CasOnCache(p, q, cs, s, next) ==
  /\ phase[p] = "prepare"
  /\ q \in Quorum
  /\ \A a \in q : Promises(ballot[p], {a}) # {}
  /\ s = ApplyAll(cs, Known(p, q))
  /\ next # 0 => Owns(p, next) /\ next > counter[p]
  /\ counter' = [counter EXCEPT ![p] = Larger(next, @)]
  /\ phase' = [phase EXCEPT ![p] = "accept"]
  /\ changes' = [changes EXCEPT ![p] = cs]
  /\ proposal' = [proposal EXCEPT ![p] = s]
  /\ Send([type |-> "accept", ballot |-> ballot[p], state |-> s,
           parent |-> Latest(ballot[p], q).acceptedBallot, next |-> next])
  /\ UNCHANGED <<acceptorVars, ballot, acknowledged>>
=============================================================================
