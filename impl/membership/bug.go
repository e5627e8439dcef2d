// Bugs: steps of the procedure that are left out, each behind a switch so that one can watch it being caught.

package membership

import "synod/impl/paxos"

// Bugs is a set of bugs that are switched on. The zero value is the procedure as it should be.
type Bugs uint64

// The bugs, by their names in spec/membership/MembershipMutants.tla.
const (
	// OneStep has new members in force at once: all stages but the last are left out.
	OneStep Bugs = 1 << iota
	// NoRewrite leaves registers as they were.
	NoRewrite
	// AcceptNotRaised has the old quorums accept what is written anew.
	AcceptNotRaised
	// RewriteTooEarly writes registers anew before all proposers have confirmed.
	RewriteTooEarly
	// AdvanceUnwritten goes on when the rewriting has begun.
	AdvanceUnwritten
	// AdvanceUnconfirmed goes on when one proposer has confirmed.
	AdvanceUnconfirmed
	// AdoptInARound has a proposer confirm a configuration while its rounds in the one before go on.
	AdoptInARound
	// AdoptAny has a proposer take up whatever configuration it is given, an earlier one too.
	AdoptAny
	// BallotsBelow has proposers use ballots in a configuration that are below those of configurations long past.
	BallotsBelow
	// CollectsUnsettled has proposers collect deletions while others may be in another configuration.
	CollectsUnsettled
	// StrangerServes has proposers count the answers of an acceptor whose data folder is not the one that is a member.
	StrangerServes
)

var bugNames = []string{
	"one-step", "no-rewrite", "accept-not-raised", "rewrite-too-early", "advance-unwritten", "advance-unconfirmed",
	"adopt-in-a-round", "adopt-any", "ballots-below", "collects-unsettled",
	"stranger-serves",
}

// BugNames lists the names that ParseBugs knows.
func BugNames() []string { return append([]string(nil), bugNames...) }

// ParseBugs reads a list of names separated by commas; "" is no bug.
func ParseBugs(names string) (Bugs, error) {
	set, err := paxos.ParseSet(names, bugNames)
	return Bugs(set), err
}

// Has reports whether bug is switched on.
func (s Bugs) Has(bug Bugs) bool { return s&bug != 0 }

// String gives the names, separated by commas.
func (s Bugs) String() string { return paxos.FormatSet(uint64(s), bugNames) }
