// Results: the verdict, the figures, and the behaviour that leads to an error.

package check

import (
	"errors"
	"slices"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Verdict is how a check ended.
type Verdict uint8

// The ways in which a check can end.
const (
	OK         Verdict = iota
	Assumption         // an ASSUME is false
	Deadlock           // a state without successor
	Safety             // an invariant or a property of steps is violated
	Liveness           // a temporal property is violated
	Failed             // an evaluation failed

	Postcondition // a POSTCONDITION is false
)

// Result is what a check found.
type Result struct {
	Progress
	Initial  int64
	Verdict  Verdict
	Property string
	Message  string
	Err      error
	Behavior []Step
	Loop     int // for liveness: where in the behaviour the last state returns to; -1 for stuttering
	Code     int
	Coverage []ActionCount // where Options ask for it

	Violations []Violation // where Options say to go on after them
	Notes      []string    // what else there is to know: what was not checked, say
}

// Step is one state of a behaviour and how it was reached.
type Step struct {
	Action *resolve.Def // nil for an initial state, and where no definition is gone through
	Args   []value.Value
	Span   syntax.Span
	State  []value.Value
	Shown  value.Value // what the ALIAS makes of the state, a record; 0 is none
}

// result sums up a search.
func (s *search) result(f *finding) *Result {
	r := &Result{Progress: s.progress(), Initial: s.initial, Loop: -1}
	defer s.finish(r)
	r.Violations = s.violated()
	switch {
	case f != nil:
		r.Verdict, r.Property, r.Message, r.Err = f.kind, f.property, f.message, f.err
		r.Behavior, r.Code = s.leading(f), exitCode(f)
		if f.lasso != nil {
			r.Loop = f.lasso.loop
		}
	case len(r.Violations) > 0: // the exit code stays 0, as TLC's does
		v := r.Violations[0]
		r.Verdict, r.Property, r.Message, r.Behavior = Safety, v.Property, v.Message, v.Behavior
	}
	return r
}

// leading is the behaviour that leads to a finding.
func (s *search) leading(f *finding) []Step {
	switch {
	case f.lasso != nil:
		return s.along(f.lasso.states)
	case f.path != nil && f.state != nil:
		return s.along(append(f.path, f.state))
	case f.path != nil:
		return s.along(f.path)
	}
	return s.behavior(f)
}

// exitCode is TLC's.
func exitCode(f *finding) int {
	switch f.kind {
	case Assumption, Postcondition:
		return 10
	case Deadlock:
		return 11
	case Safety:
		if f.step {
			return 13 // TLC counts properties of steps among the temporal ones
		}
		return 12
	case Liveness:
		return 13
	case Failed:
		return failureCode(f)
	}
	return 0
}

// failureCode follows TLC, which numbers failures by what it was doing and, once there are initial states, by which part of the
// evaluator failed.
func failureCode(f *finding) int {
	why := reason(f.err)
	initial := f.parent < 0
	switch {
	case f.temporal:
		return 255
	case f.checking && !initial:
		return 76
	case initial && why == eval.Unassigned:
		return 151
	case initial:
		return 75
	case why == eval.Assertion:
		return 14
	case why == eval.Operator:
		return 255
	}
	return 75
}

func reason(err error) eval.Reason {
	if e, ok := errors.AsType[*eval.Error](err); ok {
		return e.Reason
	}
	return eval.Evaluation
}

// behavior finds the states that lead to a finding by executing the specification again.
func (s *search) behavior(f *finding) []Step {
	if f.parent < 0 {
		if f.state == nil {
			return nil
		}
		return []Step{{State: f.state}}
	}
	path, prints, err := s.ancestors(f.parent)
	if err != nil {
		s.broken(err)
		return nil
	}
	x := s.replayer()
	x.stepper.SeedStep(0)
	steps := []Step{x.find(s.init, nil, func(fp uint64, _ []value.Value) bool { return fp == prints[0] })}
	for at, print := range prints[1:] {
		from := steps[len(steps)-1].State
		if from == nil {
			return steps[:len(steps)-1] // with TLCSet a step may go another way each time
		}
		x.level = len(steps)
		x.stepper.SeedStep(path[at] + 1)
		steps = append(steps, x.find(s.next, from, func(fp uint64, _ []value.Value) bool { return fp == print }))
	}
	if f.state != nil {
		from := steps[len(steps)-1].State
		if from == nil {
			return append(steps[:len(steps)-1], Step{State: f.state})
		}
		x.level = len(steps)
		x.stepper.SeedStep(f.parent + 1)
		last := x.find(s.next, from, func(_ uint64, state []value.Value) bool { return equal(state, f.state) })
		if last.State == nil {
			last.State = f.state
		}
		steps = append(steps, last)
	}
	if steps[len(steps)-1].State == nil {
		return steps[:len(steps)-1]
	}
	return steps
}

// ancestors are the numbers and the fingerprints of the states that lead to a state, and its own.
func (s *search) ancestors(i int) (path []int, prints []uint64, err error) {
	for {
		fp, parent, err := s.history.at(i)
		if err != nil {
			return nil, nil, err
		}
		path, prints = append(path, i), append(prints, fp)
		if parent == i {
			break
		}
		i = parent
	}
	slices.Reverse(path)
	slices.Reverse(prints)
	return path, prints, nil
}

// along finds the actions that lead from each of the states to the next.
func (s *search) along(states [][]value.Value) []Step {
	x := s.replayer()
	steps := []Step{{State: states[0]}}
	for i, state := range states[1:] {
		x.level = i + 1
		step := x.find(s.next, states[i], func(_ uint64, to []value.Value) bool { return equal(to, state) })
		step.State = state
		steps = append(steps, step)
	}
	return steps
}

// find is the first state with a property among the initial states or the successors of a state.
func (x *explorer) find(r *eval.Relation, from []value.Value, want func(fp uint64, state []value.Value) bool) (step Step) {
	visit := func(state []value.Value) bool {
		x.judging = x.level + 1
		fp, err := x.fingerprint(state)
		if err != nil || !want(fp, state) {
			return false
		}
		step.State = keep(state)
		step.Action, step.Args, step.Span = x.stepper.Action()
		return true
	}
	// An error after the state that is sought does not matter, and one before it would have ended the search.
	if from == nil {
		_ = x.stepper.Initial(r, visit)
	} else {
		_ = x.stepper.Successors(r, from, visit)
	}
	return step
}

func equal(a, b []value.Value) bool {
	for i, v := range a {
		if v != b[i] {
			return false
		}
	}
	return true
}
