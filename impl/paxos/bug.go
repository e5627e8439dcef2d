// Bugs: known ways to get the protocol wrong, each behind a switch so that one can watch it being caught.

package paxos

import (
	"fmt"
	"slices"
	"strings"
)

// Bugs is a set of bugs that are switched on. The zero value is the correct protocol.
type Bugs uint64

// The bugs that servers can be started with. Each is a failing model in the specification, under the same name.
const (
	// AcceptBelowPromise makes an acceptor accept whatever it has promised.
	AcceptBelowPromise Bugs = 1 << iota
	// PromiseNotPersisted keeps promises in memory alone, so that a killed acceptor forgets them.
	PromiseNotPersisted
	// IgnoreReportedValue applies a change to the initial state, whatever the promises report.
	IgnoreReportedValue
	// QuorumOfOne takes any acceptor for a quorum.
	QuorumOfOne
	// BallotReused runs the round after an abandoned one under the same ballot.
	BallotReused
)

// Further bugs of the cores, for the simulator.
const (
	// PromiseAnyBallot promises smaller ballots than the one promised before.
	PromiseAnyBallot Bugs = 1 << (iota + 5)
	// PromiseEqualBallot promises the ballot that it has promised again.
	PromiseEqualBallot
	// PromiseOmitsValue reports nothing accepted.
	PromiseOmitsValue
	// PromiseWrongBallot reports the accepted state under the ballot that was promised before.
	PromiseWrongBallot
	// AcceptAboveOnly refuses to accept under the very ballot that was promised.
	AcceptAboveOnly
	// AcceptKeepsPromise accepts without raising the promise.
	AcceptKeepsPromise
	// AcceptNotPersisted keeps what is accepted in memory alone.
	AcceptNotPersisted
	// StaleRefusal refuses a prepare with the ballot accepted last, though a larger one was promised.
	StaleRefusal
	// DuplicatePromises counts an acceptor's promise as often as it arrives.
	DuplicatePromises
	// DuplicateAccepts counts an acceptor's acceptance as often as it arrives.
	DuplicateAccepts
	// StalePromises counts promises to earlier rounds.
	StalePromises
	// StaleAccepts counts acceptances of earlier rounds.
	StaleAccepts
	// QuorumOfHalf takes half of the acceptors, rounded down, for a quorum.
	QuorumOfHalf
	// LowestBallot changes the state that was reported with the smallest ballot.
	LowestBallot
	// BallotWithoutID counts ballots up by one, so that proposers share them, and promises equal ones.
	BallotWithoutID
	// CounterNotPersisted forgets the ballots used in a restart.
	CounterNotPersisted
	// ValueChangedOnRetry proposes the next change under the ballot of an abandoned proposal, without a prepare.
	ValueChangedOnRetry
	// BallotOverflow begins with the smallest ballots again when they are exhausted.
	BallotOverflow
	// FirstAcceptSucceeds tells the client of success when one acceptor has accepted.
	FirstAcceptSucceeds
	// ReadWithoutAccept answers a read from the promises, without writing the state back.
	ReadWithoutAccept
	// FailedCASWithoutAccept answers a failed compare-and-set without writing the state back.
	FailedCASWithoutAccept
	// UnknownAsRejected tells that a proposal which was given up had no effect, so that it is tried again.
	UnknownAsRejected
)

// Bugs of a shell that drives the cores. The simulator's shell has them; a real server knows none of them.
const (
	// PromiseNotSynced writes promises and does not wait until they are durable.
	PromiseNotSynced Bugs = 1 << (iota + 27)
	// AcceptNotSynced writes what is accepted and does not wait until it is durable.
	AcceptNotSynced
	// ReplyBeforeSync answers while the sync is under way.
	ReplyBeforeSync
	// SyncErrorRetried syncs again after a sync that failed, and takes the success of the second for that of both.
	SyncErrorRetried
	// ChecksumIgnored reads from the disk whatever stands there.
	ChecksumIgnored
	// TornTailKept takes the first half of a write for all of it.
	TornTailKept
	// CorruptionTruncated cuts off what was damaged in the middle of a log, with all that comes after, as if it were torn.
	CorruptionTruncated
	// TimeoutAsFailure tells a client that a change whose outcome is unknown had no effect.
	TimeoutAsFailure
)

// Bugs of what is new with one round trip, quorum reads and retries.
const (
	// CacheKept proposes again with promises that came with an accept, after a round that used them has failed.
	CacheKept Bugs = TimeoutAsFailure << (iota + 1)
	// CasOnCache applies changes to the state that the proposer proposed last, not to the reported one.
	CasOnCache
	// ReadLatestReport answers a quorum read with the latest state of a quorum's reports, though they differ.
	ReadLatestReport
	// RetriedTwice proposes a change whose outcome is unknown again, whatever the next round finds.
	RetriedTwice
)

