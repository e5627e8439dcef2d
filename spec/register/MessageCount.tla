---------------------------- MODULE MessageCount ----------------------------
(***************************************************************************)
(* What one change costs in messages, if nobody is in its way and nothing  *)
(* is lost.                                                                *)
(*                                                                         *)
(* Of 2F + 1 acceptors a proposer needs F + 1, and may ask more, up to     *)
(* all: n of them, with F + 1 <= n <= 2F + 1. A change takes               *)
(*                                                                         *)
(*   1  message of the client, who asks,                                   *)
(*   n  prepares and n promises,                                           *)
(*   n  accepts and n answers that they were accepted,                     *)
(*   1  message to the client, who is answered,                            *)
(*                                                                         *)
(* which is 4n + 2: from 4F + 6, with as few acceptors as are enough, to   *)
(* 8F + 6, with all of them. A proposer whose cache has a promised ballot  *)
(* leaves out the second line. That is 2n + 2: from 2F + 4 to 4F + 4.      *)
(*                                                                         *)
(* So a cluster of N peers pays in the order of N messages for a change,   *)
(* and if each of its N peers makes one, in the order of N * N, even if    *)
(* they take turns. If they do not, their rounds refuse each other, and    *)
(* each refused round is paid for as well.                                 *)
(*                                                                         *)
(* Below, messages are only counted, not looked at: how many of each kind  *)
(* were sent. The Go test of tools/messages finds the same numbers in      *)
(* traces of the implementation.                                           *)
(***************************************************************************)
EXTENDS Naturals

(***************************************************************************)
(* F is how many acceptors may fail.                                       *)
(***************************************************************************)
CONSTANT F

Acceptors == 2 * F + 1

Enough == F + 1

(***************************************************************************)
(* Whether the proposer has a promised ballot in its cache; how many       *)
(* messages of each kind were sent, the client's two counted as asked and  *)
(* answered; and whether the proposer has gone on to its second phase.     *)
(***************************************************************************)
VARIABLES cached, asked, prepares, promises, proposing, accepts, accepted,
          answered

vars == <<cached, asked, prepares, promises, proposing, accepts, accepted,
          answered>>

Init ==
  /\ cached \in BOOLEAN
  /\ asked = 0
  /\ prepares = 0
  /\ promises = 0
  /\ proposing = FALSE
  /\ accepts = 0
  /\ accepted = 0
  /\ answered = 0

-----------------------------------------------------------------------------
(***************************************************************************)
(* The client asks.                                                        *)
(***************************************************************************)
Ask ==
  /\ asked = 0
  /\ asked' = 1
  /\ UNCHANGED <<cached, prepares, promises, proposing, accepts, accepted,
                 answered>>

(***************************************************************************)
(* The proposer sends one more prepare, unless it need not ask, or has     *)
(* what it needs.                                                          *)
(***************************************************************************)
Prepare ==
  /\ asked = 1
  /\ ~cached
  /\ ~proposing
  /\ prepares < Acceptors
  /\ prepares' = prepares + 1
  /\ UNCHANGED <<cached, asked, promises, proposing, accepts, accepted,
                 answered>>

(***************************************************************************)
(* An acceptor answers a prepare, perhaps later than it is needed.         *)
(***************************************************************************)
Promise ==
  /\ promises < prepares
  /\ promises' = promises + 1
  /\ UNCHANGED <<cached, asked, prepares, proposing, accepts, accepted,
                 answered>>

(***************************************************************************)
(* The proposer knows the state.                                           *)
(***************************************************************************)
Propose ==
  /\ asked = 1
  /\ ~proposing
  /\ cached \/ promises >= Enough
  /\ proposing' = TRUE
  /\ UNCHANGED <<cached, asked, prepares, promises, accepts, accepted,
                 answered>>

(***************************************************************************)
(* The proposer sends one more accept, unless it has what it needs.        *)
(***************************************************************************)
SendAccept ==
  /\ proposing
  /\ answered = 0
  /\ accepts < Acceptors
  /\ accepts' = accepts + 1
  /\ UNCHANGED <<cached, asked, prepares, promises, proposing, accepted,
                 answered>>

(***************************************************************************)
(* An acceptor answers an accept.                                          *)
(***************************************************************************)
Accept ==
  /\ accepted < accepts
  /\ accepted' = accepted + 1
  /\ UNCHANGED <<cached, asked, prepares, promises, proposing, accepts,
                 answered>>

(***************************************************************************)
(* The client is answered.                                                 *)
(***************************************************************************)
Acknowledge ==
  /\ accepted >= Enough
  /\ answered = 0
  /\ answered' = 1
  /\ UNCHANGED <<cached, asked, prepares, promises, proposing, accepts,
                 accepted>>

Next ==
  Ask \/ Prepare \/ Promise \/ Propose \/ SendAccept \/ Accept \/ Acknowledge

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* How many messages were sent in all.                                     *)
(***************************************************************************)
Sent == asked + prepares + promises + accepts + accepted + answered

(***************************************************************************)
(* The fewest and the most that there can be.                              *)
(***************************************************************************)
Fewest == IF cached THEN 2 * F + 4 ELSE 4 * F + 6

Most == IF cached THEN 4 * F + 4 ELSE 8 * F + 6

(***************************************************************************)
(* Nobody is answered for less, and nothing costs more.                    *)
(***************************************************************************)
NotForLess == answered = 1 => Sent >= Fewest

NotForMore == Sent <= Most

(***************************************************************************)
(* Both bounds are reached, with and without a cache: these four must be   *)
(* violated.                                                               *)
(***************************************************************************)
FewestIsMore == answered = 1 /\ ~cached => Sent > Fewest

FewestIsMoreCached == answered = 1 /\ cached => Sent > Fewest

MostIsLess == ~cached => Sent < Most

MostIsLessCached == cached => Sent < Most
=============================================================================
