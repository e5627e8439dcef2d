// Configuration: who takes part in a cluster, and what one node needs to run.

package server

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/grpc/credentials"

	"synod/impl/admin"
	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/transport"
	"synod/trace"
)

// Cluster says who takes part. It is the same at all nodes, and the same for the cluster's whole life: nodes that
// disagree about it do not talk to each other, and a data folder remembers it. In a trace it is the specification's
// constants Acceptor, Id, Scheme and Stride.
type Cluster struct {
	Name      string            // keeps clusters apart
	Acceptors []string          // the founders' names; others come and go, by package membership
	Proposers map[string]uint32 // their names and ids; the ids divide the ballots
	Scheme    string            // "pair" or "coprime"
	Stride    uint32            // scheme pair: no id is larger
}

// Node is what acceptors and proposers need alike.
type Node struct {
	ID        string // this node's name
	Cluster   Cluster
	Listen    string // host:port; port 0 takes a free one
	DataDir   string
	TracePath string // the node's trace file; "" keeps no trace
	// TraceSample has one key in so many traced; 0 and 1 trace all. It is the same at all nodes, for as long as they have
	// their traces.
	TraceSample int
	// Cache is how many bytes of registers the node has in memory at most, about; 0 is DefaultCache. Others it finds again.
	Cache int
	Bugs  paxos.Bugs
	// Credentials are those of mutual TLS. Without them a node speaks plaintext, on loopback only.
	Credentials credentials.TransportCredentials
	Inside      *transport.Inside    // where nodes of one process meet; may be nil
	Ready       func(address string) // is called once the node listens, with the port it has; may be nil
	Log         *slog.Logger         // nil logs nothing
	FS          vfs.FS               // holds DataDir; nil is the operating system's
	Metrics     *admin.Metrics       // takes the node's figures; may be nil
}

// AcceptorConfig is what RunAcceptor needs.
type AcceptorConfig struct {
	Node
	// Joins says that the acceptor need not be a founder, and may wait on an empty folder until it is made a member.
	Joins bool
}

// ProposerConfig is what RunProposer needs.
type ProposerConfig struct {
	Node
	Addresses map[string]string // of each founder, host:port
	// MembershipBugs are those of what the proposer does when the membership changes.
	MembershipBugs membership.Bugs
	// PhaseTimeout is how long a phase of a round waits for its quorum; 0 is DefaultPhaseTimeout.
	PhaseTimeout time.Duration
	// SweepInterval is the pause between two sweeps for deletions to erase; 0 is DefaultSweepInterval.
	SweepInterval time.Duration
	// Front serves clients in another way beside the proposer's own: it is given the registers before the proposer
	// says that it listens, and returns what ends it. nil serves nobody.
	Front func(Registers) (stop func(), err error)
}

// DefaultSweepInterval leaves entries that were deleted some time to remember requests.
const DefaultSweepInterval = time.Minute

// DefaultPhaseTimeout leaves room for a slow disk's sync.
const DefaultPhaseTimeout = 500 * time.Millisecond

// specPath is the specification that traces are checked against, below the folder of specifications.
const specPath = "register/RegisterMembership.tla"

// name is what a node may be called: a word that needs no quotes in a trace's paths.
var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// Validate tells what is wrong with a cluster.
func (c *Cluster) Validate() error {
	if c.Name == "" || len(c.Name) > 64 {
		return errors.New("the cluster's name is not 1 to 64 bytes long")
	}
	if len(c.Acceptors) == 0 || len(c.Proposers) == 0 {
		return errors.New("a cluster has at least one acceptor and one proposer")
	}
	seen := map[string]bool{}
	for _, id := range append(c.proposers(), c.Acceptors...) {
		if !name.MatchString(id) {
			return fmt.Errorf("node name %q is not a word of letters, digits and _", id)
		}
		if seen[id] {
			return fmt.Errorf("two nodes are called %s", id)
		}
		seen[id] = true
	}
	owner := map[uint32]string{}
	for _, id := range c.proposers() {
		n := c.Proposers[id]
		if owner[n] != "" {
			return fmt.Errorf("proposers %s and %s have the same id %d", owner[n], id, n)
		}
		owner[n] = id
		if _, err := c.scheme(id); err != nil {
			return err
		}
	}
	return nil
}

