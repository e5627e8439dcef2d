"""What the protocols share that choose one value: the Synod, and the Synod over crashes."""

import paxos
from epr.protocol import Action, Conjunct, function, message, sort

# What there is.

SORTS = [*paxos.SORTS, sort("Value")]

CONSTANTS = "None : Value"

# The state.

ACCEPTED_BALLOT = function("acceptedBallot", "Acceptor -> Ballot", "0", "the ballot of the last vote")
ACCEPTED_VALUE = function("acceptedValue", "Acceptor -> Value", "None", "the value of the last vote")

PROMISE = message("promise", "acceptor : Acceptor, ballot : Ballot", "reports the sender's last vote",
                  fields="acceptedBallot : Ballot, acceptedValue : Value")
ACCEPT = message("accept", "ballot : Ballot, value : Value", "asks for votes")
ACCEPTED = message("accepted", "acceptor : Acceptor, ballot : Ballot, value : Value", "is a vote")

# Steps.

PREPARE = Action("Prepare", "b : Ballot",
                 guards=[r"b > 0"],
                 updates=["send prepare(b)"],
                 about="The proposer of ballot b asks for promises.",
                 spare={"b > 0": "Nobody can promise the ballot 0, because every acceptor holds at least that."})
PROPOSE = Action(
    "Propose", "b : Ballot, q : PrepareQuorum, v : Value", local="m : Acceptor, c : Ballot",
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
           "c > 0": "Where the greatest reported ballot is 0, nothing is reported and any value will do."})

# Conjuncts of the invariant.

ONE_VALUE_PER_BALLOT = Conjunct(
    "OneValuePerBallot", r"\A b \in Ballot, v, w \in Value : accept(b, v) /\ accept(b, w) => v = w",
    "No ballot proposes two values.")
PROPOSALS_ARE_ABOVE_0 = Conjunct("ProposalsAreAbove0", r"\A b \in Ballot, v \in Value : accept(b, v) => b > 0",
                                 "Nothing is proposed in the ballot 0.")
PROPOSAL_IS_SAFE = Conjunct(
    "ProposalIsSafe",
    r"\A b, c \in Ballot, v, w \in Value, q \in AcceptQuorum : "
    r"accept(b, v) /\ c > 0 /\ c < b /\ w # v => Dead(q, c, w)",
    "When a value is proposed, no other can be chosen in a smaller ballot, neither now nor later.")

# What is wanted.

AGREEMENT = Conjunct("Agreement",
                     r"\A q, r \in AcceptQuorum, b, c \in Ballot, v, w \in Value : "
                     r"(\A a \in q : accepted(a, b, v)) /\ (\A a \in r : accepted(a, c, w)) => v = w",
                     "Of the values for which a quorum voted in one ballot there is one at most.")
