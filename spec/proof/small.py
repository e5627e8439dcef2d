"""The small worlds in which the protocols are compared with their TLA+ specifications."""

from itertools import combinations

from epr.correspondence import Comparison
from epr.finite import World
from epr.tlavalue import Record
from cached_register import CACHED_REGISTER
from lease import LEASE
from log import LOG
from membership import MEMBERSHIP
from recovery import RECOVERY
from register import REGISTER
from synod import SYNOD

ACCEPTORS = {n: [f"a{i}" for i in range(1, n + 1)] for n in (1, 2, 3)}


def majorities(acceptors):
    """All sets of more than half of the acceptors."""
    return [frozenset(c) for n in range(1, len(acceptors) + 1) for c in combinations(acceptors, n)
            if 2 * n > len(acceptors)]


def minimal_majorities(acceptors):
    """The smallest of them."""
    return [frozenset(c) for c in combinations(acceptors, len(acceptors) // 2 + 1)]


PRIMUS = [frozenset({"a1"}), frozenset({"a1", "a2"})]  # not majorities, but every two meet


# Both are asked, and either chooses: two quorums for acceptance have nobody in common.
ALL_OR_ONE = ([frozenset({"a1", "a2"})], [frozenset({"a1"}), frozenset({"a2"})])


# Quorums for promises and for acceptance, when the register moves from one acceptor to another.
MOVED = (([frozenset({"a1", "a2"})], [frozenset({"a1"})]), ([frozenset({"a2"})], [frozenset({"a2"})]))

# The same of one acceptor that becomes two. The new ones for promises, of which one is
# enough, need not meet the old ones for acceptance.
GROWN = (([frozenset({"a1"})], [frozenset({"a1"})]),
         ([frozenset({"a1"}), frozenset({"a2"})], [frozenset({"a1", "a2"})]))


def tla_set(items) -> str:
    return "{" + ", ".join(tla_set(sorted(i)) if isinstance(i, frozenset) else str(i) for i in items) + "}"


def synod(prepare, accept, ballots: int) -> Comparison:
    """Synod.tla with some quorums of both kinds, two values, and the ballots up to the number given."""
    who = sorted(frozenset().union(*prepare, *accept))
    world = World(SYNOD, {"Acceptor": who, "Value": ["None", "v", "w"], "Ballot": list(range(ballots + 1)),
                          "PrepareQuorum": prepare, "AcceptQuorum": accept}, {"None": "None"})
    return Comparison(world, "", f"None = None  Acceptor = {tla_set(who)}  PrepareQuorum = {tla_set(prepare)}  "
                                 f"AcceptQuorum = {tla_set(accept)}  "
                                 f"Value = {{v, w}}  Ballot = {tla_set(range(ballots + 1))}")


READ = Record({"name": "read"})


def change(name: str, **fields) -> Record:
    return Record({"name": name, **fields})


def apply(c: Record, s: int) -> int:
    """The operator Apply of Register.tla."""
    if c["name"] == "add":
        return s + c["value"]
    if c["name"] == "cas":
        return c["value"] if s == c["expect"] else s
    return c["value"] if c["name"] == "set" else s


def tla_record(r: Record) -> str:
    return "[" + ", ".join(f'{k} |-> "{v}"' if isinstance(v, str) else f"{k} |-> {v}" for k, v in r.map.items()) + "]"


def register(acceptors: int, ballots: int, changes, states) -> Comparison:
    """Register.tla with two proposers, who own the odd and the even ballots."""
    who, ids = ACCEPTORS[acceptors], {"p1": 1, "p2": 2}
    quorums = majorities(who)
    world = World(REGISTER, {
        "Acceptor": who, "Proposer": list(ids), "State": states, "Change": [READ, *changes],
        "Ballot": list(range(ballots + 1)), "PrepareQuorum": quorums, "AcceptQuorum": quorums,
    }, {"Initial": 0, "Read": READ}, {
        "Owns": lambda p, b: b > 0 and (b - 1) % 2 == ids[p] - 1,
        "Apply": apply,
    })
    definitions = f"""
        SmallId == [p1 |-> 1, p2 |-> 2]
        SmallBallot == {tla_set(range(ballots + 1))}
        SmallState == {tla_set(states)}
        SmallChange == {{{", ".join(map(tla_record, [READ, *changes]))}}}"""
    constants = (f'Acceptor = {tla_set(who)}  Id <- SmallId  Scheme = "pair"  Stride = 2  Ballot <- SmallBallot  '
                 "State <- SmallState  Change <- SmallChange")
    return Comparison(world, definitions, constants)


def cached_register(acceptors: int, ownership, changes, states) -> Comparison:
    """CachedRegister.tla with a proposer for each list of ballots that it owns."""
    who = ACCEPTORS[acceptors]
    owners = {f"p{i}": ballots for i, ballots in enumerate(ownership, 1)}
    ballots = [0, *sorted(b for of in ownership for b in of)]
    quorums = majorities(who)
    world = World(CACHED_REGISTER, {
        "Acceptor": who, "Proposer": list(owners), "State": states, "Change": [READ, *changes],
        "Ballot": ballots, "PrepareQuorum": quorums, "AcceptQuorum": quorums,
    }, {"Initial": 0, "Read": READ}, {
        "Owns": lambda p, b: b in owners[p],
        "Apply": apply,
    })
    owned = ", ".join(f"{p} |-> {tla_set(of)}" for p, of in owners.items())
    definitions = f"""
        SmallOwned == [{owned}]
        SmallOwns(p, b) == b \\in SmallOwned[p]
        SmallApply(c, s) == IF c.name = "add" THEN s + c.value ELSE s
        SmallChange == {{{", ".join(map(tla_record, [READ, *changes]))}}}"""
    constants = (f'Acceptor = {tla_set(who)}  Proposer = {tla_set(chr(34) + p + chr(34) for p in owners)}  '
                 f"Ballot = {tla_set(ballots)}  State = {tla_set(states)}  Change <- SmallChange  "
                 "Owns <- SmallOwns  Apply <- SmallApply")
    return Comparison(world, definitions, constants)


def log(quorums, ballots: int, values, slots: int, replicas: int) -> Comparison:
    """MultiPaxos.tla. The world's slots have the 0 of replicas that executed nothing; the specification's begin
    with 1."""
    who = sorted(frozenset().union(*quorums))
    readers = [f"r{i}" for i in range(1, replicas + 1)]
    world = World(LOG, {"Acceptor": who, "Value": ["None", *values], "Ballot": list(range(ballots + 1)),
                        "Slot": list(range(slots + 1)), "Replica": readers,
                        "PrepareQuorum": quorums, "AcceptQuorum": quorums}, {"None": "None"},
                  arguments={"Slot": list(range(1, slots + 1))})
    return Comparison(world, "", f"None = None  Acceptor = {tla_set(who)}  Quorum = {tla_set(quorums)}  "
                                 f"Value = {tla_set(values)}  Ballot = {tla_set(range(ballots + 1))}  "
                                 f"Slot = {tla_set(range(1, slots + 1))}  Replica = {tla_set(readers)}")


def recovery(quorums, ballots: int, values) -> Comparison:
    """Recovery.tla."""
    who = sorted(frozenset().union(*quorums))
    world = World(RECOVERY, {"Acceptor": who, "Value": ["None", *values], "Ballot": list(range(ballots + 1)),
                             "PrepareQuorum": quorums, "AcceptQuorum": quorums}, {"None": "None"})
    return Comparison(world, "", f"None = None  Acceptor = {tla_set(who)}  Quorum = {tla_set(quorums)}  "
                                 f"Value = {tla_set(values)}  Ballot = {tla_set(range(ballots + 1))}")


def membership(ballots: int, proposers: int, old, new) -> Comparison:
    """QuorumChange.tla, from the old quorums to the new: those that promise and those that accept of each."""
    (old_prepare, old_accept), (new_prepare, new_accept) = old, new
    who = sorted(frozenset().union(*old_prepare, *old_accept, *new_prepare, *new_accept))
    names = [f"p{i}" for i in range(1, proposers + 1)]
    world = World(MEMBERSHIP, {
        "Acceptor": who, "Proposer": names, "Ballot": list(range(ballots + 1)),
        "PrepareQuorum": list(dict.fromkeys(old_prepare + new_prepare)),
        "AcceptQuorum": list(dict.fromkeys(old_accept + new_accept)),
    }, {}, {
        "OldPrepare": lambda q: q in old_prepare, "NewPrepare": lambda q: q in new_prepare,
        "OldAccept": lambda q: q in old_accept, "NewAccept": lambda q: q in new_accept,
    })
    return Comparison(world, "", f"Acceptor = {tla_set(who)}  Proposer = {tla_set(names)}  "
                                 f"Ballot = {tla_set(range(ballots + 1))}  "
                                 f"OldPrepare = {tla_set(old_prepare)}  NewPrepare = {tla_set(new_prepare)}  "
                                 f"OldAccept = {tla_set(old_accept)}  NewAccept = {tla_set(new_accept)}")


def lease(grantors: int, instants: int, tokens: int) -> Comparison:
    """Lease.tla with two holders, and terms of two instants."""
    who = [f"g{i}" for i in range(1, grantors + 1)]
    quorums = minimal_majorities(who)
    world = World(LEASE, {"Grantor": who, "Holder": ["Nobody", "h1", "h2"], "Instant": list(range(instants)),
                          "Token": list(range(tokens + 1)), "Quorum": quorums}, {"Nobody": "Nobody"}, {
        "Holds": lambda s, n: s <= n < s + 2,
        "Bound": lambda t, n: t <= n < t + 2,
    })
    definitions = "SmallHolds(s, n) == n < s + 2"
    constants = (f"Grantor = {tla_set(who)}  Quorum = {tla_set(quorums)}  Holder = {{h1, h2}}  Nobody = Nobody  "
                 f"Instant = {tla_set(range(instants))}  Token = {tla_set(range(tokens + 1))}  "
                 "Holds <- SmallHolds  Bound <- SmallHolds")
    return Comparison(world, definitions, constants)


COMPARISONS = [
    synod(PRIMUS, PRIMUS, ballots=3),
    synod(minimal_majorities(ACCEPTORS[3]), minimal_majorities(ACCEPTORS[3]), ballots=2),
    synod(*ALL_OR_ONE, ballots=2),
    register(acceptors=2, ballots=2, changes=[change("add", value=1)], states=[0, 1, 2]),
    register(acceptors=3, ballots=2, changes=[], states=[0]),
    register(acceptors=2, ballots=3, changes=[], states=[0]),
    log(PRIMUS, ballots=3, values=["v", "w"], slots=1, replicas=0),
    log([frozenset({"a1"})], ballots=2, values=["v"], slots=2, replicas=2),
    log([frozenset({"a1", "a2"})], ballots=2, values=["v"], slots=2, replicas=1),
    recovery([frozenset({"a1"})], ballots=3, values=["v", "w"]),
    recovery(PRIMUS, ballots=2, values=["v"]),
    membership(ballots=2, proposers=1, old=MOVED[0], new=MOVED[1]),
    membership(ballots=2, proposers=2, old=GROWN[0], new=GROWN[1]),
    lease(grantors=1, instants=4, tokens=2),
    lease(grantors=2, instants=3, tokens=1),
    cached_register(acceptors=2, ownership=[[1, 2, 4], [3]], changes=[change("add", value=1)], states=[0, 1, 2, 3]),
    cached_register(acceptors=3, ownership=[[1, 3], [2]], changes=[], states=[0]),
]

NOTHING_REPORTED = "If the greatest report is 0, nothing is reported, which the other alternative covers."
AS_IN_SYNOD = ("It takes two acceptors and three ballots to see, and the world would be large. The guard is that of the "
               "Synod, where it shows.")
THREE_BALLOTS = "It takes a ballot more to see, and the world would be large."
EITHER = "Where the two kinds of quorums are the same sets, either guard says what the other does."
ALWAYS = "acceptedBallot[a] <= promised[a] in every reachable state."
NOTHING_LOST = "In every reachable state the memory is on the disk."

# Guards and updates, by protocol, whose absence makes no difference in these worlds, and why.
INVISIBLE = {
    "synod": {
        ("Propose", "c > 0"): NOTHING_REPORTED,
    },
    "log": {
        ("Propose", "c > 0"): NOTHING_REPORTED,
    },
    "register": {
        ("Promise", "b > acceptedBallot[a]"): ALWAYS,
        ("RefusePrepare", "acceptedBallot[a] <= r"): ALWAYS,
        ("RefusePrepare", "promised[a] <= r"): ALWAYS,
        ("RestartAcceptor", "promised[a] := disk[a].promised"): NOTHING_LOST,
        ("RestartAcceptor", "acceptedBallot[a] := disk[a].acceptedBallot"): NOTHING_LOST,
        ("RestartAcceptor", "acceptedState[a] := disk[a].acceptedState"): NOTHING_LOST,
    },
    "recovery": {
        ("Propose", "c > 0"): NOTHING_REPORTED,
        ("Propose", "promise(m, b).acceptedBallot = c"): AS_IN_SYNOD,
        ("Propose", r"\A a \in q : promise(a, b).acceptedBallot <= c"): AS_IN_SYNOD,
    },
    "membership": {
        ("Propose", "NewPrepare(q)"): THREE_BALLOTS,
    },
    "lease": {
        ("Hold", "request(k)"): "What was granted was asked for.",
    },
    "cached_register": {
        ("Acknowledge", r"\A a \in q : accepted(a, b)"): EITHER,
        ("Acknowledge", r"\A a \in r : accepted(a, b)"): EITHER,
        ("Propose", r"\A a \in q : promise(a, b).acceptedBallot <= c"):
            "It takes seven ballots for two acceptors to report different ones, and the world would be large.",
        ("ProposeFromCache", 'phase[p] = "idle"'): "The cache is empty while a round is under way.",
    },
}
