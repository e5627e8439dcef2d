---------------------------- MODULE LeaseMutants ----------------------------
(***************************************************************************)
(* Leases with known bugs. The configuration LeaseMutants-D.cfg puts the   *)
(* definition D in the place of what it is made from, and expects a        *)
(* property to be violated.                                                *)
(***************************************************************************)
EXTENDS MCLease

(***************************************************************************)
(* In the place of Hold: the holder counts from the answer. The grantors   *)
(* count from an earlier moment and are free before it stops. OneHolder is *)
(* violated.                                                               *)
(***************************************************************************)
CountedFromAnswer(h, q) ==
  /\ q \in Quorum
  /\ \A g \in q : [type |-> "grant", grantor |-> g,
                   token |-> request[h].token] \in messages
  /\ lease' = [lease EXCEPT ![h] = [token |-> request[h].token,
                                    sent |-> clock[h]]]
  /\ UNCHANGED <<now, clock, grantorVars, request, messages, acted>>

(***************************************************************************)
(* In the place of HoldsUntil: the error of the clocks is added to the     *)
(* term, or not minded at all. OneHolder is violated.                      *)
(***************************************************************************)
ErrorAdded(h) == lease[h].sent + Term + 2 * Error

ErrorIgnored(h) == lease[h].sent + Term

(***************************************************************************)
(* In the place of Hold: any grantor is enough. HolderIsBacked is          *)
(* violated.                                                               *)
(***************************************************************************)
HeldWithoutQuorum(h, q) ==
  /\ q # {}
  /\ \A g \in q : [type |-> "grant", grantor |-> g,
                   token |-> request[h].token] \in messages
  /\ lease' = [lease EXCEPT ![h] = request[h]]
  /\ UNCHANGED <<now, clock, grantorVars, request, messages, acted>>

(***************************************************************************)
(* In the place of Grant: a grantor grants the lease to one while it is    *)
(* bound to another. OneHolder is violated.                                *)
(***************************************************************************)
GrantedTwice(g, h, k) ==
  /\ [type |-> "request", holder |-> h, token |-> k] \in messages
  /\ k > largest[g]
  /\ boundUntil' = [boundUntil EXCEPT ![g] = clock[g] + Term]
  /\ grantee' = [grantee EXCEPT ![g] = h]
  /\ largest' = [largest EXCEPT ![g] = k]
  /\ messages' = messages \cup
       {[type |-> "grant", grantor |-> g, token |-> k]}
  /\ UNCHANGED <<now, clock, holderVars, acted>>

(***************************************************************************)
(* In the place of Grant: a grantor that is free grants any request, one   *)
(* with a smaller token too. ActsAscend is violated.                       *)
(***************************************************************************)
TokenIgnored(g, h, k) ==
  /\ [type |-> "request", holder |-> h, token |-> k] \in messages
  /\ grantee[g] = h \/ boundUntil[g] <= clock[g]
  /\ boundUntil' = [boundUntil EXCEPT ![g] = clock[g] + Term]
  /\ grantee' = [grantee EXCEPT ![g] = h]
  /\ largest' = [largest EXCEPT ![g] = k]
  /\ messages' = messages \cup
       {[type |-> "grant", grantor |-> g, token |-> k]}
  /\ UNCHANGED <<now, clock, holderVars, acted>>

(***************************************************************************)
(* In the place of RestartGrantor: a grantor that starts again takes       *)
(* itself for free. OneHolder is violated.                                 *)
(***************************************************************************)
ForgottenOverRestart(g) ==
  /\ boundUntil' = [boundUntil EXCEPT ![g] = 0]
  /\ grantee' = [grantee EXCEPT ![g] = Nobody]
  /\ UNCHANGED <<now, clock, largest, holderVars, messages, acted>>

(***************************************************************************)
(* In the place of Act: the holder has looked at its clock some time       *)
(* before it acts, and was held up. ActsAscend is violated.                *)
(***************************************************************************)
NotCheckedAgain(h) ==
  /\ lease[h].token > 0
  /\ acted' = lease[h].token
  /\ UNCHANGED <<now, clock, grantorVars, holderVars, messages>>
=============================================================================
