"""The Synod: one value is chosen at most, for any acceptors, quorums, ballots and values.

The TLA+ specification is synod/Synod.tla, and the actions are its actions one by one.
"""

import decree
import paxos
from epr.protocol import Action, Bug, Conjunct, Definition, Protocol

SYNOD = Protocol(
    name="synod",
    title="the Synod, with flexible quorums",
    spec="synod/Synod.tla",
    sorts=decree.SORTS,
    constants=decree.CONSTANTS,
    axioms=[
        paxos.QUORUMS_INTERSECT,
    ],
    symbols=[
        paxos.PROMISED,
        decree.ACCEPTED_BALLOT,
        decree.ACCEPTED_VALUE,
        paxos.PREPARE,
        decree.PROMISE,
        decree.ACCEPT,
        decree.ACCEPTED,
    ],
    definitions=[
        Definition("Dead", "q : AcceptQuorum, c : Ballot, w : Value",
                   r"\E d \in q : promised[d] > c /\ ~accepted(d, c, w)",
                   "The quorum q did not and never will vote for w in ballot c: some member did not vote for it and "
                   "votes in c no more."),
    ],
    actions=[
        decree.PREPARE,
        Action("Promise", "a : Acceptor, b : Ballot",
               guards=[r"prepare(b)", r"b > promised[a]"],
               updates=["promised[a] := b",
                        "send promise(a, b) with acceptedBallot = acceptedBallot[a], acceptedValue = acceptedValue[a]"],
               about="Acceptor a will vote in no ballot below b, and reports its last vote.",
               spare={"prepare(b)": "Unasked promises would do no harm: an acceptor may vote for less than it could."}),
        decree.PROPOSE,
        Action("Accept", "a : Acceptor, b : Ballot, v : Value",
               guards=[r"accept(b, v)",
                       r"promised[a] <= b",
                       r"acceptedBallot[a] # b"],
               updates=["promised[a] := b", "acceptedBallot[a] := b", "acceptedValue[a] := v",
                        "send accepted(a, b, v)"],
               about="Acceptor a votes for v in ballot b.",
               spare={"acceptedBallot[a] # b": "A second vote in b is for the same value and changes nothing."}),
    ],
    invariant=[
        decree.ONE_VALUE_PER_BALLOT,
        decree.PROPOSALS_ARE_ABOVE_0,
        Conjunct("VoteHasProposal",
                 r"\A a \in Acceptor, b \in Ballot, v \in Value : accepted(a, b, v) => accept(b, v)",
                 "Every vote is for what was proposed in its ballot."),
        Conjunct("AcceptedIsVote",
                 r"\A a \in Acceptor, b \in Ballot, v \in Value : "
                 r"acceptedBallot[a] = b /\ b > 0 /\ acceptedValue[a] = v => accepted(a, b, v)",
                 "What an acceptor holds as accepted is a vote of its own."),
        Conjunct("AcceptedIsLatest",
                 r"\A a \in Acceptor, b \in Ballot, v \in Value : accepted(a, b, v) => b <= acceptedBallot[a]",
                 "It has no later vote."),
        paxos.PROMISE_COVERS_ACCEPTED,
        paxos.PROMISE_IS_KEPT,
        paxos.REPORT_IS_BELOW,
        Conjunct("ReportIsVote",
                 r"\A a \in Acceptor, b, c \in Ballot, v \in Value : promise(a, b) /\ c > 0 /\ "
                 r"promise(a, b).acceptedBallot = c /\ promise(a, b).acceptedValue = v => accepted(a, c, v)",
                 "What a promise reports is a vote of the sender."),
        Conjunct("NoneBetween",
                 r"\A a \in Acceptor, b, c \in Ballot, v \in Value : "
                 r"promise(a, b) /\ accepted(a, c, v) => c <= promise(a, b).acceptedBallot \/ b <= c",
                 "Between the vote that a promise reports and the promised ballot the sender has no vote."),
        decree.PROPOSAL_IS_SAFE,
    ],
    safety=[
        decree.AGREEMENT,
    ],
    bugs=[
        paxos.ACCEPT_BELOW_PROMISE_BUG,
        Bug("promise-not-kept", "An acceptor promises and forgets.", action="Promise", without=["promised[a] := b"]),
        Bug("accept-raises-no-promise", "An acceptor that accepts does not promise by it.",
            action="Accept", without=["promised[a] := b"]),
        paxos.QUORUM_OF_ONE_BUG,
        Bug("none-between-forgotten", "The published invariant, in which a promise may leave out a vote.",
            conjunct="NoneBetween"),
    ],
)
