---------------------------- MODULE Rung17bToken ----------------------------
(***************************************************************************)
(* A lock with fencing tokens.                                             *)
(*                                                                         *)
(* Neither the client nor the lock service can prevent that a write comes  *)
(* late. The store can, if it knows which lock is the later one. So each   *)
(* lock comes with a token, a number that grows from lock to lock: the     *)
(* slot of the log in which it was granted, or a ballot.                   *)
(*                                                                         *)
(* The store remembers the largest token that it has seen, and refuses     *)
(* smaller ones. That is what acceptors do with ballots, from rung 8 on:   *)
(* who comes late is refused by a number, and not by a clock. To fetch     *)
(* must show the token as well. Else the one before could still change     *)
(* what the next has fetched.                                              *)
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
(* Client c fetches what the store holds. The store refuses a token that   *)
(* is smaller than one that it has seen.                                   *)
(***************************************************************************)
Fetch(c) ==
  /\ token[c] > 0
  /\ token[c] >= fence
  /\ fence' = token[c]
  /\ fetched' = [fetched EXCEPT ![c] = {stored}]
  /\ UNCHANGED <<owner, last, token, stored, acknowledged>>

(***************************************************************************)
(* Client c stores what it has made of it, if it is not refused. Then it   *)
(* is done.                                                                *)
(***************************************************************************)
Store(c) ==
  /\ token[c] > 0
  /\ token[c] >= fence
  /\ fence' = token[c]
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
