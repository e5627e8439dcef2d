------------------------------- MODULE Lease --------------------------------
(***************************************************************************)
(* A lease: the right to act alone for a while, granted by a quorum of     *)
(* grantors.                                                               *)
(*                                                                         *)
(* A holder must stop before any grantor takes the lease for over. It      *)
(* knows when it sent its request and not when that was granted, so it     *)
(* counts from the sending. Clocks err; how much is hidden in two          *)
(* relations between instants, of which only is assumed that holders stop  *)
(* first.                                                                  *)
(*                                                                         *)
(* Each request has a token of its own, a number. A grantor grants         *)
(* ascending tokens only, so a holder's token is larger than any that      *)
(* another holder had before it.                                           *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* The grantors and their quorums, the holders, of whom Nobody is none,    *)
(* the instants and the tokens, both numbers from 0.                       *)
(*                                                                         *)
(* Holds(s, n): by its clock, a holder that sent its request at s may      *)
(* still act at n. Bound(t, n): by its clock, a grantor that granted at t  *)
(* is still bound at n.                                                    *)
(***************************************************************************)
CONSTANTS Grantor, Quorum, Holder, Nobody, Instant, Token,
          Holds(_, _), Bound(_, _)

ASSUME QuorumsIntersect == \A q, r \in Quorum : q \cap r # {}

ASSUME HolderStopsFirst ==
  \A s, t, n \in Instant :
    Holds(s, n) /\ s <= t /\ t <= n => Bound(t, n)

ASSUME UnboundForEver ==
  \A t, m, n \in Instant :
    Bound(t, n) /\ t <= m /\ m <= n => Bound(t, m)

(***************************************************************************)
(* The instant that it is. When each grantor granted last, or started, and *)
(* to whom, and the largest token that it has granted, which is on disk.   *)
(***************************************************************************)
VARIABLES now, granted, grantee, largest

(***************************************************************************)
(* All messages that were ever sent, and the tokens of the requests that   *)
(* their holders know to be granted by a quorum.                           *)
(***************************************************************************)
VARIABLES messages, leased

vars == <<now, granted, grantee, largest, messages, leased>>

Init ==
  /\ now = 0
  /\ granted = [g \in Grantor |-> 0]
  /\ grantee = [g \in Grantor |-> Nobody]
  /\ largest = [g \in Grantor |-> 0]
  /\ messages = {}
  /\ leased = {}

Requests(k) == {m \in messages : m.type = "request" /\ m.token = k}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Time passes.                                                            *)
(***************************************************************************)
Tick(t) ==
  /\ t > now
  /\ now' = t
  /\ UNCHANGED <<granted, grantee, largest, messages, leased>>

(***************************************************************************)
(* Holder h asks for a lease.                                              *)
(***************************************************************************)
Request(h, k) ==
  /\ Requests(k) = {}
  /\ messages' = messages \cup
       {[type |-> "request", token |-> k, holder |-> h, sent |-> now]}
  /\ UNCHANGED <<now, granted, grantee, largest, leased>>

(***************************************************************************)
(* Grantor g grants the request with token k, if it granted to the same    *)
(* holder before, or is not bound any more.                                *)
(***************************************************************************)
Grant(g, k) ==
  \E m \in Requests(k) :
    /\ k > largest[g]
    /\ grantee[g] = m.holder \/ ~Bound(granted[g], now)
    /\ granted' = [granted EXCEPT ![g] = now]
    /\ grantee' = [grantee EXCEPT ![g] = m.holder]
    /\ largest' = [largest EXCEPT ![g] = k]
    /\ messages' = messages \cup
         {[type |-> "grant", grantor |-> g, token |-> k]}
    /\ UNCHANGED <<now, leased>>

(***************************************************************************)
(* The holder of token k hears that the quorum q granted it.               *)
(***************************************************************************)
Hold(k, q) ==
  /\ Requests(k) # {}
  /\ \A g \in q : [type |-> "grant", grantor |-> g, token |-> k] \in messages
  /\ leased' = leased \cup {k}
  /\ UNCHANGED <<now, granted, grantee, largest, messages>>

(***************************************************************************)
(* Grantor g starts again. It does not know any more whom it granted, so   *)
(* it waits as if it had granted right now, and to nobody.                 *)
(***************************************************************************)
RestartGrantor(g) ==
  /\ granted' = [granted EXCEPT ![g] = now]
  /\ grantee' = [grantee EXCEPT ![g] = Nobody]
  /\ UNCHANGED <<now, largest, messages, leased>>

Next ==
  \/ \E t \in Instant : Tick(t)
  \/ \E h \in Holder, k \in Token : Request(h, k)
  \/ \E g \in Grantor : \E k \in Token : Grant(g, k)
  \/ \E k \in Token, q \in Quorum : Hold(k, q)
  \/ \E g \in Grantor : RestartGrantor(g)

Spec == Init /\ [][Next]_vars
=============================================================================
