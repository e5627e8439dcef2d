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
	parent    map[proposal]paxos.Ballot // of each accept that was sent
}

// told is what a client heard of a change that was satisfied.
type told struct {
	ballot paxos.Ballot
	before paxos.State
	after  paxos.State
}

type proposal struct {
	ballot paxos.Ballot
	state  paxos.State
}

// add is a change of the tests: it adds to an integer state.
type add int

func (c add) Apply(s paxos.State) (paxos.State, error) {
	n, err := strconv.Atoi(s)
	return strconv.Itoa(n + int(c)), err
}

func (c add) Trace() string { return fmt.Sprintf(`{"name":"add","value":%d}`, int(c)) }

func newNetwork(acceptors, proposers int, bugs paxos.Bugs) *network {
	n := &network{
		acceptor: map[string]paxos.Acceptor{}, proposer: map[string]paxos.Proposer{},
		memory: map[string]paxos.AcceptorState{}, disk: map[string]paxos.AcceptorState{},
		round: map[string]paxos.Round{}, counter: map[string]paxos.Ballot{},
		parent: map[proposal]paxos.Ballot{},
	}
	for i := range acceptors {
		id := fmt.Sprintf("a%d", i+1)
		a := paxos.Acceptor{ID: id, Initial: "0", Bugs: bugs}
		n.acceptors = append(n.acceptors, id)
		n.acceptor[id], n.memory[id], n.disk[id] = a, a.Fresh(), a.Fresh()
	}
	for i := range proposers {
		id := fmt.Sprintf("p%d", i+1)
		n.proposers = append(n.proposers, id)
		n.proposer[id] = paxos.Proposer{
			ID: id, Acceptors: n.acceptors, Initial: "0", Bugs: bugs,
			Scheme: paxos.Pair{ID: uint32(i + 1), Stride: uint32(proposers)},
		}
	}
	return n
}

// prepare starts a round.
func (n *network) prepare(p string, c paxos.Change) {
	e, err := n.proposer[p].Prepare(n.round[p], c)
	if err != nil {
		panic(err)
	}
	n.proposed(p, e)
}

// busy reports whether p has a round under way.
func (n *network) busy(p string) bool {
	phase := n.round[p].Phase
	return phase == paxos.Preparing || phase == paxos.Accepting
}

// abandon lets p run out of patience.
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
	n.proposed(id, n.proposer[id].RestartProposer(n.counter[id]))
}

// ask delivers a prepare or an accept to an acceptor.
func (n *network) ask(a string, m paxos.Message) {
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
	n.proposed(p, n.proposer[p].Receive(n.round[p], m))
}

// proposed takes over what a proposer did.
func (n *network) proposed(p string, e paxos.ProposerEffects) {
	n.round[p] = e.After
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
		n.told = append(n.told, told{e.After.Counter, e.After.Current, e.After.Proposal})
	}
}

func (n *network) send(m paxos.Message) {
	if !slices.Contains(n.messages, m) {
		n.messages = append(n.messages, m)
	}
}

// owner finds the proposer whose round a message belongs to.
func (n *network) owner(m paxos.Message) string {
	for _, p := range n.proposers {
		if n.proposer[p].Scheme.Owns(m.Ballot) {
			return p
		}
	}
	panic(fmt.Sprintf("nobody owns ballot %d", m.Ballot))
}

// question reports whether a message goes to acceptors.
func question(m paxos.Message) bool { return m.Kind == paxos.KindPrepare || m.Kind == paxos.KindAccept }

// violations tells which properties of the specification the history breaks.
func (n *network) violations() []string {
	var broken []string
	states := map[paxos.Ballot]paxos.State{0: "0"}
	for _, m := range n.messages {
		if m.Kind != paxos.KindAccept {
			continue
		}
		if s, ok := states[m.Ballot]; ok && s != m.State {
			broken = append(broken, fmt.Sprintf("OneStatePerBallot: ballot %d is used for %s and %s", m.Ballot, s, m.State))
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
// majority that would promise it.
func (n *network) liveBallots() (broken []string) {
	used := map[paxos.Ballot]bool{}
	for _, m := range n.messages {
		used[m.Ballot] = used[m.Ballot] || m.Kind == paxos.KindPrepare
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
				broken = append(broken, fmt.Sprintf("LateBallotIsDead: a majority would promise ballot %d although %d was acknowledged", b, x.ballot))
			}
		}
	}
	return broken
}

// brokenChain checks ChangeWasApplied and OneChain: each acknowledged state was made of its parent's, and descends
// from the acknowledged one before it.
func (n *network) brokenChain(states map[paxos.Ballot]paxos.State) (broken []string) {
	history := slices.SortedFunc(slices.Values(n.told), func(a, b told) int { return int(a.ballot) - int(b.ballot) })
	for i, x := range history {
		parent := n.parent[proposal{x.ballot, x.after}]
		if states[parent] != x.before {
			broken = append(broken, fmt.Sprintf("ChangeWasApplied: ballot %d changed %s, not the state of ballot %d", x.ballot, x.before, parent))
		}
		if i == 0 {
			continue
		}
		last := history[i-1].ballot
		b := parent
		for b > last {
			b = n.parent[proposal{b, states[b]}]
		}
		if b != last || x.ballot == last {
			broken = append(broken, fmt.Sprintf("OneChain: ballot %d does not descend from ballot %d, which was acknowledged too", x.ballot, last))
		}
	}
	return broken
}

// describe writes a step as in the specification, with the variables it leaves behind.
func describe(s paxos.Step) string {
	var args, vars []string
	for _, f := range s.Args() {
		args = append(args, plain(f.JSON))
	}
	for _, f := range s.Vars() {
		vars = append(vars, f.Name+" = "+plain(f.JSON))
	}
	return fmt.Sprintf("%s(%s)  %s", s.Action, strings.Join(args, ", "), strings.Join(vars, ", "))
}

var plain = strings.NewReplacer(`{"#set":[`, "{", `]}`, "}", `"`, "", `{"name":"add","value":`, "add ", "}", "").Replace
