// The journal: a replica's steps on their way into its trace.

package replica

import (
	"fmt"

	"synod/impl/log"
	"synod/trace"
)

// journal writes the steps of the core, which has numbered them. A nil journal keeps no trace and costs nothing.
type journal struct {
	path   string
	header trace.Header
	writer *trace.Writer
	events []trace.Event
}

// newJournal makes a journal of a run, which writes nothing before begin.
func newJournal(c *Config, run uint64, lost bool) *journal {
	if c.TracePath == "" {
		return nil
	}
	return &journal{path: c.TracePath, header: c.header(run, lost)}
}

// begin begins the trace of the run.
func (j *journal) begin() (err error) {
	if j == nil {
		return nil
	}
	if j.writer, _, err = trace.Create(j.path, j.header); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	return nil
}

// write writes steps. What they send may leave afterwards.
func (j *journal) write(steps []log.Step) error {
	if j == nil || len(steps) == 0 {
		return nil
	}
	j.events = j.events[:0]
	for i := range steps {
		s := &steps[i]
		e := trace.Event{
			ID: trace.ID{Node: j.header.Node, Run: j.header.Run, Seq: s.Seq}, Clock: s.Clock, Action: s.Action, Restart: s.Restart,
			Args: fields(s.Args), Vars: fields(s.Vars), Source: s.Source,
		}
		for _, text := range s.Causes {
			if id, err := trace.ParseID(text); err == nil {
				e.Causes = append(e.Causes, id)
			}
		}
		j.events = append(j.events, e)
	}
	if err := j.writer.Write(j.events); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	return nil
}

func (j *journal) close() error {
	if j == nil || j.writer == nil {
		return nil
	}
	return j.writer.Close()
}

// fields renames a core's fields to a trace's. The core imports nothing, and so not the trace either.
func fields(from []log.Field) trace.Fields {
	to := make(trace.Fields, len(from))
	for i, f := range from {
		to[i] = trace.Field(f)
	}
	return to
}
