// Traces: what those do who ask for leases.

package lease

import (
	"fmt"
	"slices"
	"time"

	"synod/impl/journal"
	"synod/impl/lock"
	"synod/trace"
)

// Trace is what a process that asks for leases has done, as steps of spec/lease/LogLease.tla. A process has one trace, and
// one lease of a lock at a time.
type Trace struct {
	node    string
	journal *journal.Process
	began   time.Time
}

// OpenTrace begins the trace of another run of a process, under the name node. All who ask for leases of the same
// replicas keep traces, know each other's names and have the same term and error of the clocks: see Options.
func OpenTrace(path, node string, all []string, o Options) (*Trace, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	if !slices.Contains(all, node) {
		return nil, fmt.Errorf("lease: %s is not among %q", node, all)
	}
	header := trace.Header{
		Spec: lock.SpecPath, Node: node, Constants: journal.Fields(lock.Constants(nil, all, o.Term, o.ClockError)),
	}
	j, err := journal.OpenProcess(path, header)
	if err != nil {
		return nil, err
	}
	return &Trace{node: node, journal: j, began: time.Now()}, nil
}

// started is when the clock began that the trace shows.
func (t *Trace) started() time.Time {
	if t == nil {
		return time.Now()
	}
	return t.began
}

// follow takes down what a holder does.
func (t *Trace) follow(h *lock.Holder) {
	if t != nil {
		h.Node, h.Record = t.node, t.journal.Record
	}
}

// Close closes the file. It tells of the first error, after which nothing was written any more.
func (t *Trace) Close() error { return t.journal.Close() }
