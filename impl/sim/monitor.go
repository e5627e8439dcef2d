// The monitor: the specification's invariants, and what must survive a restart, watched while a run goes on.

package sim

import (
	"cmp"
	"fmt"
	"slices"

	"synod/impl/paxos"
	"synod/impl/register"
)

// Checker says who found something.
type Checker string

// The checkers of a run itself. Conformance and linearizability judge its trace and its history.
const (
	Invariant Checker = "I" // an invariant of spec/register/Register.tla
	Recovery  Checker = "R" // a node came back with less than it had told others
	Progress  Checker = "P" // after calm something did not come to its end
)

// Finding is something that must not be.
type Finding struct {
	Checker  Checker
	Property string // the invariant's name in the specification
	Key      string
	At       Time
	Text     string
}

// String gives it in one line, without its checker.
func (f Finding) String() string {
	return fmt.Sprintf("%s: register %s, time %d: %s", f.Property, f.Key, f.At, f.Text)
}

// monitor has seen everything that was recorded and sent. It is told by the simulator and tells the nodes nothing.
type monitor struct {
	acceptors int
	keys      map[int]*chain
	told      map[place]paxos.AcceptorState // the largest promise and acceptance that an acceptor has told
	used      map[int]paxos.Ballot          // by proposer: the largest ballot that it has sent
	exhausted map[int]bool                  // registers without ballots; no progress is expected of them
	findings  []Finding
}

// place is a register of one acceptor.
type place struct{ node, key int }

// chain is what was proposed and acknowledged for one register.
type chain struct {
	accepts      map[paxos.Ballot]proposal
	acknowledged []acknowledgement     // by ballot
	late         map[paxos.Ballot]bool // ballots that were prepared when a larger one had been acknowledged
	dead         map[paxos.Ballot]bool // ballots that were proposed when a larger one had been acknowledged
	collected    []paxos.Ballot        // of deletions that may be erased
}

type proposal struct {
	state  string // what the register holds
	parent paxos.Ballot
}

type acknowledgement struct {
	ballot paxos.Ballot
	read   bool // by a quorum, and by nobody else yet
}

func (m *monitor) begin(acceptors int) {
	*m = monitor{
		acceptors: acceptors, keys: map[int]*chain{}, told: map[place]paxos.AcceptorState{},
		used: map[int]paxos.Ballot{}, exhausted: map[int]bool{},
	}
}

// maxFindings is how many findings a run keeps: after the first all is broken.
const maxFindings = 20

func (m *monitor) find(by Checker, property string, key int, at Time, text string) {
	if len(m.findings) < maxFindings {
		m.findings = append(m.findings, Finding{by, property, keyName(key), at, text})
	}
}

func (m *monitor) chain(key int) *chain {
	c := m.keys[key]
	if c == nil {
		c = &chain{accepts: map[paxos.Ballot]proposal{0: {}}, late: map[paxos.Ballot]bool{}, dead: map[paxos.Ballot]bool{}}
		m.keys[key] = c
	}
	return c
}

// step is told each step when it is recorded.
func (m *monitor) step(n *node, e *entry) {
	s := e.step
	switch s.Action {
	case "Prepare":
		m.used[n.index] = max(m.used[n.index], s.Ballot)
		if c := m.chain(e.key); c.behind(s.Ballot) {
			c.late[s.Ballot] = true
		}
	case "Propose":
		m.used[n.index] = max(m.used[n.index], s.Next)
		m.proposed(e)
	case "Ask":
		m.used[n.index] = max(m.used[n.index], s.Ballot)
	case "Answer":
		m.answer(e)
	case "Acknowledge":
		m.acknowledge(e)
	case "Collect":
		c := m.chain(e.key)
		c.collected = append(c.collected, s.Ballot)
	case "Erase":
		at := place{n.index, e.key}
		t := m.told[at]
		t.AcceptedBallot, t.AcceptedState = 0, ""
		m.told[at] = t
	case "Promise", "Accept", "RestartAcceptor":
		if s.Acceptor.AcceptedBallot > s.Acceptor.Promised {
			m.find(Invariant, "PromiseCoversAccepted", e.key, e.at, fmt.Sprintf("%s holds %+v", s.Node, s.Acceptor))
		}
	}
}

// proposed checks OneStatePerBallot, and LateBallotIsDead in what follows from it: a round that began under a smaller
// ballot than one acknowledged before does not get as far as this.
func (m *monitor) proposed(e *entry) {
	c, s := m.chain(e.key), e.step
	now := proposal{s.Proposal, c.parent(e.parent, s.Ballot)}
	if c.behind(s.Ballot) {
		c.dead[s.Ballot] = true
	}
	if before, used := c.accepts[s.Ballot]; used && before != now {
		m.find(Invariant, "OneStatePerBallot", e.key, e.at, fmt.Sprintf("ballot %d is used for %+v and %+v", s.Ballot, before, now))
		return
	}
	c.accepts[s.Ballot] = now
	if c.late[s.Ballot] {
		m.find(Invariant, "LateBallotIsDead", e.key, e.at,
			fmt.Sprintf("ballot %d was promised by a quorum although a larger one had been acknowledged", s.Ballot))
	}
}

// parent gives the ballot of the state that a proposal changed, of which promises told so: ParentOf in the specification.
func (c *chain) parent(told, b paxos.Ballot) paxos.Ballot {
	if told != 0 {
		return told
	}
	for _, x := range c.collected {
		if x < b {
			told = max(told, x)
		}
	}
	return told
}

// behind reports whether a larger ballot was acknowledged.
func (c *chain) behind(b paxos.Ballot) bool {
	last := len(c.acknowledged) - 1
	return last >= 0 && c.acknowledged[last].ballot > b
}

