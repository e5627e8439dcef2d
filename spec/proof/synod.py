"""The Synod: one value is chosen at most, for any acceptors, quorums, ballots and values.

The TLA+ specification is synod/Synod.tla, and the actions are its actions one by one.
"""

from epr.protocol import (Action, Bug, Conjunct, Definition, Protocol, function, message, order, quorums, sort)

SYNOD = Protocol(
    name="synod",
    title="the Synod, with flexible quorums",
    spec="synod/Synod.tla",
    sorts=[
        sort("Acceptor"),
        sort("Value"),
        order("Ballot", least="0"),
        quorums("PrepareQuorum", of="Acceptor"),
        quorums("AcceptQuorum", of="Acceptor"),
    ],
    constants="None : Value",
    axioms=[
        Conjunct("QuorumsIntersect",
                 r"\A q \in PrepareQuorum, r \in AcceptQuorum : \E a \in q : a \in r",
                 "A quorum that promises and one that accepts have an acceptor in common."),
    ],
    symbols=[
        function("promised", "Acceptor -> Ballot", "0", "the largest ballot promised"),
        function("acceptedBallot", "Acceptor -> Ballot", "0", "the ballot of the last vote"),
        function("acceptedValue", "Acceptor -> Value", "None", "the value of the last vote"),
        message("prepare", "ballot : Ballot", "asks for promises"),
        message("promise", "acceptor : Acceptor, ballot : Ballot", "reports the sender's last vote",
                fields="acceptedBallot : Ballot, acceptedValue : Value"),
        message("accept", "ballot : Ballot, value : Value", "asks for votes"),
        message("accepted", "acceptor : Acceptor, ballot : Ballot, value : Value", "is a vote"),
    ],
    definitions=[
        Definition("Dead", "q : AcceptQuorum, c : Ballot, w : Value",
                   r"\E d \in q : promised[d] > c /\ ~accepted(d, c, w)",
                   "The quorum q did not and never will vote for w in ballot c: some member did not vote for it and "
                   "votes in c no more."),
    ],
    actions=[
        Action("Prepare", "b : Ballot",
               guards=[r"b > 0"],
               updates=["send prepare(b)"],
               about="The proposer of ballot b asks for promises.",
               spare={"b > 0": "Nobody can promise the ballot 0, because every acceptor holds at least that."}),
        Action("Promise", "a : Acceptor, b : Ballot",
               guards=[r"prepare(b)", r"b > promised[a]"],
               updates=["promised[a] := b",
                        "send promise(a, b) with acceptedBallot = acceptedBallot[a], acceptedValue = acceptedValue[a]"],
               about="Acceptor a will vote in no ballot below b, and reports its last vote.",
               spare={"prepare(b)": "Unasked promises would do no harm: an acceptor may vote for less than it could."}),
        Action("Propose", "b : Ballot, q : PrepareQuorum, v : Value", local="m : Acceptor, c : Ballot",
               guards=[r"\A w \in Value : ~accept(b, w)",
                       r"v # None",
                       r"\A a \in q : promise(a, b)",
                       r"\/ (\A a \in q : promise(a, b).acceptedBallot = 0) "
                       r"\/ ( m \in q /\ promise(m, b).acceptedBallot = c /\ c > 0 /\ promise(m, b).acceptedValue = v "
                       r"     /\ \A a \in q : promise(a, b).acceptedBallot <= c )"],
               updates=["send accept(b, v)"],
               about="The proposer of ballot b proposes the reported value of the greatest ballot, or any value if "
                     "none is reported.",
               spare={"v # None": "It says that v is a value. Were None one too, nothing would change.",
                      "c > 0": "Where the greatest reported ballot is 0, nothing is reported and any value will do."}),
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
        Conjunct("OneValuePerBallot", r"\A b \in Ballot, v, w \in Value : accept(b, v) /\ accept(b, w) => v = w",
                 "No ballot proposes two values."),
        Conjunct("ProposalsAreAbove0", r"\A b \in Ballot, v \in Value : accept(b, v) => b > 0",
                 "Nothing is proposed in the ballot 0."),
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
        Conjunct("PromiseCoversAccepted", r"\A a \in Acceptor : acceptedBallot[a] <= promised[a]",
                 "An acceptor has promised at least what it accepted."),
        Conjunct("PromiseIsKept", r"\A a \in Acceptor, b \in Ballot : promise(a, b) => b <= promised[a]",
                 "An acceptor's promises are no larger than what it holds as promised."),
        Conjunct("ReportIsBelow", r"\A a \in Acceptor, b \in Ballot : promise(a, b) => promise(a, b).acceptedBallot < b",
                 "What a promise reports is below the promised ballot."),
        Conjunct("ReportIsVote",
                 r"\A a \in Acceptor, b, c \in Ballot, v \in Value : promise(a, b) /\ c > 0 /\ "
                 r"promise(a, b).acceptedBallot = c /\ promise(a, b).acceptedValue = v => accepted(a, c, v)",
                 "What a promise reports is a vote of the sender."),
        Conjunct("NoneBetween",
                 r"\A a \in Acceptor, b, c \in Ballot, v \in Value : "
                 r"promise(a, b) /\ accepted(a, c, v) => c <= promise(a, b).acceptedBallot \/ b <= c",
                 "Between the vote that a promise reports and the promised ballot the sender has no vote."),
        Conjunct("ProposalIsSafe",
                 r"\A b, c \in Ballot, v, w \in Value, q \in AcceptQuorum : "
                 r"accept(b, v) /\ c > 0 /\ c < b /\ w # v => Dead(q, c, w)",
                 "When a value is proposed, no other can be chosen in a smaller ballot, neither now nor later."),
    ],
    safety=[
        Conjunct("Agreement",
                 r"\A q, r \in AcceptQuorum, b, c \in Ballot, v, w \in Value : "
                 r"(\A a \in q : accepted(a, b, v)) /\ (\A a \in r : accepted(a, c, w)) => v = w",
                 "Of the values for which a quorum voted in one ballot there is one at most."),
    ],
    bugs=[
        Bug("accept-below-promise", "An acceptor accepts whatever it promised.",
            action="Accept", without=["promised[a] <= b"]),
        Bug("promise-not-kept", "An acceptor promises and forgets.", action="Promise", without=["promised[a] := b"]),
        Bug("accept-raises-no-promise", "An acceptor that accepts does not promise by it.",
            action="Accept", without=["promised[a] := b"]),
        Bug("quorum-of-one", "Quorums need not meet.", axiom="QuorumsIntersect"),
        Bug("none-between-forgotten", "The published invariant, in which a promise may leave out a vote.",
            conjunct="NoneBetween"),
    ],
)
