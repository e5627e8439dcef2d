// Guards ahead of loops: conjuncts that do not depend on what a loop binds are asked before it.

package eval

import (
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// In \E x, y \in S : A /\ B, and in \A x, y \in S : A /\ B => C, nothing comes of the loop over x where A is FALSE and does not
// mention x. So the conjuncts that come first are tested in front of the loops whose names they do not mention. That changes
// nothing that is reported: the sets have been evaluated before, as in TLC; of the conjuncts each is tested ahead only where
// those before it were or cannot fail, so that no error of theirs is lost; and where a test fails with an error the loop goes
// on and meets it, if there is an element to meet it with. Conjuncts that print, or ask for figures, stay where they are.

// aheadOf are the tests in front of each loop.
type aheadOf [][]boolFn

// Of a step that a property speaks of, both states are known, and what does not change decides most: in
// \E x \in S : y' = f(x) /\ UNCHANGED z nothing comes of the loop where z has changed. So there a conjunct that compares the states
// is tested ahead of conjuncts that may fail, too, and may hide an error of theirs. That cannot be seen in a step which
// violates the property: it is evaluated once more as TLC does it.

// guard is a conjunct compiled as a test.
type guard struct {
	test  boolFn
	code  *code
	safe  bool // its evaluation cannot fail
	frame bool // it may be tested ahead of conjuncts that can
}

// maxGuard bounds the size of conjuncts that are tested ahead, because they are compiled a second time for it.
const maxGuard = 120

// ahead finds the tests for the loops of a quantifier; nil if there are none.
func (c *compiler) ahead(e *resolve.Quant, bs []*bound, inner *env, action bool) aheadOf {
	body := e.Body
	if e.Forall {
		imp, ok := body.(*resolve.Apply)
		if !ok || imp.Op != resolve.OpImplies {
			return nil
		}
		body = imp.Args[0]
	}
	if slices.ContainsFunc(bs, func(b *bound) bool { return b.tuple }) {
		return nil // an element that is no such tuple is an error
	}
	guards, _ := c.leading(body, inner.inside(), action, 0)
	var out aheadOf
	place := len(bs) - 1 // where the guards before this one allow it to be
	for _, g := range guards {
		own := place
		if g.frame {
			own = len(bs) - 1
		}
		for i := range own + 1 {
			if slices.Contains(g.code.reads.slots, int32(bs[i].slots[0])) {
				own = i - 1
				break
			}
		}
		if own >= 0 {
			if out == nil {
				out = make(aheadOf, len(bs))
			}
			out[own] = append(out[own], g.test)
			c.lenient = c.lenient || own > place
		}
		if !g.safe {
			place = min(place, own)
		}
	}
	return out
}

// leading are the conjuncts that come first in an expression; more is false behind one that cannot be tested ahead. Those of an
// action speak of the state before the step alone.
func (c *compiler) leading(e resolve.Expr, env *env, action bool, depth int) (guards []guard, more bool) {
	switch e := e.(type) {
	case *resolve.And:
		for _, item := range e.Items {
			list, more := c.leading(item, env, action, depth+1)
			guards = append(guards, list...)
			if !more {
				return guards, false
			}
		}
		return guards, true
	case *resolve.Let:
		inner, lazy := c.letScope(e, env)
		guards, more = c.leading(e.Body, inner, action, depth)
		return resettingGuards(lazy, guards), more
	case *resolve.Call:
		d := e.Def
		if canLead(d.Body) && depth < 6 && c.values[d] == 0 && c.replace[d] == nil && !c.isBuiltin(d) &&
			!d.Recursive && len(d.Params) == len(e.Args) && !c.isInside(d, env) {
			lexical := c.lexical(e, env)
			if lexical.findDef(d) == nil {
				inner, lazy := c.bindParams(e, d, e.Args, env, lexical)
				guards, more = c.leading(d.Body, inner, action, depth+1)
				return resettingGuards(lazy, guards), more
			}
		}
	}
	if depth == 0 || c.weigh(e) > maxGuard || action && c.assigns(e, env, 0) {
		return nil, false
	}
	test, k := c.test(e, env)
	if !k.reads.pure() {
		return nil, false
	}
	return []guard{{test, k, c.kindOf(e, env) == boolKind, c.demand && isFrame(e)}}, true
}

// isFrame reports whether an expression says what a variable's next value is: UNCHANGED x, or x' = e.
func isFrame(e resolve.Expr) bool {
	a, ok := e.(*resolve.Apply)
	if !ok || a.Op != resolve.OpEq {
		return ok && a.Op == resolve.OpUnchanged
	}
	left, ok := a.Args[0].(*resolve.Apply)
	return ok && left.Op == resolve.OpPrime
}

// canLead reports whether an expression can have conjuncts inside.
func canLead(e resolve.Expr) bool {
	switch e.(type) {
	case *resolve.And, *resolve.Let, *resolve.Call:
		return true
	}
	return false
}

// weigh is the size of an expression with what it uses, roughly.
func (c *compiler) weigh(e resolve.Expr) (n int) {
	Walk(e, func(x resolve.Expr) {
		n++
		if call, ok := x.(*resolve.Call); ok && n <= maxGuard && builtinOf(call.Def) == nil && call.Def.Body != nil {
			n += c.size(call.Def)
		}
	})
	return n
}

// resettingGuards empties the slots of lazily bound names before each test.
func resettingGuards(lazy []*binding, guards []guard) []guard {
	slots := resetSlots(lazy)
	if len(slots) == 0 {
		return guards
	}
	for i, g := range guards {
		guards[i].test = func(w *Worker) bool {
			for _, s := range slots {
				w.slots[s] = 0
			}
			return g.test(w)
		}
	}
	return guards
}

// loops is the same as the function loops, with the tests in front.
func (a aheadOf) loops(bs []*bound, body boolFn, stop bool) boolFn {
	if a == nil {
		return loops(bs, body, stop)
	}
	if len(bs) == 1 {
		b, tests := bs[0], a[0]
		return func(w *Worker) bool {
			set := b.set(w)
			return !(finite(set) && w.denied(tests)) && w.search(set, b, body, stop)
		}
	}
	run := body
	for i, b := range bs {
		inner, innerStop := run, true
		if i == 0 {
			innerStop = stop
		}
		run = func(w *Worker) bool { return w.search(w.slots[b.setSlot], b, inner, innerStop) }
		if tests := a[i]; tests != nil {
			loop, within := run, bs[:i+1]
			run = func(w *Worker) bool {
				for _, b := range within {
					if !finite(w.slots[b.setSlot]) {
						return loop(w)
					}
				}
				return !w.denied(tests) && loop(w)
			}
		}
	}
	return func(w *Worker) bool {
		return w.takeSets(bs) && run(w)
	}
}

// finite reports whether going through a set is no error.
func finite(set value.Value) bool { return set.IsLarge() || set.IsSet() && value.Finite(set) }

// denied reports whether one of the tests is FALSE. An error in a test decides nothing.
func (w *Worker) denied(tests []boolFn) (denied bool) {
	mark := w.mark()
	defer func() {
		if r := recover(); r != nil {
			w.caught(r)
			w.unwind(mark)
			denied = false
		}
	}()
	for _, t := range tests {
		if !t(w) {
			return true
		}
	}
	return false
}
