// Operators of the standard modules that are computed in Go instead of by their definitions.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// A builtin computes an operator of a standard module: from the values of its arguments, or by code of its own.
type builtin struct {
	fn      func(w *Worker, s *site, args []value.Value) value.Value
	compile func(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code
	member  func(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) (memberFn, reads, int)
	impure  bool // another result each time, or an effect
	settles bool // impure, but not where it is the value of a constant definition
}

// builtins are the builtins by module and name. A definition in a module of that name that ships with the engine, or stands
// for one of the core, is replaced; one in another module of a user's is not.
var builtins = map[string]*builtin{}

func register(module string, list map[string]*builtin) {
	for name, b := range list {
		builtins[module+"!"+name] = b
	}
}

func builtinOf(d *resolve.Def) *builtin {
	if d.Module == nil || !d.Module.Standard {
		return nil
	}
	return builtins[d.Module.Name+"!"+d.Name]
}

func (c *compiler) isBuiltin(d *resolve.Def) bool { return builtinOf(d) != nil }

// builtin compiles the application of a standard operator; nil where d is none.
func (c *compiler) builtin(e resolve.Expr, d *resolve.Def, args []resolve.Arg, env *env) *code {
	b := builtinOf(d)
	if b == nil || len(args) != len(d.Params) {
		return nil
	}
	if b.compile != nil {
		return b.compile(c, e, args, env)
	}
	list, ok := expressions(args)
	if !ok {
		return nil
	}
	vals, r, cost := c.exprs(list, env)
	r.impure = r.impure || b.impure
	r.figures = r.figures || b.impure && !b.settles
	fn, s := b.fn, ofModule(e, env)
	return &code{reads: r, cost: cost + 3, val: func(w *Worker) value.Value {
		base := len(w.stack)
		for _, f := range vals {
			v := f(w)
			w.stack = append(w.stack, v)
		}
		v := fn(w, s, w.stack[base:])
		w.stack = w.stack[:base]
		return v
	}}
}

// expressions are the arguments as expressions; ok is false where one is an operator.
func expressions(args []resolve.Arg) (list []resolve.Expr, ok bool) {
	for _, a := range args {
		x, ok := a.(resolve.Expr)
		if !ok {
			return nil, false
		}
		list = append(list, x)
	}
	return list, true
}

func (c *compiler) memberOfBuiltin(e *resolve.Call, env *env) (memberFn, reads, int) {
	b := builtinOf(e.Def)
	if b == nil || b.member == nil || c.replace[e.Def] != nil || c.values[e.Def] != 0 || len(e.Args) != len(e.Def.Params) {
		return nil, reads{}, 0
	}
	return b.member(c, e, e.Args, env)
}

// constant is a builtin that stands for one value.
func constant(v value.Value) *builtin {
	return &builtin{compile: func(*compiler, resolve.Expr, []resolve.Arg, *env) *code { return literal(v) }}
}

// callable compiles an operator argument as code over slots that the caller sets.
func (c *compiler) callable(e resolve.Expr, a resolve.Arg, n int, env *env) (slots []int, k *code) {
	b := c.argumentBinding(nil, a, env)
	inner := env
	var args []resolve.Arg
	for range n {
		l := &resolve.Local{Name: "_", Span: e.Span()}
		slot := c.newSlots(1)
		slots = append(slots, slot)
		inner = inner.bindSlot(l, slot)
		ref := &resolve.LocalRef{Local: l}
		ref.Sp = e.Span()
		args = append(args, ref)
	}
	if b.op == nil {
		return slots, c.unsupported(e, env, "an operator is needed here")
	}
	k = c.finish(c.applyOperator(e, b.op, args, inner))
	out := *k
	for _, s := range slots {
		out.reads.unbind(s)
	}
	return slots, &out
}
