-------------------------------- MODULE Lock --------------------------------
(***************************************************************************)
(* A lock with fencing tokens: a lock that expires, and a store that knows *)
(* it.                                                                     *)
(*                                                                         *)
(* Clients change what a store holds, one at a time: each fetches it,      *)
(* works, and stores the result. The lock must expire, or a client that    *)
(* stops would keep it for ever. But a client may pause, past the expiry   *)
(* of its lock, between looking at its clock and writing to the store, and *)
(* a message may be held up as long. Neither the client nor the lock can   *)
(* prevent that the write arrives when another has the lock. Only the      *)
(* store can: every lock comes with a token, a larger one than any lock    *)
(* before, and the store refuses who comes with a smaller token than it    *)
(* has seen.                                                               *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* The clients, of whom Nobody is none. Tokens are numbers, of which the   *)
(* replicated log behind the lock gives a new one for each lock: the slot  *)
(* in which it was granted.                                                *)
(***************************************************************************)
CONSTANTS Client, Nobody

ASSUME NobodyIsNoClient == Nobody \notin Client

Token == Nat

(***************************************************************************)
(* The lock: who has it, as far as the log knows, and the last token.      *)
(***************************************************************************)
VARIABLES owner, last

(***************************************************************************)
(* A client: the token of the lock that it thinks it has, or 0, and the    *)
(* set of what it has fetched from the store under that token, one value   *)
(* at most.                                                                *)
(***************************************************************************)
VARIABLES token, fetched

(***************************************************************************)
(* The store: the largest token that it has seen, and the number that it   *)
(* holds. A client that has the lock adds 1 to it.                         *)
(***************************************************************************)
VARIABLES fence, stored

(***************************************************************************)
(* The writes that are on their way, and, as history, how many writes      *)
(* clients were told to be done.                                           *)
(***************************************************************************)
VARIABLES messages, acknowledged

lockVars == <<owner, last>>
clientVars == <<token, fetched>>
storeVars == <<fence, stored>>
vars == <<lockVars, clientVars, storeVars, messages, acknowledged>>

TypeOK ==
  /\ owner \in Client \cup {Nobody}
  /\ last \in Token
  /\ token \in [Client -> Token]
  /\ \A c \in Client : fetched[c] \subseteq Nat /\ Cardinality(fetched[c]) < 2
  /\ fence \in Token
  /\ stored \in Nat
  /\ messages \subseteq [token : Token, value : Nat]
  /\ acknowledged \in Nat

Init ==
  /\ owner = Nobody
  /\ last = 0
  /\ token = [c \in Client |-> 0]
  /\ fetched = [c \in Client |-> {}]
  /\ fence = 0
  /\ stored = 0
  /\ messages = {}
  /\ acknowledged = 0

-----------------------------------------------------------------------------
(***************************************************************************)
(* Client c gets the lock, with a token t that is larger than all before.  *)
(***************************************************************************)
Acquire(c, t) ==
  /\ owner = Nobody
  /\ t > last
  /\ owner' = c
  /\ last' = t
  /\ token' = [token EXCEPT ![c] = t]
  /\ fetched' = [fetched EXCEPT ![c] = {}]
  /\ UNCHANGED <<storeVars, messages, acknowledged>>

(***************************************************************************)
(* The lock expires. Its owner is not told: it may think for as long as it *)
(* pauses that the lock is its own.                                        *)
(***************************************************************************)
Expire ==
  /\ owner # Nobody
  /\ owner' = Nobody
  /\ UNCHANGED <<last, clientVars, storeVars, messages, acknowledged>>

(***************************************************************************)
(* Client c notices, or has done its work, and gives the lock up.          *)
(***************************************************************************)
Release(c) ==
  /\ token[c] # 0
  /\ token' = [token EXCEPT ![c] = 0]
  /\ fetched' = [fetched EXCEPT ![c] = {}]
  /\ owner' = IF owner = c /\ last = token[c] THEN Nobody ELSE owner
  /\ UNCHANGED <<last, storeVars, messages, acknowledged>>

(***************************************************************************)
(* Client c fetches what the store holds. The store notes the token, so    *)
(* that who had the lock before can change nothing any more of what c was  *)
(* told. A client that does not know what became of its last write must    *)
(* not go on under the same token: that write may still be on its way.     *)
(***************************************************************************)
Fetch(c) ==
  /\ token[c] # 0
  /\ \A m \in messages : m.token # token[c]
  /\ token[c] >= fence
  /\ fence' = token[c]
  /\ fetched' = [fetched EXCEPT ![c] = {stored}]
  /\ UNCHANGED <<lockVars, token, stored, messages, acknowledged>>

(***************************************************************************)
(* Client c sends the store what it has made of what it fetched. The       *)
(* message may arrive at any time.                                         *)
(***************************************************************************)
Write(c) ==
  /\ token[c] # 0
  /\ \E n \in fetched[c] :
       messages' = messages \cup {[token |-> token[c], value |-> n + 1]}
  /\ fetched' = [fetched EXCEPT ![c] = {}]
  /\ UNCHANGED <<lockVars, token, storeVars, acknowledged>>

(***************************************************************************)
(* A write with token t arrives at the store, which takes it if it has     *)
(* seen no larger token. Then the client is told that it is done, and a    *)
(* client writes once under a token: the message is gone.                  *)
(***************************************************************************)
Store(t, n) ==
  /\ [token |-> t, value |-> n] \in messages
  /\ t >= fence
  /\ fence' = t
  /\ stored' = n
  /\ messages' = messages \ {[token |-> t, value |-> n]}
  /\ acknowledged' = acknowledged + 1
  /\ UNCHANGED <<lockVars, clientVars>>

(***************************************************************************)
(* A write is refused, or lost.                                            *)
(***************************************************************************)
Lose(t, n) ==
  /\ [token |-> t, value |-> n] \in messages
  /\ messages' = messages \ {[token |-> t, value |-> n]}
  /\ UNCHANGED <<lockVars, clientVars, storeVars, acknowledged>>

Next ==
  \/ \E c \in Client, t \in Token : Acquire(c, t)
  \/ Expire
  \/ \E c \in Client : Release(c)
  \/ \E c \in Client : Fetch(c)
  \/ \E c \in Client : Write(c)
  \/ \E t \in Token, n \in Nat : Store(t, n) \/ Lose(t, n)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No acknowledged write is lost: each added 1 to what those before it had *)
(* made.                                                                   *)
(***************************************************************************)
NothingLost == stored = acknowledged

(***************************************************************************)
(* No two clients have locks with the same token, and none has a larger    *)
(* one than was given out.                                                 *)
(***************************************************************************)
TokensDiffer ==
  \A c, d \in Client :
    /\ token[c] <= last
    /\ token[c] # 0 /\ token[c] = token[d] => c = d

(***************************************************************************)
(* The store never goes back to an earlier token.                          *)
(***************************************************************************)
FenceAscends == [][fence <= fence']_fence
=============================================================================
