// Model checking, seen from outside.

package tla

import (
	"context"
	"fmt"
	"time"

	"synod/conformance/tla/check"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// CheckOptions say how to check. The zero value checks as TLC does with one worker.
type CheckOptions struct {
	Workers    int            // 0 is one; one worker explores in a fixed order
	NoDeadlock bool           // do not report deadlocks (TLC's -deadlock); the configuration may say so too
	Progress   func(Progress) // called from another goroutine while the check runs
	Interval   time.Duration  // between two calls of Progress; 0 is one second
	Print      func(string)   // receives what Print and PrintT write; nil drops it

	// DepthFirst explores the state found last first, with one worker, as TLC does with StateDeque as its queue: for
	// specifications that follow a trace, where the first behaviour that fits is enough.
	DepthFirst bool
	Simulation *Simulation // random behaviours instead of all states; nil is none
	Coverage   bool        // count how often each action is taken

	// Continue goes on after a violation of an invariant or of a property of steps (TLC's -continue). What was violated is in
	// Result.Violations; the exit code is 0 if nothing else ended the search, as TLC's is.
	Continue bool

	// Memory bounds, roughly, what the breadth-first search keeps in memory besides values, in bytes. What does not fit goes to
	// Storage: fingerprints, the states to explore, and the way to each state. Temporal properties and the other ways of
	// searching keep everything in memory. The bound counts where there is a Storage.
	Memory  int64
	Storage Storage
}

// Storage keeps bytes under keys outside of memory, for several goroutines at once. It need not outlive the check; who makes it
// removes it.
type Storage = check.Storage

// Simulation says which random behaviours to look at.
type Simulation struct {
	Behaviors int64  // how many; 0 goes on until ctx is canceled, and that is then no error
	Depth     int    // how many states a behaviour has at most; 0 is 100
	Seed      uint64 // what every choice follows from: the same seed, the same behaviours
}

// ActionCount says how often an action was taken, and how many new states that gave. A simulation does not know which
// states are new.
type ActionCount struct {
	Action    string // the initial predicate's name for the first one
	Place     string // "line 5, col 9 to line 5, col 24 of module M"
	Generated int64
	Distinct  int64
}

// Progress is how far a check has come.
type Progress struct {
	Generated int64
	Distinct  int64
	Queue     int64 // states found and not yet explored
	Depth     int
	Behaviors int64 // of a simulation
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

	Coverage []ActionCount // the initial predicate, then every action; where CheckOptions ask for it

	Violations []Violation // every property found violated, in the order they were found; where CheckOptions say to go on after them

	Notes []string // what else there is to know: a property that was not checked, say
}

// Violation is a property that a check found violated and went on after.
type Violation struct {
	Property string
	Message  string
	Count    int64  // in how many states, or by how many steps; as in TLC, only the first violated invariant of a later state counts
	Behavior []Step // to the first of them
}

// CheckVerdict is how a check ended.
type CheckVerdict uint8

// The ways in which a check can end.
const (
	OK            CheckVerdict = iota
	Assumption                 // an ASSUME is false
	Deadlock                   // a state without successor
	Safety                     // an invariant or an action property is violated
	Liveness                   // a temporal property is violated
	Failed                     // an evaluation error
	Postcondition              // a POSTCONDITION is false
)

// Step is one state of a behaviour and how it was reached.
type Step struct {
	Action  string      // "Init" (the initial predicate's name) for the first
	Args    []Binding   // the action's parameters and quantified variables
	Span    syntax.Span // of the action
	Place   string      // the same as TLC tells it: "line 5, col 9 to line 5, col 24 of module M"
	State   State
	Shown   []Binding // what is to be shown of the state: its variables, or what the configuration's ALIAS makes of it
	Changed []string  // the names in Shown whose values differ from the state before
}

// Check explores the reachable states and checks what the configuration lists. The error is non-nil where the check
// could not be carried out (a canceled ctx, no Init or Next); a violation, and an evaluation error, is a Result.
func (m *Model) Check(ctx context.Context, opts CheckOptions) (*Result, error) {
	inner := check.Options{Workers: opts.Workers, NoDeadlock: opts.NoDeadlock, Interval: opts.Interval, Print: opts.Print,
		DepthFirst: opts.DepthFirst, Simulation: (*check.Simulation)(opts.Simulation), Coverage: opts.Coverage, Continue: opts.Continue,
		Memory: opts.Memory, Storage: opts.Storage}
	if opts.Progress != nil {
		inner.Progress = func(p check.Progress) { opts.Progress(Progress(p)) }
	}
	r, err := m.core.Search(ctx, inner)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		list := errorsOf(err, check.CodeConfig)
		for _, e := range list {
			m.quoted(e)
		}
		return nil, list
	}
	out := &Result{Progress: Progress(r.Progress), Initial: r.Initial, Verdict: CheckVerdict(r.Verdict), Property: r.Property,
		Message: r.Message, Loop: r.Loop, Code: r.Code, Notes: r.Notes}
	if r.Err != nil {
		out.Err = m.quoted(errorOf(r.Err, r.Code))
	}
	out.Behavior = m.behavior(r.Behavior)
	for _, v := range r.Violations {
		out.Violations = append(out.Violations, Violation{v.Property, v.Message, v.Count, m.behavior(v.Behavior)})
	}
	for _, c := range r.Coverage {
		name, _, place := m.named(c.Action, c.Init)
		out.Coverage = append(out.Coverage, ActionCount{name, place, c.Generated, c.Distinct})
	}
	return out, nil
}

