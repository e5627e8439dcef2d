// Steps: what the log, its leaders and its clients do about locks, as the actions of spec/lease/LogLease.tla.

package lock

import (
	"hash/crc32"
	"time"

	"synod/impl/step"
)

// SpecPath is the specification of the steps, for the headers of traces. Each lock is an instance of it.
const SpecPath = "lease/LogLease.tla"

// FenceSpecPath is the specification of what fences do. A lock and the fence of the same name are an instance of it; what
// is stored is how many writes were let through. Clients fetch before each write, which leaves no step in these traces.
const FenceSpecPath = "lock/Lock.tla"

// Node is under which a machine's steps stand in traces.
const Node = "log"

// Constants gives the specification's constants for a trace's header: who counts terms, who asks for leases, for how
// long, and what two of their clocks may differ by. Every trace gives those that its process knows of; nil and 0 are none.
func Constants(replicas, holders []string, term, clockError time.Duration) []step.Field {
	fields := []step.Field{step.Word("Nobody", "nobody")}
	for _, s := range []struct {
		name  string
		words []string
	}{{"Replica", replicas}, {"Holder", holders}} {
		if s.words == nil {
			continue
		}
		quoted := make([]string, len(s.words))
		for i, w := range s.words {
			quoted[i] = step.Quote(w)
		}
		fields = append(fields, step.Field{Name: s.name, JSON: step.Set(quoted...)})
	}
	if term > 0 {
		fields = append(fields, step.Natural("Term", int64(term)), step.Natural("Error", int64(clockError)))
	}
	return fields
}

// granted notes that a lease was granted or renewed: to whoever sent the command.
func (m *Machine) granted(c Command, action string, held Lock) step.Cause {
	return m.Take(c.Cause, step.Step{
		Instance: c.Name, Action: action,
		Args: []step.Field{step.Word("h", c.Cause.Node()), step.Natural("k", c.Request), step.Natural("n", held.Grant)},
		Vars: []step.Field{step.Word("owner", c.Cause.Node()), step.Natural("token", held.Token), step.Natural("last", held.Grant)},
	})
}

// freed notes that nobody has a lease any more.
func (m *Machine) freed(c Command, action string, arg step.Field) {
	m.Take(c.Cause, step.Step{
		Instance: c.Name, Action: action, Args: []step.Field{arg}, Vars: []step.Field{step.Word("owner", "nobody")},
	})
}

// fenced notes a step of what stands between a lock and what it guards.
func (m *Machine) fenced(c Command, action string, args ...step.Field) {
	m.Fences.Take(step.Cause{}, step.Step{Instance: c.Name, Action: action, Args: args})
}

// fetched notes that a command read. Whose it was only the token tells.
func (m *Machine) fetched(c Command, f fence) {
	m.Fences.Take(step.Cause{}, step.Step{
		Instance: c.Name, Action: "Fetch", Vars: []step.Field{step.Natural("fence", f.token), step.Natural("stored", f.writes)},
	})
}

// Recorder takes down the steps of a process, behind their causes, and names them. A nil one takes down nothing.
type Recorder func(step.Cause, step.Step) step.Cause

// look notes what the clock of a process shows, and record a step of it.
func (record Recorder) look(node, lock string, now time.Duration) {
	if record != nil {
		record(step.Cause{}, step.Step{
			Instance: lock, Action: "Look", Args: []step.Field{step.Word("p", node), step.Natural("t", int64(now))},
		})
	}
}

func (record Recorder) record(cause step.Cause, lock, action string, args []step.Field, vars ...step.Field) step.Cause {
	if record == nil {
		return step.Cause{}
	}
	return record(cause, step.Step{Instance: lock, Action: action, Args: args, Vars: vars})
}

// number gives the holder's next request a number that no other request has, as no two leases have the same owner. Without
// a record none has one.
func (h *Holder) number() uint64 {
	if h.Record == nil {
		return 0
	}
	h.requests++
	return uint64(crc32.ChecksumIEEE([]byte(h.Owner)))<<20 | h.requests&(1<<20-1)
}

// ask notes that a request is sent.
func (h *Holder) ask(action string, now time.Duration, request uint64) step.Cause {
	h.Record.look(h.Node, h.Name, now)
	return h.Record.record(step.Cause{}, h.Name, action, []step.Field{step.Word("h", h.Node), step.Natural("k", request)},
		step.Natural("request["+h.Node+"].sent", int64(now)))
}
