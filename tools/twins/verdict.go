// Verdicts: what the checker of traces says of a twin.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"synod/conformance"
	"synod/trace"
)

// verdict is what a judge says of a trace. Instances are the trace's behaviours by their name.
type verdict struct {
	bad   string          // why the files do not fit together; "" where they do, and then the rest counts
	stuck map[string]int  // the instances that are illegal in the merged order, with how many steps are legal before
	never map[string]bool // the instances that are illegal in every order that the trace allows; nil: not asked
}

// String is in one line, and the same for verdicts that agree.
func (v *verdict) String() string {
	if v.bad != "" {
		return "bad input"
	}
	if len(v.stuck) == 0 {
		return "conforms"
	}
	text := "violates"
	for _, name := range slices.Sorted(maps.Keys(v.stuck)) {
		text += fmt.Sprintf(" %s after %d", strings.TrimSpace("instance "+name), v.stuck[name])
		if v.never != nil && !v.never[name] {
			text += " (not in another order)"
		}
	}
	return text
}

// checked is the checker's verdict on the texts of the nodes' files, by name. It takes the way of a user's files: read,
// merged, replayed; and, where anyOrder asks for it, replayed again in any order.
func checked(ctx context.Context, spec *conformance.Spec, texts []txtar.File, anyOrder bool) (*verdict, []trace.Event, error) {
	var files []*trace.File
	for _, text := range texts {
		read, err := trace.Read(text.Name, bytes.NewReader(text.Data))
		if err != nil {
			return &verdict{bad: err.Error()}, nil, nil
		}
		files = append(files, read)
	}
	headers := trace.Headers(files)
	events, err := trace.Merge(files)
	if err != nil {
		return &verdict{bad: err.Error()}, nil, nil
	}
	v := &verdict{stuck: map[string]int{}}
	if err := v.replay(ctx, spec, headers, events, false); err != nil {
		return nil, nil, err
	}
	if anyOrder {
		v.never = map[string]bool{}
		err = v.replay(ctx, spec, headers, events, true)
	}
	return v, events, err
}

// replay has the events replayed and notes what violates.
func (v *verdict) replay(ctx context.Context, spec *conformance.Spec, headers []trace.Header, events []trace.Event, reorder bool) error {
	report, err := conformance.Replay(ctx, spec, headers, events, conformance.Options{Workers: 1, Reorder: reorder})
	if err != nil {
		var wrong *trace.Error
		if errors.As(err, &wrong) {
			v.bad = err.Error()
			return nil
		}
		return err
	}
	if report.Verdict == conformance.Inconclusive {
		return fmt.Errorf("the replay is inconclusive: %s", report.Unfinished[0].Reason)
	}
	for i := range report.Violations {
		x := &report.Violations[i]
		if reorder {
			v.never[x.Event.Instance] = true
		} else {
			v.stuck[x.Event.Instance] = x.Number - 1
		}
	}
	return nil
}
