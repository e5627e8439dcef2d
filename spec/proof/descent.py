"""What the register and the change of membership share: each state is made from another."""

import paxos
from epr.protocol import Conjunct, Definition, enumeration, function, history, message, sort

# What there is.

SORTS = [*paxos.SORTS, sort("Proposer"), enumeration("Phase", "idle", "prepare", "accept")]

# The state.

ACCEPTED_BALLOT = function("acceptedBallot", "Acceptor -> Ballot", "0", "the ballot of the state accepted last")
PHASE = function("phase", "Proposer -> Phase", '"idle"', "how far the round has come")
BALLOT = function("ballot", "Proposer -> Ballot", "0", "the ballot of the round under way")
ACCEPTED = message("accepted", "acceptor : Acceptor, ballot : Ballot", "says that the sender accepted")
DESCENDS = history("descends", "the ballot's state is the ancestor's, or made from one that descends from it",
                   fields="ballot : Ballot, ancestor : Ballot", initially="ballot = 0 /\\ ancestor = 0")

# Names for formulas.

DEAD = Definition("Dead", "q : AcceptQuorum, c : Ballot", r"\E d \in q : promised[d] > c /\ ~accepted(d, c)",
                  "The quorum q did not and never will accept in ballot c.")

# Conjuncts of the invariant.

ACCEPTED_IS_LATEST = Conjunct("AcceptedIsLatest",
                              r"\A a \in Acceptor, b \in Ballot : accepted(a, b) => b <= acceptedBallot[a]",
                              "An acceptor has accepted nothing later than what it holds.")
NONE_BETWEEN = Conjunct(
    "NoneBetween",
    r"\A a \in Acceptor, b, c \in Ballot : promise(a, b) /\ accepted(a, c) => "
    r"c <= promise(a, b).acceptedBallot \/ b <= c",
    "Between the ballot that a promise reports and the promised one the sender has accepted nothing.")
DESCENT_GOES_DOWN = Conjunct(
    "DescentGoesDown",
    r"\A b, c \in Ballot : descends(b, c) => c <= b /\ (b = 0 \/ accept(b)) /\ (c = 0 \/ accept(c))",
    "Ancestors have smaller ballots, and were proposed.")
PARENT_IS_SMALLER = Conjunct("ParentIsSmaller", r"\A b \in Ballot : accept(b) => accept(b).parent < b",
                             "What was proposed has a parent with a smaller ballot.")
