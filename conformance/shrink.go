// Shrinking: the few events that it takes to see a violation.

package conformance

import (
	"context"
	"fmt"
	"slices"
	"time"

	"synod/trace"
)

// The bounds on the work of one Shrink. What it has found by then is the result: shrinking is a service, not a proof.
const (
	maxShrinkReplays = 400
	maxShrinkTime    = 20 * time.Second
)

// Shrink leaves out of a violating trace what the violation does not need: other instances, what comes after, and
// then, piece by piece, events without which the last one is still refused for the same reason. The result is a trace
// in its own right: sequence numbers are counted anew, causes that were left out are dropped.
func Shrink(ctx context.Context, spec *Spec, headers []trace.Header, events []trace.Event, opts Options) ([]trace.Event, error) {
	report, err := Replay(ctx, spec, headers, events, opts)
	if err != nil {
		return nil, err
	}
	if report.Verdict != Violates {
		return nil, fmt.Errorf("a trace that %s has no violation to shrink to", report.Verdict)
	}
	s := &shrinker{ctx: ctx, spec: spec, headers: headers, opts: opts, start: time.Now(), reason: reason(&report.Violations[0])}
	var kept []trace.Event
	for i := range events {
		if events[i].Instance == report.Violations[0].Event.Instance {
			kept = append(kept, events[i])
		}
		if &events[i] == report.Violations[0].Event {
			break
		}
	}
	for size := len(kept) / 2; size > 0; size /= 2 {
		kept, err = s.pass(kept, size)
		if err != nil {
			return nil, err
		}
	}
	return renumber(kept), nil
}

type shrinker struct {
	ctx     context.Context
	spec    *Spec
	headers []trace.Header
	opts    Options
	reason  string
	start   time.Time
	replays int
}

// pass tries to leave out each piece of the given size, from the end to the start; the last event stays.
func (s *shrinker) pass(events []trace.Event, size int) ([]trace.Event, error) {
	for end := len(events) - 1; end > 0 && s.replays < maxShrinkReplays && time.Since(s.start) < maxShrinkTime; end -= size {
		start := max(0, end-size)
		without := slices.Concat(events[:start], events[end:])
		same, err := s.same(without)
		if err != nil {
			return nil, err
		}
		if same {
			events = without
		}
	}
	return events, nil
}

// same reports whether exactly the last event is refused, for the same reason as in the whole trace.
func (s *shrinker) same(events []trace.Event) (bool, error) {
	s.replays++
	report, err := Replay(s.ctx, s.spec, s.headers, events, s.opts)
	if err != nil || report.Verdict != Violates {
		return false, err
	}
	v := &report.Violations[0]
	return v.Number == len(events) && reason(v) == s.reason, nil
}

// reason names what is wrong, without its values.
func reason(v *Violation) string {
	text := v.Event.Action
	for i := range v.Nearest.Conjuncts {
		if c := &v.Nearest.Conjuncts[i]; c.Verdict != 0 {
			text += fmt.Sprintf(" %s", c.Span.Start)
		}
	}
	return text
}

// renumber makes a trace without gaps of events that were picked out of one.
func renumber(events []trace.Event) []trace.Event {
	type run struct {
		node string
		n    uint64
	}
	last := map[run]uint64{}
	ids := map[trace.ID]trace.ID{}
	out := slices.Clone(events)
	for i := range out {
		e := &out[i]
		r := run{e.Node, e.Run}
		last[r]++
		id := trace.ID{Node: e.Node, Run: e.Run, Seq: last[r]}
		ids[e.ID], e.ID = id, id
	}
	for i := range out {
		var causes []trace.ID
		for _, c := range out[i].Causes {
			if id, kept := ids[c]; kept {
				causes = append(causes, id)
			}
		}
		out[i].Causes = causes
	}
	return out
}
