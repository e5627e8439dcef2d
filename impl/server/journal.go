// The journal: a node's steps on their way into its trace.

package server

import (
	"fmt"
	"hash/fnv"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/trace"
)

// journal collects the steps of a turn, numbers them and writes them. A nil journal keeps no trace and costs
// nothing.
type journal struct {
	writer *trace.Writer
	clock  *trace.Clock
	sample uint32      // one key in so many is traced
	event  trace.Event // the memory of the one that is being added
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
	return &journal{writer: writer, clock: trace.NewClock(n.ID, run, last), sample: uint32(max(1, n.TraceSample))}, nil
}

// observe takes note of a received message's Lamport time.
func (j *journal) observe(clock uint64) {
	if j != nil {
		j.clock.Observe(clock)
	}
}

// keeps reports whether a key is traced. It is so at all nodes or at none, as a trace of one key needs the steps of all.
func (j *journal) keeps(key string) bool {
	if j == nil || j.sample == 1 {
		return j != nil
	}
	h := fnv.New32a()
	h.Write([]byte(key))
	return h.Sum32()%j.sample == 0
}

// stamp is what a message carries of the step that sent it.
type stamp struct{ seq, clock uint64 }

// add notes one step on the register called key. restart marks the step by which the node took the register up
// again from its disk.
func (j *journal) add(key string, step paxos.Step, restart bool) stamp {
	if !j.keeps(key) {
		return stamp{}
	}
	e := &j.event
	*e = trace.Event{
		Instance: key, Action: step.Action, Restart: restart, Source: step.Source(),
		Args: fields(e.Args[:0], step.Args(register.Show)), Vars: fields(e.Vars[:0], step.Vars(register.Show)),
		Causes: e.Causes[:0],
	}
	for _, text := range step.Causes {
		if id, err := trace.ParseID(text); err == nil {
			e.Causes = append(e.Causes, id)
		}
	}
	j.clock.Stamp(e)
	j.writer.Append(e)
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
	if err := j.writer.Flush(); err != nil {
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
func fields(to trace.Fields, from []paxos.Field) trace.Fields {
	for _, f := range from {
		to = append(to, trace.Field(f))
	}
	return to
}
