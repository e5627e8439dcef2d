------------------------- MODULE RegisterMembership -------------------------
(***************************************************************************)
(* The register of the module Register, with acceptors that are exchanged  *)
(* while it is in use. The module Membership, in the folder beside, is     *)
(* about the procedure by which an operator does that. This one is about   *)
(* what can be seen of it at one register: it is what traces of the        *)
(* running system are replayed on.                                         *)
(*                                                                         *)
(* A proposer has a configuration: the acceptors that it asks for promises *)
(* and those that it has accept. Of either, a majority is a quorum. The    *)
(* configurations are numbered, and a proposer adopts later ones only, and *)
(* only between two rounds. It need not adopt each: at a register that     *)
(* nobody uses for a while, the traces show the last one alone.            *)
(*                                                                         *)
(* Four things are asked of it, and together they are enough. Quorums of   *)
(* neighbouring configurations meet. Nobody acts in a configuration while  *)
(* another has gone further than the next one. Whoever adopts a            *)
(* configuration finds in each of its quorums what clients were told of,   *)
(* which is what the rewriting of the register is for. And its ballots are *)
(* above all those of the configurations before the last one.              *)
(*                                                                         *)
(* The fourth is not needed where every register is written anew. But a    *)
(* system writes those that it knows of, and a register may be on its way  *)
(* to be known: proposed under a ballot that nobody has accepted yet, by a *)
(* proposer that has given it up since. Were a smaller ballot used later,  *)
(* among acceptors who never heard of the other one, then the late accept  *)
(* could reach an old member and cover what clients were told of.          *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences

(***************************************************************************)
(* Those of the module Register. Acceptor is the set of the founders: they *)
(* are the configuration with number 0.                                    *)
(***************************************************************************)
CONSTANTS Acceptor, Change, Id, Scheme, Stride

VARIABLES promised, acceptedBallot, acceptedState, disk
VARIABLES counter, phase, ballot, changes, proposal
VARIABLES messages, acknowledged

(***************************************************************************)
(* The configuration of each proposer: its number, whom it asks and whom   *)
(* it tells to accept, and since which configuration each of them is a     *)
(* member. An acceptor that has lost its disk may come back under its old  *)
(* name, and is another member then.                                       *)
(***************************************************************************)
VARIABLE configuration

(***************************************************************************)
(* Since which configuration an acceptor is a member. The acceptors that   *)
(* were ever members are the domain of this function, and of those that    *)
(* say what acceptors hold.                                                *)
(***************************************************************************)
VARIABLE since

(***************************************************************************)
(* To whom proposers sent what, and in which configuration. The messages   *)
(* of the module Register have no addressee. Here an acceptor acts on none *)
(* that is not for it: to[a] tells since when the addressee a is a member, *)
(* and who comes back under its name is somebody else.                     *)
(***************************************************************************)
VARIABLE sent

(***************************************************************************)
(* The register, as one sees it for whom a majority of set is a quorum.    *)
(* The set itself is one, too.                                             *)
(***************************************************************************)
Among(set) == INSTANCE Register WITH Acceptor <- set

R == INSTANCE Register

registerVars == R!vars
vars == <<registerVars, configuration, since, sent>>

Proposer == DOMAIN Id

AnyChange == R!AnyChange

-----------------------------------------------------------------------------
Founding ==
  [number |-> 0, ask |-> Acceptor, tell |-> Acceptor,
   since |-> [a \in Acceptor |-> 0]]

Init ==
  /\ R!Init
  /\ configuration = [p \in Proposer |-> Founding]
  /\ since = Founding.since
  /\ sent = {}

(***************************************************************************)
(* The majorities of a set.                                                *)
(***************************************************************************)
Majority(set) == {q \in SUBSET set : 2 * Cardinality(q) > Cardinality(set)}

(***************************************************************************)
(* Rounds in the one configuration are safe from rounds in the other: what *)
(* accepts in the one is met by what promises in the other.                *)
(***************************************************************************)
Meet(c, d) ==
  /\ \A q \in Majority(c.ask), r \in Majority(d.tell) : q \cap r # {}
  /\ \A q \in Majority(d.ask), r \in Majority(c.tell) : q \cap r # {}

(***************************************************************************)
(* Whatever clients were told of is known to every quorum of c that can    *)
(* promise: those who know only less are too few. accepted says which      *)
(* ballot each acceptor has accepted last. Of a deletion that was          *)
(* collected, and of what it covers, nobody need know.                     *)
(***************************************************************************)
Carries(c, accepted) ==
  \A x \in acknowledged :
    \/ \E b \in R!Collected : x.ballot <= b
    \/ {a \in c.ask : accepted[a] < x.ballot} \notin Majority(c.ask)

(***************************************************************************)
(* The acceptors of c who are new, to the register or after a loss.        *)
(***************************************************************************)
New(c) ==
  {a \in DOMAIN c.since :
     \/ a \notin DOMAIN since
     \/ since[a] < c.since[a]}

(***************************************************************************)
(* The function f, which is z for those of the set new.                    *)
(***************************************************************************)
Fresh(f, new, z) ==
  [a \in DOMAIN f \cup new |-> IF a \in new THEN z ELSE f[a]]

(***************************************************************************)
(* Proposer p adopts the configuration with number n, in which it asks the *)
(* acceptors of ask and tells those of tell, who are members since the     *)
(* configuration that from says. The first to adopt one with a new member  *)
(* finds it empty. To adopt the configuration that it has anyway changes   *)
(* nothing.                                                                *)
(***************************************************************************)
Adopt(p, n, ask, tell, from) ==
  LET c == [number |-> n, ask |-> ask, tell |-> tell, since |-> from]
      new == New(c)
  IN  /\ phase[p] = "idle"
      /\ n >= configuration[p].number
      /\ DOMAIN from = ask \cup tell
      /\ \A a \in DOMAIN from : from[a] <= n
      /\ \A a \in DOMAIN from \cap DOMAIN since :
           since[a] <= from[a] \/ \E r \in Proposer : configuration[r].number > n
      /\ \A r \in Proposer :
           /\ configuration[r].number = n => configuration[r] = c
           /\ configuration[r].number \in {n - 1, n + 1} =>
                Meet(c, configuration[r])
      /\ promised' = Fresh(promised, new, 0)
      /\ acceptedBallot' = Fresh(acceptedBallot, new, 0)
      /\ acceptedState' = Fresh(acceptedState, new, R!Initial)
      /\ disk' = Fresh(disk, new, [promised |-> 0, acceptedBallot |-> 0,
                                   acceptedState |-> R!Initial])
      /\ since' = [a \in DOMAIN since \cup new |->
                     IF a \in new THEN from[a] ELSE since[a]]
      /\ Carries(c, acceptedBallot')
      /\ configuration' = [configuration EXCEPT ![p] = c]
      /\ UNCHANGED <<counter, phase, ballot, changes, proposal, messages,
                     acknowledged, sent>>

(***************************************************************************)
(* No one has left p behind: all others are in its configuration, in an    *)
(* earlier one, or in the next. And no deletion was collected in a later   *)
(* one: p might ask an acceptor who has left, and holds what was deleted.  *)
(***************************************************************************)
LeftBehind(p) ==
  \E m \in sent : m.type = "erase" /\ m.number > configuration[p].number

Current(p) ==
  /\ \A r \in Proposer : configuration[r].number <= configuration[p].number + 1
  /\ ~LeftBehind(p)

(***************************************************************************)
(* Ballot b is above all that were used before the configuration before    *)
(* that of p.                                                              *)
(***************************************************************************)
Above(p, b) ==
  \A m \in sent : m.number + 1 < configuration[p].number => m.ballot < b

Same == UNCHANGED <<configuration, since, sent>>

(***************************************************************************)
(* A message of proposer p under ballot b goes to the acceptors of to, as  *)
(* p knows them.                                                           *)
(***************************************************************************)
SendTo(p, type, b, to) ==
  /\ sent' = sent \cup {[type |-> type, ballot |-> b,
                         to |-> [a \in to |-> configuration[p].since[a]],
                         number |-> configuration[p].number]}
  /\ UNCHANGED <<configuration, since>>

