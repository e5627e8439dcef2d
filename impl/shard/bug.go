// Bugs: known ways to get moves wrong, each behind a switch so that one can watch it being caught.

package shard

import (
	"slices"

	"synod/impl/paxos"
)

// Bugs is a set of bugs that are switched on. The zero value is the correct protocol.
type Bugs uint32

// The bugs. Those that spec/shard/ShardMutants.tla has too bear the same name there.
const (
	// HandOverUnfrozen hands a shard over that is still served.
	HandOverUnfrozen Bugs = 1 << iota
	// ServeFrozen changes a shard that is frozen.
	ServeFrozen
	// ActivateAgain takes a hand-over whatever its epoch.
	ActivateAgain
	// DropWhenSent forgets a shard when it was handed over.
	DropWhenSent
	// PublishEarly changes the map when the move begins.
	PublishEarly
	// SessionsLeftBehind hands a shard over without the requests that it has performed.
	SessionsLeftBehind
)

var bugNames = []string{
	"hand-over-unfrozen", "serve-frozen", "activate-again", "drop-when-sent", "publish-early", "sessions-left-behind",
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
