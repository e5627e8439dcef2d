--------------------------- MODULE Rung18bFreeze ----------------------------
(***************************************************************************)
(* A shard that is frozen, handed over and activated.                      *)
(*                                                                         *)
(* First the old group freezes the shard: that is an entry in its log, and *)
(* no change of the shard comes after it. What it holds then is final, and *)
(* that is what it sends. The new group activates the shard, by an entry   *)
(* in its own log. So there is an order between the two logs at the one    *)
(* point where it matters.                                                 *)
(*                                                                         *)
(* In between nobody serves the shard, and clients wait. That is short if  *)
(* most of the data was copied before. If messages are lost the old group  *)
(* sends again; it keeps its copy until it hears that the shard has        *)
(* arrived. The epoch tells a hand-over that comes a second time from a    *)
(* new one. The map that tells clients where a shard is may lag behind:    *)
(* whether a group serves the shard is written in its own log.             *)
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
(* Group g freezes the shard: it serves it no more.                        *)
(***************************************************************************)
Freeze(g) ==
  /\ status[g] = "serving"
  /\ status' = [status EXCEPT ![g] = "frozen"]
  /\ UNCHANGED <<held, epoch, messages, acknowledged>>

(***************************************************************************)
(* Group g sends what it holds to group h, under epoch e, the next one. It *)
(* may do so again, but not to another group.                              *)
(***************************************************************************)
HandOver(g, h, e) ==
  /\ g # h
  /\ e = epoch[g] + 1
  /\ status[g] = "frozen"
  /\ \A m \in messages : m.epoch = e => m.to = h
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
  \/ \E g \in Group : Freeze(g)
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
