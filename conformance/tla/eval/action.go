// Actions: enumerating the successors of a state by continuations.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// cont is what remains to be done once a conjunct is satisfied. TLC stops branching as soon as every variable has a value:
// from then on what remains is evaluated as a condition. So it is kept in both forms.
type cont struct {
	act  boolFn // true ends the enumeration
	rest boolFn // the same where every variable has a value
}

func (k *cont) run(w *Worker) bool {
	if w.unassigned == 0 {
		return k.rest(w)
	}
	return k.act(w)
}

// then puts a conjunct before a continuation.
func (c *compiler) then(e resolve.Expr, env *env, next *cont) *cont {
	test, _ := c.test(e, env)
	return &cont{
		act:  c.act(e, env, next),
		rest: func(w *Worker) bool { return test(w) && next.rest(w) },
	}
}

// guard is an expression that is only evaluated.
func (c *compiler) guard(e resolve.Expr, env *env, next *cont) boolFn {
	test, _ := c.test(e, env)
	return func(w *Worker) bool { return test(w) && next.run(w) }
}

// act compiles an expression so that it calls next once for each way of making it true, with the variables assigned
// that it assigns.
func (c *compiler) act(e resolve.Expr, env *env, next *cont) boolFn {
	if c.justTests(e, env) {
		return c.guard(e, env, next)
	}
	switch e := e.(type) {
	case *resolve.And:
		return c.actAnd(e, env, next)
	case *resolve.Or:
		return c.actOr(e, env, next)
	case *resolve.Quant:
		if e.Forall {
			return c.actForall(e, env.inside(), next)
		}
		return c.actExists(e, env, next)
	case *resolve.If:
		p, _ := c.test(e.Cond, env)
		a, b := c.act(e.Then, env, next), c.act(e.Else, env, next)
		return func(w *Worker) bool {
			if p(w) {
				return a(w)
			}
			return b(w)
		}
	case *resolve.Case:
		return c.actCase(e, env, next)
	case *resolve.Let:
		inner, lazy := c.letScope(e, env)
		return resettingAct(lazy, c.act(e.Body, inner, next))
	case *resolve.Call:
		return c.actCall(e, env, next)
	case *resolve.LocalRef:
		return c.actLocal(e, env, next)
	case *resolve.Apply:
		return c.actApply(e, env.inside(), next)
	case *resolve.FuncApply:
		return c.actFunction(e, env.inside(), next)
	case *resolve.ConstRef:
		return c.actConst(e, env, next)
	}
	return c.guard(e, env, next)
}

// actConst compiles a constant operator as an action: what the configuration or an INSTANCE puts in its place.
func (c *compiler) actConst(e *resolve.ConstRef, env *env, next *cont) boolFn {
	return c.actConstIn(e, env, env, next)
}

// actConstIn is actConst for a constant that is named in one environment and applied to arguments of another.
func (c *compiler) actConstIn(e *resolve.ConstRef, env, use *env, next *cont) boolFn {
	for inst := env.inst; inst != nil; inst = inst.env.inst {
		if a, ok := inst.stmt.Consts[e.Const]; ok {
			if op, isOp := a.(*resolve.OpArg); isOp {
				return c.actOperator(e, &operator{op, inst.env}, e.Args, use, next)
			}
			return c.guard(e, use, next)
		}
	}
	if d := c.replace[e.Const]; d != nil && len(e.Args) > 0 {
		return c.actDef(e, d, e.Args, use, c.rootEnv(use), next)
	}
	return c.guard(e, use, next)
}

// justTests reports whether an expression can be evaluated as a whole because it assigns nothing and there is one way to make it
// true. Where the same successor need not be generated more than once, ways do not count.
func (c *compiler) justTests(e resolve.Expr, env *env) bool {
	switch e.(type) {
	case *resolve.Quant, *resolve.Call, *resolve.Or, *resolve.And, *resolve.Let, *resolve.If, *resolve.Case, *resolve.FuncApply, *resolve.ConstRef:
	default:
		return false
	}
	return !c.assigns(e, env, 0) && (c.once || !c.forks(e, env, 0))
}

