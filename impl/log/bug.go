// Bugs: known ways to get the log wrong, each behind a switch so that one can watch it being caught.

package log

import (
	"slices"

	"synod/impl/paxos"
)

// Bugs is a set of bugs that are switched on. The zero value is the correct protocol.
type Bugs uint32

// The bugs. Those that spec/log/LogMutants.tla has too bear the same name there.
const (
	// ApplyPastGap applies what was learned, although a slot before it is missing.
	ApplyPastGap Bugs = 1 << iota
	// HoleDespiteReport fills with nothing also the slots for which a batch was reported.
	HoleDespiteReport
	// ReportFirstOpenSlot reports no vote but the one in the first slot asked for.
	ReportFirstOpenSlot
	// TruncatedTakenForFree proposes in slots that are in the snapshot of a replica that promised.
	TruncatedTakenForFree
	// DeposedLeaderCounts tells all replicas what is accepted, and a leader counts it under any ballot.
	DeposedLeaderCounts
	// FollowAnyVote takes any vote up to the leader's commit index for chosen.
	FollowAnyVote
	// TruncateBeforeSaved cuts the log when a snapshot is taken.
	TruncateBeforeSaved
	// SnapshotOffByOne gives a snapshot the number of the slot after its last.
	SnapshotOffByOne
	// SnapshotLowersPromise forgets the promise when a snapshot is installed.
	SnapshotLowersPromise
	// SnapshotWithoutSessions leaves out of a snapshot which requests were performed.
	SnapshotWithoutSessions
	// ApplyInAnyOrder performs the commands of a batch in another order on some replicas.
	ApplyInAnyOrder
	// PerformAgain performs a command as often as it stands in the log.
	PerformAgain
	// PromiseNotPersisted keeps promises in memory alone.
	PromiseNotPersisted
	// AcceptBelowPromise accepts whatever was promised.
	AcceptBelowPromise
)

// The bugs of leaders' leases. Those that spec/log/LeaderLeaseMutants.tla has too bear the same name there.
const (
	// PromiseWhileBound promises larger ballots although a lease was granted.
	PromiseWhileBound Bugs = 1 << (iota + 14)
	// ForgottenOverRestart takes a replica that starts again for free.
	ForgottenOverRestart
	// GrantToAnother grants leaders a lease whatever was promised since.
	GrantToAnother
	// CountFromAnswer counts a lease from the answer.
	CountFromAnswer
	// HoldWithoutQuorum takes one grant for a lease.
	HoldWithoutQuorum
	// LeaseErrorIgnored reads for the whole term.
	LeaseErrorIgnored
	// ReadBeforeSettled reads before all is applied that was chosen under others.
	ReadBeforeSettled
)

// The bugs of reads that ask a quorum, with the names that they have in spec/log/LogReadMutants.tla.
const (
	// ReadBeforeInherited waits for what is applied already, not for what was inherited.
	ReadBeforeInherited Bugs = 1 << (iota + 21)
	// ConfirmAny confirms a leader that was deposed.
	ConfirmAny
	// ReadUnconfirmed takes the leader's own confirmation for a quorum.
	ReadUnconfirmed
)

// The bugs of those who have lost their disks, with the names that they have in spec/log/ReadmissionMutants.tla.
const (
	// StartEmpty takes part with an empty disk as if it had never been there.
	StartEmpty Bugs = 1 << (iota + 24)
	// AboveOne asks one of the others what it has promised.
	AboveOne
	// NothingSettled lets a leader leave out what it has inherited.
	NothingSettled
	// OldCopy lets a replica take part on an old copy of its disk. The core cannot see that it is one: the shell has to refuse it.
	OldCopy
)

var bugNames = []string{
	"apply-past-gap", "hole-despite-report", "report-first-open-slot", "truncated-taken-for-free",
	"deposed-leader-counts", "follow-any-vote", "truncate-before-saved", "snapshot-off-by-one",
	"snapshot-lowers-promise", "snapshot-without-sessions", "apply-in-any-order", "perform-again",
	"promise-not-persisted", "accept-below-promise",
	"promise-while-bound", "forgotten-over-restart", "grant-to-another", "count-from-answer", "hold-without-quorum",
	"lease-error-ignored", "read-before-settled",
	"read-before-inherited", "confirm-any", "read-unconfirmed",
	"start-empty", "above-one", "nothing-settled", "old-copy",
}

// BugNames lists the names that ParseBugs knows.
func BugNames() []string { return slices.Clone(bugNames) }

// ParseBugs reads a list of names separated by commas; "" is no bug.
func ParseBugs(names string) (Bugs, error) {
	set, err := paxos.ParseSet(names, bugNames)
	return Bugs(set), err
}

// Has reports whether bug is switched on.
func (s Bugs) Has(bug Bugs) bool { return s&bug != 0 }

// String gives the names, separated by commas.
func (s Bugs) String() string { return paxos.FormatSet(uint64(s), bugNames) }
