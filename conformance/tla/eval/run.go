// Entry points: compiling what a checker needs, and running it.

package eval

import (
	"fmt"
	"strings"
	"sync"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Formula is a compiled expression.
type Formula struct {
	code *code
	test boolFn
	expr resolve.Expr
}

// Relation is a compiled initial predicate or next-state relation.
type Relation struct {
	run  boolFn
	expr resolve.Expr
}

// Reads tells which variables a formula depends on, before and after the step.
func (f *Formula) Reads() (before, after []int) {
	for _, i := range f.code.reads.cur {
		before = append(before, int(i))
	}
	for _, i := range f.code.reads.nxt {
		after = append(after, int(i))
	}
	return before, after
}

func (p *Program) compiler() *compiler { return &compiler{Program: p, passing: map[*resolve.Def]int{}} }

// Formula compiles an expression of the root module: of a state, or of a step.
func (p *Program) Formula(e resolve.Expr) *Formula { return p.FormulaOf(p.Part(e)) }

// FormulaOf compiles a part as an expression.
func (p *Program) FormulaOf(q Part) *Formula {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.compiler().formula(q)
}

func (c *compiler) formula(q Part) *Formula {
	k := c.expr(q.Expr, q.env)
	k.value()
	return &Formula{code: k, test: k.bool(placeOf(q)), expr: q.Expr}
}

// Demand compiles what a property demands of steps. Where its evaluation may leave out errors, strict compiles the same so that
// it tells every error that TLC tells; elsewhere strict is nil.
func (p *Program) Demand(q Part) (f *Formula, strict func() *Formula) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.compiler()
	c.demand = true
	f = c.formula(q)
	if !c.lenient {
		return f, nil
	}
	return f, sync.OnceValue(func() *Formula { return p.FormulaOf(q) })
}

// demands reports whether a definition is compiled otherwise in what steps must satisfy.
func (c *compiler) demands(d *resolve.Def) bool { return c.demand && d.Level >= resolve.LevelAction }

// placeOf is where a part stands in the specification: a name in a configuration file stands for a definition's body.
func placeOf(q Part) *site {
	if call, ok := q.Expr.(*resolve.Call); ok && len(call.Args) == 0 && call.Def.Body != nil {
		return at(call.Def.Body, q.env)
	}
	return at(q.Expr, q.env)
}

// Initial compiles a part as an initial predicate.
func (p *Program) Initial(q Part) *Relation {
	env := *q.env
	env.mode = initial
	return p.relation(q.Expr, &env, nil)
}

// Next compiles a part as a next-state relation.
func (p *Program) Next(q Part) *Relation {
	env := *q.env
	env.top = true
	return p.relation(q.Expr, &env, nil)
}

// Step compiles a next-state relation restricted to the calls of a definition.
func (p *Program) Step(q Part, d *resolve.Def) *Relation {
	env := *q.env
	env.top = true
	return p.relation(q.Expr, &env, &stepTarget{def: d, leads: map[*resolve.Def]bool{}, bound: map[int]int{}})
}

func (p *Program) relation(e resolve.Expr, env *env, t *stepTarget) *Relation {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.compiler()
	c.step, c.once, c.outer = t, t != nil, env.frame
	s := placeOf(Part{Expr: e, env: env})
	done := func(w *Worker) bool {
		if t != nil && !w.via {
			return false
		}
		if w.unassigned > 0 {
			w.incomplete(s)
		}
		if w.share != nil && !w.share.inside {
			return w.unit(emit)
		}
		return emit(w)
	}
	return &Relation{run: c.act(e, env, &cont{act: done, rest: done}), expr: e}
}

// emit hands on the state that was made.
func emit(w *Worker) bool { return w.visit(w.nxt[:len(w.program.vars)]) }

// incomplete fails because variables have no value at the end of an action.
func (w *Worker) incomplete(s *site) {
	var missing []string
	for i, v := range w.nxt[:len(w.program.vars)] {
		if v == 0 {
			missing = append(missing, w.program.vars[i].Name)
		}
	}
	what, names := "the initial predicate", strings.Join(missing, ", ")
	hint := "it needs " + missing[0] + " = .. or " + missing[0] + " \\in .."
	at := *s
	if s.env.mode == current {
		what, hint = "the next-state relation", "where it stays as it is, that is UNCHANGED "+names
		if len(missing) > 1 {
			hint = "where they stay as they are, that is UNCHANGED <<" + names + ">>"
		}
		if w.action != nil {
			what = "the action " + w.action.def.Name
			at.span = w.action.def.Span
		}
	}
	plural := ""
	if len(missing) > 1 {
		plural = "s"
	}
	panic(w.errorf(&at, Unassigned, "%s gives no value to the variable%s %s; %s", what, plural, names, hint))
}

// guard turns a failure into an error.
func (w *Worker) guard(err *error) {
	if r := recover(); r != nil {
		*err = w.caught(r)
	}
}

// Initial enumerates initial states. visit gets a slice that is used again; true ends the enumeration.
func (w *Worker) Initial(r *Relation, visit func(state []value.Value) bool) (err error) {
	return w.enumerate(r, nil, visit)
}

// Successors enumerates the successors of a state, each as often as TLC generates it. visit gets a slice that is used
// again; true ends the enumeration.
func (w *Worker) Successors(r *Relation, state []value.Value, visit func(next []value.Value) bool) (err error) {
	return w.enumerate(r, state, visit)
}

func (w *Worker) enumerate(r *Relation, state []value.Value, visit func([]value.Value) bool) (err error) {
	defer w.guard(&err)
	w.prepare()
	w.cur = state
	clear(w.nxt)
	w.unassigned, w.action, w.via = len(w.program.vars), nil, false
	w.visit = visit
	r.run(w)
	return nil
}

// With gives the values that are known of the parameters of a Step's definition; 0 is unknown.
func (w *Worker) With(args []value.Value) { w.args = args }

// Action is the action by which the successor at hand was reached, with the values of its parameters; nil is none.
func (w *Worker) Action() (d *resolve.Def, args []value.Value, span syntax.Span) {
	if w.action == nil {
		return nil, nil, syntax.Span{}
	}
	for _, f := range w.action.args {
		var v value.Value
		if f != nil {
			v, _ = w.try(f)
		}
		args = append(args, v)
	}
	return w.action.def, args, w.action.span.Span()
}

// Holds evaluates a formula in a state.
func (w *Worker) Holds(f *Formula, state []value.Value) (holds bool, err error) {
	defer w.guard(&err)
	w.prepare()
	w.cur = state
	clear(w.nxt)
	return f.test(w), nil
}

// HoldsStep evaluates a formula of a step.
func (w *Worker) HoldsStep(f *Formula, state, next []value.Value) (holds bool, err error) {
	defer w.guard(&err)
	w.prepare()
	w.cur = state
	copy(w.nxt, next)
	return f.test(w), nil
}

// Eval evaluates a formula to a value in a state, which may be nil for a constant. next may be nil.
func (w *Worker) Eval(f *Formula, state, next []value.Value) (v value.Value, err error) {
	defer w.guard(&err)
	w.prepare()
	w.cur = state
	clear(w.nxt)
	copy(w.nxt, next)
	if state == nil && len(f.code.reads.cur) > 0 {
		return 0, fmt.Errorf("%s: the value depends on the state", f.expr.Span().Start)
	}
	s := &site{span: f.expr.Span(), env: &env{}}
	v = w.printable(s, f.code.value()(w))
	if c, fault := value.Canonical(v); fault == nil {
		v = c
	}
	return v, nil
}
