-------------------------- MODULE LogLeaseMutants ---------------------------
(***************************************************************************)
(* Leases from a log, with known bugs. The configuration                   *)
(* LogLeaseMutants-D.cfg puts the definition D in the place of what it is  *)
(* made from, and expects a property to be violated.                       *)
(***************************************************************************)
EXTENDS MCLogLease

(***************************************************************************)
(* In the place of Hold: the holder counts from the answer. OneHolder is   *)
(* violated.                                                               *)
(***************************************************************************)
CountedFromAnswer(h, t) ==
  /\ [type |-> "granted", number |-> request[h].number, token |-> t]
       \in messages
  /\ lease' = [lease EXCEPT ![h] = [number |-> t, sent |-> clock[h]]]
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, request, messages,
                 acted>>

(***************************************************************************)
(* In the place of HoldsUntil: the error of the clocks is added to the     *)
(* term, or not minded at all. OneHolder is violated.                      *)
(***************************************************************************)
ErrorAdded(h) == lease[h].sent + Term + 2 * Error

ErrorIgnored(h) == lease[h].sent + Term

(***************************************************************************)
(* In the place of Acquire: the log grants the lease while another has it. *)
(* OneHolder is violated.                                                  *)
(***************************************************************************)
GrantedTwice(h, k, n) ==
  /\ [type |-> "acquire", holder |-> h, number |-> k] \in messages
  /\ ~IsAnswered(k)
  /\ n > last
  /\ owner' = h
  /\ last' = n
  /\ token' = n
  /\ Send([type |-> "granted", number |-> k, token |-> n])
  /\ UNCHANGED <<timeVars, replicaVars, holderVars, acted>>

(***************************************************************************)
(* In the place of Expire: the lease expires although it was renewed after *)
(* the grant from which the term was counted. HolderIsOwner is violated.   *)
(***************************************************************************)
RenewalIgnored(n) ==
  /\ [type |-> "expire", grant |-> n] \in messages
  /\ owner # Nobody
  /\ n >= token
  /\ owner' = Nobody
  /\ UNCHANGED <<timeVars, token, last, replicaVars, holderVars, messages,
                 acted>>

(***************************************************************************)
(* In the place of Count: a replica that has forgotten when it saw the     *)
(* grant takes the term to be over. HolderIsOwner is violated.             *)
(***************************************************************************)
ForgottenOverRestart(r, n) ==
  /\ n \in 1..last
  /\ counted' = [counted EXCEPT ![r] = n]
  /\ since' = [since EXCEPT ![r] = 0]
  /\ UNCHANGED <<timeVars, machineVars, holderVars, messages, acted>>

(***************************************************************************)
(* In the place of Act: the holder has looked at its clock some time       *)
(* before it acts, and was held up. ActsAscend is violated.                *)
(***************************************************************************)
NotCheckedAgain(h) ==
  /\ lease[h].number > 0
  /\ acted' = lease[h].number
  /\ UNCHANGED <<timeVars, machineVars, replicaVars, holderVars, messages>>

(***************************************************************************)
(* In the place of Release: the log does not ask whose lease it is that is *)
(* released. HolderIsOwner is violated.                                    *)
(***************************************************************************)
TokenIgnored(t) ==
  /\ [type |-> "release", token |-> t] \in messages
  /\ owner # Nobody
  /\ owner' = Nobody
  /\ UNCHANGED <<timeVars, token, last, replicaVars, holderVars, messages,
                 acted>>
=============================================================================