// proposers lists the proposers' names in order.
func (c *Cluster) proposers() []string { return slices.Sorted(maps.Keys(c.Proposers)) }

// scheme gives the ballots of one proposer.
func (c *Cluster) scheme(proposer string) (paxos.Scheme, error) {
	id := c.Proposers[proposer]
	switch c.Scheme {
	case "pair":
		return paxos.NewPair(id, c.Stride)
	case "coprime":
		var others []uint32
		for _, other := range c.proposers() {
			if other != proposer {
				others = append(others, c.Proposers[other])
			}
		}
		return paxos.NewCoprime(id, others...)
	}
	return nil, fmt.Errorf("ballot scheme %q is neither pair nor coprime", c.Scheme)
}

// shape describes the constants in one line, the same at all nodes that agree about them.
func (c *Cluster) shape() string {
	acceptors := slices.Sorted(slices.Values(c.Acceptors))
	var b strings.Builder
	fmt.Fprintf(&b, "acceptors %s; proposers", strings.Join(acceptors, " "))
	for _, p := range c.proposers() {
		fmt.Fprintf(&b, " %s=%d", p, c.Proposers[p])
	}
	fmt.Fprintf(&b, "; ballots %s", c.Scheme)
	if c.Scheme == "pair" {
		fmt.Fprintf(&b, " %d", c.Stride)
	}
	return b.String()
}

// constants gives the specification's constants for a trace's header.
func (c *Cluster) constants() trace.Fields {
	var acceptors, ids []string
	for _, a := range slices.Sorted(slices.Values(c.Acceptors)) {
		acceptors = append(acceptors, trace.String(a))
	}
	for _, p := range c.proposers() {
		ids = append(ids, trace.String(p)+":"+trace.Uint(uint64(c.Proposers[p])))
	}
	return trace.Fields{
		{Name: "Acceptor", JSON: trace.Set(acceptors...)},
		{Name: "Id", JSON: "{" + strings.Join(ids, ",") + "}"},
		{Name: "Scheme", JSON: trace.String(c.Scheme)},
		{Name: "Stride", JSON: trace.Uint(uint64(c.Stride))},
	}
}

// prepare checks what all nodes need and fills in what was left out.
func (n *Node) prepare(role string, joins bool) error {
	if err := n.Cluster.Validate(); err != nil {
		return err
	}
	_, isProposer := n.Cluster.Proposers[n.ID]
	isAcceptor := slices.Contains(n.Cluster.Acceptors, n.ID) || joins && !isProposer && name.MatchString(n.ID)
	if role == transport.RoleProposer && !isProposer || role == transport.RoleAcceptor && !isAcceptor {
		return fmt.Errorf("the cluster has no %s called %q", role, n.ID)
	}
	if n.Ready == nil {
		n.Ready = func(string) {}
	}
	if n.Log == nil {
		n.Log = slog.New(slog.DiscardHandler)
	}
	n.Log = n.Log.With("node", n.ID)
	return nil
}

// prepare checks what a proposer needs and fills in what was left out.
func (p *ProposerConfig) prepare() error {
	if err := p.Node.prepare(transport.RoleProposer, false); err != nil {
		return err
	}
	for _, a := range p.Cluster.Acceptors {
		if p.Addresses[a] == "" {
			return fmt.Errorf("the address of acceptor %s is missing", a)
		}
	}
	for a := range p.Addresses {
		if !slices.Contains(p.Cluster.Acceptors, a) {
			return fmt.Errorf("there is an address for %s, which is no acceptor of the cluster", a)
		}
	}
	if p.PhaseTimeout <= 0 {
		p.PhaseTimeout = DefaultPhaseTimeout
	}
	if p.SweepInterval <= 0 {
		p.SweepInterval = DefaultSweepInterval
	}
	return nil
}
