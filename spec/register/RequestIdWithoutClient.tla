----------------------- MODULE RequestIdWithoutClient -----------------------
(***************************************************************************)
(* Requests with a known bug: the state says which number was served last, *)
(* but not whose.                                                          *)
(***************************************************************************)
EXTENDS RequestId

(***************************************************************************)
(* Stands for Apply. The first request of one client is taken for that of  *)
(* another, and answered without having been served. NoneWithout is        *)
(* violated.                                                               *)
(***************************************************************************)
ApplyByNumber(c, s) ==
  IF \E x \in Client : c.number <= s.served[x].number
    THEN s
    ELSE ApplyOnce(c, s)
=============================================================================
