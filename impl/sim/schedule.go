// Schedules: what clients ask for and which faults come when, as data.

package sim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
)

// Time is virtual. A message usually takes a few units, a phase of a round has PhaseTimeout.
type Time int64

// Schedule is all that a run depends on.
type Schedule struct {
	Seed       uint64      `json:"seed"` // of the delays, losses and other chances of the run
	Acceptors  int         `json:"acceptors"`
	Proposers  int         `json:"proposers"`
	Scheme     string      `json:"scheme"` // "pair" or "coprime"
	Network    Network     `json:"network"`
	SyncTime   Time        `json:"syncTime"`        // a sync takes up to this long
	Ahead      uint32      `json:"ahead"`           // ballots that a proposer reserves at once
	OneTrip    bool        `json:"oneTrip"`         // an accept asks for the promise of the next ballot
	Bytes      bool        `json:"bytes,omitempty"` // disks are files, which can be torn and can rot
	Calm       Time        `json:"calm"`            // from here on nothing is lost and all nodes run
	Operations []Operation `json:"operations"`
	Faults     []Fault     `json:"faults"`
}

// Network says how messages travel until the calm. Chances are in a thousand.
type Network struct {
	Delay     Time `json:"delay"` // up to this long
	Loss      int  `json:"loss"`
	Duplicate int  `json:"duplicate"`
	Late      int  `json:"late"` // delivered up to LateBy later, over restarts too
	LateBy    Time `json:"lateBy"`
}

// Operation is a client's request to a proposer.
type Operation struct {
	At       Time            `json:"at"`
	Proposer int             `json:"proposer"`
	Key      int             `json:"key"`
	Change   register.Change `json:"change"`
	Quorum   bool            `json:"quorum,omitempty"` // a read by a quorum, where that is possible
	Above    paxos.Ballot    `json:"above,omitempty"`  // the round's ballot is larger than this
	Patience Time            `json:"patience"`         // no round begins later
}

// FaultKind says what goes wrong.
type FaultKind string

// The faults.
const (
	Crash     FaultKind = "crash"     // a node stops before its next effect of the kind Before
	Partition FaultKind = "partition" // messages from each of From to each of To are lost
	Pause     FaultKind = "pause"     // a node stands still, and what it is sent waits
	SyncFails FaultKind = "sync"      // a node's next sync reports an error, once, and what it was to sync may be lost
)

// Point is a place between two effects of a node's turn.
type Point int

// The points, in the order of a turn. At a point that a turn does not have, because it persists or sends nothing, a
// crash waits for one that has it.
const (
	BeforeWrite Point = iota
	BeforeSync
	BeforeRecord
	BeforeSend
	BetweenSends
	AfterSend
	points
)

var pointNames = [...]string{"write", "sync", "record", "send", "second send", "end"}

// String names the effect that does not happen any more.
func (p Point) String() string { return pointNames[p] }

// Fault is one thing that goes wrong. Nodes are numbered, acceptors first.
type Fault struct {
	At     Time      `json:"at"`
	Kind   FaultKind `json:"kind"`
	Length Time      `json:"length"` // how long the node is down or paused, or the links are cut
	Node   int       `json:"node,omitempty"`
	Before Point     `json:"before,omitempty"`
	Power  bool      `json:"power,omitempty"` // crash: what was not synced may be lost
	Rots   bool      `json:"rots,omitempty"`  // crash: bits of the node's file are flipped, if it has one
	From   []int     `json:"from,omitempty"`
	To     []int     `json:"to,omitempty"`
	Both   bool      `json:"both,omitempty"` // partition: the other way too
}

// PhaseTimeout is how long a phase of a round waits for its quorum.
const PhaseTimeout Time = 150

// ReadSchedule reads a schedule from JSON and checks its numbers.
func ReadSchedule(text []byte) (Schedule, error) {
	var s Schedule
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("no schedule: %w", err)
	}
	return s, s.validate()
}

