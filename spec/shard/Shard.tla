------------------------------- MODULE Shard --------------------------------
(***************************************************************************)
(* A shard of the data is handed from one group of replicas to another     *)
(* while clients go on asking for it.                                      *)
(*                                                                         *)
(* Each group has a replicated log of its own, and what happens to a shard *)
(* in a group happens by an entry in that log. So a group is one machine   *)
(* here: the module Log has seen to it. But the logs of two groups have no *)
(* order between them. The move must make one: the old group freezes the   *)
(* shard, by an entry, and from then on changes it no more; what it has    *)
(* then is handed over; the new group activates it, by an entry. Between   *)
(* the two nobody serves the shard, and clients wait.                      *)
(*                                                                         *)
(* Every move gives the shard a larger epoch, so that a hand-over which    *)
(* comes late or twice is known for what it is.                            *)
(*                                                                         *)
(* Where there are several shards, each is a behaviour of this module by   *)
(* itself. Which of them an operator moves together is no matter of it,    *)
(* and so neither is where he cuts in two what he has moved together.      *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

(***************************************************************************)
(* The groups, and the one that has the shard at first. The changes that   *)
(* clients may ask for, each once: what a shard holds is the set of the    *)
(* changes that were made.                                                 *)
(***************************************************************************)
CONSTANTS Group, First, Change

ASSUME FirstIsAGroup == First \in Group

Epoch == Nat

(***************************************************************************)
(* What each group knows of the shard: whether it is "away", the group     *)
(* is "serving" it, or has it "frozen"; what it holds; and the last epoch  *)
(* in which the group had it. For a frozen shard, who is to have it.       *)
(***************************************************************************)
VARIABLES status, held, epoch, heir

(***************************************************************************)
(* The map, kept in a register, by which clients and routers find the      *)
(* group. It may lag behind, and what is read of it may be old: it is a    *)
(* hint. All messages that were ever sent.                                 *)
(***************************************************************************)
VARIABLES map, messages

(***************************************************************************)
(* History: the changes that clients were told to be made.                 *)
(***************************************************************************)
VARIABLE acknowledged

vars == <<status, held, epoch, heir, map, messages, acknowledged>>

Message ==
       [type : {"handover"}, to : Group, epoch : Epoch,
        held : SUBSET Change]
  \cup [type : {"activated"}, group : Group, epoch : Epoch]

TypeOK ==
  /\ status \in [Group -> {"away", "serving", "frozen"}]
  /\ held \in [Group -> SUBSET Change]
  /\ epoch \in [Group -> Epoch]
  /\ heir \in [Group -> Group]
  /\ map \in [group : Group, epoch : Epoch]
  /\ messages \subseteq Message
  /\ acknowledged \subseteq Change

Init ==
  /\ status = [g \in Group |-> IF g = First THEN "serving" ELSE "away"]
  /\ held = [g \in Group |-> {}]
  /\ epoch = [g \in Group |-> IF g = First THEN 1 ELSE 0]
  /\ heir = [g \in Group |-> g]
  /\ map = [group |-> First, epoch |-> 1]
  /\ messages = {}
  /\ acknowledged = {}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Group g makes change c and tells the client. Whether it serves the      *)
(* shard it knows from its own log, whatever the map has led the client to *)
(* think.                                                                  *)
(***************************************************************************)
Serve(g, c) ==
  /\ status[g] = "serving"
  /\ held' = [held EXCEPT ![g] = held[g] \cup {c}]
  /\ acknowledged' = acknowledged \cup {c}
  /\ UNCHANGED <<status, epoch, heir, map, messages>>

(***************************************************************************)
(* Group g freezes the shard for group h to have.                          *)
(***************************************************************************)
Freeze(g, h) ==
  /\ status[g] = "serving"
  /\ h # g
  /\ status' = [status EXCEPT ![g] = "frozen"]
  /\ heir' = [heir EXCEPT ![g] = h]
  /\ UNCHANGED <<held, epoch, map, messages, acknowledged>>

(***************************************************************************)
(* Group g, which has the shard frozen, hands it over under the next       *)
(* epoch. It may do so again until it knows that the shard has arrived.    *)
(***************************************************************************)
HandOver(g) ==
  /\ status[g] = "frozen"
  /\ messages' = messages \cup
       {[type |-> "handover", to |-> heir[g], epoch |-> epoch[g] + 1,
         held |-> held[g]]}
  /\ UNCHANGED <<status, held, epoch, heir, map, acknowledged>>

(***************************************************************************)
(* Group h gets the shard under epoch e and serves it from now on. It has  *)
(* never had that epoch or a later one: otherwise this is an old message.  *)
(***************************************************************************)
Activate(h, e) ==
  \E m \in {n \in messages : n.type = "handover" /\ n.epoch = e} :
    /\ m.to = h
    /\ e > epoch[h]
    /\ status' = [status EXCEPT ![h] = "serving"]
    /\ held' = [held EXCEPT ![h] = m.held]
    /\ epoch' = [epoch EXCEPT ![h] = e]
    /\ messages' = messages \cup
         {[type |-> "activated", group |-> h, epoch |-> e]}
    /\ UNCHANGED <<heir, map, acknowledged>>

(***************************************************************************)
(* Group g hears that the shard has arrived, and drops its copy.           *)
(***************************************************************************)
Drop(g) ==
  /\ status[g] = "frozen"
  /\ [type |-> "activated", group |-> heir[g], epoch |-> epoch[g] + 1]
       \in messages
  /\ status' = [status EXCEPT ![g] = "away"]
  /\ held' = [held EXCEPT ![g] = {}]
  /\ UNCHANGED <<epoch, heir, map, messages, acknowledged>>

(***************************************************************************)
(* The map is brought up to date: group g has the shard since epoch e.     *)
(***************************************************************************)
Publish(g, e) ==
  /\ [type |-> "activated", group |-> g, epoch |-> e] \in messages
  /\ e > map.epoch
  /\ map' = [group |-> g, epoch |-> e]
  /\ UNCHANGED <<status, held, epoch, heir, messages, acknowledged>>

Next ==
  \/ \E g \in Group : \E c \in Change : Serve(g, c)
  \/ \E g \in Group : \E h \in Group : Freeze(g, h)
  \/ \E g \in Group : HandOver(g)
  \/ \E h \in Group : \E e \in Epoch : Activate(h, e)
  \/ \E g \in Group : Drop(g)
  \/ \E g \in Group : \E e \in Epoch : Publish(g, e)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* One group serves the shard at most.                                     *)
(***************************************************************************)
OneOwner ==
  \A g, h \in Group :
    status[g] = "serving" /\ status[h] = "serving" => g = h

(***************************************************************************)
(* Whoever serves the shard has all changes that clients were told of.     *)
(***************************************************************************)
NothingLost ==
  \A g \in Group : status[g] = "serving" => acknowledged \subseteq held[g]

(***************************************************************************)
(* Some group has it all, in service or frozen: messages may be lost, so   *)
(* what is only in a message is not safe.                                  *)
(***************************************************************************)
Kept ==
  \E g \in Group : status[g] # "away" /\ acknowledged \subseteq held[g]

(***************************************************************************)
(* The map names a group that has had the shard in that epoch.             *)
(***************************************************************************)
MapWasTrue == map.epoch <= epoch[map.group]
=============================================================================