IsFor(m, a) == a \in DOMAIN m.to /\ m.to[a] = since[a]

Reached(a, type, b) ==
  \E m \in sent : m.type = type /\ m.ballot = b /\ IsFor(m, a)

(***************************************************************************)
(* The steps of the register. Those of a proposer need a configuration     *)
(* that is in use, and where they need a quorum, one of that.              *)
(***************************************************************************)
Prepare(p, b) ==
  /\ Current(p)
  /\ Above(p, b)
  /\ R!Prepare(p, b)
  /\ SendTo(p, "prepare", b, configuration[p].ask)

Propose(p, q, cs, s, next) ==
  /\ Current(p)
  /\ q \in Majority(configuration[p].ask)
  /\ Among(q)!Propose(p, q, cs, s, next)
  /\ SendTo(p, "accept", ballot[p], configuration[p].tell)

Acknowledge(p, q) ==
  /\ Current(p)
  /\ q \in Majority(configuration[p].tell)
  /\ Among(q)!Acknowledge(p, q)
  /\ Same

Abandon(p) == R!Abandon(p) /\ Same

Ask(p, n) == Current(p) /\ R!Ask(p, n) /\ Same

(***************************************************************************)
(* What a quorum read is answered with must have been accepted by a quorum *)
(* of those who are told, and nothing that was acknowledged may be newer.  *)
(* So q is to have a majority of those who accept and of those who         *)
(* promise.                                                                *)
(***************************************************************************)
Answer(p, n, q, b, s) ==
  /\ Current(p)
  /\ q \cap configuration[p].ask \in Majority(configuration[p].ask)
  /\ q \cap configuration[p].tell \in Majority(configuration[p].tell)
  /\ Among(q)!Answer(p, n, q, b, s)
  /\ Same

