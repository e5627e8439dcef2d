---------------------------- MODULE Rung17aPause ----------------------------
(***************************************************************************)
(* A lock that expires.                                                    *)
(*                                                                         *)
(* Clients change what a store holds, one at a time, under a lock: each    *)
(* fetches it, adds 1, and stores the result. The lock service is as good  *)
(* as it can be: a replicated log, with leases. The lock must expire, or a *)
(* client that stops would keep it for ever.                               *)
(*                                                                         *)
(* So a client looks at its clock, finds that it still has the lock, and   *)
(* writes. Between the look and the write it pauses: a page of memory is   *)
(* fetched, garbage is collected, a virtual machine is moved, a message    *)
(* waits in a queue. When the write arrives another client has the lock.   *)
(* No clock can be right enough for that.                                  *)
(***************************************************************************)
EXTENDS Naturals, TLC

(***************************************************************************)
(* The clients, of whom Nobody is none. Tokens are numbers.                *)
(***************************************************************************)
CONSTANTS Client, Nobody, Token

(***************************************************************************)
(* Who has the lock, as the lock service knows, and the last token that it *)
(* has given. The token that each client thinks is its lock's, or 0.       *)
(***************************************************************************)
VARIABLES owner, last, token

(***************************************************************************)
(* What each client has fetched from the store, as a set of one number, or *)
(* of none. The number that the store holds, the largest token that it has *)
(* seen, and how many writes clients were told to be done: each adds 1.    *)
(***************************************************************************)
VARIABLES fetched, stored, fence, acknowledged

vars == <<owner, last, token, fetched, stored, fence, acknowledged>>

Init ==
  /\ owner = Nobody
  /\ last = 0
  /\ token = [c \in Client |-> 0]
  /\ fetched = [c \in Client |-> {}]
  /\ stored = 0
  /\ fence = 0
  /\ acknowledged = 0

-----------------------------------------------------------------------------

(***************************************************************************)
(* Client c gets the lock, with the next token t.                          *)
(***************************************************************************)
Acquire(c, t) ==
  /\ owner = Nobody
  /\ t = last + 1
  /\ owner' = c
  /\ last' = t
  /\ token' = [token EXCEPT ![c] = t]
  /\ fetched' = [fetched EXCEPT ![c] = {}]
  /\ UNCHANGED <<stored, fence, acknowledged>>

(***************************************************************************)
(* The lock expires. Its owner may be asleep, and does not notice.         *)
(***************************************************************************)
Expire ==
  /\ owner # Nobody
  /\ owner' = Nobody
  /\ UNCHANGED <<last, token, fetched, stored, fence, acknowledged>>

(***************************************************************************)
(* Client c fetches what the store holds.                                  *)
(***************************************************************************)
Fetch(c) ==
  /\ token[c] > 0
  /\ UNCHANGED fence
  /\ fetched' = [fetched EXCEPT ![c] = {stored}]
  /\ UNCHANGED <<owner, last, token, stored, acknowledged>>

(***************************************************************************)
(* Client c stores what it has made of it, and thinks that it still has    *)
(* the lock. Then it is done.                                              *)
(***************************************************************************)
Store(c) ==
  /\ token[c] > 0
  /\ UNCHANGED fence
  /\ \E n \in fetched[c] : stored' = n + 1
  /\ acknowledged' = acknowledged + 1
  /\ token' = [token EXCEPT ![c] = 0]
  /\ fetched' = [fetched EXCEPT ![c] = {}]
  /\ UNCHANGED <<owner, last>>

Next ==
  \/ \E c \in Client, t \in Token : Acquire(c, t)
  \/ Expire
  \/ \E c \in Client : Fetch(c) \/ Store(c)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

(***************************************************************************)
(* Each write that was acknowledged is in what the store holds.            *)
(***************************************************************************)
NothingLost == stored = acknowledged

(***************************************************************************)
(* Clients may be exchanged for each other.                                *)
(***************************************************************************)
Symmetry == Permutations(Client)
=============================================================================
