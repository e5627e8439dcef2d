// The step relation: naming the actions in it, and restricting it to one of them.

package eval

import "synod/conformance/tla/resolve"

// stepTarget restricts the next-state relation to the calls of one definition while it is compiled; nil restricts nothing.
//
// Of a disjunction only the branches that lead to such a call remain. A quantified variable that is passed on as the
// definition's i-th parameter takes the value that the Worker has for it, if it has one.
type stepTarget struct {
	def   *resolve.Def
	leads map[*resolve.Def]bool
	bound map[int]int // from a quantified variable's slot to the parameter's number; -1 for several
}

// call is an application of a definition that is an action of the next-state relation.
type call struct {
	def  *resolve.Def
	span resolve.Expr
	args []valueFn // nil for operators
}

// branches are the items of a disjunction that remain.
func (t *stepTarget) branches(c *compiler, items []resolve.Expr, env *env) []resolve.Expr {
	if t == nil || c.isInside(t.def, env) {
		return items
	}
	var some []resolve.Expr
	for _, item := range items {
		if t.leadsTo(c, item) {
			some = append(some, item)
		}
	}
	if some == nil {
		return items
	}
	return some
}

// leadsTo reports whether an expression contains a call of the target, also inside of other definitions.
func (t *stepTarget) leadsTo(c *compiler, e resolve.Expr) bool {
	found := false
	Walk(e, func(x resolve.Expr) {
		if call, ok := x.(*resolve.Call); ok && !found {
			found = t.defLeads(c, call.Def)
		}
	})
	return found
}

func (t *stepTarget) defLeads(c *compiler, d *resolve.Def) bool {
	if r := c.replace[d]; r != nil && d != t.def {
		d = r
	}
	if d == t.def {
		return true
	}
	if known, ok := t.leads[d]; ok {
		return known
	}
	t.leads[d] = false // for a definition that uses itself
	if builtinOf(d) == nil {
		t.leads[d] = t.leadsTo(c, d.Body)
	}
	return t.leads[d]
}

// call compiles the application of a definition as an action.
func (t *stepTarget) call(c *compiler, e resolve.Expr, d *resolve.Def, args []resolve.Arg, use, inner *env, lazy []*binding, next *cont) boolFn {
	isTarget := t != nil && d == t.def
	if isTarget {
		c.step = nil
	}
	body := resettingAct(lazy, c.act(d.Body, inner, next))
	if isTarget {
		c.step = t
		body = t.checked(c, args, use, body)
	}
	if !use.top && !isTarget {
		return body
	}
	info := &call{def: d, span: e}
	for _, a := range args {
		var f valueFn
		if x, ok := a.(resolve.Expr); ok {
			f = c.expr(x, use).value()
		}
		info.args = append(info.args, f)
	}
	return func(w *Worker) bool {
		outer, via := w.action, w.via
		w.action = info
		w.via = via || isTarget
		stop := body(w)
		w.action, w.via = outer, via
		return stop
	}
}

// checked compares the arguments of a call of the target with the values that are known of them.
func (t *stepTarget) checked(c *compiler, args []resolve.Arg, use *env, body boolFn) boolFn {
	type check struct {
		arg int
		val valueFn
		at  *site
	}
	var checks []check
	for i, a := range args {
		e, ok := a.(resolve.Expr)
		if !ok {
			continue
		}
		if b := c.argumentBinding(nil, a, use); b.kind == boundSlot && b.slot >= 0 {
			if j, seen := t.bound[b.slot]; seen && j != i {
				i = -1
			}
			t.bound[b.slot] = i
		}
		for j := range args {
			if args[j] == a {
				checks = append(checks, check{j, c.expr(e, use).value(), at(e, use)})
			}
		}
	}
	return func(w *Worker) bool {
		for _, k := range checks {
			if k.arg < len(w.args) && w.args[k.arg] != 0 && !w.same(k.at, k.val(w), w.args[k.arg]) {
				return false
			}
		}
		return body(w)
	}
}

// loops puts an action inside of the loops of \E.
func (t *stepTarget) loops(c *compiler, list []resolve.Bound, bs []*bound, outer *env, body boolFn) boolFn {
	run := body
	for i, b := range bs {
		run = t.loop(c, list[i].Set, b, outer, run)
	}
	return run
}

// loop binds one bound: to the value that is known, if it is an element, or to every element.
func (t *stepTarget) loop(c *compiler, set resolve.Expr, b *bound, outer *env, body boolFn) boolFn {
	all := func(w *Worker) bool { return w.search(b.set(w), b, body, true) }
	if b.tuple {
		return all
	}
	arg, ok := t.bound[b.slots[0]]
	if !ok || arg < 0 {
		return all
	}
	in, _, _ := c.member(set, outer)
	slot := b.slots[0]
	return func(w *Worker) bool {
		if arg < len(w.args) {
			if v := w.args[arg]; v != 0 {
				if !in(w, v) {
					return false
				}
				w.slots[slot] = v
				return body(w)
			}
		}
		return all(w)
	}
}

// atRoot reports whether an environment is that of the next-state relation's own definition or of a part of it: only there a
// conjunction may have actions inside. In an action's body, what is called is a part of the action.
func (c *compiler) atRoot(env *env) bool {
	for f := env.frame; f != c.outer; f = f.parent {
		if f == nil {
			return false
		}
		if f.parent != c.outer && !groups(f.def) {
			return false
		}
	}
	return true
}
