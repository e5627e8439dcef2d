"""The log: Multi-Paxos, a value chosen for each slot, with one promise of an acceptor for all slots.

The TLA+ specification is proof/MultiPaxos.tla. Slots are numbered from 1, as the places of any ordered set; replicas
learn what was chosen and execute it in order. Quorums are flexible, as in `synod.py`.
"""

import decree
import paxos
from epr.protocol import Action, Bug, Conjunct, Definition, Protocol, function, message, order, relation, sort

LOG = Protocol(
    name="log",
    title="Multi-Paxos",
    spec="proof/MultiPaxos.tla",
    sorts=[*decree.SORTS, sort("Replica"), order("Slot", least="0")],
    constants=decree.CONSTANTS,
    axioms=[
        paxos.QUORUMS_INTERSECT,
    ],
    symbols=[
        paxos.PROMISED,
        function("acceptedBallot", "Acceptor, Slot -> Ballot", "0", "the ballot of the last vote for a slot"),
        function("acceptedValue", "Acceptor, Slot -> Value", "None", "the value of that vote"),
        paxos.PREPARE,
        message("promise", "acceptor : Acceptor, ballot : Ballot", "reports the sender's last vote for each slot",
                fields="acceptedBallot : Slot -> Ballot, acceptedValue : Slot -> Value"),
        message("accept", "ballot : Ballot, slot : Slot, value : Value", "asks for votes"),
        message("accepted", "acceptor : Acceptor, ballot : Ballot, slot : Slot, value : Value", "is a vote"),
        relation("learned", "replica : Replica, slot : Slot, value : Value", "what replicas know to be chosen"),
        function("applied", "Replica -> Slot", "0", "the last slot that a replica executed"),
        relation("executed", "replica : Replica, slot : Slot, value : Value", "what replicas have executed"),
    ],
    definitions=[
        Definition("Dead", "q : AcceptQuorum, i : Slot, c : Ballot, w : Value",
                   r"\E d \in q : promised[d] > c /\ ~accepted(d, c, i, w)",
                   "The quorum q did not and never will vote for w in slot i and ballot c."),
    ],
    actions=[
        Action("Prepare", "b : Ballot",
               guards=[r"b > 0"],
               updates=["send prepare(b)"],
               about="The leader of ballot b asks for promises.",
               spare={"b > 0": "Nobody can promise the ballot 0, because every acceptor holds at least that."}),
        Action("Promise", "a : Acceptor, b : Ballot",
               guards=[r"prepare(b)", r"b > promised[a]"],
               updates=["promised[a] := b",
                        "send promise(a, b) with acceptedBallot[i] = acceptedBallot[a, i], "
                        "acceptedValue[i] = acceptedValue[a, i]"],
               about="Acceptor a will vote in no ballot below b, in any slot, and reports its last votes in all slots.",
               spare={"prepare(b)": "Unasked promises would do no harm: an acceptor may vote for less than it could."}),
        Action("Propose", "b : Ballot, i : Slot, q : PrepareQuorum, v : Value", local="m : Acceptor, c : Ballot",
               guards=[r"i > 0", r"v # None",
                       r"\A w \in Value : ~accept(b, i, w)",
                       r"\A a \in q : promise(a, b)",
                       r"\/ (\A a \in q : promise(a, b).acceptedBallot[i] = 0) "
                       r"\/ ( m \in q /\ promise(m, b).acceptedBallot[i] = c /\ c > 0 "
                       r"     /\ promise(m, b).acceptedValue[i] = v "
                       r"     /\ \A a \in q : promise(a, b).acceptedBallot[i] <= c )"],
               updates=["send accept(b, i, v)"],
               about="The leader of ballot b proposes for slot i the reported value of the greatest ballot, or any "
                     "value if none is reported there: a client's, or one that does nothing and fills the hole.",
               spare={"i > 0": "It says that i is a slot. A slot 0 would be as good as any; it is where replicas begin.",
                      "v # None": "It says that v is a value. Were None one too, nothing would change.",
                      "c > 0": "Where the greatest reported ballot is 0, nothing is reported and any value will do."}),
        Action("Accept", "a : Acceptor, b : Ballot, i : Slot, v : Value",
               guards=[r"accept(b, i, v)", r"promised[a] <= b", r"acceptedBallot[a, i] # b"],
               updates=["promised[a] := b", "acceptedBallot[a, i] := b", "acceptedValue[a, i] := v",
                        "send accepted(a, b, i, v)"],
               about="Acceptor a votes for v in slot i and ballot b.",
               spare={"acceptedBallot[a, i] # b": "A second vote in b is for the same value and changes nothing."}),
        Action("Learn", "r : Replica, b : Ballot, i : Slot, q : AcceptQuorum, v : Value",
               guards=[r"\A a \in q : accepted(a, b, i, v)"],
               updates=["add learned(r, i, v)"],
               about="Replica r hears of the votes of a quorum."),
        Action("Execute", "r : Replica, i : Slot, v : Value",
               guards=[r"learned(r, i, v)", r"applied[r] < i", r"\A j \in Slot : j < i => j <= applied[r]"],
               updates=["applied[r] := i", "add executed(r, i, v)"],
               about="Replica r executes the value of the slot after the last one that it executed.",
               never=[Conjunct("again", r"\E w \in Value : executed(r, i, w)", "No slot is executed twice.")]),
    ],
    invariant=[
        Conjunct("OneValuePerBallot",
                 r"\A i \in Slot, b \in Ballot, v, w \in Value : accept(b, i, v) /\ accept(b, i, w) => v = w",
                 "No ballot proposes two values for a slot."),
        Conjunct("ProposalsAreAbove0", r"\A i \in Slot, b \in Ballot, v \in Value : accept(b, i, v) => b > 0",
                 "Nothing is proposed in the ballot 0."),
        Conjunct("VoteHasProposal",
                 r"\A a \in Acceptor, i \in Slot, b \in Ballot, v \in Value : accepted(a, b, i, v) => accept(b, i, v)",
                 "Every vote is for what was proposed for its slot in its ballot."),
        Conjunct("AcceptedIsVote",
                 r"\A a \in Acceptor, i \in Slot, b \in Ballot, v \in Value : "
                 r"acceptedBallot[a, i] = b /\ b > 0 /\ acceptedValue[a, i] = v => accepted(a, b, i, v)",
                 "What an acceptor holds as accepted for a slot is a vote of its own."),
        Conjunct("AcceptedIsLatest",
                 r"\A a \in Acceptor, i \in Slot, b \in Ballot, v \in Value : "
                 r"accepted(a, b, i, v) => b <= acceptedBallot[a, i]",
                 "It has no later vote for that slot."),
        Conjunct("PromiseCoversAccepted", r"\A a \in Acceptor, i \in Slot : acceptedBallot[a, i] <= promised[a]",
                 "An acceptor has promised at least what it accepted, whatever the slot."),
        paxos.PROMISE_IS_KEPT,
        Conjunct("ReportIsBelow",
                 r"\A a \in Acceptor, b \in Ballot, i \in Slot : promise(a, b) => promise(a, b).acceptedBallot[i] < b",
                 "What a promise reports for any slot is below the promised ballot."),
        Conjunct("ReportIsVote",
                 r"\A a \in Acceptor, b, c \in Ballot, i \in Slot, v \in Value : promise(a, b) /\ c > 0 /\ "
                 r"promise(a, b).acceptedBallot[i] = c /\ promise(a, b).acceptedValue[i] = v => accepted(a, c, i, v)",
                 "What a promise reports is a vote of the sender."),
        Conjunct("NoneBetween",
                 r"\A a \in Acceptor, b, c \in Ballot, i \in Slot, v \in Value : "
                 r"promise(a, b) /\ accepted(a, c, i, v) => c <= promise(a, b).acceptedBallot[i] \/ b <= c",
                 "Between the vote that a promise reports for a slot and the promised ballot the sender has no vote."),
        Conjunct("ProposalIsSafe",
                 r"\A i \in Slot, b, c \in Ballot, v, w \in Value, q \in AcceptQuorum : "
                 r"accept(b, i, v) /\ c > 0 /\ c < b /\ w # v => Dead(q, i, c, w)",
                 "When a value is proposed for a slot, no other can be chosen there in a smaller ballot."),
        Conjunct("LearnedWasChosen",
                 r"\A r \in Replica, i \in Slot, v \in Value : learned(r, i, v) => "
                 r"\E b \in Ballot, q \in AcceptQuorum : \A a \in q : accepted(a, b, i, v)",
                 "What a replica learned was chosen: a quorum voted for it in one ballot."),
        Conjunct("ExecutedWasLearned",
                 r"\A r \in Replica, i \in Slot, v \in Value : executed(r, i, v) => learned(r, i, v)",
                 "A replica executes what it learned."),
        Conjunct("ExecutedUpToApplied",
                 r"\A r \in Replica, i \in Slot, v \in Value : executed(r, i, v) => i <= applied[r]",
                 "A replica has executed nothing after the slot that it notes as the last."),
        Conjunct("AppliedWasExecuted",
                 r"\A r \in Replica, i \in Slot : i > 0 /\ i <= applied[r] => \E v \in Value : executed(r, i, v)",
                 "A replica has executed every slot up to the one that it notes as the last."),
    ],
    safety=[
        Conjunct("Agreement",
                 r"\A i \in Slot, q, r \in AcceptQuorum, b, c \in Ballot, v, w \in Value : "
                 r"(\A a \in q : accepted(a, b, i, v)) /\ (\A a \in r : accepted(a, c, i, w)) => v = w",
                 "Of the values for which a quorum voted in a slot and one ballot there is one at most."),
        Conjunct("SameExecution",
                 r"\A r, o \in Replica, i \in Slot, v, w \in Value : executed(r, i, v) /\ executed(o, i, w) => v = w",
                 "No two replicas execute different values in a slot."),
        Conjunct("NoHoles",
                 r"\A r \in Replica, i, j \in Slot : i > 0 /\ i < j /\ j <= applied[r] => "
                 r"\E v \in Value : executed(r, i, v)",
                 "A replica that executed a slot has executed all slots before it."),
    ],
    bugs=[
        paxos.ACCEPT_BELOW_PROMISE_BUG,
        Bug("promise-of-one-slot", "A leader takes a slot for free although a value was reported there.",
            action="Propose", replace=((
                r"\/ (\A a \in q : promise(a, b).acceptedBallot[i] = 0) "
                r"\/ ( m \in q /\ promise(m, b).acceptedBallot[i] = c /\ c > 0 "
                r"     /\ promise(m, b).acceptedValue[i] = v "
                r"     /\ \A a \in q : promise(a, b).acceptedBallot[i] <= c )",
                r"\E j \in Slot : \A a \in q : promise(a, b).acceptedBallot[j] = 0"),)),
        Bug("applied-past-a-gap", "A replica executes what it knows and leaves out what it does not.",
            action="Execute", without=[r"\A j \in Slot : j < i => j <= applied[r]"]),
        Bug("learnt-from-one", "A replica takes one vote for the choice of a quorum.",
            action="Learn", replace=((r"\A a \in q : accepted(a, b, i, v)", r"\E a \in q : accepted(a, b, i, v)"),)),
        paxos.QUORUM_OF_ONE_BUG,
    ],
)
