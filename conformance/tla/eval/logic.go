// Logic: connectives, IF, CASE and the language's own operators.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func (c *compiler) and(e *resolve.And, env *env) *code {
	tests, r, cost := c.tests(e.Items, env)
	k := &code{reads: r, cost: cost}
	switch len(tests) {
	case 2:
		p, q := tests[0], tests[1]
		k.test = func(w *Worker) bool { return p(w) && q(w) }
	case 3:
		p, q, s := tests[0], tests[1], tests[2]
		k.test = func(w *Worker) bool { return p(w) && q(w) && s(w) }
	default:
		k.test = func(w *Worker) bool {
			for _, t := range tests {
				if !t(w) {
					return false
				}
			}
			return true
		}
	}
	return k
}

func (c *compiler) or(e *resolve.Or, env *env) *code {
	tests, r, cost := c.tests(e.Items, env)
	k := &code{reads: r, cost: cost}
	if len(tests) == 2 {
		p, q := tests[0], tests[1]
		k.test = func(w *Worker) bool { return p(w) || q(w) }
		return k
	}
	k.test = func(w *Worker) bool {
		for _, t := range tests {
			if t(w) {
				return true
			}
		}
		return false
	}
	return k
}

// test compiles an expression that must be a boolean.
func (c *compiler) test(e resolve.Expr, env *env) (boolFn, *code) {
	k := c.remember(c.expr(e, env))
	return k.bool(at(e, env)), k
}

func (c *compiler) tests(list []resolve.Expr, env *env) (tests []boolFn, r reads, cost int) {
	for _, e := range list {
		t, k := c.test(e, env)
		tests = append(tests, t)
		r.add(k.reads)
		cost += k.cost + 1
	}
	return tests, r, cost
}

func (c *compiler) cond(e *resolve.If, env *env) *code {
	p, pk := c.test(e.Cond, env)
	a, b := c.expr(e.Then, env), c.expr(e.Else, env)
	k := &code{reads: pk.reads, cost: pk.cost + max(a.cost, b.cost) + 1}
	k.reads.add(a.reads)
	k.reads.add(b.reads)
	if a.test != nil && b.test != nil {
		x, y := a.test, b.test
		k.test = func(w *Worker) bool {
			if p(w) {
				return x(w)
			}
			return y(w)
		}
		return k
	}
	x, y := a.value(), b.value()
	k.val = func(w *Worker) value.Value {
		if p(w) {
			return x(w)
		}
		return y(w)
	}
	return k
}

func (c *compiler) cases(e *resolve.Case, env *env) *code {
	k := &code{}
	var guards []boolFn
	var results []valueFn
	for _, arm := range e.Arms {
		g, gk := c.test(arm.Cond, env)
		v := c.expr(arm.Value, env)
		guards, results = append(guards, g), append(results, v.value())
		k.reads.add(gk.reads)
		k.reads.add(v.reads)
		k.cost += gk.cost + v.cost + 1
	}
	var other valueFn
	if e.Other != nil {
		v := c.expr(e.Other, env)
		other = v.value()
		k.reads.add(v.reads)
	}
	s := at(e, env)
	k.val = func(w *Worker) value.Value {
		for i, g := range guards {
			if g(w) {
				return results[i](w)
			}
		}
		if other == nil {
			w.fail(s, "no condition of the CASE is true, and it has no OTHER")
		}
		return other(w)
	}
	return k
}

// apply compiles the language's own operators.
func (c *compiler) apply(e *resolve.Apply, env *env) *code {
	switch e.Op {
	case resolve.OpNot:
		p, k := c.test(e.Args[0], env)
		return &code{reads: k.reads, cost: k.cost + 1, test: func(w *Worker) bool { return !p(w) }}
	case resolve.OpImplies, resolve.OpEquiv:
		return c.implication(e, env)
	case resolve.OpEq, resolve.OpNeq:
		return c.equality(e, env)
	case resolve.OpIn, resolve.OpNotin:
		return c.membership(e, env)
	case resolve.OpSubseteq:
		return c.inclusion(e, env)
	case resolve.OpCup:
		return c.union(e, env)
	case resolve.OpCap:
		return c.intersection(e, env)
	case resolve.OpSetminus:
		return c.difference(e, env)
	case resolve.OpSubset:
		return c.sets(e, env, e.Args, func(v []value.Value) (value.Value, *value.Fault) { return value.Subset(v[0]) })
	case resolve.OpUnion:
		return c.sets(e, env, e.Args, func(v []value.Value) (value.Value, *value.Fault) { return value.BigUnion(v[0]) })
	case resolve.OpDomain:
		return c.domain(e, env)
	}
	return c.actionOperator(e, env)
}

