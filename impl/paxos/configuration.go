// Configurations: whom a proposer asks and tells, and how it comes to another one (spec/register/RegisterMembership.tla).

package paxos

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Configuration says which acceptors a proposer has. Of those it asks for promises a majority is a quorum, and so it is
// of those that it tells to accept. Configurations are numbered; that with number 0 is the founders'.
type Configuration struct {
	Number uint64
	Ask    []string
	Tell   []string
	// Since tells of each acceptor since which configuration it is a member. One that has lost its disk may come back
	// under its name as a new member.
	Since map[string]uint64
	// Floor is no smaller than any ballot that was used before the configuration before this one.
	Floor Ballot
}

// Adopt puts the proposer's register under a configuration. The round in r must have ended. What the acceptors of another
// configuration have accepted is no reason any more to collect it.
func (p Proposer) Adopt(r Round, c Configuration) ProposerEffects {
	if r.Phase != Idle && r.Phase != "" {
		panic("paxos: Adopt during phase " + string(r.Phase))
	}
	r.deleted = nil
	step := p.step("Adopt", r)
	step.Phase, step.Configuration = Idle, &c
	return ProposerEffects{After: r, Step: step}
}

// In gives the proposer as it is in a configuration.
func (p Proposer) In(c Configuration) Proposer {
	p.Acceptors, p.Tell, p.Floor = c.Ask, nil, c.Floor
	if !slices.Equal(c.Ask, c.Tell) {
		p.Tell = c.Tell
	}
	return p
}

// tell gives the acceptors of which a majority must accept.
func (p Proposer) tell() []string {
	if p.Tell == nil {
		return p.Acceptors
	}
	return p.Tell
}

// addressees gives the acceptors whose answers of a kind count.
func (p Proposer) addressees(k Kind) []string {
	if k == KindAccepted || k == KindRefusedAccept {
		return p.tell()
	}
	return p.Acceptors
}

// since gives the acceptors with their numbers as a record.
func (c *Configuration) since() string {
	var fields []string
	for _, a := range slices.Sorted(maps.Keys(c.Since)) {
		fields = append(fields, quote(a)+":"+strconv.FormatUint(c.Since[a], 10))
	}
	return "{" + strings.Join(fields, ",") + "}"
}
