"""What every protocol here has: messages, quorums, and what an acceptor never forgets."""

from epr.protocol import Bug, Conjunct, function, message, order, quorums, sort

# What there is.

SORTS = [sort("Acceptor"), order("Ballot", least="0"), quorums("PrepareQuorum", of="Acceptor"),
         quorums("AcceptQuorum", of="Acceptor")]

# The state.

PROMISED = function("promised", "Acceptor -> Ballot", "0", "the largest ballot promised")
PREPARE = message("prepare", "ballot : Ballot", "asks for promises")
DISK_PROMISED = function("disk.promised", "Acceptor -> Ballot", "0", "promised, as the disk has it")
DISK_ACCEPTED_BALLOT = function("disk.acceptedBallot", "Acceptor -> Ballot", "0", "acceptedBallot, as the disk has it")

# What is assumed.

QUORUMS_INTERSECT = Conjunct("QuorumsIntersect",
                             r"\A q \in PrepareQuorum, r \in AcceptQuorum : \E a \in q : a \in r",
                             "A quorum that promises and one that accepts have an acceptor in common.")

# Conjuncts of the invariant.

PROMISE_COVERS_ACCEPTED = Conjunct("PromiseCoversAccepted", r"\A a \in Acceptor : acceptedBallot[a] <= promised[a]",
                                   "An acceptor has promised at least what it accepted.")
PROMISE_IS_KEPT = Conjunct("PromiseIsKept", r"\A a \in Acceptor, b \in Ballot : promise(a, b) => b <= promised[a]",
                           "An acceptor's promises are no larger than what it holds as promised.")
REPORT_IS_BELOW = Conjunct(
    "ReportIsBelow", r"\A a \in Acceptor, b \in Ballot : promise(a, b) => promise(a, b).acceptedBallot < b",
    "What a promise reports is below the promised ballot.")

# Known bugs.

ACCEPT_BELOW_PROMISE_BUG = Bug("accept-below-promise", "An acceptor accepts whatever it promised.",
                               action="Accept", without=["promised[a] <= b"])
QUORUM_OF_ONE_BUG = Bug("quorum-of-one", "Quorums need not meet.", axiom="QuorumsIntersect")
