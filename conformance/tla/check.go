// Model checking, seen from outside.

package tla

import (
	"context"
	"time"

	"synod/conformance/tla/check"
	"synod/conformance/tla/syntax"
)

// CheckOptions say how to check. The zero value checks as TLC does with one worker.
type CheckOptions struct {
	Workers    int            // 0 is one; one worker explores in a fixed order
	NoDeadlock bool           // do not report deadlocks (TLC's -deadlock); the configuration may say so too
	Progress   func(Progress) // called from another goroutine while the check runs
	Interval   time.Duration  // between two calls of Progress; 0 is one second
	Print      func(string)   // receives what Print and PrintT write; nil drops it
}

// Progress is how far a check has come.
type Progress struct {
	Generated int64
	Distinct  int64
	Queue     int64 // states found and not yet explored
	Depth     int
	Elapsed   time.Duration
}

// Result is what a check found.
type Result struct {
	Progress       // TLC's three figures: states generated, distinct states, depth
	Initial  int64 // distinct initial states
	Verdict  CheckVerdict
	Property string // the violated property's name
	Message  string // one line: "the invariant Agreement is violated"
	Behavior []Step // from an initial state to the offending one
	Loop     int    // for liveness: the index in Behavior to which the last state returns; -1 for stuttering
	Err      error  // the evaluation error, where Verdict is Failed
	Code     int    // TLC's exit code
}

// CheckVerdict is how a check ended.
type CheckVerdict uint8

// The ways in which a check can end.
const (
	OK         CheckVerdict = iota
	Assumption              // an ASSUME is false
	Deadlock                // a state without successor
	Safety                  // an invariant or an action property is violated
	Liveness                // a temporal property is violated
	Failed                  // an evaluation error
)

// Step is one state of a behaviour and how it was reached.
type Step struct {
	Action  string      // "Init" (the initial predicate's name) for the first
	Args    []Binding   // the action's parameters and quantified variables
	Span    syntax.Span // of the action
	State   State
	Changed []string // the variables that differ from the state before
}

// Check explores the reachable states and checks what the configuration lists. The error is non-nil where the check
// could not be carried out (a canceled ctx, no Init or Next); a violation, and an evaluation error, is a Result.
func (m *Model) Check(ctx context.Context, opts CheckOptions) (*Result, error) {
	inner := check.Options{Workers: opts.Workers, NoDeadlock: opts.NoDeadlock, Interval: opts.Interval, Print: opts.Print}
	if opts.Progress != nil {
		inner.Progress = func(p check.Progress) { opts.Progress(Progress(p)) }
	}
	r, err := m.core.Search(ctx, inner)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, errorsOf(err, check.CodeConfig)
	}
	out := &Result{Progress: Progress(r.Progress), Initial: r.Initial, Verdict: CheckVerdict(r.Verdict), Property: r.Property,
		Message: r.Message, Loop: r.Loop, Code: r.Code}
	if r.Err != nil {
		out.Err = errorOf(r.Err, r.Code)
	}
	for i, s := range r.Behavior {
		out.Behavior = append(out.Behavior, m.step(s, i))
		if i > 0 {
			out.Behavior[i].Changed = out.Behavior[i].State.Changed(out.Behavior[i-1].State)
		}
	}
	return out, nil
}

func (m *Model) step(s check.Step, i int) Step {
	out := Step{Action: m.core.NextName, State: m.state(s.State), Span: s.Span}
	if i == 0 {
		out.Action = m.core.InitName
		out.Span = m.core.Init.Expr.Span()
		return out
	}
	if d := s.Action; d != nil {
		out.Action, out.Span = d.Name, definitionSpan(d)
		for j, l := range d.Params {
			out.Args = append(out.Args, Binding{Name: l.Name, Value: s.Args[j], Span: l.Span})
		}
	} else if m.core.Next.Expr != nil {
		out.Span = m.core.Next.Expr.Span()
	}
	return out
}
