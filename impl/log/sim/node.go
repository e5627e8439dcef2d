// A node: a replica with its disk and its trace, which does what a shell owes the core.

package sim

import (
	"fmt"
	"maps"
	"strings"

	"synod/impl/log"
	"synod/impl/paxos"
	"synod/trace"
)

// node is a replica over all its runs.
type node struct {
	network *network
	id      string
	scheme  paxos.Scheme
	replica *log.Replica
	machine log.Machine
	disk    log.Disk
	copy    log.Disk // of the disk as it was when this run began
	saving  *log.Snapshot
	run     uint64
	clock   uint64 // of the last step that was recorded
	headers []trace.Header
	events  []trace.Event
	reading map[uint64]int // when clients asked who wait for a quorum
	folder  uint64         // the disk's number
	crashes int            // in how many records: 0 is not at all
}

func newNode(n *network, id string, scheme paxos.Scheme) *node {
	x := &node{network: n, id: id, scheme: scheme}
	x.start()
	return x
}

// start begins a run with what is on the disk.
func (x *node) start() {
	x.run++
	x.copy = x.disk
	x.copy.Accepted = maps.Clone(x.disk.Accepted)
	config := log.Config{
		ID: x.id, Replicas: x.network.ids, Scheme: x.scheme, Window: 4, BatchSize: 3, SnapshotEvery: x.network.Snapshots, Keep: 2,
		ElectionTicks: 12, HeartbeatTicks: 3, Traced: true, Run: x.run, Clock: x.clock, Folder: x.folder,
		Bugs: x.network.Bugs,
	}
	hidden := log.Hidden
	if x.network.Losses {
		hidden = log.HiddenWithLosses
	}
	if c := x.network.clocks; c != nil {
		c.start(x.id)
		config.LeaseTerm, config.ClockError, config.Timed = leaseTerm, clockError, true
	}
	x.machine = x.network.machine(x.id)
	replica, effects, err := log.New(config, x.machine, x.disk)
	if err != nil {
		panic(fmt.Sprintf("sim: %s does not start: %v", x.id, err))
	}
	x.replica, x.saving, x.reading = replica, nil, map[uint64]int{}
	x.headers = append(x.headers, trace.Header{
		Spec: x.network.spec(), Node: x.id, Run: x.run, Constants: x.constants(), Hidden: hidden,
		Place: trace.Place{File: x.id + ".ndjson", Line: len(x.headers) + len(x.events) + 1},
	})
	x.do(effects)
}

// spec is what the traces are judged by.
func (n *network) spec() string {
	switch {
	case n.Losses && n.clocks != nil:
		return log.LeaseLossSpecPath
	case n.Losses:
		return log.LossSpecPath
	case n.clocks != nil:
		return log.LeaseSpecPath
	}
	return log.SpecPath
}

// ID implements Node.
func (x *node) ID() string { return x.id }

// Status implements Node.
func (x *node) Status() log.Status { return x.replica.Status() }

// Submit implements Node.
func (x *node) Submit(c log.Command) { x.do(x.at().Submit(c)) }

// do has the effects of an input: first the disk, then the trace, then what others can see. A crash that was ordered
// comes in between, after the disk.
func (x *node) do(e log.Effects) {
	for _, r := range e.Persist {
		x.disk.Write(r)
		if x.crashes > 0 {
			x.crashes = 0
			x.start()
			return
		}
	}
	x.record(e.Steps)
	for _, entry := range e.Applied {
		x.network.applied(x, entry)
	}
	if e.Save != nil {
		x.saving = e.Save
	}
	x.network.flight = append(x.network.flight, e.Send...)
	for _, a := range e.Answers {
		x.network.answered(x.id, a)
	}
	x.network.confirmed(x, e.Ready)
}

// save finishes the snapshot that is to be saved, if there is one.
func (x *node) save() {
	if s := x.saving; s != nil {
		x.saving = nil
		x.disk.Save(*s)
		x.do(x.at().SnapshotSaved(*s))
	}
}

// crash stops the replica, now or after the next record that it writes, and starts it again.
func (x *node) crash() {
	if x.network.random.IntN(3) == 0 {
		x.crashes = 1
		return
	}
	x.start()
}

// lose puts an empty disk in the place of the one that there is, or an old copy of it if that is not refused.
func (x *node) lose() {
	x.network.result.Losses++
	x.folder++
	x.disk = log.Disk{Lost: true}
	if x.network.Bugs.Has(log.OldCopy) {
		x.disk = x.copy
	}
	x.start()
}

// record writes steps to the trace.
func (x *node) record(steps []log.Step) {
	for _, s := range steps {
		e := trace.Event{
			ID: trace.ID{Node: x.id, Run: x.run, Seq: s.Seq}, Clock: s.Clock, Action: s.Action, Restart: s.Restart,
			Args: fields(s.Args), Vars: fields(s.Vars), Source: s.Source,
			Place: trace.Place{File: x.id + ".ndjson", Line: len(x.headers) + len(x.events) + 1},
		}
		for _, text := range s.Causes {
			id, err := trace.ParseID(text)
			if err != nil {
				panic(fmt.Sprintf("sim: a message carried %v", err))
			}
			e.Causes = append(e.Causes, id)
		}
		if c := x.network.clocks; c != nil {
			e.Clock = c.stamp()
		}
		x.events = append(x.events, e)
		x.clock = s.Clock
		x.watch(&e)
	}
}

// watch looks at the steps that bring the machine to a slot, and show it.
func (x *node) watch(e *trace.Event) {
	slot, ok := e.Vars.Get("applied[" + x.id + "]")
	if !ok {
		return
	}
	value, ok := e.Vars.Get("machine[" + x.id + "].value")
	if !ok {
		whole, _ := e.Vars.Get("machine[" + x.id + "]")
		value, _, _ = strings.Cut(strings.TrimPrefix(whole, `{"value":`), ",")
	}
	x.network.reached(x, slot, value)
}

// constants are those of the specification.
func (x *node) constants() trace.Fields {
	var ids []string
	for i, id := range x.network.ids {
		ids = append(ids, fmt.Sprintf("%q:%d", id, i+1))
	}
	majority := trace.Uint(uint64(len(ids)/2 + 1))
	fields := trace.Fields{
		{Name: "Id", JSON: "{" + strings.Join(ids, ",") + "}"}, {Name: "Scheme", JSON: `"pair"`},
		{Name: "Stride", JSON: trace.Uint(uint64(len(ids)))},
		{Name: "PrepareSize", JSON: majority}, {Name: "AcceptSize", JSON: majority},
	}
	if x.network.clocks != nil {
		fields = append(fields, trace.Field{Name: "Term", JSON: trace.Uint(uint64(leaseTerm))},
			trace.Field{Name: "Error", JSON: trace.Uint(uint64(clockError))})
	}
	return fields
}

func (x *node) file() *trace.File {
	return &trace.File{Name: x.id + ".ndjson", Headers: x.headers, Events: x.events}
}

func fields(from []log.Field) trace.Fields {
	to := make(trace.Fields, len(from))
	for i, f := range from {
		to[i] = trace.Field(f)
	}
	return to
}
