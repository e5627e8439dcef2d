------------------------------ MODULE Requests ------------------------------
(***************************************************************************)
(* Requests that clients may make again, and a register that remembers     *)
(* only some of them.                                                      *)
(*                                                                         *)
(* The module RequestId lets a state say for each client which request was *)
(* served last. Here there are more clients than a state has room for. So  *)
(* a client reads before it asks, and its request says which state it has  *)
(* read: its position. A state remembers the clients served last, and      *)
(* which position is the oldest of which it knows all that was served      *)
(* since. A request with an older one is not served: nobody can tell any   *)
(* more whether it was. Nobody knows anything either of a register that    *)
(* was deleted and forgotten; so each register that is born gets a name of *)
(* its own, its epoch, which is part of the position.                      *)
(*                                                                         *)
(* Such a register takes one change at a time, which is what the module    *)
(* Register shows of a real one. A change is a function that the client    *)
(* has applied to what it has read: it takes effect if the value is still  *)
(* the same.                                                               *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* The clients; how many of them a state remembers; how many numbers a     *)
(* client has for its requests, and how many epochs there are.             *)
(***************************************************************************)
CONSTANTS Client, Window, MaxNumber, MaxEpoch

Number == 1..MaxNumber

(***************************************************************************)
(* A state has a value, which changes turn from 0 to 1 and back: so the    *)
(* value that a client has read may come again. It has an epoch, or 0 if   *)
(* nobody has asked anything of it with a number; a version, which counts  *)
(* what was served in that epoch; for each client that it remembers the    *)
(* number served last, whether that had an effect, and the version that it *)
(* made; and the largest version of a client that it does not remember any *)
(* more.                                                                   *)
(***************************************************************************)
VARIABLE state

Born == [value |-> 0, epoch |-> 0, version |-> 0, forgotten |-> 0,
         served |-> {}]

(***************************************************************************)
(* The messages of clients that were not served yet, and the answers to    *)
(* those that were. Each is served once at most. A message may be lost, or *)
(* come late: it then just stays where it is.                              *)
(***************************************************************************)
VARIABLES open, answers

(***************************************************************************)
(* What a client remembers: whether it is idle, asks, or finds out what    *)
(* became of what it asked; the number of its last request and its         *)
(* position; and how often it has asked.                                   *)
(***************************************************************************)
VARIABLES mode, number, position, attempts

(***************************************************************************)
(* History, which no action looks at: how many epochs were drawn, which    *)
(* stands for drawing numbers at random; how often each request had its    *)
(* effect; and what clients were told.                                     *)
(***************************************************************************)
VARIABLES drawn, effects, told

clientVars == <<mode, number, position, attempts>>
vars == <<state, open, answers, clientVars, drawn, effects, told>>

Init ==
  /\ state = Born
  /\ open = {}
  /\ answers = {}
  /\ mode = [x \in Client |-> "idle"]
  /\ number = [x \in Client |-> 0]
  /\ position = [x \in Client |-> [epoch |-> 0, version |-> 0, at |-> 0]]
  /\ attempts = [x \in Client |-> 0]
  /\ drawn = 0
  /\ effects = [x \in Client |-> [n \in Number |-> 0]]
  /\ told = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* What a state remembers of client x: a set of one record, or of none.    *)
(***************************************************************************)
Remembered(s, x) == {r \in s.served : r.client = x}

(***************************************************************************)
(* Whether the state knows if the request m was served: it remembers the   *)
(* client, or has forgotten no one since the client has read.              *)
(***************************************************************************)
Covers(s, m) ==
  /\ s.epoch = m.position.epoch
  /\ \/ Remembered(s, m.client) # {}
     \/ s.forgotten <= m.position.version

