// The system: a coordinator and its participants, which talk in messages and record each step that they take.

// Package twophase is two-phase commit in a few lines of Go, with the traces from which its test checks that the code does
// what TwoPhase.tla allows. It is where to begin for a system of several nodes.
package twophase

import "synod/trace"

// message goes from one node to another. It carries the id and the clock of the event that sent it, nothing else of traces.
type message struct {
	from, to, kind string
	event          trace.ID
	clock          uint64
}

// node is what the coordinator and the participants have in common: the record of their steps.
type node struct {
	clock  *trace.Clock
	events []trace.Event
}

func newNode(name string) node { return node{clock: trace.NewClock(name, 1, 0)} }

// record writes down a step: its action, what is known of its arguments and of the variables after it, and the messages
// that it consumed.
func (n *node) record(action string, args, vars trace.Fields, consumed ...message) trace.Event {
	e := trace.Event{Action: action, Args: args, Vars: vars, Source: trace.Caller(2)}
	for _, m := range consumed {
		n.clock.Observe(m.clock)
		e.Causes = append(e.Causes, m.event)
	}
	n.clock.Stamp(&e)
	n.events = append(n.events, e)
	return e
}

// participant is one of those who commit or abort.
type participant struct {
	node
	name  string
	state string
}

func (p *participant) step(action string, consumed ...message) trace.Event {
	return p.record(action, trace.Fields{{Name: "p", JSON: trace.String(p.name)}},
		trace.Fields{{Name: "state[" + p.name + "]", JSON: trace.String(p.state)}}, consumed...)
}

// vote answers whether the participant can commit.
func (p *participant) vote(can bool) message {
	if !can {
		p.state = "aborted"
		return p.says("no", p.step("Refuse"))
	}
	p.state = "prepared"
	return p.says("yes", p.step("Prepare"))
}

func (p *participant) says(kind string, e trace.Event) message {
	return message{p.name, "coordinator", kind, e.ID, e.Clock}
}

// learn takes the coordinator's decision.
func (p *participant) learn(m message) {
	if p.state != "prepared" {
		return
	}
	p.state = map[string]string{"commit": "committed", "abort": "aborted"}[m.kind]
	p.step("Learn", m)
}

// coordinator decides.
type coordinator struct {
	node
	participants []string
	decision     string
	yes          map[string]message

	majorityCommits bool // a bug: it does not wait for all
}

// receive takes a participant's answer and gives what is to be sent.
func (c *coordinator) receive(m message) []message {
	switch {
	case c.decision != "none":
		return nil
	case m.kind == "no":
		return c.decide("abort", "Abort", m)
	}
	c.yes[m.from] = m
	if len(c.yes) < len(c.participants) && !(c.majorityCommits && 2*len(c.yes) > len(c.participants)) {
		return nil
	}
	var consumed []message
	for _, p := range c.participants {
		if m, answered := c.yes[p]; answered {
			consumed = append(consumed, m)
		}
	}
	return c.decide("commit", "Commit", consumed...)
}

func (c *coordinator) decide(decision, action string, consumed ...message) (out []message) {
	c.decision = decision
	e := c.record(action, nil, trace.Fields{{Name: "decision", JSON: trace.String(decision)}}, consumed...)
	for _, p := range c.participants {
		out = append(out, message{"coordinator", p, decision, e.ID, e.Clock})
	}
	return out
}