// assigns reports whether an expression speaks of the next state, or may do so through a name that is passed to it.
func (c *compiler) assigns(e resolve.Expr, env *env, depth int) bool {
	if env.mode != current {
		return c.contains(e, env, depth, "variables", func(x resolve.Expr) bool {
			_, isVar := x.(*resolve.VarRef)
			return isVar
		})
	}
	return c.contains(e, env, depth, "primes", func(x resolve.Expr) bool { return x.Level() >= resolve.LevelAction })
}

// forks reports whether TLC may find an expression true in several ways.
func (c *compiler) forks(e resolve.Expr, env *env, depth int) bool {
	return c.contains(e, env, depth, "forks", func(x resolve.Expr) bool {
		switch x := x.(type) {
		case *resolve.Or:
			return true
		case *resolve.Quant:
			return !x.Forall
		case *resolve.FuncApply:
			ref, ok := x.Func.(*resolve.LocalRef)
			return ok && c.findRoutine(func(r *routine) bool { return r.self == ref.Local }) != nil
		}
		return false
	})
}

// contains reports whether some part of an expression passes a test, looking into definitions and what names are bound to.
// Where it is not known what a name stands for, the answer is yes. The name of the test is for remembering answers.
func (c *compiler) contains(e resolve.Expr, env *env, depth int, name string, test func(resolve.Expr) bool) bool {
	if depth > 12 {
		return true
	}
	found := false
	Walk(e, func(x resolve.Expr) {
		if found {
			return
		}
		if test(x) {
			found = true
			return
		}
		switch x := x.(type) {
		case *resolve.Call:
			d := x.Def
			if r := c.replace[d]; r != nil {
				d = r
			}
			if c.values[d] == 0 && !c.isBuiltin(d) && d.Body != nil {
				found = d.Recursive || c.bodyContains(d, env, depth+1, name, test)
			}
		case *resolve.ConstRef:
			found = len(x.Args) > 0
		case *resolve.LocalRef:
			if b := env.findLocal(x.Local); b != nil && b.kind == boundLazy {
				found = c.contains(b.expr, b.env, depth+1, name, test)
			} else if b != nil && b.kind == boundOperator {
				found = true
			}
		}
	})
	return found
}

// bodyContains is contains for the body of a definition; for those of modules it is found out once.
func (c *compiler) bodyContains(d *resolve.Def, env *env, depth int, name string, test func(resolve.Expr) bool) bool {
	if env.findDef(d) != nil {
		return c.contains(d.Body, env, depth, name, test)
	}
	key := bodyTest{d, name}
	known, ok := c.tested[key]
	if !ok {
		known = c.contains(d.Body, env, depth, name, test)
		c.tested[key] = known
	}
	return known
}

type bodyTest struct {
	def  *resolve.Def
	test string
}

func resettingAct(lazy []*binding, f boolFn) boolFn {
	slots := resetSlots(lazy)
	if len(slots) == 0 {
		return f
	}
	return func(w *Worker) bool {
		for _, s := range slots {
			w.slots[s] = 0
		}
		return f(w)
	}
}

func (c *compiler) actAnd(e *resolve.And, env *env, next *cont) boolFn {
	inside := env.inside()
	if !c.atRoot(env) {
		env = inside
	}
	named := naming(e)
	for i := len(e.Items) - 1; i > 0; i-- {
		if i == named {
			next = c.then(e.Items[i], env, next)
		} else {
			next = c.then(e.Items[i], inside, next)
		}
	}
	if named != 0 {
		env = inside
	}
	return c.act(e.Items[0], env, next)
}

