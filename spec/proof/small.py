"""The small worlds in which the protocols are compared with their TLA+ specifications."""

from itertools import combinations

from epr.correspondence import Comparison
from epr.finite import World
from epr.tlavalue import Record
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


ADD = Record({"name": "add", "value": 1})


def register(acceptors: int, ballots, changes: int = 0, reads: int = 0) -> Comparison:
    """Register.tla with a proposer for each list of ballots that it owns. A round may make up to so many changes, each
    of which adds 1, and each proposer may read so often from a quorum. Nothing is erased: that is not proved."""
    who = ACCEPTORS[acceptors]
    owned = {f"p{i}": of for i, of in enumerate(ballots, 1)}
    everything = [0, *sorted(b for of in ballots for b in of)]
    quorums = majorities(who)
    states = list(range(changes * (len(everything) - 1) + 1))
    world = World(REGISTER, {
        "Acceptor": who, "Proposer": list(owned), "State": states,
        "Changes": [(ADD,) * n for n in range(changes + 1)],
        "Number": list(range(1, reads + 1)), "Ballot": everything,
        "PrepareQuorum": quorums, "AcceptQuorum": quorums,
    }, {"Initial": 0, "Nothing": ()}, {
        "Owns": lambda p, b: b in owned[p],
        "ApplyAll": lambda cs, s: s + len(cs),
    })
    definitions = f"""
        SmallId == [{", ".join(f"{p} |-> {i}" for i, p in enumerate(owned, 1))}]
        SmallOwned == [{", ".join(f"{p} |-> {tla_set(of)}" for p, of in owned.items())}]
        SmallOwns(p, b) == b \\in SmallOwned[p]
        SmallBallot == {tla_set(everything)}
        SmallState == {tla_set(states)}
        SmallNumber == 1..{reads}
        SmallErasable == {{}}
        SmallAdd == [name |-> "add", value |-> 1]
        SmallChanges == {{[i \\in 1..n |-> SmallAdd] : n \\in 0..{changes}}}"""
    constants = (f'Acceptor = {tla_set(who)}  Id <- SmallId  Scheme = "pair"  Stride = {len(owned)}  '
                 "Owns <- SmallOwns  Ballot <- SmallBallot  State <- SmallState  Number <- SmallNumber  "
                 "Changes <- SmallChanges  Change = {}  Erasable <- SmallErasable")
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
    register(acceptors=2, ballots=[[1], [2]], changes=1),
    register(acceptors=1, ballots=[[1, 3], [2]], changes=1),
    register(acceptors=3, ballots=[[1, 2]]),
    register(acceptors=1, ballots=[[1], [2]], reads=1),
    register(acceptors=2, ballots=[[1, 2]], reads=1),
    register(acceptors=2, ballots=[[1]], changes=2, reads=1),
    log(PRIMUS, ballots=3, values=["v", "w"], slots=1, replicas=0),
    log([frozenset({"a1"})], ballots=2, values=["v"], slots=2, replicas=2),
    log([frozenset({"a1", "a2"})], ballots=2, values=["v"], slots=2, replicas=1),
    recovery([frozenset({"a1"})], ballots=3, values=["v", "w"]),
    recovery(PRIMUS, ballots=2, values=["v"]),
    membership(ballots=2, proposers=1, old=MOVED[0], new=MOVED[1]),
    membership(ballots=2, proposers=2, old=GROWN[0], new=GROWN[1]),
    lease(grantors=1, instants=4, tokens=2),
    lease(grantors=2, instants=3, tokens=1),
]

NOTHING_REPORTED = "If the greatest report is 0, nothing is reported, which the other alternative covers."
AS_IN_SYNOD = ("It takes two acceptors and three ballots to see, and the world would be large. The guard is that of the "
               "Synod, where it shows.")
THREE_BALLOTS = "It takes a ballot more to see, and the world would be large."
EITHER = "Where the two kinds of quorums are the same sets, either guard says what the other does."
ALWAYS = "acceptedBallot[a] <= promised[a] in every reachable state."
NOTHING_LOST = "In every reachable state the memory is on the disk."
AT_REST = "A proposer at rest holds that already."

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
        ("Prepare", "changes[p] := Nothing"): AT_REST,
        ("Prepare", "proposal[p] := Initial"): AT_REST,
        ("Acknowledge", 'phase[p] = "accept"'):
            "Under the ballot of a proposer that is not accepting nobody has accepted.",
        ("Acknowledge", "accept(b)"): "What was accepted was proposed.",
        ("RestartAcceptor", "promised[a] := disk[a].promised"): NOTHING_LOST,
        ("RestartAcceptor", "acceptedBallot[a] := disk[a].acceptedBallot"): NOTHING_LOST,
        ("RestartAcceptor", "acceptedState[a] := disk[a].acceptedState"): NOTHING_LOST,
        ("Answer", r"\A a \in r : report(p, n, a, b)"): EITHER,
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
}
