--------------------------- MODULE RegisterExample --------------------------
(***************************************************************************)
(* One behaviour of the register, told step by step, in which every action *)
(* occurs.                                                                 *)
(*                                                                         *)
(* Two proposers get into each other's way. The first is overtaken after   *)
(* one acceptor has stored its state, and gives up without knowing what    *)
(* became of its change. The second finds that state, builds on it, and so *)
(* completes the change of the first along with its own. It has asked for  *)
(* its next ballot with the same accept, and so needs a single round trip  *)
(* for the next two changes. At last the first proposer reads, without any *)
(* round.                                                                  *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* The number of the next step.                                            *)
(***************************************************************************)
VARIABLE step

(***************************************************************************)
(* What the clients ask for: to add 1, and to set 2 if the state is 0.     *)
(***************************************************************************)
Add == [name |-> "add", value |-> 1]

Cas == [name |-> "cas", expect |-> 0, value |-> 2]

(***************************************************************************)
(* Each step is an action with its arguments and, where it says something, *)
(* a part of the state to which the action must lead. If a step is not     *)
(* possible or leads elsewhere, TLC reports a deadlock there.              *)
(***************************************************************************)
Step(n) ==
  CASE n = 1  -> Prepare("p1", 1) /\ counter'["p1"] = 1
    [] n = 2  -> Promise("a1", 1)
    [] n = 3  -> Promise("a2", 1) /\ promised' = [a1 |-> 1, a2 |-> 1, a3 |-> 0]
    [] n = 4  -> Propose("p1", {"a1", "a2"}, <<Add>>, 1, 0)
                 /\ phase'["p1"] = "accept"
    [] n = 5  -> Accept("a1", 1) /\ acceptedState'["a1"] = 1
    \* The second proposer starts and overtakes the first.
    [] n = 6  -> Prepare("p2", 2) /\ phase'["p1"] = "accept"
    [] n = 7  -> Promise("a2", 2) /\ acceptedBallot'["a2"] = 0
    [] n = 8  -> RefuseAccept("a2", 1, 2) /\ acceptedBallot'["a2"] = 0
    [] n = 9  -> Promise("a1", 2) /\ acceptedBallot'["a1"] = 1
    \* a1 restarts and has lost nothing; a repeated accept finds it as it was.
    [] n = 10 -> RestartAcceptor("a1") /\ promised'["a1"] = 2
    [] n = 11 -> RepeatAccept("a1", 1) /\ acceptedState'["a1"] = 1
    [] n = 12 -> Abandon("p1") /\ acknowledged' = {}
    \* The compare-and-set finds 1, not 0, fails, and is written back. With
    \* the accept goes a claim of ballot 4.
    [] n = 13 -> Propose("p2", {"a1", "a2"}, <<Cas>>, 1, 4)
                 /\ counter'["p2"] = 4
    [] n = 14 -> Accept("a2", 2) /\ promised'["a2"] = 4
    [] n = 15 -> Accept("a3", 2) /\ promised'["a3"] = 4
    [] n = 16 -> Acknowledge("p2", {"a2", "a3"})
                 /\ phase'["p2"] = "prepare" /\ ballot'["p2"] = 4
    \* The first prepare arrives at a3 at last.
    [] n = 17 -> RefusePrepare("a3", 1, 4)
    \* Two clients wait. One round trip serves them both.
    [] n = 18 -> Propose("p2", {"a2", "a3"}, <<Add, Add>>, 3, 0)
    [] n = 19 -> Accept("a2", 4) /\ acceptedState'["a2"] = 3
    [] n = 20 -> Accept("a3", 4) /\ promised'["a3"] = 4
    [] n = 21 -> Acknowledge("p2", {"a2", "a3"}) /\ phase'["p2"] = "idle"
    \* p1 reads. That a1 is behind does no harm: a2 and a3 agree.
    [] n = 22 -> Ask("p1", 1)
    [] n = 23 -> Report("a1", "p1", 1) /\ acceptedBallot'["a1"] = 1
    [] n = 24 -> Report("a2", "p1", 1)
    [] n = 25 -> Report("a3", "p1", 1)
    [] n = 26 -> Answer("p1", 1, {"a2", "a3"}, 4, 3)
    [] n = 27 -> RestartProposer("p1") /\ counter'["p1"] = 1

Last == 27

StoryInit == Init /\ step = 1

StoryNext ==
  \/ /\ step <= Last
     /\ Step(step)
     /\ step' = step + 1
  \/ /\ step > Last
     /\ UNCHANGED <<vars, step>>

(***************************************************************************)
(* In the end the changes of two rounds are acknowledged, and the one      *)
(* whose client does not know is an ancestor of them.                      *)
(***************************************************************************)
StoryEnds ==
  step > Last =>
    /\ acknowledged =
         {[ballot |-> 2, changes |-> <<Cas>>, state |-> 1],
          [ballot |-> 4, changes |-> <<Add, Add>>, state |-> 3],
          [ballot |-> 4, changes |-> <<>>, state |-> 3]}
    /\ Descends(4, 2)
    /\ Descends(2, 1)
=============================================================================