// union compiles S \cup T. {x} need not be made to add x.
func (c *compiler) union(e *resolve.Apply, env *env) *code {
	whole := func(v []value.Value) (value.Value, *value.Fault) { return value.Union(v[0], v[1]) }
	one, ok := e.Args[1].(*resolve.SetEnum)
	if !ok || len(one.Items) != 1 {
		return c.sets(e, env, e.Args, whole)
	}
	vals, r, cost := c.exprs([]resolve.Expr{e.Args[0], one.Items[0]}, env)
	s, inner := at(e, env), at(one, env)
	return &code{reads: r, cost: cost + 1, val: func(w *Worker) value.Value {
		set := vals[0](w)
		x := w.canon(inner, vals[1](w))
		var v value.Value
		var f *value.Fault
		if set.IsSet() && !set.IsSymbolic() {
			v, f = value.Insert(set, x)
		} else {
			v, f = value.Union(set, value.SortedSet([]value.Value{x}))
		}
		if f != nil {
			w.fault(s, f)
		}
		return v
	}}
}

// actionOperator compiles operators that speak of steps, as predicates of a step at hand.
func (c *compiler) actionOperator(e *resolve.Apply, env *env) *code {
	switch e.Op {
	case resolve.OpPrime:
		if env.mode != current {
			return c.unsupported(e, env, "a prime inside of a prime, or in the initial predicate, has no meaning")
		}
		return c.expr(e.Args[0], env.inMode(next))
	case resolve.OpUnchanged:
		return c.unchanged(e, e.Args[0], env)
	case resolve.OpBoxAction:
		same, a := c.unchanged(e, e.Args[1], env), c.expr(e.Args[0], env)
		p, q := same.test, a.bool(at(e.Args[0], env))
		k := &code{reads: same.reads, cost: same.cost + a.cost, test: func(w *Worker) bool { return p(w) || q(w) }}
		k.reads.add(a.reads)
		return k
	case resolve.OpDiaAction:
		same, a := c.unchanged(e, e.Args[1], env), c.expr(e.Args[0], env)
		p, q := same.test, a.bool(at(e.Args[0], env))
		k := &code{reads: same.reads, cost: same.cost + a.cost, test: func(w *Worker) bool { return !p(w) && q(w) }}
		k.reads.add(a.reads)
		return k
	case resolve.OpEnabled:
		return c.enabled(e, env)
	case resolve.OpCdot:
		return c.composed(e, env)
	}
	return c.unsupported(e, env, "a temporal formula has no value in a single state: it can only be a property to check")
}

// unchanged compiles UNCHANGED e as a test of the two states.
func (c *compiler) unchanged(e, arg resolve.Expr, env *env) *code {
	if env.mode != current {
		return c.unsupported(e, env, "UNCHANGED inside of a prime, or in the initial predicate, has no meaning")
	}
	before, after := c.expr(arg, env), c.expr(arg, env.inMode(next))
	k := &code{reads: before.reads, cost: before.cost + after.cost + 1}
	k.reads.add(after.reads)
	x, y, s := before.value(), after.value(), at(e, env)
	k.test = func(w *Worker) bool { return w.same(s, x(w), y(w)) }
	return k
}

func (c *compiler) implication(e *resolve.Apply, env *env) *code {
	tests, r, cost := c.tests(e.Args, env)
	p, q := tests[0], tests[1]
	k := &code{reads: r, cost: cost}
	if e.Op == resolve.OpEquiv {
		k.test = func(w *Worker) bool { return p(w) == q(w) }
	} else {
		k.test = func(w *Worker) bool { return !p(w) || q(w) }
	}
	return k
}

func (c *compiler) equality(e *resolve.Apply, env *env) *code {
	a, b := c.remember(c.expr(e.Args[0], env)), c.remember(c.expr(e.Args[1], env))
	k := &code{reads: a.reads, cost: a.cost + b.cost + 1}
	k.reads.add(b.reads)
	x, y, s, want := a.value(), b.value(), at(e, env), e.Op == resolve.OpEq
	if a.lit != 0 && b.lit == 0 {
		a, b, x, y = b, a, y, x
	}
	if lit := b.lit; lit != 0 && !lit.IsSymbolic() {
		k.test = func(w *Worker) bool {
			v := x(w)
			return (v == lit || !v.Plain(lit) && w.sameSlow(s, v, lit)) == want
		}
		return k
	}
	k.test = func(w *Worker) bool { return w.same(s, x(w), y(w)) == want }
	return k
}

// same decides equality, failing where TLC refuses to compare.
func (w *Worker) same(s *site, a, b value.Value) bool {
	return a == b && !a.IsSymbolic() || !a.Plain(b) && w.sameSlow(s, a, b)
}

func (w *Worker) sameSlow(s *site, a, b value.Value) bool {
	ok, f := value.Same(w.solid(s, a), w.solid(s, b))
	if f != nil {
		w.fault(s, f)
	}
	return ok
}

func (c *compiler) domain(e *resolve.Apply, env *env) *code {
	k := c.expr(e.Args[0], env)
	f, s := k.value(), at(e, env)
	return &code{reads: k.reads, cost: k.cost + 1, val: func(w *Worker) value.Value {
		v := f(w)
		if d, ok := value.DomainOf(v); ok {
			return d
		}
		if cl := w.closureOf(v); cl != nil {
			return cl.domain
		}
		w.fail(s, "DOMAIN is applied to what is no function: %s %s", v.KindName(), value.Brief(v))
		return 0
	}}
}