// answer checks ChangesWereApplied and OneChain for a quorum read.
func (m *monitor) answer(e *entry) {
	c, s := m.chain(e.key), e.step
	if p, proposed := c.accepts[s.Latest]; !proposed || p.state != s.Proposal {
		m.find(Invariant, "ChangesWereApplied", e.key, e.at,
			fmt.Sprintf("%s reads %s at ballot %d, where %+v was proposed", s.Node, register.Show(s.Proposal), s.Latest, p))
	}
	m.enchain(e, s.Latest, true)
}

// acknowledge checks ChangesWereApplied, LateBallotIsDead and OneChain.
func (m *monitor) acknowledge(e *entry) {
	c, s := m.chain(e.key), e.step
	p, proposed := c.accepts[s.Ballot]
	if !proposed || p.state != s.Proposal || c.accepts[p.parent].state != e.before {
		m.find(Invariant, "ChangesWereApplied", e.key, e.at,
			fmt.Sprintf("%s acknowledges state %s of ballot %d, made of %s; proposed was %+v",
				s.Node, register.Show(s.Proposal), s.Ballot, register.Show(e.before), p))
	}
	if c.dead[s.Ballot] {
		m.find(Invariant, "LateBallotIsDead", e.key, e.at,
			fmt.Sprintf("ballot %d was accepted by a quorum although a larger one had been acknowledged before it was proposed", s.Ballot))
	}
	m.enchain(e, s.Ballot, false)
}

// enchain checks OneChain for a ballot that clients are told of.
func (m *monitor) enchain(e *entry, b paxos.Ballot, read bool) {
	c := m.chain(e.key)
	i, again := slices.BinarySearchFunc(c.acknowledged, b, func(a acknowledgement, b paxos.Ballot) int {
		return cmp.Compare(a.ballot, b)
	})
	switch {
	case again && !read && !c.acknowledged[i].read:
		m.find(Invariant, "OneChain", e.key, e.at, fmt.Sprintf("ballot %d is acknowledged twice", b))
		return
	case again:
		c.acknowledged[i].read = c.acknowledged[i].read && read
		return
	case i > 0 && !c.descends(b, c.acknowledged[i-1].ballot):
		m.find(Invariant, "OneChain", e.key, e.at,
			fmt.Sprintf("ballot %d does not descend from %d, acknowledged too", b, c.acknowledged[i-1].ballot))
	case i < len(c.acknowledged) && !c.descends(c.acknowledged[i].ballot, b):
		m.find(Invariant, "OneChain", e.key, e.at,
			fmt.Sprintf("ballot %d, acknowledged before, does not descend from %d", c.acknowledged[i].ballot, b))
	}
	c.acknowledged = slices.Insert(c.acknowledged, i, acknowledgement{b, read})
}

// descends reports whether one arrives at ballot to by going from ballot from to its parent, and so on.
func (c *chain) descends(from, to paxos.Ballot) bool {
	for from > to {
		p, known := c.accepts[from]
		if !known || p.parent >= from {
			return false
		}
		from = p.parent
	}
	return from == to
}

// tells is told when an acceptor's answer leaves, and the state on which it rests.
func (m *monitor) tells(n *node, key int, s paxos.AcceptorState) {
	durable := n.durable(key)
	if durable.AcceptedBallot == 0 && m.erasable(key, s.AcceptedBallot) {
		s.AcceptedBallot = 0 // it was erased in the same turn
	}
	if durable.Promised < s.Promised || durable.AcceptedBallot < s.AcceptedBallot {
		m.find(Invariant, "MemoryOnDisk", key, n.w.now, fmt.Sprintf("%s answers with %+v, its disk has %+v", n.name, s, durable))
	}
	at := place{n.index, key}
	t := m.told[at]
	t.Promised = max(t.Promised, s.Promised)
	if s.AcceptedBallot >= t.AcceptedBallot {
		t.AcceptedBallot, t.AcceptedState = s.AcceptedBallot, s.AcceptedState
	}
	m.told[at] = t
}

// restarts is told when a node begins a run with what is on its disk.
func (m *monitor) restarts(n *node) {
	if n.proposer != nil {
		if reserved := n.disk.reserved(); reserved < m.used[n.index] {
			m.find(Recovery, "CounterIsKept", 0, n.w.now,
				fmt.Sprintf("%s comes back with ballot %d and has used %d", n.name, reserved, m.used[n.index]))
		}
		return
	}
	for key := range n.w.keys() {
		told, any := m.told[place{n.index, key}]
		found := n.durable(key)
		if found.AcceptedBallot == 0 && m.erasable(key, told.AcceptedBallot) {
			told.AcceptedBallot = 0 // it was erased, and perhaps that was not recorded
		}
		if any && (found.Promised < told.Promised || found.AcceptedBallot < told.AcceptedBallot) {
			m.find(Recovery, "NothingIsForgotten", key, n.w.now, fmt.Sprintf("%s comes back with %+v and has told %+v", n.name, found, told))
		}
	}
}

// erasable reports whether a ballot is that of a deletion which was collected.
func (m *monitor) erasable(key int, b paxos.Ballot) bool {
	c := m.keys[key]
	return c != nil && slices.Contains(c.collected, b)
}

// durable gives what an acceptor's disk says of a register.
func (n *node) durable(key int) paxos.AcceptorState {
	kept, _ := n.disk.load(key)
	if kept.state == (paxos.AcceptorState{}) {
		kept.state.Promised = n.disk.reserved()
	}
	return kept.state
}

// keys is one more than the largest register's number.
func (w *world) keys() int {
	n := 0
	for _, o := range w.Operations {
		n = max(n, o.Key+1)
	}
	return n
}
