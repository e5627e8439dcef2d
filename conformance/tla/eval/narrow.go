// Narrowing: going through few elements of a large set instead of all.

package eval

import (
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// narrow are look-ups that choose the elements for which a quantifier's body can matter: those whose fields have the
// values that its first conjuncts ask for. The body is still evaluated on every element that is chosen.
//
// Only the conjuncts that come first count, because the body of an element that they exclude is not evaluated any
// further anyway: so narrowing hides no error that would otherwise be found. An element without the field is never left out.
type narrow struct {
	names []value.Value
	vals  []valueFn
	quick []quickLookup
}

// quickLookup is one of the first look-ups, whose value is at hand: it is a variable, a bound name or a constant.
type quickLookup struct {
	name value.Value
	want valueFn
}

// narrowing finds the look-ups of \E m \in S : m.f = e /\ ..., of {m \in S : m.f = e /\ ...} and of
// \A m \in S : m.f = e /\ ... => ...; nil if there are none.
func (c *compiler) narrowing(e resolve.Expr, b *bound, inner *env) *narrow {
	if b.tuple {
		return nil
	}
	var body resolve.Expr
	var local *resolve.Local
	switch e := e.(type) {
	case *resolve.Quant:
		if len(e.Bounds) != 1 {
			return nil
		}
		body, local = e.Body, e.Bounds[0].Locals[0]
		if e.Forall {
			imp, ok := body.(*resolve.Apply)
			if !ok || imp.Op != resolve.OpImplies {
				return nil
			}
			body = imp.Args[0]
		}
	case *resolve.Filter:
		body, local = e.Body, e.Bound.Locals[0]
	}
	n := &narrow{}
	c.lookups(n, body, local, b.slots[0], inner)
	if len(n.names) == 0 {
		return nil
	}
	return n
}

// lookups adds the leading conjuncts of the form m.f = e; false ends the search.
func (c *compiler) lookups(n *narrow, body resolve.Expr, m *resolve.Local, slot int, env *env) bool {
	switch e := body.(type) {
	case *resolve.And:
		for _, item := range e.Items {
			if !c.lookups(n, item, m, slot, env) {
				return false
			}
		}
		return true
	case *resolve.Apply:
		if e.Op != resolve.OpEq {
			return false
		}
		return c.lookup(n, e.Args[0], e.Args[1], m, slot, env) || c.lookup(n, e.Args[1], e.Args[0], m, slot, env)
	}
	return false
}

func (c *compiler) lookup(n *narrow, field, want resolve.Expr, m *resolve.Local, slot int, env *env) bool {
	f, ok := field.(*resolve.Field)
	if !ok {
		return false
	}
	ref, ok := f.Rec.(*resolve.LocalRef)
	if !ok || ref.Local != m {
		return false
	}
	k := c.expr(want, env)
	if !k.reads.pure() || slices.Contains(k.reads.slots, int32(slot)) {
		return false
	}
	name := value.Str(f.Name)
	if atHand(want, k, env) && len(n.quick) == len(n.names) {
		n.quick = append(n.quick, quickLookup{name, k.value()})
	}
	n.names = append(n.names, name)
	n.vals = append(n.vals, k.value())
	return true
}

// atHand reports whether an expression's value is there without evaluating anything, which cannot fail.
func atHand(e resolve.Expr, k *code, env *env) bool {
	switch e := e.(type) {
	case *resolve.LocalRef:
		b := env.findLocal(e.Local)
		return b != nil && b.kind == boundSlot
	case *resolve.VarRef:
		return k.cheap && len(k.reads.cur) == 1
	}
	return k.lit != 0
}

// candidates are the elements that can matter, in no particular order; ok is false where the whole set must be gone through. They are
// not listed where they are more than most.
func (n *narrow) candidates(w *Worker, set value.Value, most int) (list []value.Value, count int, ok bool) {
	if n == nil || !set.IsLarge() {
		return nil, 0, false
	}
	base := len(w.stack)
	for _, f := range n.vals {
		v, err := w.try(f)
		if err != nil {
			w.stack = w.stack[:base]
			return nil, 0, false // the error shows when an element asks for the value
		}
		w.stack = append(w.stack, v)
	}
	list, count, ok = value.Narrow(set, n.names, w.stack[base:], most)
	w.stack = w.stack[:base]
	return list, count, ok
}
