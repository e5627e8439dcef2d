// Journals: the steps that a node recorded, and how they become a trace.

package sim

import (
	"fmt"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
)

// entry is a step of a node, kept as it is until somebody asks for the trace.
type entry struct {
	id      trace.ID
	clock   uint64
	key     int
	restart bool
	step    paxos.Step
	at      Time
	parent  paxos.Ballot // of what a proposer proposed
	before  string       // what its changes were applied to
}

// journal is one node's trace. Pending entries are lost in a crash, as steps are that were taken and not recorded.
type journal struct {
	clock    *trace.Clock
	recorded []entry
	pending  []entry
	runs     []int // where in recorded each run begins
	last     uint64
}

// begin opens a run.
func (j *journal) begin(node string) {
	j.runs = append(j.runs, len(j.recorded))
	j.clock = trace.NewClock(node, uint64(len(j.runs)), j.last)
}

// run counts the node's starts.
func (j *journal) run() int { return len(j.runs) }

// add notes a step and gives the id that its messages carry.
func (j *journal) add(e entry) trace.ID {
	var stamped trace.Event
	j.clock.Stamp(&stamped)
	e.id, e.clock = stamped.ID, stamped.Clock
	j.pending = append(j.pending, e)
	return e.id
}

// record writes the pending entries.
func (j *journal) record() []entry {
	n := len(j.recorded)
	j.recorded = append(j.recorded, j.pending...)
	j.pending = j.pending[:0]
	if len(j.recorded) > 0 {
		j.last = max(j.last, j.recorded[len(j.recorded)-1].clock)
	}
	return j.recorded[n:]
}

// specPath is the specification that traces are checked against, below the folder of specifications.
const specPath = "register/Register.tla"

// file turns the journal into the node's trace.
func (j *journal) file(node string, constants trace.Fields, hidden []string) *trace.File {
	f := &trace.File{Name: node + ".ndjson"}
	line := 0
	place := func() trace.Place {
		line++
		return trace.Place{File: f.Name, Line: line}
	}
	for run, from := range j.runs {
		to := len(j.recorded)
		if run+1 < len(j.runs) {
			to = j.runs[run+1]
		}
		f.Headers = append(f.Headers, trace.Header{
			Spec: specPath, Node: node, Run: uint64(run + 1), Constants: constants, Hidden: hidden, Place: place(),
		})
		for i := range j.recorded[from:to] {
			e := j.recorded[from+i].event()
			e.Place = place()
			f.Events = append(f.Events, e)
		}
	}
	return f
}

func (e *entry) event() trace.Event {
	out := trace.Event{
		ID: e.id, Clock: e.clock, Instance: keyName(e.key), Action: e.step.Action, Restart: e.restart,
		Args: fields(e.step.Args(register.AppendShow)), Vars: fields(e.step.Vars(register.AppendShow)), Source: e.step.Source(),
	}
	for _, text := range e.step.Causes(nil) {
		id, err := trace.ParseID(text)
		if err != nil {
			panic(fmt.Sprintf("sim: a message carried %v", err))
		}
		out.Causes = append(out.Causes, id)
	}
	return out
}

func fields(from []paxos.Field) trace.Fields {
	var to trace.Fields
	for _, f := range from {
		to = append(to, trace.Field(f))
	}
	return to
}

// Lines writes a node's trace: each run's header, then its events.
func Lines(f *trace.File) []byte {
	var b []byte
	next := 0
	for i := range f.Headers {
		h := &f.Headers[i]
		b = h.AppendJSON(b)
		for ; next < len(f.Events) && f.Events[next].Run == h.Run; next++ {
			b = f.Events[next].AppendJSON(b)
		}
	}
	return b
}
