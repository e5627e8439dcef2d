// A network of cores for tests: every message that was ever sent stays in it, and may be delivered often or never.

package paxos_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"synod/impl/paxos"
)

// network holds the nodes of one register and all messages that were sent. It does the shell's duties: what an
// acceptor persists is on its disk, and a restart leaves it only that.
type network struct {
	acceptors []string
	proposers []string
	acceptor  map[string]paxos.Acceptor
	proposer  map[string]paxos.Proposer
	memory    map[string]paxos.AcceptorState
	disk      map[string]paxos.AcceptorState
	round     map[string]paxos.Round
	counter   map[string]paxos.Ballot // on the proposers' disks
	messages  []paxos.Message
	steps     []paxos.Step
	told      []told
	calls     map[string]*paxos.Calls[int]
	ahead     map[string]bool // proposers that ask for their next ballot with an accept
	read      map[string]paxos.Read
	asked     map[string]paxos.Ballot   // the number of the last read
	parent    map[proposal]paxos.Ballot // of each accept that was sent
}

// told is what clients heard of a round that was satisfied, or of a read.
type told struct {
	ballot paxos.Ballot
	before string
	after  string
	read   bool
}

type proposal struct {
	ballot paxos.Ballot
	state  paxos.State
}

// add is a change of the tests: it adds to an integer state.
type add int

func (c add) Apply(s string) (string, error) {
	n, err := strconv.Atoi(show(s))
	return strconv.Itoa(n + int(c)), err
}

// show gives what a register holds: nothing is 0.
func show(payload string) string {
	if payload == "" {
		return "0"
	}
	return payload
}

func appendShow(b []byte, payload string) []byte { return append(b, show(payload)...) }

func (c add) AppendTrace(b []byte, _, _ string) []byte {
	return fmt.Appendf(b, `{"name":"add","value":%d}`, int(c))
}

func newNetwork(acceptors, proposers int, bugs paxos.Bugs) *network {
	n := &network{
		acceptor: map[string]paxos.Acceptor{}, proposer: map[string]paxos.Proposer{},
		memory: map[string]paxos.AcceptorState{}, disk: map[string]paxos.AcceptorState{},
		round: map[string]paxos.Round{}, counter: map[string]paxos.Ballot{},
		parent: map[proposal]paxos.Ballot{}, calls: map[string]*paxos.Calls[int]{}, ahead: map[string]bool{},
		read: map[string]paxos.Read{}, asked: map[string]paxos.Ballot{},
	}
	for i := range acceptors {
		id := fmt.Sprintf("a%d", i+1)
		a := paxos.Acceptor{ID: id, Bugs: bugs}
		n.acceptors = append(n.acceptors, id)
		n.acceptor[id] = a
	}
	for i := range proposers {
		id := fmt.Sprintf("p%d", i+1)
		n.proposers = append(n.proposers, id)
		n.calls[id] = &paxos.Calls[int]{}
		n.proposer[id] = paxos.Proposer{
			ID: id, Acceptors: n.acceptors, Bugs: bugs,
			Scheme: paxos.Pair{ID: uint32(i + 1), Stride: uint32(proposers)},
		}
	}
	return n
}

// change asks p for a change. If no round is under way one begins, or goes on with the promises that p has. Who asked
// before and has no answer yet has given up.
func (n *network) change(p string, c paxos.Change) {
	if !n.busy(p) {
		n.calls[p].Stop()
	}
	n.calls[p].Add(&paxos.Call[int]{Change: c})
	n.advance(p)
}

// advance has p take the next step that needs no answer.
func (n *network) advance(p string) {
	r, calls := n.round[p], n.calls[p]
	switch {
	case r.Ready() && calls.Pending():
		e, _ := calls.Propose(n.proposer[p], r, n.ahead[p], 100)
		n.proposed(p, e)
	case !r.Busy() && !r.Ready() && calls.Pending():
		e, err := n.proposer[p].Prepare(r)
		if err != nil {
			panic(err)
		}
		n.proposed(p, e)
	}
}

