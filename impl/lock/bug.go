// Bugs: known ways to get leases and locks wrong, each behind a switch so that one can watch it being caught.

package lock

import (
	"slices"

	"synod/impl/paxos"
)

// Bugs is a set of bugs that are switched on. The zero value is the correct protocol.
type Bugs uint32

// The bugs. Those that spec/lease/LogLeaseMutants.tla or spec/lock/LockMutants.tla has too bear the same name there.
const (
	// CountedFromAnswer lets a holder count its lease from the answer.
	CountedFromAnswer Bugs = 1 << iota
	// WallClock lets a holder look at a clock that may be set back.
	WallClock
	// ErrorAdded adds the clocks' error to the term.
	ErrorAdded
	// ErrorIgnored lets a holder act for the whole term.
	ErrorIgnored
	// NotCheckedAgain lets a holder act on what its clock showed before it was held up.
	NotCheckedAgain
	// GrantedTwice grants a lock that another has.
	GrantedTwice
	// RenewalIgnored lets a lock expire though it was renewed since the term was counted.
	RenewalIgnored
	// TokenIgnored releases a lock whatever its token.
	TokenIgnored
	// ForgottenOverRestart lets a new leader take terms to be over that it has not counted.
	ForgottenOverRestart
	// NoToken lets the store take what comes with any token.
	NoToken
	// FetchWithoutToken compares tokens when something is stored only.
	FetchWithoutToken
	// LastTokenKept remembers the last token in the place of the largest.
	LastTokenKept
	// TokenGivenAgain leaves the last number out of snapshots.
	TokenGivenAgain
)

var bugNames = []string{
	"counted-from-answer", "wall-clock", "error-added", "error-ignored", "not-checked-again", "granted-twice",
	"renewal-ignored", "token-ignored", "forgotten-over-restart", "no-token", "fetch-without-token", "last-token-kept",
	"token-given-again",
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