RestartProposer(p) == R!RestartProposer(p) /\ Same

Promise(a, b) == Reached(a, "prepare", b) /\ R!Promise(a, b) /\ Same

RefusePrepare(a, b, r) == R!RefusePrepare(a, b, r) /\ Same

Accept(a, b) == Reached(a, "accept", b) /\ R!Accept(a, b) /\ Same

RepeatAccept(a, b) == R!RepeatAccept(a, b) /\ Same

RefuseAccept(a, b, r) == R!RefuseAccept(a, b, r) /\ Same

Report(a, p, n) == R!Report(a, p, n) /\ Same

(***************************************************************************)
(* A deletion is collected if all acceptors of the configuration have      *)
(* accepted it, and while nobody has gone on to the next one: a new        *)
(* acceptor there might hold what only it has accepted, under a smaller    *)
(* ballot. Those who are in an earlier configuration must not act any more *)
(* until they have come to this one. An erase may come late: whoever still *)
(* holds the deletion then may forget it in any configuration.             *)
(***************************************************************************)
Foremost(p) ==
  \A r \in Proposer : configuration[r].number <= configuration[p].number

Collect(p, b) ==
  /\ Foremost(p)
  /\ \E all \in {DOMAIN configuration[p].since} :
       /\ Among(all)!Collect(p, b)
       /\ SendTo(p, "erase", b, all)

Erase(a, b) == Reached(a, "erase", b) /\ R!Erase(a, b) /\ Same

Raise(a, r) == R!Raise(a, r) /\ Same

RestartAcceptor(a) == R!RestartAcceptor(a) /\ Same

(***************************************************************************)
(* Acceptors are named, and numbers of reads and configurations counted.   *)
(***************************************************************************)
Known == DOMAIN since

Next ==
  \/ \E p \in Proposer : \E b \in R!Ballot : Prepare(p, b)
  \/ \E a \in Known : \E b \in R!Ballot : Promise(a, b)
  \/ \E a \in Known : \E b, r \in R!Ballot : RefusePrepare(a, b, r)
  \/ \E p \in Proposer :
       \E q \in SUBSET Known, cs \in R!Changes, s \in R!State,
          next \in R!Ballot : Propose(p, q, cs, s, next)
  \/ \E a \in Known : \E b \in R!Ballot : Accept(a, b)
  \/ \E a \in Known : \E b \in R!Ballot : RepeatAccept(a, b)
  \/ \E a \in Known : \E b, r \in R!Ballot : RefuseAccept(a, b, r)
  \/ \E p \in Proposer : \E q \in SUBSET Known : Acknowledge(p, q)
  \/ \E p \in Proposer : Abandon(p)
  \/ \E p \in Proposer : \E n \in R!Number : Ask(p, n)
  \/ \E a \in Known : \E p \in Proposer, n \in R!Number : Report(a, p, n)
  \/ \E p \in Proposer :
       \E n \in R!Number, q \in SUBSET Known, b \in R!Ballot, s \in R!State :
         Answer(p, n, q, b, s)
  \/ \E p \in Proposer : \E b \in R!Erasable : Collect(p, b)
  \/ \E a \in Known : \E b \in R!Erasable : Erase(a, b)
  \/ \E a \in Known : \E r \in R!Erasable : Raise(a, r)
  \/ \E a \in Known : RestartAcceptor(a)
  \/ \E p \in Proposer : RestartProposer(p)
  \/ \E p \in Proposer :
       \E n \in Nat, ask, tell \in SUBSET STRING :
         \E from \in [ask \cup tell -> Nat] : Adopt(p, n, ask, tell, from)

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* No acknowledged change is ever lost, whatever the configurations of     *)
(* those who made them.                                                    *)
(***************************************************************************)
OneChain == R!OneChain
=============================================================================
