// Long traces of registers, for measuring the checker.

// Package synthetic runs the real cores of three acceptors and two proposers in memory, over one register or many, and
// records what they do. A trace of a running cluster spreads over many registers; one register is a single behaviour as
// long as one likes, which is the harder case for a checker.
package synthetic

import (
	"fmt"
	"math/rand/v2"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
)

const stride = 16

// envelope is a message under way: to one acceptor, or back to the proposer called to.
type envelope struct {
	to      string
	message paxos.Message
	clock   uint64
}

// recorder is what all registers have in common: the nodes' clocks, and what was done.
type recorder struct {
	random *rand.Rand
	clocks map[string]*trace.Clock
	events []trace.Event
}

// cluster is the cores of one register, their states and the messages between them.
type cluster struct {
	*recorder
	instance  string
	acceptors map[string]*acceptor
	proposers map[string]*proposer
	names     []string // of the acceptors
	flight    []envelope
	changes   int64
}

type acceptor struct {
	core  paxos.Acceptor
	state paxos.AcceptorState
}

type proposer struct {
	core  paxos.Proposer
	round paxos.Round
	calls paxos.Calls[struct{}]
}

// Trace records at least n events of so many registers. The seed decides whose turn it is, in which order messages arrive,
// and when the proposers get into each other's way.
func Trace(n, registers int, seed uint64) ([]trace.Header, []trace.Event, error) {
	r := &recorder{random: rand.New(rand.NewPCG(seed, seed)), clocks: make(map[string]*trace.Clock)}
	for _, name := range []string{"a1", "a2", "a3", "p1", "p2"} {
		r.clocks[name] = trace.NewClock(name, 1, 0)
	}
	clusters := make([]*cluster, registers)
	for i := range clusters {
		clusters[i] = newCluster(r, fmt.Sprint("k", i))
	}
	for len(r.events) < n {
		c := clusters[r.random.IntN(registers)]
		if err := c.start(); err != nil {
			return nil, nil, err
		}
		for len(c.flight) > 0 {
			if err := c.deliver(); err != nil {
				return nil, nil, err
			}
		}
	}
	return clusters[0].headers(), r.events, nil
}

func newCluster(r *recorder, instance string) *cluster {
	c := &cluster{
		recorder: r, instance: instance,
		acceptors: make(map[string]*acceptor), proposers: make(map[string]*proposer),
		names: []string{"a1", "a2", "a3"},
	}
	for _, name := range c.names {
		core := paxos.Acceptor{ID: name}
		c.acceptors[name] = &acceptor{core: core}
	}
	for i, name := range []string{"p1", "p2"} {
		c.proposers[name] = &proposer{core: paxos.Proposer{
			ID: name, Acceptors: c.names, Scheme: paxos.Pair{ID: uint32(i + 1), Stride: stride},
		}}
	}
	return c
}

// headers are what each node's server would have written.
func (c *cluster) headers() []trace.Header {
	constants := trace.Fields{
		{Name: "Acceptor", JSON: trace.Set(`"a1"`, `"a2"`, `"a3"`)}, {Name: "Id", JSON: `{"p1":1,"p2":2}`},
		{Name: "Scheme", JSON: `"pair"`}, {Name: "Stride", JSON: trace.Uint(stride)},
	}
	var headers []trace.Header
	for _, name := range []string{"a1", "a2", "a3", "p1", "p2"} {
		headers = append(headers, trace.Header{Spec: "register/Register.tla", Node: name, Run: 1, Constants: constants})
	}
	return headers
}

// start begins a round at one proposer, and now and then at both at once.
func (c *cluster) start() error {
	names := []string{"p1", "p2"}
	if c.random.IntN(8) > 0 {
		names = names[c.random.IntN(2):][:1]
	}
	for _, name := range names {
		c.changes++
		p := c.proposers[name]
		change := register.Set(c.changes)
		if c.changes%3 == 0 {
			change = register.Read()
		}
		p.calls.Add(&paxos.Call[struct{}]{Change: change})
		if err := c.advance(name, p); err != nil {
			return err
		}
	}
	return nil
}

// advance takes the proposer's next step, if one is to be taken without an answer. Every other round asks for the
// promises of the next one, so that both kinds of rounds are in the trace.
func (c *cluster) advance(name string, p *proposer) error {
	switch {
	case !p.calls.Pending():
	case p.round.Ready():
		effects, _ := p.calls.Propose(p.core, p.round, c.random.IntN(2) == 0, 1)
		c.apply(name, p, effects)
	case !p.round.Busy():
		effects, err := p.core.Prepare(p.round)
		if err != nil {
			return err
		}
		c.apply(name, p, effects)
	}
	return nil
}

// deliver hands over one of the messages under way, whichever.
func (c *cluster) deliver() error {
	i := c.random.IntN(len(c.flight))
	e := c.flight[i]
	c.flight[i] = c.flight[len(c.flight)-1]
	c.flight = c.flight[:len(c.flight)-1]
	c.clocks[e.to].Observe(e.clock)
	if p, ok := c.proposers[e.to]; ok {
		c.apply(e.to, p, p.core.Receive(p.round, e.message))
		return c.advance(e.to, p)
	}
	a := c.acceptors[e.to]
	effects, ok := a.core.Receive(a.state, e.message)
	if !ok {
		panic("synthetic: an acceptor got a message that no proposer sends")
	}
	a.state = effects.After
	id, clock := c.record(e.to, effects.Step)
	effects.Reply.Event = id
	for name, p := range c.proposers {
		if p.core.Scheme.Owns(e.message.Ballot) {
			c.flight = append(c.flight, envelope{name, effects.Reply, clock})
		}
	}
	return nil
}

// apply takes over what a proposer's action did.
func (c *cluster) apply(name string, p *proposer, effects paxos.ProposerEffects) {
	p.round = effects.After
	p.calls.End(effects)
	if effects.Step.Action == "" {
		return
	}
	id, clock := c.record(name, effects.Step)
	if effects.Send.Kind == 0 {
		return
	}
	effects.Send.Event = id
	for _, to := range c.names {
		c.flight = append(c.flight, envelope{to, effects.Send, clock})
	}
}

// record turns a step into an event, as the server does.
func (c *cluster) record(node string, step paxos.Step) (id string, clock uint64) {
	e := trace.Event{Instance: c.instance, Action: step.Action, Source: step.Source()}
	for _, f := range step.Args(register.AppendShow) {
		e.Args = append(e.Args, trace.Field(f))
	}
	for _, f := range step.Vars(register.AppendShow) {
		e.Vars = append(e.Vars, trace.Field(f))
	}
	for _, cause := range step.Causes(nil) {
		parsed, err := trace.ParseID(cause)
		if err != nil {
			panic("synthetic: " + err.Error())
		}
		e.Causes = append(e.Causes, parsed)
	}
	c.clocks[node].Stamp(&e)
	c.events = append(c.events, e)
	return e.ID.String(), e.Clock
}
