-------------------------------- MODULE Lock --------------------------------
(* A lock that expires, with fencing: every holder gets a token larger than  *)
(* all before, and the store refuses a token smaller than one it has seen.   *)
EXTENDS Integers

CONSTANT Client, None

VARIABLES
  holder,  \* who holds the lock, None if nobody does
  token,   \* the last token that was given out
  tokens,  \* the token that each client got last, 0 if it never got one
  fence    \* the largest token that the store has seen

Init ==
  /\ holder = None
  /\ token = 0
  /\ tokens = [c \in Client |-> 0]
  /\ fence = 0

Acquire(c) ==
  /\ holder = None
  /\ holder' = c
  /\ token' = token + 1
  /\ tokens' = [tokens EXCEPT ![c] = token + 1]
  /\ UNCHANGED fence

Release(c) ==
  /\ holder = c
  /\ holder' = None
  /\ UNCHANGED <<token, tokens, fence>>

Expire ==
  /\ holder # None
  /\ holder' = None
  /\ UNCHANGED <<token, tokens, fence>>

Write(c) ==
  /\ tokens[c] > 0
  /\ tokens[c] >= fence
  /\ fence' = tokens[c]
  /\ UNCHANGED <<holder, token, tokens>>

Next ==
  \/ \E c \in Client : Acquire(c) \/ Release(c) \/ Write(c)
  \/ Expire

Spec == Init /\ [][Next]_<<holder, token, tokens, fence>>
=============================================================================
