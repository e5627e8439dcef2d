// The register's cores in a state of the specification: what they can do there, and where that leads.

// Package register compares the register's cores with spec/register/Register.tla edge by edge (package edges).
package register

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"synod/conformance/tla"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/tools/edges"
)

// step is one step of the code, in the specification's terms.
type step = edges.Step[view]

// view is a state of the specification as JSON: functions of names are objects, messages and acknowledged changes are
// sets of records.
type view struct {
	Promised       map[string]paxos.Ballot `json:"promised"`
	AcceptedBallot map[string]paxos.Ballot `json:"acceptedBallot"`
	AcceptedState  map[string]json.Number  `json:"acceptedState"`
	Disk           map[string]record       `json:"disk"`
	Counter        map[string]paxos.Ballot `json:"counter"`
	Phase          map[string]paxos.Phase  `json:"phase"`
	Ballot         map[string]paxos.Ballot `json:"ballot"`
	Changes        map[string]changes      `json:"changes"`
	Proposal       map[string]json.Number  `json:"proposal"`
	Messages       set[message]            `json:"messages"`
	Acknowledged   set[acknowledgement]    `json:"acknowledged"`
}

// changes are a sequence.
type changes struct {
	Elements []change `json:"#tup"`
}

type set[T any] struct {
	Elements []T `json:"#set"`
}

type record struct {
	Promised       paxos.Ballot `json:"promised"`
	AcceptedBallot paxos.Ballot `json:"acceptedBallot"`
	AcceptedState  json.Number  `json:"acceptedState"`
}

// message has the fields of its type alone.
type message struct {
	Type           string        `json:"type"`
	Ballot         paxos.Ballot  `json:"ballot"`
	Acceptor       string        `json:"acceptor,omitempty"`
	AcceptedBallot *paxos.Ballot `json:"acceptedBallot,omitempty"`
	AcceptedState  *json.Number  `json:"acceptedState,omitempty"`
	State          *json.Number  `json:"state,omitempty"`
	Parent         *paxos.Ballot `json:"parent,omitempty"`
	Next           *paxos.Ballot `json:"next,omitempty"`
}

type acknowledgement struct {
	Ballot  paxos.Ballot `json:"ballot"`
	Changes changes      `json:"changes"`
	State   json.Number  `json:"state"`
}

// change is a register's change as the specification writes it: with the fields of its name alone.
type change struct{ register.Change }

// MarshalJSON implements json.Marshaler.
func (c change) MarshalJSON() ([]byte, error) { return c.AppendTrace(nil, "", ""), nil }

// copied is a view that can be changed without changing v.
func (v view) copied() view {
	v.Promised, v.AcceptedBallot, v.AcceptedState = maps.Clone(v.Promised), maps.Clone(v.AcceptedBallot), maps.Clone(v.AcceptedState)
	v.Disk, v.Counter, v.Phase = maps.Clone(v.Disk), maps.Clone(v.Counter), maps.Clone(v.Phase)
	v.Ballot, v.Changes, v.Proposal = maps.Clone(v.Ballot), maps.Clone(v.Changes), maps.Clone(v.Proposal)
	v.Messages.Elements = slices.Clone(v.Messages.Elements)
	v.Acknowledged.Elements = slices.Clone(v.Acknowledged.Elements)
	return v
}

// cluster is the cores of a model.
type cluster struct {
	acceptors []string
	proposers map[string]paxos.Scheme
	changes   []register.Change
	max       paxos.Ballot // no proposer begins a round under a larger ballot
	bugs      paxos.Bugs
}

// domains are the sets from which the register's actions take their parameters.
var domains = map[string]string{
	"a": "Acceptor", "p": "Proposer", "b": "Ballot", "r": "Ballot", "cs": "Changes", "q": "SUBSET Acceptor", "s": "State", "next": "Ballot",
	"n": "Number",
}

// compare compares the cores of a cluster with a model.
func (c *cluster) compare(m *tla.Model) (*edges.Figures, error) {
	return edges.Compare(m, edges.Code[view]{Domains: domains, Steps: c.steps, Refuses: c.refuses})
}

// refuses tells why the code does not take a step that the specification allows.
func (c *cluster) refuses(_ view, s tla.Successor) string {
	if (s.Action == "Propose" || s.Action == "Acknowledge") && s.Args[1].Len() > len(c.acceptors)/2+1 {
		return s.Action + " waits for no more acceptors than a quorum needs"
	}
	return ""
}

// steps are all that the code can do in a state: with every message that was sent, in every order of the answers that a
// round may have heard, at any time-out and restart.
func (c *cluster) steps(v view) []step {
	var all []step
	for _, a := range c.acceptors {
		all = append(all, c.acceptorSteps(v, a)...)
	}
	for _, p := range slices.Sorted(maps.Keys(c.proposers)) {
		all = append(all, c.proposerSteps(v, p)...)
	}
	return all
}

// state is the code's form of a state that was accepted under ballot b: with the ballot that it was made from.
func (v view) state(b paxos.Ballot, payload json.Number) paxos.State {
	for _, m := range v.Messages.Elements {
		if m.Type == paxos.KindAccept.String() && m.Ballot == b {
			return sealed(*m.Parent, payload)
		}
	}
	return ""
}

