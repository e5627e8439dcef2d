// Recording: what the nodes of a system in one process do, kept in memory.

package trace

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// Recorder keeps the steps of nodes that run in one process, a test mostly: nothing is written.
//
//	r := trace.NewRecorder("Queue.tla")
//	sent := r.Node("producer").Record("Put", trace.Values{"v": 3}, trace.Values{"credit": 2})
//	...                                                   // the message takes sent along
//	r.Node("consumer").Record("Take", trace.Values{"v": 3}, nil, sent)
//	conformance.CheckRecorder(t, spec, r, conformance.Options{})
//
// Goroutines may use a Recorder and its nodes at once. A node's steps are in the order in which they are recorded: where
// several goroutines are one node, its state and its Record are under one lock.
type Recorder struct {
	spec  string
	mu    sync.Mutex
	nodes []*Recording
}

// NewRecorder records for a specification: the name that the headers have, below the folder of specifications.
func NewRecorder(spec string) *Recorder { return &Recorder{spec: spec} }

// Node is the record of a node; it is made when it is asked for first.
func (r *Recorder) Node(name string) *Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.nodes {
		if n.clock.Node == name {
			return n
		}
	}
	n := &Recording{clock: NewClock(name, 1, 0)}
	r.nodes = append(r.nodes, n)
	return n
}

// Files are the nodes' traces, by name, as ReadFile would give them. The error is that of a value which has no encoding.
func (r *Recorder) Files() ([]*File, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var files []*File
	for _, n := range r.nodes {
		n.mu.Lock()
		name := n.clock.Node
		files = append(files, &File{Name: name, Headers: []Header{{Spec: r.spec, Node: name, Run: 1}}, Events: slices.Clone(n.events)})
		err := n.err
		n.mu.Unlock()
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(files, func(a, b *File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

// Values are arguments by their parameters' names, or variables by their paths, as Value encodes them.
type Values map[string]any

// Sent is what a message carries of the event that sent it. The zero Sent is of no event.
type Sent struct {
	ID    ID
	Clock uint64
}

// Recording is the record of one node.
type Recording struct {
	mu     sync.Mutex
	clock  *Clock
	events []Event
	err    error // the first value that has no encoding
}

// Record takes note of a step: its action, what is known of its arguments and of the variables after it, and what the
// messages that it consumed have carried. The event's source is the line that calls. What it gives goes along with
// the messages that the step sends.
func (n *Recording) Record(action string, args, vars Values, consumed ...Sent) Sent {
	return n.RecordEvent(Event{Action: action, Source: Caller(1)}, args, vars, consumed...)
}

// RecordEvent is Record for an event that has an Instance, a Restart or a Source of the caller's.
func (n *Recording) RecordEvent(e Event, args, vars Values, consumed ...Sent) Sent {
	n.mu.Lock()
	defer n.mu.Unlock()
	var errs [2]error
	e.Args, errs[0] = args.fields()
	e.Vars, errs[1] = vars.fields()
	for _, err := range errs {
		if err != nil && n.err == nil {
			n.err = fmt.Errorf("%s: %s of node %s: %w", e.Source, e.Action, n.clock.Node, err)
		}
	}
	for _, s := range consumed {
		if s.ID.IsZero() {
			continue
		}
		n.clock.Observe(s.Clock)
		e.Causes = append(e.Causes, s.ID)
	}
	n.clock.Stamp(&e)
	n.events = append(n.events, e)
	return Sent{e.ID, e.Clock}
}

// fields encodes the values, in the order of their names.
func (v Values) fields() (out Fields, err error) {
	for name, x := range v {
		json, err := Value(x)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, Field{Name: name, JSON: json})
	}
	slices.SortFunc(out, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}