// Bugs of requests: the mutants of spec/register/RequestsMutants.tla, under the same names.
const (
	// ServesForgotten takes a client that an entry does not remember for one that was never served.
	ServesForgotten Bugs = RetriedTwice << (iota + 1)
	// IgnoresEpoch serves requests that were made of an entry which has been deleted and forgotten.
	IgnoresEpoch
	// ForgetsMissed does not remember requests that found another entry than they expect.
	ForgetsMissed
	// ResolvesWithoutNumber tells what became of a request without making sure that it does not come later.
	ResolvesWithoutNumber
	// ServesAgain serves a request as often as it comes.
	ServesAgain
	// ForgottenIsNo takes it for a no that a request which was made twice is forgotten.
	ForgottenIsNo
)

// Bugs of erasure: the mutants of spec/register/EraseMutants.tla, under the same names, and others.
const (
	// CollectsQuorum erases a deletion that a quorum has accepted.
	CollectsQuorum Bugs = ForgottenIsNo << (iota + 1)
	// CollectsAnyState erases what is no deletion.
	CollectsAnyState
	// ErasesPromise forgets, with a deletion, what was promised.
	ErasesPromise
	// ErasesAnything erases what was accepted after the deletion.
	ErasesAnything
	// FloorForgotten does not keep what was promised for erased registers over a restart.
	FloorForgotten
	// RetriesErased takes it that nothing of a register's past was erased, and proposes a doubtful change again.
	RetriesErased
)

// bugNames is in the order of the bits. The first served are those that servers can be started with.
var bugNames = []string{
	"accept-below-promise", "promise-not-persisted", "ignore-reported-value", "quorum-of-one", "ballot-reused",

	"promise-any-ballot", "promise-equal-ballot", "promise-omits-value", "promise-wrong-ballot",
	"accept-above-only", "accept-keeps-promise", "accept-not-persisted", "stale-refusal",
	"duplicate-promises", "duplicate-accepts", "stale-promises", "stale-accepts", "quorum-of-half", "lowest-ballot",
	"ballot-without-id", "counter-not-persisted", "value-changed-on-retry", "ballot-overflow",
	"first-accept-succeeds", "read-without-accept", "failed-cas-without-accept", "unknown-as-rejected",

	"promise-not-synced", "accept-not-synced", "reply-before-sync", "sync-error-retried",
	"checksum-ignored", "torn-tail-kept", "corruption-truncated", "timeout-as-failure",

	"cache-kept", "cas-on-cache", "read-latest-report", "retried-twice",

	"serves-forgotten", "ignores-epoch", "forgets-missed", "resolves-without-number", "serves-again", "forgotten-is-no",

	"collects-quorum", "collects-any-state", "erases-promise", "erases-anything", "floor-forgotten", "retries-erased",
}

const served = 5

// BugNames lists the names that ParseBugs knows.
func BugNames() []string { return slices.Clone(bugNames[:served]) }

// MutantNames lists the names that ParseMutants knows: all bugs.
func MutantNames() []string { return slices.Clone(bugNames) }

// ParseBugs reads a list of names separated by commas; "" is no bug.
func ParseBugs(names string) (Bugs, error) { return parse(names, bugNames[:served]) }

// ParseMutants is ParseBugs for all bugs, those that only the simulator can show too.
func ParseMutants(names string) (Bugs, error) { return parse(names, bugNames) }

func parse(names string, known []string) (Bugs, error) {
	set, err := ParseSet(names, known)
	return Bugs(set), err
}

// ParseSet reads a list of known names, separated by commas, as a set: bit i is the name known[i].
func ParseSet(names string, known []string) (set uint64, err error) {
	for name := range strings.SplitSeq(names, ",") {
		if name == "" {
			continue
		}
		i := slices.Index(known, name)
		if i < 0 {
			return 0, fmt.Errorf("unknown bug %q: the known ones are %s", name, strings.Join(known, ", "))
		}
		set |= 1 << i
	}
	return set, nil
}

// FormatSet writes what ParseSet reads.
func FormatSet(set uint64, known []string) string {
	var names []string
	for i, name := range known {
		if set&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// Has reports whether bug is switched on.
func (s Bugs) Has(bug Bugs) bool { return s&bug != 0 }

// String gives the names, separated by commas.
func (s Bugs) String() string { return FormatSet(uint64(s), bugNames) }
