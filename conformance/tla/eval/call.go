// Applications: definitions, operator parameters, LET and INSTANCE.

package eval

import (
	"fmt"
	"strings"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// call compiles the application of a definition.
func (c *compiler) call(e *resolve.Call, env *env) *code {
	return c.callDef(e, e.Def, e.Args, env, c.lexical(e, env))
}

// lexical is the environment in which a called definition stands.
func (c *compiler) lexical(e *resolve.Call, env *env) *env {
	if len(e.Path) > 0 {
		return c.follow(e.Path, env)
	}
	if b := env.findDef(e.Def); b != nil {
		return b.lexical(env)
	}
	return env.module()
}

// lexical is the environment that a LET's definition stands in, for a use in env.
func (b *binding) lexical(use *env) *env {
	c := *b.env
	c.use(use)
	c.top = use.top
	return &c
}

// follow is the environment of the definitions that the path I(args)!J leads to.
func (c *compiler) follow(path []resolve.InstUse, use *env) *env {
	cur := use
	for _, step := range path {
		inst := c.instance(step, cur, use)
		cur = &env{inst: inst, top: use.top}
		cur.use(use)
	}
	return cur
}

func (c *compiler) instance(step resolve.InstUse, cur, use *env) *instance {
	stands := cur.module()
	if b := cur.findInst(step.Inst); b != nil {
		stands = b.lexical(cur)
	}
	stands.mode, stands.top, stands.free = current, false, nil
	if len(step.Args) == 0 && stands.locals == nil {
		key := instanceKey{stands.inst, step.Inst}
		inst := c.instances[key]
		if inst == nil {
			inst = &instance{stmt: step.Inst, env: stands}
			c.instances[key] = inst
		}
		return inst
	}
	for i, l := range step.Inst.Params {
		b := c.argumentBinding(l, step.Args[i], use)
		if e, isExpr := step.Args[i].(resolve.Expr); isExpr && b.expr == e {
			b.plain = true // nobody knows when a value that is kept would have to be forgotten
		}
		stands = stands.with(scope{local: l, bind: b})
	}
	return &instance{stmt: step.Inst, env: stands}
}

// argumentBinding binds a parameter to an argument that stands in the environment use.
func (c *compiler) argumentBinding(l *resolve.Local, a resolve.Arg, use *env) *binding {
	if op, ok := a.(*resolve.OpArg); ok {
		if op.Local != nil {
			if b := use.findLocal(op.Local); b != nil {
				return b
			}
		}
		return &binding{slot: -1, kind: boundOperator, op: &operator{op, use}}
	}
	e := a.(resolve.Expr)
	if ref, ok := e.(*resolve.LocalRef); ok && len(ref.Args) == 0 {
		if b := use.findLocal(ref.Local); b != nil && (b.kind != boundLazy || b.env.mode == use.mode) {
			return b
		}
	}
	return &binding{slot: -1, kind: boundLazy, expr: e, env: use.inside()}
}

// callDef compiles the application of d, which stands in the environment lexical, to arguments that stand in use.
func (c *compiler) callDef(e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, lexical *env) *code {
	if v := c.values[d]; v != 0 {
		return literal(v)
	}
	d, lexical = c.meant(e, d, use, lexical)
	if k := c.builtin(e, d, args, use); k != nil {
		return k
	}
	if len(args) != len(d.Params) {
		return c.unsupported(e, use, fmt.Sprintf("%s takes %d arguments, not %d", d.Name, len(d.Params), len(args)))
	}
	if d.Recursive || c.tooLargeToInline(d) {
		return c.callByProcedure(e, d, args, use, lexical)
	}
	if len(d.Params) == 0 {
		return c.nullary(e, d, use, lexical)
	}
	inner, reset := c.bindParams(e, d, args, use, lexical)
	c.inlined++
	return resetting(reset, c.expr(d.Body, inner))
}

// meant gives the definition that is applied where d is used by e, and what its body sees: d in lexical, or what the configuration
// puts in its place.
func (c *compiler) meant(e resolve.Expr, d *resolve.Def, use, lexical *env) (*resolve.Def, *env) {
	if r := c.standIn(e, d, use); r != nil {
		return r, c.rootEnv(use)
	}
	return d, lexical
}

// standIn is the definition that the configuration puts in the place of d, for a use of d by e; nil where d itself is meant. That is
// so inside of the definition that stands for it, and for I!Op, which is a name of its own.
func (c *compiler) standIn(e resolve.Expr, d *resolve.Def, use *env) *resolve.Def {
	r := c.replace[d]
	if r == nil || c.isInside(r, use) {
		return nil
	}
	if call, ok := e.(*resolve.Call); ok && c.byName[d] && len(call.Path) > 0 && call.Path[len(call.Path)-1].Inst.Name != "" {
		return nil
	}
	return r
}

// isInside reports whether the environment is that of an application of d.
func (c *compiler) isInside(d *resolve.Def, env *env) bool {
	for f := env.frame; f != nil; f = f.parent {
		if f.def == d {
			return true
		}
	}
	return false
}

// bindParams is the environment of d's body in an inlined application, and the slots that must be emptied before it runs.
func (c *compiler) bindParams(e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, lexical *env) (*env, []*binding) {
	inner := *lexical
	body := &inner
	var lazy []*binding
	for i, l := range d.Params {
		b := c.argumentBinding(l, args[i], use)
		body = body.with(scope{local: l, bind: b})
		if b.kind == boundLazy {
			lazy = append(lazy, b)
		}
	}
	body.frame = &frame{def: d, name: d.Name, call: e.Span(), parent: use.frame, base: lexical.locals, caller: use.locals}
	return body, lazy
}

// resetting empties the slots of lazily bound names before code runs. Those that turned out to need none are left out.
func resetting(lazy []*binding, k *code) *code {
	slots := resetSlots(lazy)
	if len(slots) == 0 {
		return k
	}
	out := &code{reads: k.reads, cost: k.cost}
	for _, s := range slots {
		out.reads.lazy = out.reads.lazy.without(int32(s))
	}
	if test := k.test; test != nil {
		out.test = func(w *Worker) bool {
			for _, s := range slots {
				w.slots[s] = 0
			}
			return test(w)
		}
		return out
	}
	val := k.val
	if len(slots) == 1 {
		s := slots[0]
		out.val = func(w *Worker) value.Value { w.slots[s] = 0; return val(w) }
		return out
	}
	out.val = func(w *Worker) value.Value {
		for _, s := range slots {
			w.slots[s] = 0
		}
		return val(w)
	}
	return out
}

func resetSlots(lazy []*binding) []int {
	var slots []int
	for _, b := range lazy {
		if b.slot >= 0 {
			slots = append(slots, b.slot)
		}
	}
	return slots
}

// nullary compiles the use of a definition without parameters. At module level its code is shared by all uses.
func (c *compiler) nullary(e resolve.Expr, d *resolve.Def, use, lexical *env) *code {
	if b := lexical.findDef(d); b != nil {
		return c.lazyRef(b, use, e)
	}
	if lexical.locals != nil { // of a parametrised INSTANCE
		inner := *lexical
		inner.frame = &frame{def: d, name: d.Name, call: e.Span(), parent: use.frame, base: lexical.locals, caller: use.locals}
		return c.expr(d.Body, &inner)
	}
	key := sharedKey{def: d, inst: lexical.inst, mode: lexical.mode, free: lexical.free, demand: c.demands(d)}
	k, begun := c.shared[key]
	if begun && k == nil {
		if c.recursing > 0 {
			return c.callByProcedure(e, d, nil, use, lexical)
		}
		return c.unsupported(e, use, d.Name+" is defined by itself: that never ends")
	}
	if k == nil {
		c.shared[key] = nil
		inner := *lexical
		inner.frame = &frame{def: d, name: d.Name, call: d.Span}
		k = c.expr(d.Body, &inner)
		if d.Level == resolve.LevelConstant {
			k = c.settled(d, k)
		}
		c.shared[key] = k
	}
	if k.lit != 0 || k.cheap || k.cached {
		return k
	}
	return c.noted(k, at(e, use))
}

// noted is code that notes the place of its call while it runs, for messages.
func (c *compiler) noted(k *code, s *site) *code {
	out := &code{reads: k.reads, cost: k.cost}
	if test := k.test; test != nil {
		out.test = func(w *Worker) bool {
			w.calls = append(w.calls, s)
			r := test(w)
			w.calls = w.calls[:len(w.calls)-1]
			return r
		}
		return out
	}
	val := k.val
	out.val = func(w *Worker) value.Value {
		w.calls = append(w.calls, s)
		r := val(w)
		w.calls = w.calls[:len(w.calls)-1]
		return r
	}
	return out
}

// callByProcedure compiles the application of an operator that is not inlined.
func (c *compiler) callByProcedure(e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, lexical *env) *code {
	var vals []*code
	var ops []*operator
	for i, a := range args {
		if d.Params[i].Arity > 0 {
			b := c.argumentBinding(d.Params[i], a, use)
			ops = append(ops, b.op)
			continue
		}
		vals = append(vals, c.expr(a.(resolve.Expr), use))
	}
	if c.passing[d] >= maxPassing {
		return c.unsupported(e, use, d.Name+" passes another operator to itself in each call: this kind of recursion cannot be evaluated")
	}
	lex := *lexical
	lex.frame = use.frame
	if len(ops) > 0 {
		c.passing[d]++
		defer func() { c.passing[d]-- }()
	}
	p := c.procedureOf(d, &lex, ops)
	return c.callProcedure(p, vals, at(e, use))
}

// maxPassing is how many procedures of one operator, each for other operators as arguments, may be under way to be compiled.
const maxPassing = 8

// opsKey tells operators passed to a procedure apart.
func opsKey(ops []*operator) string {
	var b strings.Builder
	for _, o := range ops {
		fmt.Fprintf(&b, "%p/%p/%d/%p;", o.arg.Def, o.arg.Const, o.arg.Op, o.env.locals)
	}
	return b.String()
}

// maxInlined bounds how much inlining a program gets, and maxInlineSize how large an inlined definition may be.
const (
	maxInlined    = 20000
	maxInlineSize = 3000
)

func (c *compiler) tooLargeToInline(d *resolve.Def) bool {
	return len(d.Params) > 0 && (c.inlined > maxInlined || c.size(d) > maxInlineSize)
}

// let compiles LET: its definitions are bound lazily, its operators inlined where they are used.
func (c *compiler) let(e *resolve.Let, env *env) *code {
	inner, lazy := c.letScope(e, env)
	return resetting(lazy, c.expr(e.Body, inner))
}

func (c *compiler) letScope(e *resolve.Let, env *env) (*env, []*binding) {
	inner := env
	var all, lazy []*binding
	for _, i := range e.Insts {
		b := &binding{slot: -1, kind: boundLexical}
		inner = inner.with(scope{inst: i, bind: b})
		all = append(all, b)
	}
	for _, d := range e.Defs {
		b := &binding{slot: -1, kind: boundLexical}
		if len(d.Params) == 0 && !d.Recursive {
			b.kind, b.expr = boundLazy, d.Body
			lazy = append(lazy, b)
		}
		inner = inner.with(scope{def: d, bind: b})
		all = append(all, b)
	}
	for _, b := range all {
		b.env = inner
	}
	return inner, lazy
}

// localRef compiles the use of a bound name.
func (c *compiler) localRef(e *resolve.LocalRef, env *env) *code {
	b := env.findLocal(e.Local)
	if b == nil {
		return c.unsupported(e, env, "the name "+e.Local.Name+" has no meaning here")
	}
	switch b.kind {
	case boundLiteral:
		return literal(b.lit)
	case boundOperator:
		return c.applyOperator(e, b.op, e.Args, env)
	case boundLazy:
		return c.lazyRef(b, env, e)
	}
	slot := b.slot
	k := &code{reads: reads{slots: ints{int32(slot)}}, cheap: true}
	if b.kind == boundArgument {
		k.val = func(w *Worker) value.Value {
			v := w.slots[slot]
			if v.IsNone() {
				w.raise(v)
			}
			return v
		}
		return k
	}
	k.from = source{fromSlot, slot}
	k.val = func(w *Worker) value.Value { return w.slots[slot] }
	return k
}

// lazyRef compiles the use of a name that is bound to an expression. Its value is kept from the first use on, unless it depends
// on the next state, which is still being made.
func (c *compiler) lazyRef(b *binding, use *env, e resolve.Expr) *code {
	if use.mode != b.env.mode {
		return c.expr(b.expr, b.env.inMode(use.mode))
	}
	if b.code == nil {
		b.code = &code{} // a LET's definition that uses itself without RECURSIVE does not resolve
		k := c.expr(b.expr, b.env.inside())
		if !b.plain && !k.cheap && k.lit == 0 && !k.cached && len(k.reads.nxt) == 0 && !k.reads.impure {
			b.slot = c.newSlots(1)
		}
		*b.code = *k
	}
	k := b.code
	if b.slot < 0 {
		return k
	}
	slot, val, open := b.slot, k.value(), k.reads.open
	r := k.reads
	r.lazy = r.lazy.union(ints{int32(slot)})
	return &code{reads: r, cost: 1, val: func(w *Worker) value.Value {
		if v := w.slots[slot]; v != 0 {
			return v
		}
		v := val(w)
		if steady(open) {
			w.slots[slot] = v
		}
		return v
	}}
}

// steady reports whether procedures, which were being compiled when something was compiled that calls them, turned out to give the same
// value each time in a state.
func steady(open []*procedure) bool {
	for _, p := range open {
		if p.reads.impure || len(p.reads.nxt) > 0 {
			return false
		}
	}
	return true
}

// applyOperator compiles the application of what an operator parameter stands for.
func (c *compiler) applyOperator(e resolve.Expr, op *operator, args []resolve.Arg, use *env) *code {
	switch a := op.arg; {
	case a.Def != nil:
		return c.callDef(e, a.Def, args, use, c.operatorEnv(op, use))
	case a.Local != nil:
		if b := op.env.findLocal(a.Local); b != nil && b.op != nil {
			return c.applyOperator(e, b.op, args, use)
		}
	case a.Const != nil:
		ref := &resolve.ConstRef{Const: a.Const, Args: args}
		ref.Sp = e.Span()
		return c.constRefIn(ref, op.env, use)
	case a.Op != resolve.OpNone:
		return c.applyLanguageOperator(e, a.Op, args, use)
	}
	return c.unsupported(e, use, "this operator cannot be applied")
}

// operatorEnv is the environment in which the definition stands that was passed as an operator.
func (c *compiler) operatorEnv(op *operator, use *env) *env {
	a := op.arg
	lexical := op.env.module()
	switch b := op.env.findDef(a.Def); {
	case len(a.Path) > 0:
		lexical = c.follow(a.Path, op.env)
	case b != nil:
		lexical = b.lexical(op.env)
	case a.Def.Name == "LAMBDA":
		l := *op.env
		lexical = &l
	}
	lexical.use(use)
	return lexical
}

// applyLanguageOperator applies an operator of the language that was passed as an argument.
func (c *compiler) applyLanguageOperator(e resolve.Expr, op resolve.Op, args []resolve.Arg, use *env) *code {
	var list []resolve.Expr
	for _, a := range args {
		x, ok := a.(resolve.Expr)
		if !ok {
			return c.unsupported(e, use, "an operator is passed where a value is needed")
		}
		list = append(list, x)
	}
	node := resolve.Node{Sp: e.Span(), Lvl: e.Level()}
	switch op {
	case resolve.OpAnd:
		return c.expr(&resolve.And{Node: node, Items: list}, use)
	case resolve.OpOr:
		return c.expr(&resolve.Or{Node: node, Items: list}, use)
	}
	return c.expr(&resolve.Apply{Node: node, Op: op, Args: list}, use)
}

// size is how large a definition is with all that it uses inlined, roughly.
func (c *compiler) size(d *resolve.Def) int {
	if n, ok := c.sizes[d]; ok {
		return n
	}
	c.sizes[d] = maxInlineSize + 1 // for a definition that uses itself
	n := 0
	Walk(d.Body, func(e resolve.Expr) {
		n++
		if call, ok := e.(*resolve.Call); ok && n <= maxInlineSize && builtinOf(call.Def) == nil {
			n += c.size(call.Def)
		}
	})
	c.sizes[d] = n
	return n
}
