// Assignments: x' = e, x' \in S and UNCHANGED x where x has no value yet.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// assigned finds the variable that an expression on the left of = or \in stands for, if it is one of the state being made.
func (c *compiler) assigned(e resolve.Expr, env *env) (int, bool) {
	switch e := e.(type) {
	case *resolve.VarRef:
		if env.mode == current {
			return 0, false
		}
		if i, ok := c.ownPrime(e.Var, env); ok {
			return i, true
		}
		if x, inner, ok := substitution(e.Var, env); ok {
			return c.assigned(x, inner.like(env))
		}
		i, ok := c.at[e.Var]
		return i, ok
	case *resolve.Apply:
		if e.Op == resolve.OpPrime && env.mode == current {
			return c.assigned(e.Args[0], env.inMode(next))
		}
	case *resolve.LocalRef:
		if b := env.findLocal(e.Local); b != nil && b.kind == boundLazy && len(e.Args) == 0 {
			return c.assigned(b.expr, b.env.inMode(max(env.mode, b.env.mode)))
		}
	case *resolve.Let:
		inner, _ := c.letScope(e, env)
		return c.assigned(e.Body, inner)
	case *resolve.Call:
		if d := e.Def; len(d.Params) == 0 && d.Body != nil && !d.Recursive && c.values[d] == 0 && c.replace[d] == nil {
			lexical := c.lexical(e, env)
			if b := lexical.findDef(d); b != nil {
				return c.assigned(b.expr, b.env.like(env))
			}
			return c.assigned(d.Body, lexical)
		}
	}
	return 0, false
}

// substitution is the expression that an INSTANCE puts in a variable's place, and where it stands.
func substitution(v *resolve.Var, env *env) (resolve.Expr, *env, bool) {
	for inst := env.inst; inst != nil; inst = inst.env.inst {
		if e, ok := inst.stmt.Vars[v]; ok {
			return e, inst.env, true
		}
	}
	return nil, nil, false
}

// assign compiles x' = e. If x' has a value already, the two are compared.
func (c *compiler) assign(e *resolve.Apply, i int, env *env, next *cont) boolFn {
	k := c.remember(c.expr(e.Args[1], env))
	val, s, counts := k.value(), at(e, env), c.counts(i)
	return func(w *Worker) bool {
		v := val(w)
		if old := w.nxt[i]; old != 0 {
			return w.same(s, old, v) && next.run(w)
		}
		w.nxt[i] = w.canon(s, v)
		w.unassigned -= counts
		stop := next.run(w)
		w.nxt[i] = 0
		w.unassigned += counts
		return stop
	}
}

// assignFrom compiles x' \in S, which takes every element of S in turn, and x' \subseteq S, which takes every subset.
func (c *compiler) assignFrom(e *resolve.Apply, i int, env *env, subsets bool, next *cont) boolFn {
	set := c.expr(e.Args[1], env)
	val, s := set.value(), at(e, env)
	test, _ := c.test(e, env)
	counts := c.counts(i)
	after := next.run
	if env.mode == initial {
		after = func(w *Worker) bool { return w.way(next.run) }
	}
	return func(w *Worker) bool {
		if w.nxt[i] != 0 {
			return test(w) && next.run(w)
		}
		from := val(w)
		if subsets {
			sub, f := value.Subset(from)
			if f != nil {
				w.fault(s, f)
			}
			from = sub
		}
		stop := false
		ways := w.choose(from)
		w.eachOften(s, from, func(v value.Value) bool {
			w.nxt[i] = w.canon(s, v)
			w.unassigned -= counts
			stop = after(w)
			w.nxt[i] = 0
			w.unassigned += counts
			return !stop
		})
		w.chosen(ways)
		return stop
	}
}

// mostListed is how many elements a symbolic set may have that is listed, and how many of them are.
const mostListed = 1 << 8

