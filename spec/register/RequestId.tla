------------------------------ MODULE RequestId -----------------------------
(***************************************************************************)
(* Requests that a client may make again without being served twice.       *)
(*                                                                         *)
(* A client that gets no answer does not know whether its change has had   *)
(* its effect. If it asks again, perhaps of another proposer, the change   *)
(* may be applied a second time. So a client gives each request a number,  *)
(* larger than that of the one before, and the register's state says for   *)
(* each client which request was served last and what the answer was. That *)
(* is a matter of states and changes alone: the module Register is the     *)
(* same, with other states.                                                *)
(***************************************************************************)
EXTENDS MCRegister

(***************************************************************************)
(* The clients, and their requests: each client makes one, to add 1, as    *)
(* often as it likes.                                                      *)
(***************************************************************************)
Client == {"x", "y"}

RequestOf(x) == [name |-> "add", value |-> 1, client |-> x, number |-> 1]

OneRequest == {RequestOf("x")}

TwoRequests == {RequestOf(x) : x \in Client}

(***************************************************************************)
(* A state has a value, and for each client the number and the answer of   *)
(* the request that was served last.                                       *)
(***************************************************************************)
NothingServed ==
  [value |-> 0, served |-> [x \in Client |-> [number |-> 0, answer |-> 0]]]

(***************************************************************************)
(* Stands for Apply. A request that was served already changes nothing,    *)
(* and its client is told the answer that stands in the state.             *)
(***************************************************************************)
ApplyOnce(c, s) ==
  IF c.number <= s.served[c.client].number
    THEN s
    ELSE [value  |-> s.value + c.value,
          served |-> [s.served EXCEPT ![c.client] =
                       [number |-> c.number, answer |-> s.value + c.value]]]

(***************************************************************************)
(* No request has its effect twice: the value is never larger than the     *)
(* number of requests.                                                     *)
(***************************************************************************)
NoneTwice ==
  \A m \in messages :
    m.type = "accept" => m.state.value <= Cardinality(Change)

(***************************************************************************)
(* No request that was answered goes without its effect: the value counts  *)
(* at least those that were acknowledged up to there.                      *)
(***************************************************************************)
NoneWithout ==
  \A x \in acknowledged :
    Cardinality({y.changes[1] : y \in {z \in acknowledged : z.ballot <= x.ballot}})
      <= x.state.value
=============================================================================
