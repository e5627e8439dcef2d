// What workloads share: a record of steps in the order of the run, and a look at what replicas perform.

package sim

import (
	"fmt"
	"strconv"
	"strings"

	"synod/impl/log"
	"synod/trace"
)

// Recorder writes a behaviour of a specification. All steps have their place in one order, which is that of the run.
type Recorder struct {
	Spec      string
	Constants trace.Fields
	Files     []*trace.File
	clock     uint64
}

// Step records an action of a node.
func (r *Recorder) Step(node, instance, action string, args, vars trace.Fields) {
	r.clock++
	f := r.file(node)
	f.Events = append(f.Events, trace.Event{
		ID: trace.ID{Node: node, Run: 1, Seq: uint64(len(f.Events) + 1)}, Clock: r.clock, Instance: instance, Action: action,
		Args: args, Vars: vars, Place: trace.Place{File: f.Name, Line: len(f.Events) + 2},
	})
}

func (r *Recorder) file(node string) *trace.File {
	for _, f := range r.Files {
		if f.Headers[0].Node == node {
			return f
		}
	}
	f := &trace.File{Name: node + ".ndjson", Headers: []trace.Header{{
		Spec: r.Spec, Node: node, Run: 1, Constants: r.Constants, Place: trace.Place{File: node + ".ndjson", Line: 1},
	}}}
	r.Files = append(r.Files, f)
	return f
}

// Watched is a replica's machine, of which somebody sees every command. Each begins with a number and a bar, "17|", by
// which it is known; the machine does not see that. How many commands there were is part of the state.
type Watched struct {
	Machine   log.Machine
	Performed func(n int, id uint64, command, result string)
	n         int
}

// Apply implements log.Machine.
func (m *Watched) Apply(body string) string {
	m.n++
	id, command := Unnumbered(body)
	result := m.Machine.Apply(command)
	m.Performed(m.n, id, command, result)
	return result
}

// Snapshot implements log.Machine.
func (m *Watched) Snapshot() string { return strconv.Itoa(m.n) + "\n" + m.Machine.Snapshot() }

// Restore implements log.Machine.
func (m *Watched) Restore(snapshot string) (err error) {
	line, rest, _ := strings.Cut(snapshot, "\n")
	if m.n, err = strconv.Atoi(line); err != nil {
		return err
	}
	return m.Machine.Restore(rest)
}

// Numbered gives a command with its number, for Watched.
func Numbered(id uint64, command string) string { return fmt.Sprintf("%d|%s", id, command) }

// Unnumbered takes apart what Numbered gave.
func Unnumbered(body string) (id uint64, command string) {
	number, command, _ := strings.Cut(body, "|")
	id, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		panic("sim: a command without a number: " + body)
	}
	return id, command
}
