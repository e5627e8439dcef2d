// The journal of a machine: what it does, as a replica of it comes to that, in a trace.

// Package journal writes traces of what runs on a replicated log: of machines, of whose steps each replica has a record,
// and of processes that use them.
package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"synod/impl/step"
	"synod/trace"
)

// Machine writes the steps of a machine. All replicas of it write the same ones, so one replica's file tells everything.
// A replica that starts again performs again what came since its last snapshot; what is in the file already is not written
// twice. So a machine has one run, however often its replicas were started. A replica that was given another one's
// snapshot lacks steps: its file ends before them, and that of another one goes on.
type Machine struct {
	Ended func(step uint64) // is told, once, of the first step that is not written for that reason; nil is nobody
	node  string
	file  *os.File
	last  uint64 // the number of the last step in the file
	over  bool   // steps were left out: nothing more is written
	err   error
}

// OpenMachine opens the trace of a machine. The header says of which node and specification; its run is 1.
func OpenMachine(path string, header trace.Header) (*Machine, error) {
	header.Run = 1
	var text bytes.Buffer
	j := &Machine{node: header.Node}
	switch found, err := trace.ReadFile(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case len(found.Events) > 0:
		if err := trace.Copy(&text, found.Headers, found.Events); err != nil {
			return nil, err
		}
		if j.last = found.Events[len(found.Events)-1].Seq; found.Headers[0].Node != header.Node {
			return nil, fmt.Errorf("%s is the trace of %s, not of %s", path, found.Headers[0].Node, header.Node)
		}
	}
	if text.Len() == 0 {
		text.Write(header.AppendJSON(nil))
	}
	// A line that a killed process left unfinished is not in the text.
	fresh := path + ".new"
	if err := errors.Join(os.WriteFile(fresh, text.Bytes(), 0o644), os.Rename(fresh, path)); err != nil {
		return nil, err
	}
	var err error
	j.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	return j, err
}

// Record takes a step down. It is a step.Counter's Record.
func (j *Machine) Record(s step.Step) {
	if s.Seq <= j.last || j.err != nil || j.over {
		return
	}
	if j.over = s.Seq != j.last+1; j.over {
		if j.Ended != nil {
			j.Ended(s.Seq)
		}
		return
	}
	j.last = s.Seq
	e := event(s)
	e.ID, e.Clock = trace.ID{Node: j.node, Run: 1, Seq: s.Seq}, s.Clock
	_, j.err = j.file.Write(e.AppendJSON(nil))
}

// Close closes the file. It tells of the first error, after which nothing was written any more.
func (j *Machine) Close() error { return errors.Join(j.err, j.file.Close()) }

// event gives a step as traces have it, but for its id and clock.
func event(s step.Step) trace.Event {
	e := trace.Event{Instance: s.Instance, Action: s.Action, Args: Fields(s.Args), Vars: Fields(s.Vars)}
	if cause, err := trace.ParseID(s.Cause); err == nil {
		e.Causes = append(e.Causes, cause)
	}
	return e
}

// Fields renames a core's fields to a trace's. The cores do not import the trace.
func Fields(from []step.Field) trace.Fields {
	to := make(trace.Fields, len(from))
	for i, f := range from {
		to[i] = trace.Field(f)
	}
	return to
}
