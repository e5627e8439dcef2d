---------------------------- MODULE LockMutants -----------------------------
(***************************************************************************)
(* Locks with known bugs. The configuration LockMutants-D.cfg puts the     *)
(* definition D in the place of what it is made from, and expects a        *)
(* property to be violated.                                                *)
(***************************************************************************)
EXTENDS MCLock

(***************************************************************************)
(* In the place of Store: the store looks at no token. A client pauses     *)
(* past the expiry of its lock, and two write. NothingLost is violated.    *)
(***************************************************************************)
NoToken(t, n) ==
  /\ [token |-> t, value |-> n] \in messages
  /\ stored' = n
  /\ messages' = messages \ {[token |-> t, value |-> n]}
  /\ acknowledged' = acknowledged + 1
  /\ UNCHANGED <<lockVars, clientVars, fence>>

(***************************************************************************)
(* In the place of Fetch: tokens are compared on writes only. Who had the  *)
(* lock before can still change what the next has fetched. NothingLost is  *)
(* violated.                                                               *)
(***************************************************************************)
FetchWithoutToken(c) ==
  /\ token[c] # 0
  /\ \A m \in messages : m.token # token[c]
  /\ fetched' = [fetched EXCEPT ![c] = {stored}]
  /\ UNCHANGED <<lockVars, token, storeVars, messages, acknowledged>>

(***************************************************************************)
(* In the place of Fetch: a client whose write was not answered starts     *)
(* over under the same token, and both writes arrive. NothingLost is       *)
(* violated.                                                               *)
(***************************************************************************)
FetchDuringWrite(c) ==
  /\ token[c] # 0
  /\ token[c] >= fence
  /\ fence' = token[c]
  /\ fetched' = [fetched EXCEPT ![c] = {stored}]
  /\ UNCHANGED <<lockVars, token, stored, messages, acknowledged>>

(***************************************************************************)
(* In the place of Acquire: the lock has lost count, as when the tokens    *)
(* are counted in the memory of a server that was replaced. TokensDiffer   *)
(* is violated.                                                            *)
(***************************************************************************)
TokenGivenAgain(c, t) ==
  /\ owner = Nobody
  /\ t > 0
  /\ owner' = c
  /\ last' = t
  /\ token' = [token EXCEPT ![c] = t]
  /\ fetched' = [fetched EXCEPT ![c] = {}]
  /\ UNCHANGED <<storeVars, messages, acknowledged>>

(***************************************************************************)
(* In the place of Store: the store compares, and remembers the last token *)
(* in the place of the largest. FenceAscends is violated.                  *)
(***************************************************************************)
LastTokenKept(t, n) ==
  /\ [token |-> t, value |-> n] \in messages
  /\ t >= fence \/ stored < n
  /\ fence' = t
  /\ stored' = n
  /\ messages' = messages \ {[token |-> t, value |-> n]}
  /\ acknowledged' = acknowledged + 1
  /\ UNCHANGED <<lockVars, clientVars>>
=============================================================================
