// The journal: a node's steps on their way into its trace.

package server

import (
	"fmt"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
)

// journal collects the steps of a turn, numbers them and writes them. A nil journal keeps no trace and costs
// nothing.
type journal struct {
	writer *trace.Writer
	clock  *trace.Clock
	events []trace.Event
}

// openJournal begins the trace of a run. hidden names the actions that a crash may have made durable without
// recording them.
func openJournal(n *Node, run uint64, hidden []string) (*journal, error) {
	if n.TracePath == "" {
		return nil, nil
	}
	writer, last, err := trace.Create(n.TracePath, trace.Header{
		Spec: specPath, Node: n.ID, Run: run, Constants: n.Cluster.constants(), Hidden: hidden,
	})
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	return &journal{writer: writer, clock: trace.NewClock(n.ID, run, last)}, nil
}

// observe takes note of a received message's Lamport time.
func (j *journal) observe(clock uint64) {
	if j != nil {
		j.clock.Observe(clock)
	}
}

// stamp is what a message carries of the step that sent it.
type stamp struct{ seq, clock uint64 }

// add notes one step on the register called key. restart marks the step by which the node took the register up
// again from its disk.
func (j *journal) add(key string, step paxos.Step, restart bool) stamp {
	if j == nil {
		return stamp{}
	}
	e := trace.Event{
		Instance: key, Action: step.Action, Args: fields(step.Args(register.Show)), Vars: fields(step.Vars(register.Show)),
		Restart: restart, Source: step.Source(),
	}
	for _, text := range step.Causes {
		if id, err := trace.ParseID(text); err == nil {
			e.Causes = append(e.Causes, id)
		}
	}
	j.clock.Stamp(&e)
	j.events = append(j.events, e)
	return stamp{e.Seq, e.Clock}
}

// time gives the Lamport time.
func (j *journal) time() uint64 {
	if j == nil {
		return 0
	}
	return j.clock.Now()
}

// flush writes the noted steps, in one write. Their messages may leave afterwards.
func (j *journal) flush() error {
	if j == nil {
		return nil
	}
	err := j.writer.Write(j.events)
	clear(j.events)
	j.events = j.events[:0]
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	return nil
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.writer.Close()
}

// fields renames a core's fields to a trace's. The core imports nothing, and so not the trace either.
func fields(from []paxos.Field) trace.Fields {
	var to trace.Fields
	for _, f := range from {
		to = append(to, trace.Field(f))
	}
	return to
}
