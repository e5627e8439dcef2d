// Bugs: known ways to get the protocol wrong, each behind a switch so that one can watch it being caught.

package paxos

import (
	"fmt"
	"slices"
	"strings"
)

// Bugs is a set of bugs that are switched on. The zero value is the correct protocol.
type Bugs uint8

// The known bugs. Each is a failing model in the specification, under the same name.
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

var bugNames = []string{
	"accept-below-promise", "promise-not-persisted", "ignore-reported-value", "quorum-of-one", "ballot-reused",
}

// BugNames lists the names that ParseBugs knows.
func BugNames() []string { return slices.Clone(bugNames) }

// ParseBugs reads a list of names separated by commas; "" is no bug.
func ParseBugs(names string) (Bugs, error) {
	var set Bugs
	for name := range strings.SplitSeq(names, ",") {
		if name == "" {
			continue
		}
		i := slices.Index(bugNames, name)
		if i < 0 {
			return 0, fmt.Errorf("unknown bug %q: the known ones are %s", name, strings.Join(bugNames, ", "))
		}
		set |= 1 << i
	}
	return set, nil
}

// Has reports whether bug is switched on.
func (s Bugs) Has(bug Bugs) bool { return s&bug != 0 }

// String gives the names, separated by commas.
func (s Bugs) String() string {
	var names []string
	for i, name := range bugNames {
		if s.Has(1 << i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}