// validate tells what is wrong with a schedule that Generate did not make.
func (s *Schedule) validate() error {
	nodes := s.Acceptors + s.Proposers
	switch {
	case s.Acceptors < 1 || s.Acceptors > 9:
		return fmt.Errorf("%d acceptors: there are 1 to 9", s.Acceptors)
	case s.Scheme != "pair" && s.Scheme != "coprime":
		return fmt.Errorf("scheme %q is neither pair nor coprime", s.Scheme)
	case s.Proposers < 1 || s.Proposers > s.ids():
		return fmt.Errorf("%d proposers: there are 1 to %d", s.Proposers, s.ids())
	case s.Network.Delay < 0 || s.Network.LateBy < 0 || s.SyncTime < 0 || s.Calm < 0:
		return fmt.Errorf("a time is negative")
	}
	for i, o := range s.Operations {
		if err := o.Change.Validate(); err != nil {
			return fmt.Errorf("operation %d: %w", i, err)
		}
		if o.At < 0 || o.Proposer < 0 || o.Proposer >= s.Proposers || o.Key < 0 || o.Key > 99 || o.Above > paxos.MaxBallot {
			return fmt.Errorf("operation %d: its time, proposer, key (0 to 99) or ballot is out of range", i)
		}
	}
	for i, f := range s.Faults {
		if !slices.Contains([]FaultKind{Crash, Partition, Pause, SyncFails}, f.Kind) {
			return fmt.Errorf("fault %d: %q is no kind of fault", i, f.Kind)
		}
		named := append(append([]int{f.Node}, f.From...), f.To...)
		if f.At < 0 || f.Length < 0 || f.Before < 0 || f.Before >= points || slices.Min(named) < 0 || slices.Max(named) >= nodes {
			return fmt.Errorf("fault %d: its time, length, point or node is out of range", i)
		}
	}
	return nil
}

// coprimes are the ids of proposers under the scheme coprime.
var coprimes = []uint32{3, 5, 7, 11, 13}

const stride = 16

// ids is how many proposers can have ids.
func (s *Schedule) ids() int {
	if s.Scheme == "coprime" {
		return len(coprimes)
	}
	return stride
}

// id gives the id of the i-th proposer, which divides the ballots.
func (s *Schedule) id(i int) uint32 {
	if s.Scheme == "coprime" {
		return coprimes[i]
	}
	return uint32(i + 1)
}

// ballots gives the ballots of the i-th proposer.
func (s *Schedule) ballots(i int) paxos.Scheme {
	if s.Scheme == "pair" {
		return paxos.Pair{ID: s.id(i), Stride: stride}
	}
	others := slices.Clone(coprimes[:s.Proposers])
	return paxos.Coprime{ID: s.id(i), Others: slices.Delete(others, i, i+1)}
}

func (s *Schedule) acceptorNames() []string {
	var names []string
	for i := range s.Acceptors {
		names = append(names, fmt.Sprintf("a%d", i+1))
	}
	return names
}

func proposerName(i int) string { return fmt.Sprintf("p%d", i+1) }

func keyName(key int) string { return fmt.Sprintf("k%d", key+1) }

// constants gives the specification's constants for a trace's header.
func (s *Schedule) constants() trace.Fields {
	var acceptors, ids []string
	for _, a := range s.acceptorNames() {
		acceptors = append(acceptors, trace.String(a))
	}
	for i := range s.Proposers {
		ids = append(ids, trace.String(proposerName(i))+":"+trace.Uint(uint64(s.id(i))))
	}
	return trace.Fields{
		{Name: "Acceptor", JSON: trace.Set(acceptors...)},
		{Name: "Id", JSON: "{" + strings.Join(ids, ",") + "}"},
		{Name: "Scheme", JSON: trace.String(s.Scheme)},
		{Name: "Stride", JSON: trace.Uint(stride)},
	}
}
