// Clocks that err, and reads from a leader's own copy.

package sim

import (
	"fmt"
	"strings"
	"time"

	"synod/impl/log"
	"synod/trace"
)

// For how long leases are granted, and by how much a clock may be ahead of the true time. One is about a tick.
const (
	leaseTerm  = 10 * time.Nanosecond
	clockError = 2 * time.Nanosecond
)

// clocks are those of the replicas, and the true time. Their steps are recorded, and all steps have one order then.
type clocks struct {
	ticks int
	now   time.Duration
	began map[string]time.Duration // when each replica started
	shown map[string]time.Duration // since then, by its own clock
	order uint64
	steps trace.File
}

func newClocks() *clocks {
	return &clocks{began: map[string]time.Duration{}, shown: map[string]time.Duration{}}
}

// start starts the clock of a replica anew.
func (c *clocks) start(id string) { c.began[id], c.shown[id] = c.now, 0 }

// stamp gives the place of a step in the order of all.
func (c *clocks) stamp() uint64 {
	c.order++
	return c.order
}

// tick lets time pass when all replicas have had about one tick.
func (n *network) tick() {
	c := n.clocks
	if c == nil {
		return
	}
	if c.ticks++; c.ticks%len(n.ids) != 0 {
		return
	}
	c.now++
	var shown []string
	for _, id := range n.ids {
		c.shown[id] = max(c.shown[id], c.now-c.began[id]+time.Duration(n.random.Int64N(int64(clockError)+1)))
		shown = append(shown, fmt.Sprintf(`[%q,%d]`, id, c.shown[id]))
	}
	f := &c.steps
	if len(f.Headers) == 0 {
		*f = trace.File{Name: "time.ndjson", Headers: []trace.Header{{
			Spec: n.spec(), Node: "time", Run: 1, Constants: n.nodes[n.ids[0]].constants(),
			Place: trace.Place{File: "time.ndjson", Line: 1},
		}}}
	}
	f.Events = append(f.Events, trace.Event{
		ID: trace.ID{Node: "time", Run: 1, Seq: uint64(len(f.Events) + 1)}, Clock: c.stamp(), Action: "Tick",
		Args:  trace.Fields{{Name: "c", JSON: `{"#map":[` + strings.Join(shown, ",") + `]}`}},
		Place: trace.Place{File: f.Name, Line: len(f.Events) + 2},
	})
}

// at lets a replica look at its clock before an input.
func (x *node) at() *log.Replica {
	if c := x.network.clocks; c != nil {
		x.replica.At(c.shown[x.id])
	}
	return x.replica
}

// read reads from a replica's own copy, if it may. With Inquiries it lets it ask a quorum otherwise.
func (n *network) read(x *node) {
	effects, may := x.at().Read()
	if !may && !n.Inquiries {
		return
	}
	if !may {
		n.readers++
		x.reading[n.readers] = n.now
		x.do(x.replica.Inquire(n.readers))
		return
	}
	if at := x.replica.Status().Applied; at < n.result.Applied {
		n.broken("ReaderIsAhead: %s reads at slot %d, and another has applied %d", x.id, at, n.result.Applied)
	}
	n.result.Reads++
	n.observed(x, n.now)
	x.do(effects)
}

// confirmed answers the reads that a quorum lets a replica answer.
func (n *network) confirmed(x *node, readers []uint64) {
	for _, reader := range readers {
		n.result.Confirmed++
		n.observed(x, x.reading[reader])
		delete(x.reading, reader)
	}
}

// observed tells a client what the machine of a replica holds.
func (n *network) observed(x *node, asked int) {
	value := x.machine.(log.Traced).Value()
	n.result.History = append(n.result.History, Operation{Client: "c9", Body: "add 0", Result: value, Call: asked, Return: n.now})
}
