"""What the protocols share in which each state is made from another: the registers, and the change of membership."""

from epr.protocol import Conjunct, Definition, function, history, message, relation, static_function, static_relation

# The state.

OWNS = static_relation("Owns", "p : Proposer, b : Ballot", "ballot b belongs to proposer p")
APPLY = static_function("Apply", "Change, State -> State", "the state that a change makes of a state")
ACCEPTED_BALLOT = function("acceptedBallot", "Acceptor -> Ballot", "0", "the ballot of the state accepted last")
ACCEPTED_STATE = function("acceptedState", "Acceptor -> State", "Initial", "that state")
PHASE = function("phase", "Proposer -> Phase", '"idle"', "how far the round has come")
CHANGE = function("change", "Proposer -> Change", "Read", "what the round is for")
PROPOSAL = function("proposal", "Proposer -> State", "Initial", "the state it proposes")
PROMISE = message("promise", "acceptor : Acceptor, ballot : Ballot", "reports what its sender accepted last",
                  fields="acceptedBallot : Ballot, acceptedState : State")
ACCEPTED = message("accepted", "acceptor : Acceptor, ballot : Ballot", "says that the sender accepted")
ACKNOWLEDGED = relation("acknowledged", "ballot : Ballot, change : Change, state : State", "what clients were told")
DESCENDS = history("descends", "the ballot's state is the ancestor's, or made from one that descends from it",
                   fields="ballot : Ballot, ancestor : Ballot", initially="ballot = 0 /\\ ancestor = 0")
CURRENT = history("current", "the state that the change of a ballot was applied to", type="Ballot -> State",
                  initially="Initial")
REQUEST = history("request", "the change that a ballot was used for", type="Ballot -> Change", initially="Read")
BALLOT = function("ballot", "Proposer -> Ballot", "0", "the ballot of the round under way")

# What is assumed.

ONE_OWNER = Conjunct("OneOwner", r"\A p, o \in Proposer, b \in Ballot : Owns(p, b) /\ Owns(o, b) => p = o",
                     "A ballot has one owner at most.")

# Names for formulas.

IS_ACKNOWLEDGED = Definition("Acknowledged", "b : Ballot", r"\E g \in Change, t \in State : acknowledged(b, g, t)",
                             "The change of ballot b was acknowledged.")
STATE_AT = Definition("StateAt", "b : Ballot, s : State",
                      r"(b = 0 => s = Initial) /\ (b > 0 => accept(b) /\ accept(b).state = s)",
                      "The state of ballot b is s; that of ballot 0 is the initial one.")
DEAD = Definition("Dead", "q : AcceptQuorum, c : Ballot", r"\E d \in q : promised[d] > c /\ ~accepted(d, c)",
                  "The quorum q did not and never will accept in ballot c.")

# Conjuncts of the invariant.

PROMISE_WAS_PREPARED = Conjunct("PromiseWasPrepared",
                                r"\A a \in Acceptor, b \in Ballot : promise(a, b) => prepare(b)",
                                "What was promised was prepared.")
ACCEPTED_WAS_PROPOSED = Conjunct(
    "AcceptedWasProposed", r"\A a \in Acceptor, b \in Ballot : accepted(a, b) => accept(b)",
    "What was accepted was proposed.")
STORED_STATE_IS_THAT_OF_ITS_BALLOT = Conjunct(
    "StoredStateIsThatOfItsBallot",
    r"\A a \in Acceptor, b \in Ballot, s \in State : acceptedBallot[a] = b /\ acceptedState[a] = s => "
    r"StateAt(b, s)",
    "The state that an acceptor holds is the one of the ballot that it holds.")
REPORTED_STATE_IS_THAT_OF_ITS_BALLOT = Conjunct(
    "ReportedStateIsThatOfItsBallot",
    r"\A a \in Acceptor, b, c \in Ballot, s \in State : promise(a, b) /\ "
    r"promise(a, b).acceptedBallot = c /\ promise(a, b).acceptedState = s => StateAt(c, s)",
    "The state that a promise reports is the one of the ballot that it reports.")
