-------------------------- MODULE Rung15aOldLeader --------------------------
(***************************************************************************)
(* Reading from the leader's copy.                                         *)
(*                                                                         *)
(* Most of what clients want is to read. A read that is a command in the   *)
(* log costs as much as a write. The leader has applied everything that    *)
(* was written, it thinks, so on this rung it answers reads at once from   *)
(* its own copy.                                                           *)
(*                                                                         *)
(* It may think wrong. While it pauses, or is cut off, the others elect    *)
(* another, which writes. The old leader cannot get a write through any    *)
(* more, since a quorum has promised a larger ballot. But nobody tells it  *)
(* so, and to read it asks nobody.                                         *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* Acceptor is the set of those who accept, Leader of those who may lead.  *)
(* Ballots are numbers.                                                    *)
(***************************************************************************)
CONSTANTS Acceptor, Leader, Ballot

Majority(q) == 2 * Cardinality(q) > Cardinality(Acceptor)

Quorum == {q \in SUBSET Acceptor : Majority(q)}

(***************************************************************************)
(* What each acceptor has promised; the ballot under which each leader     *)
(* thinks that it leads, or 0; and the leader's own copy of the state. The *)
(* state is the number of writes: that those of a slot are the same        *)
(* everywhere is what rung 14 is about.                                    *)
(***************************************************************************)
VARIABLES promised, leads, copy

(***************************************************************************)
(* How many writes clients were told to be done, and whether some client   *)
(* has read less than that.                                                *)
(***************************************************************************)
VARIABLES acknowledged, stale

vars == <<promised, leads, copy, acknowledged, stale>>

Init ==
  /\ promised = [a \in Acceptor |-> 0]
  /\ leads = [p \in Leader |-> 0]
  /\ copy = [p \in Leader |-> 0]
  /\ acknowledged = 0
  /\ stale = FALSE

-----------------------------------------------------------------------------

(***************************************************************************)
(* The quorum q promises ballot b to p, which leads from now on. It learns *)
(* what was written, and applies it before it answers anybody.             *)
(***************************************************************************)
Elect(p, b, q) ==
  /\ \A a \in q : promised[a] < b
  /\ promised' = [a \in Acceptor |-> IF a \in q THEN b ELSE promised[a]]
  /\ leads' = [leads EXCEPT ![p] = b]
  /\ copy' = [copy EXCEPT ![p] = acknowledged]
  /\ UNCHANGED <<acknowledged, stale>>

(***************************************************************************)
(* Whether the quorum q still heeds leader p: none of its members has      *)
(* promised a larger ballot.                                               *)
(***************************************************************************)
Heeds(q, p) ==
  /\ leads[p] > 0
  /\ \A a \in q : promised[a] <= leads[p]

(***************************************************************************)
(* Leader p writes. The quorum q accepts it, and the client is told.       *)
(***************************************************************************)
Write(p, q) ==
  /\ Heeds(q, p)
  /\ acknowledged < 2
  /\ copy' = [copy EXCEPT ![p] = copy[p] + 1]
  /\ acknowledged' = copy[p] + 1
  /\ promised' = [a \in Acceptor |-> IF a \in q THEN leads[p]
                                               ELSE promised[a]]
  /\ UNCHANGED <<leads, stale>>

(***************************************************************************)
(* Leader p answers a read from its own copy.                              *)
(***************************************************************************)
Read(p) ==
  /\ leads[p] > 0
  /\ stale' = (stale \/ copy[p] < acknowledged)
  /\ UNCHANGED <<promised, leads, copy, acknowledged>>

Next ==
  \/ \E p \in Leader : \E b \in Ballot, q \in Quorum : Elect(p, b, q)
  \/ \E p \in Leader : \E q \in Quorum : Write(p, q)
  \/ \E p \in Leader : Read(p)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

(***************************************************************************)
(* Whoever reads, reads every write that was acknowledged before.          *)
(***************************************************************************)
FreshReads == ~stale
=============================================================================
