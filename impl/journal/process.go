// The journal of a process that uses a machine, or counts time for it.

package journal

import (
	"sync"

	"synod/impl/step"
	"synod/trace"
)

// Process writes the steps of a process. The first of a run in an instance is that it was started. Its methods may be called from any goroutine; a nil Process writes nothing.
type Process struct {
	mu     sync.Mutex
	writer *trace.Writer
	clock  *trace.Clock
	begun  map[string]bool // instances of this run
	err    error
}

// OpenProcess begins the trace of another run of a process.
func OpenProcess(path string, header trace.Header) (*Process, error) {
	last, _, err := trace.LastRun(path)
	if err != nil {
		return nil, err
	}
	header.Run = last + 1
	writer, time, err := trace.Create(path, header)
	if err != nil {
		return nil, err
	}
	return &Process{writer: writer, clock: trace.NewClock(header.Node, header.Run, time), begun: map[string]bool{}}, nil
}

// Record takes a step down behind its cause, and gives it as the cause of others. What follows on it elsewhere must not
// be sent before Record has returned.
func (p *Process) Record(cause step.Cause, s step.Step) step.Cause {
	if p == nil {
		return step.Cause{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.begun[s.Instance] {
		p.begun[s.Instance] = true
		p.write(step.Step{Instance: s.Instance, Action: "Start", Args: []step.Field{step.Word("p", p.clock.Node)}})
	}
	p.clock.Observe(cause.Clock)
	s.Cause = cause.Step
	return p.write(s)
}

func (p *Process) write(s step.Step) step.Cause {
	e := event(s)
	p.clock.Stamp(&e)
	if p.err == nil {
		p.err = p.writer.Write([]trace.Event{e})
	}
	return step.Cause{Step: e.ID.String(), Clock: e.Clock}
}

// Close closes the file. It tells of the first error, after which nothing was written any more.
func (p *Process) Close() error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.writer.Close(); p.err == nil {
		p.err = err
	}
	return p.err
}
