// The system: a coordinator and its participants, which talk in messages and record each step that they take.

// Package twophase is two-phase commit in a few lines of Go, with the traces from which its test checks that the code does
// what TwoPhase.tla allows. It is where to begin for a system of several nodes.
package twophase

import "synod/trace"

// message goes from one node to another. It carries what the event that sent it has given, nothing else of traces.
type message struct {
	from, to, kind string
	sent           trace.Sent
}

// participant is one of those who commit or abort.
type participant struct {
	trace *trace.Recording
	name  string
	state string
}

// step records a step with the state after it, and the messages that it consumed.
func (p *participant) step(action string, consumed ...trace.Sent) trace.Sent {
	e := trace.Event{Action: action, Source: trace.Caller(1)}
	return p.trace.RecordEvent(e, trace.Values{"p": p.name}, trace.Values{"state[" + p.name + "]": p.state}, consumed...)
}

// vote answers whether the participant can commit.
func (p *participant) vote(can bool) message {
	if !can {
		p.state = "aborted"
		return message{p.name, "coordinator", "no", p.step("Refuse")}
	}
	p.state = "prepared"
	return message{p.name, "coordinator", "yes", p.step("Prepare")}
}

// learn takes the coordinator's decision.
func (p *participant) learn(m message) {
	if p.state != "prepared" {
		return
	}
	p.state = map[string]string{"commit": "committed", "abort": "aborted"}[m.kind]
	p.step("Learn", m.sent)
}

// coordinator decides.
type coordinator struct {
	trace        *trace.Recording
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
		c.decision = "abort"
		return c.tell(c.trace.Record("Abort", nil, trace.Values{"decision": c.decision}, m.sent))
	}
	c.yes[m.from] = m
	if len(c.yes) < len(c.participants) && !(c.majorityCommits && 2*len(c.yes) > len(c.participants)) {
		return nil
	}
	var consumed []trace.Sent
	for _, p := range c.participants {
		if m, answered := c.yes[p]; answered {
			consumed = append(consumed, m.sent)
		}
	}
	c.decision = "commit"
	return c.tell(c.trace.Record("Commit", nil, trace.Values{"decision": c.decision}, consumed...))
}

func (c *coordinator) tell(sent trace.Sent) (out []message) {
	for _, p := range c.participants {
		out = append(out, message{"coordinator", p, c.decision, sent})
	}
	return out
}
