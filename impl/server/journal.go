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
	step   paxos.Step  // the one that is being added
	event  trace.Short // the memory of its event
}

// openJournal begins the trace of a run. hidden names the actions that a crash may have made durable without
// recording them.
func openJournal(n *Node, run uint64, hidden []string) (*journal, error) {
	if n.TracePath == "" {
		return nil, nil
	}
	writer, last, err := trace.Create(n.TracePath, trace.Header{
		Spec: specPath, Node: n.ID, Run: run, Constants: n.Cluster.constants(), Hidden: hidden, Forms: forms(n.ID),
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

// forms gives the forms of a node's events. The core imports nothing, and so not the trace either.
func forms(node string) []trace.Form {
	var list []trace.Form
	for _, f := range paxos.Forms(node) {
		list = append(list, trace.Form{
			Action: f.Action, Fixed: trace.Fields{trace.Field(f.Node)}, Args: f.Args, Vars: f.Vars, Restart: f.Restart, Source: f.Source,
		})
	}
	return list
}

// keeps reports whether a key is traced. It is so at all nodes or at none, as a trace of one key needs the steps of all. It
// is asked once for each register that comes into memory.
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

// add notes the step that the journal has, on the register called key, which it keeps.
func (j *journal) add(key string) stamp {
	e, step := &j.event, &j.step
	e.Form, e.Instance = step.Form(), key
	e.Args = step.AppendArgs(e.Args[:0], register.AppendShow)
	e.Vars = step.AppendVars(e.Vars[:0], register.AppendShow)
	e.Causes = step.Causes(e.Causes[:0])
	seq, clock := j.writer.Add(j.clock, e)
	return stamp{seq, clock}
}

// note counts a step on the register called key, and records it if that is traced. That is done with a copy, so that the
// step, and what it is a part of, need not be on the heap where nothing is traced.
func (n *node) note(key string, traced bool, step *paxos.Step) (at stamp) {
	n.steps.Add(1)
	if traced {
		n.journal.step = *step
		at = n.journal.add(key)
	}
	return at
}

// time gives the Lamport time.
func (j *journal) time() uint64 {
	if j == nil {
		return 0
	}
	return j.clock.Now()
}

// flush writes the noted steps. Their messages may leave afterwards.
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
