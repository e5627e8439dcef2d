-------------------------- MODULE Rung00OneServer ---------------------------
(***************************************************************************)
(* A variable that one server keeps: the lowest rung.                      *)
(*                                                                         *)
(* Copies of a variable fall out of sync, so the first idea is to have no  *)
(* copies. Every client sends its value to the one server, and the value   *)
(* that arrives first stays. Nobody can disagree with anybody.             *)
(*                                                                         *)
(* But the server may stop, and then there is nobody left to ask. As long  *)
(* as it runs, it has to hear every client itself. So the system is never  *)
(* more reliable, and never faster, than one machine. That is no answer to *)
(* the problem, it only hides it: to survive a crash there must be copies. *)
(***************************************************************************)

(***************************************************************************)
(* Value is the set of values that clients send. None stands for no value. *)
(***************************************************************************)
CONSTANTS Value, None

(***************************************************************************)
(* Whether the server runs, and the value that it has accepted.            *)
(***************************************************************************)
VARIABLES up, acceptedValue

vars == <<up, acceptedValue>>

Init ==
  /\ up = TRUE
  /\ acceptedValue = None

-----------------------------------------------------------------------------
(***************************************************************************)
(* The server takes the first value that arrives, and answers.             *)
(***************************************************************************)
Accept(v) ==
  /\ up
  /\ acceptedValue = None
  /\ acceptedValue' = v
  /\ UNCHANGED up

(***************************************************************************)
(* The server stops, at any moment. It does not start again.               *)
(***************************************************************************)
Crash ==
  /\ up
  /\ up' = FALSE
  /\ UNCHANGED acceptedValue

Next ==
  \/ \E v \in Value : Accept(v)
  \/ Crash

(***************************************************************************)
(* The server is not lazy: a value that it can accept all the time, it     *)
(* accepts in the end.                                                     *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars /\ WF_vars(\E v \in Value : Accept(v))

-----------------------------------------------------------------------------
(***************************************************************************)
(* In the end some value is accepted, and clients have an answer.          *)
(***************************************************************************)
Answered == <>(acceptedValue # None)
=============================================================================
