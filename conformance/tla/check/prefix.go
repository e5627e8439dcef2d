// Monitors: temporal properties that a finite behaviour can violate, judged while states are found.

package check

import (
	"slices"

	"synod/conformance/tla/value"
)

// A property such as [](P => []Q) can be judged along the way: what has happened so far leaves a formula that the rest of the
// behaviour must satisfy, and where that is FALSE the property is violated. That is the only way if P or Q ask for figures
// of the run, the length of the queue say: such a question has its answer while the state is explored, not afterwards.
//
// As TLC does, a state is judged when all successors of the state before it have been found; and once more, as a step that
// changes nothing, when all of its own have been.
type monitor struct {
	Temporal
	*formulas
	whole  *formula
	left   map[uint64]*formula // by a state's fingerprint: what the rest must satisfy
	merged bool                // two behaviours with different pasts met in a state
}

// newMonitor is nil where the property cannot be judged along the way: where it promises that something will happen, or speaks
// of steps.
func (m *Model) newMonitor(p Temporal) (mon *monitor, steady bool, err error) {
	t := newFormulas(m)
	whole, err := t.build(p.Part, false)
	if err != nil {
		return nil, true, err
	}
	steady, steps := true, false
	for _, a := range t.atoms {
		steady = steady && a.formula.Steady()
		steps = steps || a.step
	}
	if steps || whole.promises() {
		return nil, steady, nil
	}
	return &monitor{Temporal: p, formulas: t, whole: whole, left: map[uint64]*formula{}}, steady, nil
}

// promises reports whether there is an <> in the formula.
func (f *formula) promises() bool {
	if f.op == opEventually {
		return true
	}
	for _, a := range f.args {
		if a.promises() {
			return true
		}
	}
	return false
}

// chooseMonitors decides which temporal properties are judged along the way. Breadth first these are the ones that must be;
// their figures mean something with one worker alone.
func (s *search) chooseMonitors() error {
	for _, p := range s.Temporal {
		mon, steady, err := s.newMonitor(p)
		switch {
		case err != nil:
			s.unsettled = append(s.unsettled, p) // the search for lassos says what is wrong with it
		case mon == nil && !steady:
			return &Error{p.Part.Expr.Span(), "the property " + p.Name +
				" asks for figures of the run, and promises that something will happen or speaks of steps: that cannot be checked", CodeConfig}
		case mon == nil || steady && !s.opts.DepthFirst && s.opts.Simulation == nil:
			s.unsettled = append(s.unsettled, p)
		case s.opts.Workers > 1 && s.opts.Simulation == nil:
			return &Error{p.Part.Expr.Span(), "the property " + p.Name + " asks for figures of the run: that takes one worker (-workers 1)", CodeConfig}
		default:
			s.monitors = append(s.monitors, mon)
		}
	}
	return nil
}

// advance is what a state leaves of a formula.
func (x *explorer) advance(m *monitor, f *formula, state []value.Value) (*formula, error) {
	switch f.op {
	case opAtom, opNotAtom:
		holds, err := x.judge.Holds(m.atoms[f.atom].formula, state)
		return m.constant(holds == (f.op == opAtom)), err
	case opAlways:
		g, err := x.advance(m, f.args[0], state)
		return m.join(opAnd, g, f), err
	case opAnd, opOr:
		list := make([]*formula, 0, len(f.args))
		for _, a := range f.args {
			g, err := x.advance(m, a, state)
			if err != nil {
				return f, err
			}
			if (g.op == opFalse) == (f.op == opAnd) && g.op <= opFalse {
				return g, nil
			}
			list = append(list, g)
		}
		return m.unique(f.op, list), nil
	}
	return f, nil
}

// unique joins formulas, each taken once and in one order: the same demands come again and again.
func (t *formulas) unique(op formulaOp, list []*formula) *formula {
	joined := t.join(op, list...)
	if joined.op != op {
		return joined
	}
	args := slices.Clone(joined.args)
	slices.SortFunc(args, func(f, g *formula) int { return f.id - g.id })
	return t.join(op, slices.Compact(args)...)
}

// watch has the monitors judge the successors of a state, and the state itself once more.
func (x *explorer) watch(state []value.Value) {
	for _, m := range x.monitors {
		if !x.watchOne(m, state) {
			return
		}
	}
}

func (x *explorer) watchOne(m *monitor, state []value.Value) bool {
	past, known := m.left[x.printAt(state, x.level)]
	if !known {
		return true // a state that the monitor did not see enter the model
	}
	for i := 0; i < len(x.edges); i += x.n {
		if !x.enter(m, past, x.edges[i:i+x.n]) {
			return false
		}
	}
	x.judging, x.judged = x.level, state
	_, ok := x.judgeBy(m, past, state, nil)
	return ok
}

// enter judges a state to which a behaviour leads that leaves the demand past.
func (x *explorer) enter(m *monitor, past *formula, to []value.Value) bool {
	x.judging, x.judged = x.level+1, to
	rest, ok := x.judgeBy(m, past, to, to)
	if !ok {
		return false
	}
	fp := x.printAt(to, x.level+1)
	if before, known := m.left[fp]; known && before != rest {
		m.merged = true
	} else if !known {
		m.left[fp] = rest
	}
	return true
}

// judgeBy is what a state leaves of a demand; false where that is FALSE, or cannot be told. last is the state to show at the
// end of the behaviour, nil for that of the state at hand.
func (x *explorer) judgeBy(m *monitor, past *formula, state, last []value.Value) (*formula, bool) {
	rest, err := x.advance(m, past, state)
	f := &finding{property: m.Name, parent: x.parent, order: x.order, temporal: true}
	if last != nil {
		f.state = keep(last)
	}
	switch {
	case err != nil:
		f.kind, f.message, f.err = Failed, "the property "+m.Name+" cannot be evaluated", err
	case rest.op == opFalse:
		f.kind, f.message = Liveness, "the temporal property "+m.Name+" is violated"
	default:
		return m.unique(opAnd, []*formula{rest}), true
	}
	x.end(f)
	return nil, false
}

// printAt is the fingerprint of a state at a level, which had one already.
func (x *explorer) printAt(state []value.Value, level int) uint64 {
	x.judging = level
	fp, _ := x.fingerprint(state)
	return fp
}

// settle hands the monitors that could not decide to the search for lassos: where two pasts met in a state, its successors
// were judged with one of them only.
func (s *search) settle() error {
	for _, m := range s.monitors {
		if !m.merged {
			continue
		}
		if _, steady, _ := s.newMonitor(m.Temporal); !steady {
			return &Error{m.Part.Expr.Span(), "the property " + m.Name +
				" asks for figures of the run, and a state is reached by behaviours with different pasts: that cannot be checked", CodeConfig}
		}
		s.unsettled = append(s.unsettled, m.Temporal)
	}
	return nil
}