NONE_BETWEEN = Conjunct(
    "NoneBetween",
    r"\A a \in Acceptor, b, c \in Ballot : promise(a, b) /\ accepted(a, c) => "
    r"c <= promise(a, b).acceptedBallot \/ b <= c",
    "Between the ballot that a promise reports and the promised one the sender has accepted nothing.")
DESCENT_IS_REFLEXIVE = Conjunct(
    "DescentIsReflexive", r"\A b \in Ballot : b = 0 \/ accept(b) => descends(b, b) /\ descends(b, 0)",
    "What was proposed descends from itself and from the initial state.")
DESCENT_GOES_DOWN = Conjunct(
    "DescentGoesDown",
    r"\A b, c \in Ballot : descends(b, c) => c <= b /\ (b = 0 \/ accept(b)) /\ (c = 0 \/ accept(c))",
    "Ancestors have smaller ballots, and were proposed.")
ACKNOWLEDGED_HAS_QUORUM = Conjunct("AcknowledgedHasQuorum",
                                   r"\A b \in Ballot, g \in Change, s \in State : acknowledged(b, g, s) => "
                                   r"\E q \in AcceptQuorum : \A a \in q : accepted(a, b)",
                                   "What was acknowledged was accepted by a quorum.")
DESCENDS_OR_IS_DEAD = Conjunct(
    "DescendsOrIsDead",
    r"\A b, c \in Ballot, q \in AcceptQuorum : accept(b) /\ c > 0 /\ c < b /\ ~descends(b, c) => "
    r"Dead(q, c)",
    "What is proposed descends from each smaller ballot that a quorum accepted or still may accept.")
STATE_IS_APPLIED = Conjunct(
    "StateIsApplied",
    r"\A b \in Ballot, g \in Change, r, s \in State : accept(b) /\ request[b] = g /\ current[b] = r /\ "
    r"accept(b).state = s => Apply(g, r) = s",
    "What was proposed is the requested change of the state that was current.")
CURRENT_STATE_IS_THAT_OF_PARENT = Conjunct(
    "CurrentStateIsThatOfParent",
    r"\A b, c \in Ballot, r \in State : accept(b) /\ current[b] = r /\ accept(b).parent = c => "
    r"StateAt(c, r)",
    "The current state was that of the parent.")
ACKNOWLEDGED_AS_PROPOSED = Conjunct("AcknowledgedAsProposed",
                                    r"\A b \in Ballot, g \in Change, s \in State : acknowledged(b, g, s) => "
                                    r"accept(b) /\ accept(b).state = s /\ request[b] = g",
                                    "A client is told the state that was proposed for its change.")
ACCEPTED_IS_LATEST = Conjunct("AcceptedIsLatest",
                              r"\A a \in Acceptor, b \in Ballot : accepted(a, b) => b <= acceptedBallot[a]",
                              "An acceptor has accepted nothing later than what it holds.")
PARENT_IS_SMALLER = Conjunct("ParentIsSmaller", r"\A b \in Ballot : accept(b) => accept(b).parent < b",
                             "What was proposed has a parent with a smaller ballot.")

# What is wanted.

ONE_CHAIN = Conjunct("OneChain",
                     r"\A b, c \in Ballot, g, h \in Change, s, t \in State : "
                     r"acknowledged(b, g, s) /\ acknowledged(c, h, t) => descends(b, c) \/ descends(c, b)",
                     "Of two changes that were acknowledged one was applied to a state that descends from the other's.")
CHANGE_WAS_APPLIED = Conjunct(
    "ChangeWasApplied",
    r"\A b, c \in Ballot, g \in Change, r, s \in State : acknowledged(b, g, s) /\ accept(b).parent = c /\ "
    r"current[b] = r => Apply(g, r) = s /\ StateAt(c, r)",
    "An acknowledged change was applied to its parent's state, and its client was told the result.")