// sealed is a state with its parent's ballot in front, which is below 128 in any model.
func sealed(parent paxos.Ballot, payload json.Number) paxos.State {
	n, _ := payload.Int64() // the model's states are integers
	return string([]byte{1, byte(parent)}) + register.IntegerState(n)
}

// shown is the specification's form of what a register holds.
func shown(payload string) json.Number { return json.Number(register.Show(payload)) }

func (c *cluster) acceptorSteps(v view, name string) []step {
	core := paxos.Acceptor{ID: name, Bugs: c.bugs}
	memory := paxos.AcceptorState{
		Promised: v.Promised[name], AcceptedBallot: v.AcceptedBallot[name],
		AcceptedState: v.state(v.AcceptedBallot[name], v.AcceptedState[name]),
	}
	var all []step
	for _, m := range v.Messages.Elements {
		if e, ok := core.Receive(memory, v.code(m)); ok {
			all = append(all, acceptorStep(v, name, v.code(m), e))
		}
	}
	d := v.Disk[name]
	restart := core.RestartAcceptor(paxos.AcceptorState{
		Promised: d.Promised, AcceptedBallot: d.AcceptedBallot, AcceptedState: v.state(d.AcceptedBallot, d.AcceptedState),
	})
	return append(all, acceptorStep(v, name, paxos.Message{}, restart))
}

// acceptorStep is an acceptor's step: its memory, its disk if it must be written, and its answer if that is a message
// of the specification. An answer to an accept that asks for the next ballot is two messages there.
func acceptorStep(v view, name string, asked paxos.Message, e paxos.AcceptorEffects) step {
	after := v.copied()
	r := record{e.After.Promised, e.After.AcceptedBallot, shown(paxos.Payload(e.After.AcceptedState))}
	after.Promised[name], after.AcceptedBallot[name], after.AcceptedState[name] = r.Promised, r.AcceptedBallot, r.AcceptedState
	if e.Persist {
		after.Disk[name] = r
	}
	switch e.Reply.Kind {
	case paxos.KindPromise:
		after.send(spoken(e.Reply, 0))
	case paxos.KindAccepted:
		after.send(spoken(e.Reply, 0))
		if asked.Next != 0 {
			after.send(spoken(paxos.Message{
				Kind: paxos.KindPromise, Ballot: asked.Next, Acceptor: name, AcceptedBallot: asked.Ballot, State: asked.State,
			}, 0))
		}
	}
	return named(e.Step, after)
}

func (c *cluster) proposerSteps(v view, name string) []step {
	p := paxos.Proposer{ID: name, Acceptors: c.acceptors, Scheme: c.proposers[name], Bugs: c.bugs}
	counter := v.Counter[name]
	all := []step{proposerStep(v, name, p.RestartProposer(counter))}
	take := func(e paxos.ProposerEffects) {
		if e.Step.Action != "" {
			all = append(all, proposerStep(v, name, e))
		}
	}
	switch v.Phase[name] {
	case paxos.Idle:
		for seen := range c.max { // a round may have heard of any ballot
			e, err := p.Prepare(paxos.Round{Phase: paxos.Idle, Counter: counter, Seen: seen})
			if err == nil && e.After.Counter <= c.max {
				take(e)
			}
		}
	case paxos.Preparing:
		r := c.preparing(p, v, name)
		take(p.Abandon(r, paxos.Message{}))
		take(p.Receive(r, paxos.Message{
			Kind: paxos.KindRefusedPrepare, Ballot: r.Ballot, Acceptor: c.acceptors[0], Promised: r.Ballot + 1,
		}))
		c.proposing(p, v, r, take)
	case paxos.Accepting:
		for _, r := range c.accepting(p, v, name) {
			take(p.Abandon(r, paxos.Message{}))
			hear(p, r, v.heard(paxos.KindAccepted), take)
		}
	}
	return all
}

// proposing lets a round hear promises until it is ready, and propose whatever it can.
func (c *cluster) proposing(p paxos.Proposer, v view, r paxos.Round, act func(paxos.ProposerEffects)) {
	ready(p, r, v.heard(paxos.KindPromise), func(r paxos.Round) {
		for _, x := range c.changes {
			act(p.Propose(r, []paxos.Change{x}, false))
			for r.Seen = 0; r.Seen <= c.max; r.Seen++ {
				if e := p.Propose(r, []paxos.Change{x}, true); e.After.Next <= c.max {
					act(e)
				}
			}
		}
	})
}

// ready lets a round hear promises in every order, each once, until it is ready.
func ready(p paxos.Proposer, r paxos.Round, answers []paxos.Message, act func(paxos.Round)) {
	for i, m := range answers {
		e := p.Receive(r, m)
		if e.After.Ready() {
			act(e.After)
			continue
		}
		ready(p, e.After, slices.Delete(slices.Clone(answers), i, i+1), act)
	}
}