// eachOften is each for a set that is probably gone through again and again, as that of the last variable in an initial predicate: the
// elements of a small symbolic set are made once.
func (w *Worker) eachOften(s *site, set value.Value, visit func(value.Value) bool) {
	if !set.IsSymbolic() {
		w.each(s, set, visit)
		return
	}
	list, known := w.listed[set]
	if !known && len(w.listed) < mostListed {
		if n := set.Len(); n > 0 && n <= mostListed {
			w.each(s, set, func(v value.Value) bool {
				list = append(list, v)
				return true
			})
		}
		if w.listed == nil {
			w.listed = map[value.Value][]value.Value{}
		}
		w.listed[set] = list
	}
	if list == nil {
		w.each(s, set, visit)
		return
	}
	for _, v := range list {
		w.spend(s, 1)
		if !visit(v) {
			return
		}
	}
}

// counts is how many variables of the state an assignment to the i-th value gives a value: those of instantiated modules, which
// occur inside of ENABLED alone, are none.
func (c *compiler) counts(i int) int {
	if i >= len(c.vars) {
		return 0
	}
	return 1
}

// actUnchanged compiles UNCHANGED e: of a variable it is an assignment, of a tuple one after the other.
func (c *compiler) actUnchanged(e resolve.Expr, env *env, next *cont) boolFn {
	switch x := e.(type) {
	case *resolve.VarRef:
		if i, ok := c.ownPrime(x.Var, env.primed()); ok {
			return c.keepOwn(i, c.expr(x, env).value(), at(e, env), next)
		}
		if y, inner, ok := substitution(x.Var, env); ok {
			return c.actUnchanged(y, inner.like(env), next)
		}
		return c.keep(c.at[x.Var], at(e, env), next)
	case *resolve.Tuple:
		for i := len(x.Items) - 1; i >= 0; i-- {
			act, item := c.actUnchanged(x.Items[i], env, next), x.Items[i]
			test, after := c.unchanged(item, item, env).test, next
			next = &cont{act: act, rest: func(w *Worker) bool { return test(w) && after.rest(w) }}
		}
		return next.run
	case *resolve.Call:
		if d := x.Def; len(x.Args) == 0 && len(d.Params) == 0 && c.values[d] == 0 && c.replace[d] == nil && !d.Recursive {
			lexical := c.lexical(x, env)
			inner := *lexical
			inner.frame = &frame{def: d, name: d.Name, call: e.Span(), parent: env.frame, base: lexical.locals, caller: env.locals}
			if b := lexical.findDef(d); b != nil {
				return c.actUnchanged(b.expr, b.env.inMode(env.mode), next)
			}
			return c.actUnchanged(d.Body, &inner, next)
		}
	case *resolve.LocalRef:
		if b := env.findLocal(x.Local); b != nil && b.kind == boundLazy && b.env.mode == env.mode {
			return c.actUnchanged(b.expr, b.env, next)
		}
	}
	test := c.unchanged(e, e, env).test
	return func(w *Worker) bool { return test(w) && next.run(w) }
}

// keepOwn compiles UNCHANGED x for the variable of an instantiated module inside of ENABLED.
func (c *compiler) keepOwn(i int, val valueFn, s *site, next *cont) boolFn {
	return func(w *Worker) bool {
		v := w.canon(s, val(w))
		if old := w.nxt[i]; old != 0 {
			return w.same(s, old, v) && next.run(w)
		}
		w.nxt[i] = v
		stop := next.run(w)
		w.nxt[i] = 0
		return stop
	}
}

// keep compiles UNCHANGED x.
func (c *compiler) keep(i int, s *site, next *cont) boolFn {
	return func(w *Worker) bool {
		v := w.cur[i]
		if old := w.nxt[i]; old != 0 {
			return w.same(s, old, v) && next.run(w)
		}
		w.nxt[i] = v
		w.unassigned--
		stop := next.run(w)
		w.nxt[i] = 0
		w.unassigned++
		return stop
	}
}
