------------------------- MODULE LeaderLeaseMutants -------------------------
(***************************************************************************)
(* Leaders' leases with known bugs. The configuration                      *)
(* LeaderLeaseMutants-D.cfg puts the definition D in the place of what it  *)
(* is made from, and expects an invariant to be violated.                  *)
(***************************************************************************)
EXTENDS MCLeaderLease

(***************************************************************************)
(* In the place of IsFree: a replica promises a larger ballot although it  *)
(* has granted a lease. ReaderIsAhead is violated.                         *)
(***************************************************************************)
PromiseWhileBound(r) == TRUE

(***************************************************************************)
(* In the place of Restart: a replica that starts again takes itself for   *)
(* free. ReaderIsAhead is violated.                                        *)
(***************************************************************************)
ForgottenOverRestart(r, b) ==
  /\ L!Restart(r, b)
  /\ StartClock(r)
  /\ boundUntil' = [boundUntil EXCEPT ![r] = 0]
  /\ settled' = [settled EXCEPT ![r] = 0]
  /\ lease' = [lease EXCEPT ![r] = NoLease]
  /\ UNCHANGED <<readVars, now, grants>>

(***************************************************************************)
(* In the place of Grant: a replica grants a leader its lease although it  *)
(* has promised another's ballot. ReaderIsAhead is violated.               *)
(***************************************************************************)
GrantToAnother(a, b, s) ==
  /\ [type |-> "ask", ballot |-> b, sent |-> s] \in grants
  /\ boundUntil' = [boundUntil EXCEPT ![a] = clock[a] + Term]
  /\ grants' = grants \cup
       {[type |-> "grant", ballot |-> b, sent |-> s, replica |-> a]}
  /\ UNCHANGED <<logVars, readVars, timeVars, settled, lease>>

(***************************************************************************)
(* In the place of Hold: the leader counts from the answer, or takes the   *)
(* grant of any replica, its own perhaps, for enough. ReaderIsAhead is     *)
(* violated.                                                               *)
(***************************************************************************)
CountFromAnswer(r, s, q) ==
  /\ role[r] = "leader"
  /\ L!IsAcceptQuorum(q)
  /\ \A a \in q : [type |-> "grant", ballot |-> promised[r], sent |-> s,
                   replica |-> a] \in grants
  /\ lease' = [lease EXCEPT ![r] = [ballot |-> promised[r],
                                    sent |-> clock[r]]]
  /\ UNCHANGED <<logVars, readVars, timeVars, boundUntil, settled, grants>>

HoldWithoutQuorum(r, s, q) ==
  /\ role[r] = "leader"
  /\ \E a \in q : [type |-> "grant", ballot |-> promised[r], sent |-> s,
                   replica |-> a] \in grants
  /\ lease' = [lease EXCEPT ![r] = [ballot |-> promised[r], sent |-> s]]
  /\ UNCHANGED <<logVars, readVars, timeVars, boundUntil, settled, grants>>

(***************************************************************************)
(* In the place of HoldsUntil: the leader reads for longer than it was     *)
(* granted. ReaderIsAhead is violated.                                     *)
(***************************************************************************)
TermTooLong(r) == lease[r].sent + Term + 1

(***************************************************************************)
(* In the place of HasSettled: a new leader reads before it has applied    *)
(* what was chosen under others. ReaderIsAhead is violated.                *)
(***************************************************************************)
ReadBeforeSettled(r) == TRUE

(***************************************************************************)
(* The bugs of LogReadMutants beside leases, which make the reads before   *)
(* that are forgotten then. ReadsAreCurrent is violated. In the place of   *)
(* Inquire: the leader waits for what it has applied, not for what it      *)
(* inherited.                                                              *)
(***************************************************************************)
ReadBeforeInherited(r, n, i) ==
  /\ role[r] = "leader"
  /\ ~\E x \in inquiries : x.ballot = promised[r] /\ x.number = n
  /\ inquiries' = inquiries \cup
       {[replica |-> r, ballot |-> promised[r], number |-> n,
         slot |-> applied[r]]}
  /\ confirmations' = confirmations \cup
       {[ballot |-> promised[r], number |-> n, replica |-> r]}
  /\ told' = told \cup
       {[ballot |-> promised[r], number |-> n, commands |-> {},
         slot |-> L!Largest({0} \cup {x.slot : x \in reads})]}
  /\ UNCHANGED <<logVars, reads, timeVars, leaseVars>>

(***************************************************************************)
(* In the place of Confirm: a replica confirms whatever it has promised.   *)
(***************************************************************************)
ConfirmAny(a, b, n) ==
  /\ \E x \in inquiries : x.ballot = b /\ x.number = n
  /\ confirmations' = confirmations \cup
       {[ballot |-> b, number |-> n, replica |-> a]}
  /\ UNCHANGED <<logVars, inquiries, told, reads, timeVars, leaseVars>>

(***************************************************************************)
(* In the place of ReadConfirmed: the leader does not wait for a quorum.   *)
(***************************************************************************)
ReadUnconfirmed(r, n, q) ==
  /\ role[r] = "leader"
  /\ \E x \in inquiries :
       x.ballot = promised[r] /\ x.number = n /\ applied[r] >= x.slot
  /\ reads' = reads \cup
       {[ballot |-> promised[r], number |-> n, slot |-> applied[r]]}
  /\ UNCHANGED <<logVars, inquiries, confirmations, told, timeVars,
                 leaseVars>>
=============================================================================
