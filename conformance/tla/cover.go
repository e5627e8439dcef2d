// Coverage: which parts of an action the steps went through.

package tla

import (
	"errors"

	"synod/conformance/tla/syntax"
)

// Point is a part of an action that coverage counts: a conjunct, or a disjunct of one, after definitions, LET and \E in
// the action have been flattened.
type Point struct {
	Span     syntax.Span
	Source   string // as it stands in the file, on one line
	Operator string // the definition it stands in, if it is not the action itself
	Excluded bool   // the values of the constants exclude it: it stands in a branch that is never taken
}

// Points are the parts of an action in source order. Where branches is false, every step by the action goes through all of
// them; otherwise Cover tells which.
func (m *Model) Points(a Action) (points []Point, branches bool, err error) {
	o, err := m.outline(a)
	if err != nil {
		return nil, false, err
	}
	list, branches := o.Points()
	for _, p := range list {
		points = append(points, Point{p.Span, m.text(p.Span), p.Operator, p.Excluded})
	}
	return points, branches, nil
}

// Cover tells visit which of the action's Points the step from s goes through that agrees with want. ok is false where
// there is no such step.
func (m *Machine) Cover(s State, a Action, args []Value, want []Expect, visit func(point int)) (ok bool, err error) {
	o, err := m.model.outline(a)
	if err != nil {
		return false, err
	}
	if s.model != m.model {
		return false, errors.New("the state is of another model")
	}
	wants, err := m.model.wants(want)
	if err != nil {
		return false, err
	}
	ok, err = m.worker.Cover(o, s.values, args, wants, visit)
	return ok, m.model.wrong(err)
}