func (c *compiler) actOr(e *resolve.Or, env *env, next *cont) boolFn {
	var branches []boolFn
	for _, item := range c.step.branches(c, e.Items, env) {
		branches = append(branches, c.act(item, env, next))
	}
	return func(w *Worker) bool {
		for _, b := range branches {
			if b(w) {
				return true
			}
		}
		return false
	}
}

func (c *compiler) actExists(e *resolve.Quant, env *env, next *cont) boolFn {
	bs, inner, _, _ := c.bounds(e.Bounds, env)
	for _, b := range bs {
		b.ordered = true
	}
	if len(bs) == 1 && c.step == nil {
		bs[0].narrow = c.narrowing(e, bs[0], inner)
	}
	body := c.act(e.Body, inner, next)
	if c.step == nil {
		ahead := c.ahead(e, bs, inner, true)
		if env.mode == initial {
			return sharedChoices(bs, body, func(body boolFn) boolFn { return ahead.loops(bs, body, true) })
		}
		return ahead.loops(bs, body, true)
	}
	return c.step.loops(c, e.Bounds, bs, env, body)
}

// actForall compiles \A x \in S : A as a conjunction of actions, one for each element.
func (c *compiler) actForall(e *resolve.Quant, env *env, next *cont) boolFn {
	test, _ := c.test(e, env)
	first := int(c.slots.Load())
	bs, inner, _, _ := c.bounds(e.Bounds, env)
	depth := c.newSlots(1)
	chain := &cont{}
	body := c.act(e.Body, inner, chain)
	last := int(c.slots.Load())
	rows := c.newRows()
	// advance goes on with the next row of values, or with what follows the quantifier after the last one. The slots are
	// saved around it because the code of the body runs again inside of itself.
	advance := func(w *Worker) bool {
		i := int(w.slots[depth].Num()) + 1
		list := w.rows[rows]
		base := len(w.saved)
		w.saved = append(w.saved, w.slots[first:last]...)
		var stop bool
		if i*len(bs) >= len(list) {
			stop = next.run(w)
		} else {
			w.slots[depth] = value.Int(int64(i))
			for j, b := range bs {
				w.bind(b, list[i*len(bs)+j])
			}
			stop = body(w)
		}
		copy(w.slots[first:last], w.saved[base:])
		w.saved = w.saved[:base]
		return stop
	}
	chain.act, chain.rest = advance, advance
	collect := loops(bs, func(w *Worker) bool {
		for _, b := range bs {
			w.stack = append(w.stack, w.whole(b))
		}
		return false
	}, true)
	return func(w *Worker) bool {
		if w.unassigned == 0 {
			return test(w) && next.rest(w)
		}
		base := len(w.stack)
		collect(w)
		outer := w.rows[rows]
		w.rows[rows] = w.stack[base:]
		w.slots[depth] = value.Int(-1)
		stop := advance(w)
		w.rows[rows], w.stack = outer, w.stack[:base]
		return stop
	}
}

// whole is the element that a bound's names stand for.
func (w *Worker) whole(b *bound) value.Value {
	if !b.tuple {
		return w.slots[b.slots[0]]
	}
	var elems []value.Value
	for _, s := range b.slots {
		elems = append(elems, w.slots[s])
	}
	return value.Tuple(elems)
}

func (c *compiler) actCase(e *resolve.Case, env *env, next *cont) boolFn {
	var guards, arms []boolFn
	for _, arm := range e.Arms {
		g, _ := c.test(arm.Cond, env)
		guards, arms = append(guards, g), append(arms, c.act(arm.Value, env, next))
	}
	var other boolFn
	if e.Other != nil {
		other = c.act(e.Other, env, next)
	}
	s := at(e, env)
	return func(w *Worker) bool {
		for i, g := range guards {
			if g(w) {
				return arms[i](w)
			}
		}
		if other == nil {
			w.fail(s, "no condition of the CASE is true, and it has no OTHER")
		}
		return other(w)
	}
}

