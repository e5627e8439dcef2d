// Recursion in actions: operators and functions that apply themselves while successors are enumerated.

package eval

import (
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// routine is the body of a recursive operator or of a function, compiled as an action. What is to be done after it
// differs from call to call, so that a call leaves its continuation on a stack. The body's own slots are saved at a call
// and brought back for the continuation, which may belong to an outer application of the same body.
type routine struct {
	def         *resolve.Def // exactly one of def and fn is set
	fn          *resolve.Func
	self        *resolve.Local
	bounds      []*bound
	params      []int
	vars        []int // of an operator: the variables that its parameters stand for, -1 for those that stand for values
	body        boolFn
	first, last int
	at          *site
}

// pending is a call under way: what follows it, and the slots of whoever called.
type pending struct {
	next  *cont
	slots []value.Value
}

// invoke runs the body with its names bound by bind, and next after it.
func (r *routine) invoke(w *Worker, s *site, next *cont, bind func()) bool {
	w.spend(s, 1)
	if w.weight += 40; w.weight > w.maxWeight {
		w.fail(s, "recursion is too deep")
	}
	saved := append([]value.Value(nil), w.slots[r.first:r.last]...)
	bind()
	w.pending = append(w.pending, pending{next, saved})
	stop := r.body(w)
	w.pending = w.pending[:len(w.pending)-1]
	copy(w.slots[r.first:r.last], saved)
	w.weight -= 40
	return stop
}

// resume is the continuation of every routine's body: it goes on with what the call at hand is followed by.
func (r *routine) resume(w *Worker) bool {
	top := w.pending[len(w.pending)-1]
	w.pending = w.pending[:len(w.pending)-1]
	inner := append([]value.Value(nil), w.slots[r.first:r.last]...)
	copy(w.slots[r.first:r.last], top.slots)
	stop := top.next.run(w)
	copy(w.slots[r.first:r.last], inner)
	w.pending = append(w.pending, top)
	return stop
}

func (r *routine) cont() *cont { return &cont{act: r.resume, rest: r.resume} }

// actRecursive compiles the application of a recursive operator as an action. A parameter stands for a value, which is
// computed at the call, except where the argument is a variable of the state being made: the body may then assign it.
func (c *compiler) actRecursive(e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, lexical *env, next *cont) boolFn {
	var vals []valueFn
	vars := make([]int, len(args))
	for i, a := range args {
		x, ok := a.(resolve.Expr)
		if !ok {
			return c.guard(e, use, next)
		}
		if v, ok := c.assigned(x, use); ok {
			vars[i] = v
			continue
		}
		vars[i] = -1
		vals = append(vals, c.expr(x, use).value())
	}
	r := c.findRoutine(func(r *routine) bool { return r.def == d && slices.Equal(r.vars, vars) })
	if r == nil {
		r = c.operatorRoutine(e, d, args, vars, use, lexical)
	}
	s := at(e, use)
	return func(w *Worker) bool {
		base := len(w.stack)
		for _, f := range vals {
			v := w.argument(f)
			w.stack = append(w.stack, v)
		}
		return r.invoke(w, s, next, func() {
			for i, slot := range r.params {
				w.slots[slot] = w.stack[base+i]
			}
			w.stack = w.stack[:base]
		})
	}
}

// operatorRoutine compiles the body of a recursive operator for calls whose arguments are these variables.
func (c *compiler) operatorRoutine(e resolve.Expr, d *resolve.Def, args []resolve.Arg, vars []int, use, lexical *env) *routine {
	r := &routine{def: d, vars: vars, first: int(c.slots.Load())}
	c.routines = append(c.routines, r)
	inner := *lexical
	body := &inner
	for i, l := range d.Params {
		b := c.argumentBinding(l, args[i], use)
		if vars[i] < 0 {
			slot := c.newSlots(1)
			r.params = append(r.params, slot)
			b = &binding{slot: slot, kind: boundArgument}
		}
		body = body.with(scope{local: l, bind: b})
	}
	body.frame = &frame{def: d, name: d.Name, call: e.Span(), parent: use.frame, base: lexical.locals, caller: use.locals}
	r.body = c.act(d.Body, body, r.cont())
	r.last = int(c.slots.Load())
	c.routines = c.routines[:len(c.routines)-1]
	return r
}

func (c *compiler) findRoutine(is func(*routine) bool) *routine {
	for _, r := range c.routines {
		if is(r) {
			return r
		}
	}
	return nil
}

// actFunction compiles f[a] as an action where f is known by its rule: TLC then looks for branches in the rule's body.
func (c *compiler) actFunction(e *resolve.FuncApply, env *env, next *cont) boolFn {
	s := at(e, env)
	arg, _ := c.argument(e.Args, env, s)
	if ref, ok := e.Func.(*resolve.LocalRef); ok {
		if r := c.findRoutine(func(r *routine) bool { return r.self == ref.Local }); r != nil {
			return func(w *Worker) bool { return r.apply(w, s, arg(w), next) }
		}
	}
	fn, self, fnEnv, lazy := c.ruleOf(e.Func, env)
	if fn == nil {
		return c.guard(e, env, next)
	}
	r := &routine{fn: fn, self: self, first: int(c.slots.Load()), at: at(fn, fnEnv)}
	inner := fnEnv
	selfSlot := -1
	var whole valueFn
	if self != nil {
		selfSlot = c.newSlots(1)
		inner = inner.bindSlot(self, selfSlot)
		whole = c.functionAs(fn, fnEnv, self).value()
	}
	bs, body, _, _ := c.bounds(fn.Bounds, inner)
	r.bounds = bs
	c.routines = append(c.routines, r)
	r.body = c.act(fn.Body, body, r.cont())
	c.routines = c.routines[:len(c.routines)-1]
	r.last = int(c.slots.Load())
	slots := resetSlots(lazy)
	return func(w *Worker) bool {
		x := arg(w)
		for _, s := range slots {
			w.slots[s] = 0
		}
		if selfSlot >= 0 {
			w.slots[selfSlot] = whole(w)
		}
		return r.apply(w, s, x, next)
	}
}

// apply checks the argument and runs the rule's body with it.
func (r *routine) apply(w *Worker, s *site, x value.Value, next *cont) bool {
	x = w.canon(s, x)
	list := []value.Value{x}
	if len(r.bounds) > 1 {
		elems, ok := x.Items()
		if !ok || len(elems) != len(r.bounds) {
			w.fail(s, "the function takes %d arguments and is applied to %s", len(r.bounds), value.Brief(x))
		}
		list = elems
	}
	for i, b := range r.bounds {
		if set := b.set(w); !w.in(s, list[i], set) {
			w.fail(s, "%s is not in the domain of the function: the domain is %s", value.Brief(x), value.Brief(set))
		}
	}
	return r.invoke(w, s, next, func() {
		for i, b := range r.bounds {
			w.bind(b, list[i])
		}
	})
}

// ruleOf finds the rule that an expression stands for, behind definitions that depend on a state.
func (c *compiler) ruleOf(e resolve.Expr, env *env) (fn *resolve.Func, self *resolve.Local, at *env, lazy []*binding) {
	for range 8 {
		switch x := e.(type) {
		case *resolve.Func:
			return x, nil, env, lazy
		case *resolve.FuncDef:
			return x.Func, x.Self, env, lazy
		case *resolve.LocalRef:
			b := env.findLocal(x.Local)
			if b == nil || b.kind != boundLazy || b.env.mode != env.mode || len(x.Args) > 0 {
				return nil, nil, nil, nil
			}
			e, env = b.expr, b.env
		case *resolve.Call:
			d, lexical := x.Def, c.lexical(x, env)
			isConstant := len(d.Params) == 0 && d.Level == resolve.LevelConstant && lexical.findDef(d) == nil
			if c.values[d] != 0 || c.replace[d] != nil || c.isBuiltin(d) || isConstant || d.Recursive || len(x.Args) != len(d.Params) {
				return nil, nil, nil, nil
			}
			if b := lexical.findDef(d); b != nil && b.kind == boundLazy {
				e, env = b.expr, b.env
				continue
			}
			inner, more := c.bindParams(x, d, x.Args, env, lexical)
			e, env, lazy = d.Body, inner, append(lazy, more...)
		default:
			return nil, nil, nil, nil
		}
	}
	return nil, nil, nil, nil
}