// preparing is the round that a proposer has begun and heard nothing of. It is the same whether a prepare or an accept
// has claimed its ballot.
func (c *cluster) preparing(p paxos.Proposer, v view, name string) paxos.Round {
	e, err := p.Prepare(paxos.Round{Phase: paxos.Idle, Counter: v.Ballot[name] - 1})
	if err != nil || e.After.Ballot != v.Ballot[name] {
		panic(fmt.Sprintf("edges/register: %s cannot have begun a round under ballot %d", name, v.Ballot[name]))
	}
	return e.After
}

// accepting are the rounds that a proposer can have which has proposed what it has proposed here.
func (c *cluster) accepting(p paxos.Proposer, v view, name string) []paxos.Round {
	var rounds []paxos.Round
	c.proposing(p, v, c.preparing(p, v, name), func(e paxos.ProposerEffects) {
		sent := spoken(e.Send, e.After.Parent)
		if e.Step.Action == "Propose" && e.After.Counter == v.Counter[name] && v.sent(sent) &&
			same(proposed(e.After), v.Changes[name]) {
			rounds = append(rounds, e.After)
		}
	})
	return rounds
}

// proposed are the changes of a round.
func proposed(r paxos.Round) changes {
	all := changes{Elements: []change{}}
	for _, x := range r.Applied {
		all.Elements = append(all.Elements, change{x.Change.(register.Change)})
	}
	return all
}

// hear lets a round hear answers in every order, each once, until it acts.
func hear(p paxos.Proposer, r paxos.Round, answers []paxos.Message, act func(paxos.ProposerEffects)) {
	for i, m := range answers {
		e := p.Receive(r, m)
		if e.Step.Action != "" {
			act(e)
			continue
		}
		hear(p, e.After, slices.Delete(slices.Clone(answers), i, i+1), act)
	}
}

// proposerStep is a proposer's step. A round that has ended is not told from one that never was, but for its counter.
func proposerStep(v view, name string, e paxos.ProposerEffects) step {
	after := v.copied()
	r := e.After
	after.Counter[name], after.Phase[name] = r.Counter, r.Phase
	if e.Step.Action == "Acknowledge" {
		after.acknowledge(acknowledgement{e.Step.Ballot, proposed(r), shown(r.Proposal)})
	}
	after.Ballot[name], after.Changes[name], after.Proposal[name] = r.Ballot, changes{Elements: []change{}}, "0"
	switch r.Phase {
	case paxos.Idle:
		after.Ballot[name] = 0
	case paxos.Accepting:
		after.Changes[name], after.Proposal[name] = proposed(r), shown(r.Proposal)
	}
	if e.Send.Kind != 0 {
		after.send(spoken(e.Send, r.Parent))
	}
	return named(e.Step, after)
}

func named(s paxos.Step, after view) step {
	args := map[string]string{}
	for _, f := range s.Args(register.AppendShow) {
		args[f.Name] = f.JSON
	}
	return step{Action: s.Action, Args: args, After: after}
}

// code is a message as the code has it.
func (v view) code(m message) paxos.Message {
	out := paxos.Message{Ballot: m.Ballot, Acceptor: m.Acceptor}
	for k := paxos.KindPrepare; k.Valid(); k++ {
		if k.String() == m.Type {
			out.Kind = k
		}
	}
	if m.AcceptedBallot != nil {
		out.AcceptedBallot, out.State = *m.AcceptedBallot, v.state(*m.AcceptedBallot, *m.AcceptedState)
	}
	if m.State != nil {
		out.State, out.Next = sealed(*m.Parent, *m.State), *m.Next
	}
	return out
}

// spoken is a message as the specification has it. The code's has no parent.
func spoken(m paxos.Message, parent paxos.Ballot) message {
	out := message{Type: m.Kind.String(), Ballot: m.Ballot, Acceptor: m.Acceptor}
	state := shown(paxos.Payload(m.State))
	switch m.Kind {
	case paxos.KindPromise:
		out.AcceptedBallot, out.AcceptedState = &m.AcceptedBallot, &state
	case paxos.KindAccept:
		out.State, out.Parent, out.Next = &state, &parent, &m.Next
	}
	return out
}

// heard are the messages of a kind as the code has them.
func (v view) heard(kind paxos.Kind) []paxos.Message {
	var all []paxos.Message
	for _, m := range v.Messages.Elements {
		if m.Type == kind.String() {
			all = append(all, v.code(m))
		}
	}
	return all
}

func (v view) sent(m message) bool {
	return slices.ContainsFunc(v.Messages.Elements, func(x message) bool { return same(x, m) })
}

func (v *view) send(m message) {
	if !v.sent(m) {
		v.Messages.Elements = append(v.Messages.Elements, m)
	}
}

func (v *view) acknowledge(a acknowledgement) {
	if !slices.ContainsFunc(v.Acknowledged.Elements, func(x acknowledgement) bool { return same(x, a) }) {
		v.Acknowledged.Elements = append(v.Acknowledged.Elements, a)
	}
}

func same[T any](a, b T) bool {
	one, _ := json.Marshal(a) // plain fields always have an encoding
	two, _ := json.Marshal(b)
	return string(one) == string(two)
}
