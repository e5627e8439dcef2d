--------------------------- MODULE MCRegisterRead ---------------------------
(***************************************************************************)
(* Quorum reads of the register, for TLC: what a read is answered with is  *)
(* no older than what clients were told before it began.                   *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* A history variable: for each read that was begun, the ballots that had  *)
(* been acknowledged by then. To read is the same for all proposers, so    *)
(* one of them does it.                                                    *)
(***************************************************************************)
VARIABLE begun

ReadInit == Init /\ begun = {}

ReadNext ==
  /\ Next
  /\ \A m \in messages' : m.type = "ask" => m.proposer = "p2"
  /\ begun' = begun \cup
       {[proposer |-> m.proposer, number |-> m.number,
         ballots |-> {x.ballot : x \in acknowledged}] :
           m \in {n \in messages' \ messages : n.type = "ask"}}

ReadSpec == ReadInit /\ [][ReadNext]_<<vars, begun>>

(***************************************************************************)
(* Where a quorum's reports for a read agree on a ballot, and so the read  *)
(* may be answered, it is at least each of those.                          *)
(***************************************************************************)
ReadIsFresh ==
  \A r \in begun : \A q \in Quorum, b \in Ballot, s \in State :
    (\A a \in q :
       [type |-> "report", proposer |-> r.proposer, number |-> r.number,
        acceptor |-> a, acceptedBallot |-> b, acceptedState |-> s]
          \in messages)
    => \A c \in r.ballots : c <= b
=============================================================================
