-------------------------- MODULE Rung18aBothServe --------------------------
(***************************************************************************)
(* A shard that moves from one group to another.                           *)
(*                                                                         *)
(* A single log has one leader, and all that is asked of the system passes *)
(* through it. So the data is cut into shards, each with a group of        *)
(* replicas and a log of its own. When a group has too much to do, a shard *)
(* moves to another.                                                       *)
(*                                                                         *)
(* On this rung the old group sends a copy, the new group begins to serve  *)
(* when it has it, and the old one stops when it hears of that: so the     *)
(* shard is served all the time. But two logs have no order between them.  *)
(* Until the old group hears, both serve, and what the old one still takes *)
(* is missing in the copy.                                                 *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

(***************************************************************************)
(* The groups, of whom First has the shard at first. The changes that      *)
(* clients ask for. Epochs are numbers: one for each time that the shard   *)
(* has a home.                                                             *)
(***************************************************************************)
CONSTANTS Group, First, Change, Epoch

(***************************************************************************)
(* Whether each group serves the shard, what it holds of it, and the last  *)
(* epoch in which it had it; the messages that were sent; and the changes  *)
(* that clients were told to be made.                                      *)
(***************************************************************************)
VARIABLES status, held, epoch, messages, acknowledged

vars == <<status, held, epoch, messages, acknowledged>>

Init ==
  /\ status = [g \in Group |-> IF g = First THEN "serving" ELSE "away"]
  /\ held = [g \in Group |-> {}]
  /\ epoch = [g \in Group |-> IF g = First THEN 1 ELSE 0]
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------

(***************************************************************************)
(* Group g makes change c and tells the client.                            *)
(***************************************************************************)
Serve(g, c) ==
  /\ status[g] = "serving"
  /\ held' = [held EXCEPT ![g] = held[g] \cup {c}]
  /\ acknowledged' = acknowledged \cup {c}
  /\ UNCHANGED <<status, epoch, messages>>

(***************************************************************************)
(* Group g sends what it holds to group h, under epoch e, the next one.    *)
(***************************************************************************)
HandOver(g, h, e) ==
  /\ g # h
  /\ e = epoch[g] + 1
  /\ status[g] = "serving"
  /\ messages' = messages \cup
       {[type |-> "handover", from |-> g, to |-> h, epoch |-> e,
         held |-> held[g]]}
  /\ UNCHANGED <<status, held, epoch, acknowledged>>

(***************************************************************************)
(* Group h takes what was sent to it under epoch e, and serves the shard   *)
(* from now on.                                                            *)
(***************************************************************************)
Activate(h, e) ==
  \E m \in messages :
    /\ m.to = h
    /\ m.epoch = e
    /\ e > epoch[h]
    /\ status' = [status EXCEPT ![h] = "serving"]
    /\ held' = [held EXCEPT ![h] = m.held]
    /\ epoch' = [epoch EXCEPT ![h] = e]
    /\ UNCHANGED <<messages, acknowledged>>

(***************************************************************************)
(* Group g hears that group h has the shard since epoch e, and has done    *)
(* with it.                                                                *)
(***************************************************************************)
Stop(g, h, e) ==
  /\ epoch[h] = e
  /\ e = epoch[g] + 1
  /\ status[g] # "away"
  /\ status' = [status EXCEPT ![g] = "away"]
  /\ UNCHANGED <<held, epoch, messages, acknowledged>>

Next ==
  \/ \E g \in Group, c \in Change : Serve(g, c)
  \/ \E g, h \in Group, e \in Epoch : HandOver(g, h, e) \/ Stop(g, h, e)
  \/ \E h \in Group, e \in Epoch : Activate(h, e)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------

(***************************************************************************)
(* Whoever serves the shard has all changes that clients were told of.     *)
(***************************************************************************)
NothingLost ==
  \A g \in Group : status[g] = "serving" => acknowledged \subseteq held[g]

(***************************************************************************)
(* Changes may be exchanged for each other.                                *)
(***************************************************************************)
Symmetry == Permutations(Change)
=============================================================================