// busy reports whether p waits for acceptors.
func (n *network) busy(p string) bool { return n.round[p].Busy() }

// ask begins a quorum read.
func (n *network) ask(p string) {
	n.asked[p]++
	n.reads(p, n.proposer[p].Ask(n.asked[p]))
}

// reads takes over what a step of a quorum read did.
func (n *network) reads(p string, e paxos.ReadEffects) {
	n.read[p] = e.After
	if e.Step.Action != "" {
		n.steps = append(n.steps, e.Step)
	}
	if e.Send.Kind != 0 {
		n.send(e.Send)
	}
	if e.Done {
		n.told = append(n.told, told{e.Step.Latest, e.Payload, e.Payload, true})
	}
}

// abandon lets p run out of patience. What it tries next, if anything, is up to the test.
func (n *network) abandon(p string) {
	n.proposed(p, n.proposer[p].Abandon(n.round[p], paxos.Message{}))
}

// restart stops a node and starts it with what is on its disk.
func (n *network) restart(id string) {
	if a, ok := n.acceptor[id]; ok {
		e := a.RestartAcceptor(n.disk[id])
		n.memory[id] = e.After
		n.steps = append(n.steps, e.Step)
		return
	}
	n.calls[id] = &paxos.Calls[int]{}
	n.read[id] = paxos.Read{}
	n.proposed(id, n.proposer[id].RestartProposer(n.counter[id]))
}

// question delivers a proposer's message to an acceptor.
func (n *network) question(a string, m paxos.Message) {
	e, ok := n.acceptor[a].Receive(n.memory[a], m)
	if !ok {
		panic("no acceptor takes " + m.Kind.String())
	}
	n.memory[a] = e.After
	if e.Persist {
		n.disk[a] = e.After
	}
	n.steps = append(n.steps, e.Step)
	n.send(e.Reply)
}

// tell delivers an answer to a proposer.
func (n *network) tell(p string, m paxos.Message) {
	if m.Kind == paxos.KindReport {
		n.reads(p, n.proposer[p].ReceiveReport(n.read[p], m))
		return
	}
	n.proposed(p, n.proposer[p].Receive(n.round[p], m))
	if n.round[p].Ready() {
		n.advance(p)
	}
}

// proposed takes over what a proposer did.
func (n *network) proposed(p string, e paxos.ProposerEffects) {
	n.round[p] = e.After
	n.calls[p].End(e)
	n.counter[p] = max(n.counter[p], e.Persist)
	if e.Step.Action != "" {
		n.steps = append(n.steps, e.Step)
	}
	if e.Send.Kind == paxos.KindAccept {
		n.parent[proposal{e.Send.Ballot, e.Send.State}] = e.After.Parent
	}
	if e.Send.Kind != 0 {
		n.send(e.Send)
	}
	if e.Outcome == paxos.Satisfied {
		n.told = append(n.told, told{e.Step.Ballot, e.After.Current, e.After.Proposal, false})
	}
}

func (n *network) send(m paxos.Message) {
	if !slices.Contains(n.messages, m) {
		n.messages = append(n.messages, m)
	}
}

// owner finds the proposer whose round a message belongs to.
func (n *network) owner(m paxos.Message) string {
	if m.Kind == paxos.KindReport {
		return m.Proposer
	}
	for _, p := range n.proposers {
		if n.proposer[p].Scheme.Owns(m.Ballot) {
			return p
		}
	}
	panic(fmt.Sprintf("nobody owns ballot %d", m.Ballot))
}

// question reports whether a message goes to acceptors.
func question(m paxos.Message) bool {
	return m.Kind == paxos.KindPrepare || m.Kind == paxos.KindAccept || m.Kind == paxos.KindAsk
}

