// Outlines: an action taken apart into conjuncts that can be judged one by one.

package eval

import (
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// Outline is the next-state relation's calls of one definition, taken apart for explanations. Running it, unlike running
// the relation, goes on after a false conjunct.
type Outline struct {
	root   node
	def    *resolve.Def
	points points
}

// A node is a piece of an outline. run judges it in the worker's states: what it assigns is in w.nxt afterwards.
type node interface {
	run(x *explainer) score
}

// outliner compiles outlines.
type outliner struct {
	*compiler
	target *stepTarget
	action *resolve.Def
}

// Outline takes the calls of a definition in a next-state relation apart.
func (p *Program) Outline(q Part, d *resolve.Def) *Outline {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.compiler()
	t := &stepTarget{def: d, leads: map[*resolve.Def]bool{}, bound: map[int]int{}}
	o := &outliner{compiler: c, target: t}
	env := *q.env
	env.top = true
	root := o.outline(q.Expr, &env, "")
	return &Outline{root: root, def: d, points: pointsOf(root, p.NewWorker())}
}

// outline compiles an expression that stands as a conjunct; op is the definition it stands in, if that is not the action.
func (o *outliner) outline(e resolve.Expr, env *env, op string) node {
	switch e := e.(type) {
	case *resolve.And:
		var seq sequence
		for _, item := range e.Items {
			seq = append(seq, o.outline(item, env, op))
		}
		return seq
	case *resolve.Or:
		if items, some := o.alternatives(e, env); some {
			var alt choice
			for _, item := range items {
				alt = append(alt, o.outline(item, env, op))
			}
			if len(alt) == 1 {
				return alt[0]
			}
			return alt
		}
		return o.disjunction(e, env, op)
	case *resolve.Quant:
		if !e.Forall {
			return o.exists(e, env, op)
		}
		if e.Level() >= resolve.LevelAction {
			return o.forall(e, env, op)
		}
	case *resolve.If:
		p, _ := o.test(e.Cond, env)
		return &branch{p, o.outline(e.Then, env, op), o.outline(e.Else, env, op), o.leaf(e.Cond, env, op), isFixed(e.Cond)}
	case *resolve.Case:
		return o.cases(e, env, op)
	case *resolve.Let:
		inner, lazy := o.letScope(e, env)
		body := o.outline(e.Body, inner, op)
		return &reset{resetSlots(lazy), body}
	case *resolve.Call:
		return o.call(e, env, op)
	case *resolve.LocalRef:
		if b := env.findLocal(e.Local); b != nil && b.kind == boundLazy && len(e.Args) == 0 && b.env.mode == env.mode {
			return o.outline(b.expr, b.env, op)
		}
	case *resolve.Apply:
		return o.apply(e, env, op)
	}
	return o.leaf(e, env, op)
}

// alternatives are the branches of a disjunction that lead to the action, or outside of Next those that assign.
func (o *outliner) alternatives(e *resolve.Or, env *env) (items []resolve.Expr, some bool) {
	if o.action == nil {
		for _, item := range e.Items {
			if o.target.leadsTo(o.compiler, item) {
				items = append(items, item)
			}
		}
		if items != nil {
			return items, true
		}
	}
	return e.Items, e.Level() >= resolve.LevelAction
}

// disjunction compiles a disjunction that is a guard. It is one conjunct; coverage looks at its parts.
func (o *outliner) disjunction(e *resolve.Or, env *env, op string) node {
	d := &disjunction{leaf: o.leaf(e, env, op)}
	for _, item := range e.Items {
		d.items = append(d.items, o.leaf(item, env, op))
	}
	return d
}

func (o *outliner) call(e *resolve.Call, env *env, op string) node {
	d, lexical := o.meant(e, e.Def, env, o.lexical(e, env))
	isConstant := len(d.Params) == 0 && d.Level == resolve.LevelConstant
	if o.values[d] != 0 || o.isBuiltin(d) || isConstant || len(e.Args) != len(d.Params) || d.Recursive || d.Body == nil {
		return o.leaf(e, env, op)
	}
	if b := lexical.findDef(d); b != nil && b.kind == boundLazy {
		return o.outline(b.expr, b.env.inMode(env.mode), d.Name)
	}
	inner, lazy := o.bindParams(e, d, e.Args, env, lexical)
	if d != o.target.def || o.action != nil {
		name := d.Name
		if o.action == nil {
			name = "" // on the way through Next
		}
		body := o.outline(d.Body, inner, name) // the slots are known once it is compiled
		return &reset{resetSlots(lazy), body}
	}
	return o.enter(e, d, env, inner, lazy)
}

// enter compiles the call of the action that is to be explained.
func (o *outliner) enter(e *resolve.Call, d *resolve.Def, use, inner *env, lazy []*binding) node {
	entry := &entry{def: d}
	for i, a := range e.Args {
		x, ok := a.(resolve.Expr)
		if !ok {
			entry.args = append(entry.args, nil)
			continue
		}
		if b := o.argumentBinding(nil, a, use); b.kind == boundSlot && b.slot >= 0 {
			if j, seen := o.target.bound[b.slot]; seen && j != i {
				o.target.bound[b.slot] = -1
			} else {
				o.target.bound[b.slot] = i
			}
		}
		entry.args = append(entry.args, o.expr(x, use).value())
	}
	entry.at = at(e, use)
	o.action = d
	entry.body = &reset{nil, o.outline(d.Body, inner, "")}
	entry.body.slots = resetSlots(lazy)
	o.action = nil
	return entry
}

// exists compiles \E. Several bounds are nested, the last outermost.
func (o *outliner) exists(e *resolve.Quant, env *env, op string) node {
	inner := env
	var all []*witness
	var before []node // what the sets themselves demand of their elements
	var lazy []*binding
	for _, b := range e.Bounds {
		x := &witness{locals: b.Locals, arg: -1, leaf: o.leafOf(&site{span: boundSpan(b), env: env}, op)}
		set, setEnv := b.Set, env
		var filter *resolve.Filter
		if !b.Tuple && o.action != nil {
			if f, fEnv, more := o.filterOf(b.Set, env); f != nil {
				filter, set, setEnv, lazy = f, f.Bound.Set, fEnv, append(lazy, more...)
			}
		}
		k, given := o.expr(set, setEnv), o.expr(b.Set, env)
		x.bound = &bound{set: k.value(), setSlot: -1, tuple: b.Tuple, at: at(b.Set, env), ordered: true}
		x.sought = &bound{set: given.value(), setSlot: -1, tuple: b.Tuple, at: at(b.Set, env)}
		x.leaf.reads = o.readsOf(b.Set, env)
		for _, l := range b.Locals {
			slot := o.newSlots(1)
			x.bound.slots = append(x.bound.slots, slot)
			inner = inner.bindSlot(l, slot)
		}
		x.sought.slots = x.bound.slots
		if filter != nil {
			fInner := setEnv.bindSlot(filter.Bound.Locals[0], x.bound.slots[0])
			before = append(before, o.outline(filter.Body, fInner, op))
		}
		x.set, x.env = b.Set, env
		all = append(all, x)
	}
	if len(all) == 1 {
		all[0].sought.narrow = o.narrowing(e, all[0].sought, inner)
	}
	body := o.outline(e.Body, inner, op)
	if before != nil {
		body = &gate{sequence(before), body}
	}
	for _, x := range all {
		o.known(x)
		x.body = body
		body = x
	}
	if slots := resetSlots(lazy); len(slots) > 0 {
		return &reset{slots, body}
	}
	return body
}

// known lets a name on the way to the action take the value that is known of the parameter it is passed on as.
func (o *outliner) known(x *witness) {
	if o.action != nil || x.bound.tuple {
		return
	}
	if arg, ok := o.target.bound[x.bound.slots[0]]; ok && arg >= 0 {
		x.arg = arg
		x.in, _, _ = o.member(x.set, x.env)
	}
}

// filterOf finds {y \in S : P} behind definitions: of \E x \in Received(b) one wants to know which of P's conjuncts fail
// for the elements of S, not only that the set is empty.
func (o *outliner) filterOf(e resolve.Expr, env *env) (*resolve.Filter, *env, []*binding) {
	var lazy []*binding
	for range 8 {
		switch x := e.(type) {
		case *resolve.Filter:
			if x.Bound.Tuple || len(x.Bound.Locals) != 1 {
				return nil, nil, nil
			}
			return x, env, lazy
		case *resolve.Call:
			d, lexical := x.Def, o.lexical(x, env)
			if o.values[d] != 0 || o.replace[d] != nil || o.isBuiltin(d) || d.Recursive || len(x.Args) != len(d.Params) || d.Body == nil {
				return nil, nil, nil
			}
			if b := lexical.findDef(d); b != nil {
				return nil, nil, nil
			}
			inner, more := o.bindParams(x, d, x.Args, env, lexical)
			e, env, lazy = d.Body, inner, append(lazy, more...)
		default:
			return nil, nil, nil
		}
	}
	return nil, nil, nil
}

// boundSpan is the place of "x \in S".
func boundSpan(b resolve.Bound) syntax.Span {
	span := b.Set.Span()
	if len(b.Locals) > 0 && b.Locals[0].Span.Start.IsValid() {
		span.Start = b.Locals[0].Span.Start
	}
	return span
}

func (o *outliner) forall(e *resolve.Quant, env *env, op string) node {
	bs, inner, _, _ := o.bounds(e.Bounds, env)
	return &every{bs, o.outline(e.Body, inner, op), at(e, env)}
}

func (o *outliner) cases(e *resolve.Case, env *env, op string) node {
	none := o.leaf(e, env, op)
	none.fallback = true
	var rest node = none
	if e.Other != nil {
		rest = o.outline(e.Other, env, op)
	}
	for i := len(e.Arms) - 1; i >= 0; i-- {
		p, _ := o.test(e.Arms[i].Cond, env)
		rest = &branch{p, o.outline(e.Arms[i].Value, env, op), rest, o.leaf(e.Arms[i].Cond, env, op), isFixed(e.Arms[i].Cond)}
	}
	return rest
}

func (o *outliner) apply(e *resolve.Apply, env *env, op string) node {
	switch e.Op {
	case resolve.OpEq, resolve.OpIn, resolve.OpSubseteq:
		if i, ok := o.assigned(e.Args[0], env); ok {
			l := o.leaf(e, env, op)
			l.Var = o.vars[i].Name
			k := o.expr(e.Args[1], env)
			return &assignment{leaf: l, i: i, op: e.Op, val: k.value()}
		}
	case resolve.OpImplies:
		if e.Level() >= resolve.LevelAction {
			p, _ := o.test(e.Args[0], env)
			return &branch{p, o.outline(e.Args[1], env, op), sequence(nil), o.leaf(e.Args[0], env, op), isFixed(e.Args[0])}
		}
	case resolve.OpUnchanged:
		l := o.leaf(e, env, op)
		if vars, ok := o.keptVars(e.Args[0], env, nil); ok {
			if len(vars) == 1 {
				l.Var = o.vars[vars[0]].Name
			}
			l.reads = nil // only those parts that were observed otherwise tell something
			return &kept{leaf: l, vars: vars}
		}
		return l
	}
	return o.leaf(e, env, op)
}

// isFixed reports whether an expression plainly has one value, whatever the state and the arguments are: it is made of
// constants and literals.
func isFixed(e resolve.Expr) bool {
	switch e := e.(type) {
	case *resolve.Bool, *resolve.Number, *resolve.String:
		return true
	case *resolve.ConstRef:
		return len(e.Args) == 0
	case *resolve.Apply:
		return !slices.ContainsFunc(e.Args, func(a resolve.Expr) bool { return !isFixed(a) })
	case *resolve.SetEnum:
		return !slices.ContainsFunc(e.Items, func(a resolve.Expr) bool { return !isFixed(a) })
	}
	return false
}

// keptVars are the variables that UNCHANGED e names; ok is false where e is not made of variables alone.
func (o *outliner) keptVars(e resolve.Expr, env *env, vars []int) (_ []int, ok bool) {
	switch x := e.(type) {
	case *resolve.VarRef:
		if y, inner, ok := substitution(x.Var, env); ok {
			return o.keptVars(y, inner.inMode(env.mode), vars)
		}
		i, ok := o.at[x.Var]
		return append(vars, i), ok
	case *resolve.Tuple:
		for _, item := range x.Items {
			if vars, ok = o.keptVars(item, env, vars); !ok {
				return nil, false
			}
		}
		return vars, true
	case *resolve.Call:
		if d := x.Def; len(d.Params) == 0 && o.values[d] == 0 && o.replace[d] == nil && !d.Recursive && !o.isBuiltin(d) {
			lexical := o.lexical(x, env)
			if b := lexical.findDef(d); b != nil {
				return o.keptVars(b.expr, b.env, vars)
			}
			return o.keptVars(d.Body, lexical, vars)
		}
	case *resolve.LocalRef:
		if b := env.findLocal(x.Local); b != nil && b.kind == boundLazy {
			return o.keptVars(b.expr, b.env, vars)
		}
	}
	return nil, false
}

// leaf compiles an expression that is judged as a whole.
func (o *outliner) leaf(e resolve.Expr, env *env, op string) *leaf {
	env = env.inside()
	s := at(e, env)
	l := o.leafOf(s, op)
	l.test, _ = o.compiler.test(e, env)
	l.show = o.shower(e, env)
	l.reads = o.readsOf(e, env)
	return l
}

func (o *outliner) leafOf(s *site, op string) *leaf {
	return &leaf{site: s, onTheWay: o.action == nil, Operator: op}
}
