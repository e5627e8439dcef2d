// Temporal formulas: taken apart down to predicates of states and steps, negations pushed inwards.

package check

import (
	"fmt"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
)

// formula is a temporal formula in negation normal form. Equal formulas of one formulas table are the same pointer.
type formula struct {
	op   formulaOp
	id   int // its place in the table
	args []*formula
	atom int // opAtom, opNotAtom: its place among the atoms
}

type formulaOp uint8

const (
	opTrue formulaOp = iota
	opFalse
	opAtom
	opNotAtom
	opAnd
	opOr
	opAlways
	opEventually
)

// plain reports whether the formula speaks of one state or step alone.
func (f *formula) plain() bool {
	if f.op >= opAlways {
		return false
	}
	for _, a := range f.args {
		if !a.plain() {
			return false
		}
	}
	return true
}

// atom is a predicate of a state, or of a step.
type atom struct {
	formula *eval.Formula
	step    bool
}

// formulas builds temporal formulas and keeps one of each.
type formulas struct {
	model  *Model
	worker *eval.Worker
	all    []*formula
	byKey  map[string]*formula
	atoms  []atom
}

func newFormulas(m *Model) *formulas {
	return &formulas{model: m, worker: m.Program.NewWorker(), byKey: map[string]*formula{}}
}

func (t *formulas) make(op formulaOp, atom int, args ...*formula) *formula {
	key := fmt.Sprintf("%d/%d", op, atom)
	for _, a := range args {
		key += fmt.Sprintf(",%d", a.id)
	}
	if f := t.byKey[key]; f != nil {
		return f
	}
	f := &formula{op: op, id: len(t.all), args: args, atom: atom}
	t.byKey[key] = f
	t.all = append(t.all, f)
	return f
}

func (t *formulas) constant(b bool) *formula {
	if b {
		return t.make(opTrue, 0)
	}
	return t.make(opFalse, 0)
}

// join is the conjunction or disjunction of formulas, flattened.
func (t *formulas) join(op formulaOp, list ...*formula) *formula {
	unit, zero := opTrue, opFalse
	if op == opOr {
		unit, zero = opFalse, opTrue
	}
	var args []*formula
	for _, f := range list {
		switch f.op {
		case unit:
		case zero:
			return f
		case op:
			args = append(args, f.args...)
		default:
			args = append(args, f)
		}
	}
	switch len(args) {
	case 0:
		return t.make(unit, 0)
	case 1:
		return args[0]
	}
	return t.make(op, 0, args...)
}

func (t *formulas) always(f *formula) *formula {
	if f.op == opAlways || f.op <= opFalse {
		return f
	}
	return t.make(opAlways, 0, f)
}

func (t *formulas) eventually(f *formula) *formula {
	if f.op == opEventually || f.op <= opFalse {
		return f
	}
	return t.make(opEventually, 0, f)
}

// build makes the normal form of a part, or of its negation.
func (t *formulas) build(q eval.Part, negated bool) (*formula, error) {
	if t.model.Program.Level(q) < resolve.LevelTemporal {
		return t.predicate(q, negated), nil
	}
	and, or := opAnd, opOr
	if negated {
		and, or = opOr, opAnd
	}
	switch e := q.Expr.(type) {
	case *resolve.And:
		return t.buildAll(and, q, e.Items, negated)
	case *resolve.Or:
		return t.buildAll(or, q, e.Items, negated)
	case *resolve.Quant:
		return t.quantifier(q, e, negated)
	case *resolve.If:
		return t.cond(q, e, negated)
	case *resolve.Apply:
		return t.apply(q, e, negated)
	}
	if body, ok := t.model.Program.Unfold(q); ok {
		return t.build(body, negated)
	}
	return nil, &Error{q.Expr.Span(), "this form of temporal formula cannot be checked", CodeConfig}
}