(***************************************************************************)
(* The verdict on request m in state s, and whether the client's request   *)
(* has had its effect then. A request to resolve the one before it has the *)
(* effect that this one had.                                               *)
(***************************************************************************)
Effect(s, m) ==
  IF m.resolves
    THEN \E r \in Remembered(s, m.client) :
           r.number = m.number - 1 /\ r.effect
    ELSE s.value = m.position.at

Verdict(s, m) ==
  IF ~Covers(s, m)
    THEN "forgotten"
    ELSE IF \E r \in Remembered(s, m.client) : r.number > m.number
    THEN "superseded"
    ELSE IF \E r \in Remembered(s, m.client) : r.number = m.number
    THEN IF \E r \in Remembered(s, m.client) : r.effect THEN "done" ELSE "not done"
    ELSE IF Effect(s, m) THEN "done" ELSE "not done"

(***************************************************************************)
(* Whether request m is new to a state that can tell.                      *)
(***************************************************************************)
New(s, m) ==
  /\ Covers(s, m)
  /\ \A r \in Remembered(s, m.client) : r.number < m.number

(***************************************************************************)
(* The state that remembers request m as well. Whoever was served longest  *)
(* ago has to make room.                                                   *)
(***************************************************************************)
Remember(s, m) ==
  LET now == [client |-> m.client, number |-> m.number,
              effect |-> Effect(s, m), version |-> s.version + 1]
      others == s.served \ Remembered(s, m.client)
      oldest == CHOOSE r \in others : \A o \in others : r.version <= o.version
  IN  IF Cardinality(others) < Window
        THEN [s EXCEPT !.version = @ + 1, !.served = others \cup {now}]
        ELSE [s EXCEPT !.version = @ + 1,
                       !.served = (others \ {oldest}) \cup {now},
                       !.forgotten = oldest.version]

(***************************************************************************)
(* The state after request m. Also a request that finds another value than *)
(* it expects is remembered: otherwise a second message with it, which     *)
(* comes late, might find the value that the first one missed.             *)
(***************************************************************************)
Served(s, m) ==
  IF ~New(s, m)
    THEN s
    ELSE IF ~m.resolves /\ Effect(s, m)
    THEN [Remember(s, m) EXCEPT !.value = 1 - @]
    ELSE Remember(s, m)

-----------------------------------------------------------------------------
(***************************************************************************)
(* A message of client x.                                                  *)
(***************************************************************************)
Request(x, n, p, attempt, resolves) ==
  [client |-> x, number |-> n, position |-> p, attempt |-> attempt,
   resolves |-> resolves]

(***************************************************************************)
(* Client x reads the register, and asks for a change of what it has read. *)
(* If the register has no epoch, reading gives it one.                     *)
(***************************************************************************)
Ask(x) ==
  /\ mode[x] = "idle"
  /\ number[x] < MaxNumber
  /\ \E s \in {IF state.epoch = 0 THEN [state EXCEPT !.epoch = drawn + 1]
                                  ELSE state} :
     \E p \in {[epoch |-> s.epoch, version |-> s.version, at |-> s.value]} :
       /\ s.epoch <= MaxEpoch
       /\ state' = s
       /\ drawn' = IF state.epoch = 0 THEN drawn + 1 ELSE drawn
       /\ position' = [position EXCEPT ![x] = p]
       /\ open' = open \cup {Request(x, number[x] + 1, p, 1, FALSE)}
  /\ mode' = [mode EXCEPT ![x] = "asks"]
  /\ number' = [number EXCEPT ![x] = @ + 1]
  /\ attempts' = [attempts EXCEPT ![x] = 1]
  /\ UNCHANGED <<answers, effects, told>>

(***************************************************************************)
(* Client x has no answer and asks again, perhaps somewhere else.          *)
(***************************************************************************)
AskAgain(x) ==
  /\ mode[x] = "asks"
  /\ attempts[x] = 1
  /\ attempts' = [attempts EXCEPT ![x] = 2]
  /\ open' = open \cup {Request(x, number[x], position[x], 2, FALSE)}
  /\ UNCHANGED <<state, answers, mode, number, position, drawn, effects, told>>

(***************************************************************************)
(* Client x does not wait any longer and wants to know what became of its  *)
(* request. It makes another one, with the next number, that changes       *)
(* nothing. What was asked before is of no effect once that is served.     *)
(***************************************************************************)
Resolve(x) ==
  /\ mode[x] = "asks"
  /\ number[x] < MaxNumber
  /\ mode' = [mode EXCEPT ![x] = "resolves"]
  /\ number' = [number EXCEPT ![x] = @ + 1]
  /\ attempts' = [attempts EXCEPT ![x] = 1]
  /\ open' = open \cup {Request(x, number[x] + 1, position[x], 1, TRUE)}
  /\ UNCHANGED <<state, answers, position, drawn, effects, told>>

(***************************************************************************)
(* The register takes the message m.                                       *)
(***************************************************************************)
Serve(m) ==
  /\ m \in open
  /\ open' = open \ {m}
  /\ state' = Served(state, m)
  /\ answers' = answers \cup {[request |-> m, verdict |-> Verdict(state, m)]}
  /\ effects' =
       IF state'.value # state.value
         THEN [effects EXCEPT ![m.client][m.number] = @ + 1]
         ELSE effects
  /\ UNCHANGED <<clientVars, drawn, told>>

(***************************************************************************)
(* What a verdict says of the request in question: "yes", it had its       *)
(* effect; "no", it had none and never will; or nobody knows. That it was  *)
(* forgotten is a no only for who has asked but once.                      *)
(***************************************************************************)
Meaning(x, a) ==
  CASE a.verdict = "done" -> "yes"
    [] a.verdict = "not done" -> "no"
    [] a.verdict = "forgotten" /\ mode[x] = "asks" /\ attempts[x] = 1 -> "no"
    [] OTHER -> "unknown"

Outcome == {"yes", "no", "unknown"}

(***************************************************************************)
(* Client x hears an answer to its last request, is told the outcome o,    *)
(* and is idle again.                                                      *)
(***************************************************************************)
Hear(x, a, o) ==
  /\ mode[x] # "idle"
  /\ a \in answers
  /\ a.request.client = x
  /\ a.request.number = number[x]
  /\ o = Meaning(x, a)
  /\ told' = told \cup
       {[client |-> x, outcome |-> o,
         number |-> IF a.request.resolves THEN number[x] - 1 ELSE number[x]]}
  /\ mode' = [mode EXCEPT ![x] = "idle"]
  /\ UNCHANGED <<state, open, answers, number, position, attempts, drawn,
                 effects>>

(***************************************************************************)
(* The register is deleted, and what it remembers with it.                 *)
(***************************************************************************)
Forget ==
  /\ state # Born
  /\ state' = Born
  /\ UNCHANGED <<open, answers, clientVars, drawn, effects, told>>

Next ==
  \/ \E x \in Client : Ask(x)
  \/ \E x \in Client : AskAgain(x)
  \/ \E x \in Client : Resolve(x)
  \/ \E m \in open : Serve(m)
  \/ \E x \in Client, a \in answers, o \in Outcome : Hear(x, a, o)
  \/ Forget

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* No request has its effect twice.                                        *)
(***************************************************************************)
NoneTwice == \A x \in Client, n \in Number : effects[x][n] <= 1

(***************************************************************************)
(* What clients are told is true, and stays true.                          *)
(***************************************************************************)
ToldTheTruth ==
  \A t \in told :
    /\ t.outcome = "yes" => effects[t.client][t.number] = 1
    /\ t.outcome = "no" => effects[t.client][t.number] = 0

(***************************************************************************)
(* A state has room for so many clients.                                   *)
(***************************************************************************)
MemoryIsBounded == Cardinality(state.served) <= Window
=============================================================================
