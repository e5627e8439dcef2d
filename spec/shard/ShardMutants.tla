---------------------------- MODULE ShardMutants ----------------------------
(***************************************************************************)
(* Moves of a shard with known bugs. The configuration ShardMutants-D.cfg  *)
(* puts the definition D in the place of what it is made from, and expects *)
(* a property to be violated.                                              *)
(***************************************************************************)
EXTENDS MCShard

(***************************************************************************)
(* In the place of HandOver: the shard is handed over without being        *)
(* frozen. Both groups serve it, and OneOwner is violated.                 *)
(***************************************************************************)
HandOverUnfrozen(g) ==
  /\ status[g] \in {"serving", "frozen"}
  /\ \E h \in Group \ {g} :
       messages' = messages \cup
         {[type |-> "handover", to |-> h, epoch |-> epoch[g] + 1,
           held |-> held[g]]}
  /\ UNCHANGED <<status, held, epoch, heir, map, acknowledged>>

(***************************************************************************)
(* In the place of Serve: a frozen shard is still changed, since the other *)
(* group does not serve it yet. NothingLost is violated.                   *)
(***************************************************************************)
ServeFrozen(g, c) ==
  /\ status[g] # "away"
  /\ held' = [held EXCEPT ![g] = held[g] \cup {c}]
  /\ acknowledged' = acknowledged \cup {c}
  /\ UNCHANGED <<status, epoch, heir, map, messages>>

(***************************************************************************)
(* In the place of Activate: a hand-over is taken whatever its epoch. One  *)
(* that was taken before comes a second time. NothingLost is violated.     *)
(***************************************************************************)
ActivateAgain(h, e) ==
  \E m \in {n \in messages : n.type = "handover" /\ n.epoch = e} :
    /\ m.to = h
    /\ status' = [status EXCEPT ![h] = "serving"]
    /\ held' = [held EXCEPT ![h] = m.held]
    /\ epoch' = [epoch EXCEPT ![h] = e]
    /\ messages' = messages \cup
         {[type |-> "activated", group |-> h, epoch |-> e]}
    /\ UNCHANGED <<heir, map, acknowledged>>

(***************************************************************************)
(* In the place of Drop: the old group drops its copy when it has sent it. *)
(* The message may be lost, and Kept is violated.                          *)
(***************************************************************************)
DropWhenSent(g) ==
  /\ status[g] = "frozen"
  /\ [type |-> "handover", to |-> heir[g], epoch |-> epoch[g] + 1,
      held |-> held[g]] \in messages
  /\ status' = [status EXCEPT ![g] = "away"]
  /\ held' = [held EXCEPT ![g] = {}]
  /\ UNCHANGED <<epoch, heir, map, messages, acknowledged>>

(***************************************************************************)
(* In the place of Serve: a group serves what the map says is its own. The *)
(* map is late. NothingLost is violated.                                   *)
(***************************************************************************)
ServeByMap(g, c) ==
  /\ map.group = g \/ status[g] = "serving"
  /\ held' = [held EXCEPT ![g] = held[g] \cup {c}]
  /\ acknowledged' = acknowledged \cup {c}
  /\ UNCHANGED <<status, epoch, heir, map, messages>>

(***************************************************************************)
(* In the place of Publish: the map is changed when the move begins.       *)
(* MapWasTrue is violated.                                                 *)
(***************************************************************************)
PublishEarly(g, e) ==
  /\ \E h \in Group : status[h] = "frozen" /\ heir[h] = g /\ e = epoch[h] + 1
  /\ e > map.epoch
  /\ map' = [group |-> g, epoch |-> e]
  /\ UNCHANGED <<status, held, epoch, heir, messages, acknowledged>>
=============================================================================