// behavior is a behaviour as it is seen from outside, with what each step changed.
func (m *Model) behavior(steps []check.Step) (list []Step) {
	for i, s := range steps {
		list = append(list, m.step(s, i))
		if i > 0 {
			list[i].Changed = changed(list[i].Shown, list[i-1].Shown)
		}
	}
	return list
}

func (m *Model) step(s check.Step, i int) Step {
	out := Step{State: m.state(s.State)}
	out.Action, out.Span, out.Place = m.named(s.Action, i == 0)
	if d := s.Action; d != nil && i > 0 {
		for j, l := range d.Params {
			out.Args = append(out.Args, Binding{Name: l.Name, Value: s.Args[j], Span: l.Span})
		}
	}
	if s.Shown == 0 {
		for j, name := range m.variables {
			out.Shown = append(out.Shown, Binding{Name: name, Value: s.State[j]})
		}
		return out
	}
	for j, x := range s.Shown.Domain() {
		name, _ := x.AsStr()
		out.Shown = append(out.Shown, Binding{Name: name, Value: s.Shown.Values()[j]})
	}
	return out
}

// named is an action's name and its places. TLC tells the place of a definition's body.
func (m *Model) named(d *resolve.Def, initial bool) (name string, span syntax.Span, place string) {
	root := m.core.Resolved.Root.Name
	if initial {
		if call, ok := m.core.Init.Expr.(*resolve.Call); ok && call.Def.Body != nil && call.Def.Name == m.core.InitName {
			d = call.Def
		}
	}
	switch {
	case d == nil && initial:
		span = m.core.Init.Expr.Span()
		return m.core.InitName, span, placeText(span, root)
	case d == nil:
		span = m.core.Next.Expr.Span()
		return m.core.NextName, span, placeText(span, root)
	}
	module := root
	if d.Module != nil {
		module = d.Module.Name
	}
	return d.Name, definitionSpan(d), placeText(d.Body.Span(), module)
}

func placeText(span syntax.Span, module string) string {
	return fmt.Sprintf("line %d, col %d to line %d, col %d of module %s", span.Start.Line, span.Start.Col, span.EndLine, span.EndCol, module)
}

// changed are the names whose values are not those of the state before.
func changed(now, before []Binding) []string {
	old := make(map[string]Value, len(before))
	for _, b := range before {
		old[b.Name] = b.Value
	}
	var names []string
	for _, b := range now {
		if old[b.Name] != b.Value {
			names = append(names, b.Name)
		}
	}
	return names
}