func (t *formulas) buildAll(op formulaOp, q eval.Part, items []resolve.Expr, negated bool) (*formula, error) {
	var list []*formula
	for _, item := range items {
		f, err := t.build(q.Of(item), negated)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return t.join(op, list...), nil
}

// cond takes IF c THEN p ELSE q as c /\ p \/ ~c /\ q.
func (t *formulas) cond(q eval.Part, e *resolve.If, negated bool) (*formula, error) {
	var arms []*formula
	for i, arm := range []resolve.Expr{e.Then, e.Else} {
		c, err := t.build(q.Of(e.Cond), i == 1)
		if err != nil {
			return nil, err
		}
		f, err := t.build(q.Of(arm), negated)
		if err != nil {
			return nil, err
		}
		arms = append(arms, t.join(opAnd, c, f))
	}
	return t.join(opOr, arms...), nil
}

// quantifier takes a quantifier over a constant set as a conjunction or a disjunction.
func (t *formulas) quantifier(q eval.Part, e *resolve.Quant, negated bool) (*formula, error) {
	bodies, err := t.worker.Instances(q)
	if err != nil {
		return nil, &Error{e.Span(), "a temporal formula may be quantified over constant sets only: " + err.Error(), CodeConfig}
	}
	op := opOr
	if e.Forall != negated {
		op = opAnd
	}
	var list []*formula
	for _, body := range bodies {
		f, err := t.build(body, negated)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return t.join(op, list...), nil
}

func (t *formulas) apply(q eval.Part, e *resolve.Apply, negated bool) (*formula, error) {
	one := func(i int, negated bool) (*formula, error) { return t.build(q.Of(e.Args[i]), negated) }
	switch e.Op {
	case resolve.OpNot:
		return one(0, !negated)
	case resolve.OpAlways, resolve.OpEventually:
		f, err := one(0, negated)
		if err != nil {
			return nil, err
		}
		if (e.Op == resolve.OpAlways) != negated {
			return t.always(f), nil
		}
		return t.eventually(f), nil
	case resolve.OpImplies:
		return t.either(q, e.Args[0], true, e.Args[1], false, negated)
	case resolve.OpEquiv:
		forth, err := t.either(q, e.Args[0], true, e.Args[1], false, negated)
		if err != nil {
			return nil, err
		}
		back, err := t.either(q, e.Args[0], false, e.Args[1], true, negated)
		if err != nil {
			return nil, err
		}
		if negated {
			return t.join(opOr, forth, back), nil
		}
		return t.join(opAnd, forth, back), nil
	case resolve.OpLeadsTo: // P ~> Q is [](P => <>Q)
		p, err := one(0, !negated)
		if err != nil {
			return nil, err
		}
		r, err := one(1, negated)
		if err != nil {
			return nil, err
		}
		if negated {
			return t.eventually(t.join(opAnd, p, t.always(r))), nil
		}
		return t.always(t.join(opOr, p, t.eventually(r))), nil
	case resolve.OpWF, resolve.OpSF:
		return t.fairness(q, e, negated), nil
	}
	return nil, &Error{e.Span(), "this form of temporal formula cannot be checked", CodeConfig}
}

// either is a \/ b, each perhaps negated, or the negation of that.
func (t *formulas) either(q eval.Part, a resolve.Expr, notA bool, b resolve.Expr, notB, negated bool) (*formula, error) {
	f, err := t.build(q.Of(a), notA != negated)
	if err != nil {
		return nil, err
	}
	g, err := t.build(q.Of(b), notB != negated)
	if err != nil {
		return nil, err
	}
	if negated {
		return t.join(opAnd, f, g), nil
	}
	return t.join(opOr, f, g), nil
}

// fairness is WF_v(A), which is []<>(~ENABLED <<A>>_v \/ <<A>>_v), or SF_v(A), which is
// <>[]~ENABLED <<A>>_v \/ []<><<A>>_v.
func (t *formulas) fairness(q eval.Part, e *resolve.Apply, negated bool) *formula {
	step := &resolve.Apply{Node: resolve.Node{Sp: e.Span(), Lvl: resolve.LevelAction}, Op: resolve.OpDiaAction,
		Args: []resolve.Expr{e.Args[1], e.Args[0]}}
	enabled := &resolve.Apply{Node: resolve.Node{Sp: e.Span(), Lvl: resolve.LevelState}, Op: resolve.OpEnabled,
		Args: []resolve.Expr{step}}
	can, does := q.Of(enabled), q.Of(step)
	switch {
	case e.Op == resolve.OpWF && !negated:
		return t.always(t.eventually(t.join(opOr, t.predicate(can, true), t.predicate(does, false))))
	case e.Op == resolve.OpWF:
		return t.eventually(t.always(t.join(opAnd, t.predicate(can, false), t.predicate(does, true))))
	case !negated:
		return t.join(opOr, t.eventually(t.always(t.predicate(can, true))), t.always(t.eventually(t.predicate(does, false))))
	}
	return t.join(opAnd, t.always(t.eventually(t.predicate(can, false))), t.eventually(t.always(t.predicate(does, true))))
}

// predicate is a predicate of a state or a step, or its negation. A constant one is decided here, such as i # j in
// \A i, j \in S : i # j => WF_v(A(i, j)); one that cannot be evaluated is left to the states, where the error has its place.
func (t *formulas) predicate(q eval.Part, negated bool) *formula {
	if t.model.Program.Level(q) == resolve.LevelConstant {
		v, err := t.worker.Eval(t.model.Program.FormulaOf(q), nil, nil)
		if b, ok := v.AsBool(); err == nil && ok {
			return t.constant(b != negated)
		}
	}
	t.atoms = append(t.atoms, atom{formula: t.model.Program.FormulaOf(q), step: t.model.Program.Level(q) == resolve.LevelAction})
	op := opAtom
	if negated {
		op = opNotAtom
	}
	return t.make(op, len(t.atoms)-1)
}