// actCall compiles the application of a definition as an action: its body takes its place. A constant definition without parameters
// has been computed before the search begins, so that TLC does not look into it for branches.
func (c *compiler) actCall(e *resolve.Call, env *env, next *cont) boolFn {
	return c.actDef(e, e.Def, e.Args, env, c.lexical(e, env), next)
}

func (c *compiler) actDef(e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, lexical *env, next *cont) boolFn {
	d, lexical = c.meant(e, d, use, lexical)
	isConstant := len(d.Params) == 0 && d.Level == resolve.LevelConstant && lexical.findDef(d) == nil && lexical.locals == nil
	if c.values[d] != 0 || c.isBuiltin(d) || isConstant || len(args) != len(d.Params) || d.Body == nil {
		return c.guard(e, use, next)
	}
	if d.Recursive {
		return c.actRecursive(e, d, args, use, lexical, next)
	}
	inner, lazy := c.bindParams(e, d, args, use, lexical)
	return c.step.call(c, e, d, args, use, inner, lazy, next)
}

func (c *compiler) actLocal(e *resolve.LocalRef, env *env, next *cont) boolFn {
	b := env.findLocal(e.Local)
	switch {
	case b == nil:
	case b.kind == boundLazy && (b.env.mode == env.mode || env.mode == initial):
		inner := b.env.inMode(env.mode)
		if env.free != nil && env.free.around(inner.inst) {
			inner = inner.like(env)
		}
		return c.act(b.expr, inner, next)
	case b.kind == boundOperator:
		return c.actOperator(e, b.op, e.Args, env, next)
	}
	return c.guard(e, env, next)
}

// actOperator compiles the application of what an operator parameter stands for as an action.
func (c *compiler) actOperator(e resolve.Expr, op *operator, args []resolve.Arg, use *env, next *cont) boolFn {
	if op.arg.Const != nil {
		ref := &resolve.ConstRef{Const: op.arg.Const, Args: args}
		ref.Sp = e.Span()
		return c.actConstIn(ref, op.env, use.inside(), next)
	}
	if op.arg.Def == nil {
		return c.guard(e, use, next)
	}
	return c.actDef(e, op.arg.Def, args, use.inside(), c.operatorEnv(op, use), next)
}

// actApply compiles the language's operators as actions.
func (c *compiler) actApply(e *resolve.Apply, env *env, next *cont) boolFn {
	switch e.Op {
	case resolve.OpEq:
		if i, ok := c.assigned(e.Args[0], env); ok {
			return c.assign(e, i, env, next)
		}
	case resolve.OpIn:
		if i, ok := c.assigned(e.Args[0], env); ok {
			return c.assignFrom(e, i, env, false, next)
		}
	case resolve.OpSubseteq:
		if i, ok := c.assigned(e.Args[0], env); ok {
			return c.assignFrom(e, i, env, true, next)
		}
	case resolve.OpImplies:
		p, _ := c.test(e.Args[0], env)
		q := c.act(e.Args[1], env, next)
		return func(w *Worker) bool {
			if p(w) {
				return q(w)
			}
			return next.run(w)
		}
	case resolve.OpUnchanged:
		if env.mode == current {
			return c.actUnchanged(e.Args[0], env, next)
		}
	case resolve.OpCdot:
		return c.compose(e, env, next, true)
	case resolve.OpBoxAction:
		a, same := c.act(e.Args[0], env, next), c.actUnchanged(e.Args[1], env, next)
		return func(w *Worker) bool { return a(w) || same(w) }
	case resolve.OpDiaAction:
		same := c.unchanged(e, e.Args[1], env).test
		changed := func(w *Worker) bool { return !same(w) }
		return c.act(e.Args[0], env, &cont{
			act:  func(w *Worker) bool { return changed(w) && next.run(w) },
			rest: func(w *Worker) bool { return changed(w) && next.rest(w) },
		})
	}
	return c.guard(e, env, next)
}