// violations tells which properties of the specification the history breaks.
func (n *network) violations() []string {
	var broken []string
	states := map[paxos.Ballot]paxos.State{0: ""}
	for _, m := range n.messages {
		if m.Kind != paxos.KindAccept {
			continue
		}
		if s, ok := states[m.Ballot]; ok && s != m.State {
			broken = append(broken, fmt.Sprintf("OneStatePerBallot: ballot %d is used for %s and %s", m.Ballot, show(paxos.Payload(s)), show(paxos.Payload(m.State))))
		}
		states[m.Ballot] = m.State
	}
	for _, a := range n.acceptors {
		if n.memory[a] != n.disk[a] {
			broken = append(broken, fmt.Sprintf("MemoryOnDisk: %s holds %v, its disk %v", a, n.memory[a], n.disk[a]))
		}
		if n.memory[a].AcceptedBallot > n.memory[a].Promised {
			broken = append(broken, fmt.Sprintf("PromiseCoversAccepted: %s holds %v", a, n.memory[a]))
		}
	}
	return append(append(broken, n.brokenChain(states)...), n.liveBallots()...)
}

// liveBallots checks LateBallotIsDead: once a ballot is acknowledged, no smaller one that nobody has used yet finds a
// majority that would accept under it.
func (n *network) liveBallots() (broken []string) {
	used := map[paxos.Ballot]bool{}
	for _, m := range n.messages {
		used[m.Ballot] = used[m.Ballot] || m.Kind == paxos.KindAccept
	}
	for _, x := range n.told {
		for b := paxos.Ballot(1); b <= x.ballot; b++ {
			free := 0
			for _, a := range n.acceptors {
				if n.memory[a].Promised <= b {
					free++
				}
			}
			if !used[b] && 2*free > len(n.acceptors) {
				broken = append(broken, fmt.Sprintf("LateBallotIsDead: a majority would accept under ballot %d although %d was acknowledged", b, x.ballot))
			}
		}
	}
	return broken
}

// brokenChain checks ChangesWereApplied and OneChain: each acknowledged state was made of its parent's, and descends
// from the acknowledged one before it.
func (n *network) brokenChain(states map[paxos.Ballot]paxos.State) (broken []string) {
	history := slices.SortedStableFunc(slices.Values(n.told), func(a, b told) int { return int(a.ballot) - int(b.ballot) })
	for i, x := range history {
		parent := n.parent[proposal{x.ballot, states[x.ballot]}]
		if x.read {
			if show(paxos.Payload(states[x.ballot])) != show(x.after) {
				broken = append(broken, fmt.Sprintf("ChangesWereApplied: a read of ballot %d gave %s", x.ballot, show(x.after)))
			}
		} else if show(paxos.Payload(states[parent])) != show(x.before) {
			broken = append(broken, fmt.Sprintf("ChangesWereApplied: ballot %d changed %s, not the state of ballot %d", x.ballot, show(x.before), parent))
		}
		if i == 0 {
			continue
		}
		last := history[i-1].ballot
		b := parent
		for b > last {
			b = n.parent[proposal{b, states[b]}]
		}
		if x.ballot != last && b != last || x.ballot == last && !x.read && !history[i-1].read {
			broken = append(broken, fmt.Sprintf("OneChain: ballot %d does not descend from ballot %d, which was acknowledged too", x.ballot, last))
		}
	}
	return broken
}

// describe writes a step as in the specification, with the variables it leaves behind.
func describe(s paxos.Step) string {
	var args, vars []string
	for _, f := range s.Args(appendShow) {
		args = append(args, plain(f.JSON))
	}
	for _, f := range s.Vars(appendShow) {
		vars = append(vars, f.Name+" = "+plain(f.JSON))
	}
	return fmt.Sprintf("%s(%s)  %s", s.Action, strings.Join(args, ", "), strings.Join(vars, ", "))
}

var plain = strings.NewReplacer(`{"#set":[`, "{", `{"#tup":[`, "<", `}]}`, ">", `[]}`, "<>", `]}`, "}", `"`, "", `{"name":"add","value":`, "add ", "}", "").Replace
