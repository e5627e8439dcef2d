---------------------------- MODULE Linearizable ----------------------------
(***************************************************************************)
(* What a linearizable register is: however long a call takes, it has its  *)
(* whole effect at one moment between the call and the answer.             *)
(*                                                                         *)
(* Nothing here says how. There is one history, a sequence of calls that   *)
(* have had their effect, and all that clients are told agrees with it.    *)
(***************************************************************************)
EXTENDS Naturals, Sequences

(***************************************************************************)
(* Call is the set from which calls take their names; each call has a name *)
(* of its own. Change is the set of changes to ask for, Initial the first  *)
(* state, and Apply(c, s) the state that change c makes out of state s.    *)
(***************************************************************************)
CONSTANTS Call, Change, Initial, Apply(_, _)

(***************************************************************************)
(* asked is the set of calls that were made, with the change each asks     *)
(* for. history is the sequence of those that have had their effect, with  *)
(* the state that each made. answered is the set of those whose clients    *)
(* were told the state, and rejected of those whose clients were told that *)
(* the change has not happened and will not.                               *)
(***************************************************************************)
VARIABLES asked, history, answered, rejected

(***************************************************************************)
(* All variables together.                                                 *)
(***************************************************************************)
vars == <<asked, history, answered, rejected>>

(***************************************************************************)
(* At first no call was made.                                              *)
(***************************************************************************)
Init ==
  /\ asked = {}
  /\ history = <<>>
  /\ answered = {}
  /\ rejected = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* A client makes a call n for change c.                                   *)
(***************************************************************************)
Ask(n, c) ==
  /\ \A x \in asked : x.call # n
  /\ asked' = asked \cup {[call |-> n, change |-> c]}
  /\ UNCHANGED <<history, answered, rejected>>

(***************************************************************************)
(* The state before the i-th call of history h.                            *)
(***************************************************************************)
StateBefore(h, i) ==
  IF i = 1 THEN Initial ELSE h[i - 1].state

(***************************************************************************)
(* Whether h is a history that can be: each call was made, has its effect  *)
(* once, was not rejected, and finds the state that the one before it      *)
(* left.                                                                   *)
(***************************************************************************)
Legal(h) ==
  /\ \A i \in 1..Len(h) :
       /\ [call |-> h[i].call, change |-> h[i].change] \in asked
       /\ h[i].call \notin rejected
       /\ h[i].state = Apply(h[i].change, StateBefore(h, i))
  /\ \A i, j \in 1..Len(h) : i # j => h[i].call # h[j].call

(***************************************************************************)
(* Some calls have their effect, one after the other. They may be several  *)
(* in one step, because in an algorithm a single event can settle the fate *)
(* of many calls. What has happened before stays as it is.                 *)
(***************************************************************************)
Perform ==
  /\ Len(history') > Len(history)
  /\ SubSeq(history', 1, Len(history)) = history
  /\ Legal(history')
  /\ UNCHANGED <<asked, answered, rejected>>

(***************************************************************************)
(* Clients are told the states that their calls have made.                 *)
(***************************************************************************)
Answer ==
  /\ answered' # answered
  /\ answered \subseteq answered'
  /\ answered' \subseteq {history[i] : i \in 1..Len(history)}
  /\ UNCHANGED <<asked, history, rejected>>

(***************************************************************************)
(* A client is told that its change has not happened. From then on it      *)
(* cannot.                                                                 *)
(***************************************************************************)
Reject(n) ==
  /\ \E x \in asked : x.call = n
  /\ \A i \in 1..Len(history) : history[i].call # n
  /\ rejected' = rejected \cup {n}
  /\ UNCHANGED <<asked, history, answered>>

(***************************************************************************)
(* Each step is of one of these four kinds.                                *)
(***************************************************************************)
Next ==
  \/ \E n \in Call, c \in Change : Ask(n, c)
  \/ Perform
  \/ Answer
  \/ \E n \in Call : Reject(n)

(***************************************************************************)
(* A call need not be answered: its client then does not know whether it   *)
(* had its effect, or will have it yet.                                    *)
(***************************************************************************)
Spec == Init /\ [][Next]_vars
=============================================================================
