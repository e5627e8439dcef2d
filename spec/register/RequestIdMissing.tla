-------------------------- MODULE RequestIdMissing --------------------------
(***************************************************************************)
(* Requests with a known bug: a client asks again without saying that it   *)
(* has asked before.                                                       *)
(***************************************************************************)
EXTENDS RequestId

(***************************************************************************)
(* Stands for Apply. Each round applies the change, also to a state that   *)
(* came from the same request. NoneTwice is violated.                      *)
(***************************************************************************)
ApplyAlways(c, s) == [s EXCEPT !.value = s.value + c.value]
=============================================================================
