// Bags: functions from elements to how often each occurs.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func init() {
	register("Bags", map[string]*builtin{
		"IsABag": {fn: isABag},
		"(+)":    {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.addBags(s, a[0], a[1], 1) }},
		"(-)":    {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.addBags(s, a[0], a[1], -1) }},
	})
	register("BagsExt", map[string]*builtin{"FoldBag": {compile: compileFoldBag}})
}

// isABag is TRUE of functions whose values are positive integers, and FALSE of everything else: as TLC has it, it may be asked
// of any value.
func isABag(w *Worker, s *site, args []value.Value) value.Value {
	v := args[0]
	if _, isRule := v.ClosureID(); isRule {
		v = w.solid(s, v)
	}
	if !v.IsFunction() {
		return value.False
	}
	for _, n := range v.Values() {
		if !n.IsInt() || n.Num() < 1 {
			return value.False
		}
	}
	return value.True
}

// bag checks that a value is a function to integers.
func (w *Worker) bag(s *site, v value.Value) value.Value {
	v = w.solid(s, v)
	if !v.IsFunction() {
		w.fail(s, "a bag is needed, not %s %s", v.KindName(), value.Brief(v))
	}
	for _, n := range v.Values() {
		if !n.IsInt() {
			w.fail(s, "a bag's elements have numbers, but one has %s %s", n.KindName(), value.Brief(n))
		}
	}
	return v
}

// addBags is the sum of two bags, or the difference, from which elements that do not occur any more are left out.
func (w *Worker) addBags(s *site, a, b value.Value, sign int64) value.Value {
	a, b = w.bag(s, a), w.bag(s, b)
	if sign > 0 && b.Len() == 1 {
		if v, ok := w.addToBag(s, a, b.Domain()[0], b.Values()[0]); ok {
			return v
		}
	}
	keys, counts := make([]value.Value, 0, a.Len()+1), make([]value.Value, 0, a.Len()+1)
	for i, x := range a.Domain() {
		n := a.Values()[i].Num()
		if m, ok := b.Apply(x); ok {
			n += sign * m.Num()
		}
		if sign < 0 && n <= 0 {
			continue
		}
		keys, counts = append(keys, x), append(counts, w.integer(s, "+", 0, n, n, true))
	}
	for i, x := range b.Domain() {
		if sign > 0 && a.Index(x) < 0 {
			keys, counts = append(keys, x), append(counts, b.Values()[i])
		}
	}
	v, fault := value.FuncOf(keys, counts)
	if fault != nil {
		w.fault(s, fault)
	}
	return v
}

// addToBag adds n of one element to a bag, which needs no sorting.
func (w *Worker) addToBag(s *site, bag, x, n value.Value) (value.Value, bool) {
	if i := bag.Index(x); i >= 0 {
		sum := bag.Values()[i].Num() + n.Num()
		return bag.With(i, w.integer(s, "+", 0, sum, sum, true), w.scratch), true
	}
	return bag.Extend(x, n)
}

// compileFoldBag applies an operator to what came before and an element, once for each of its occurrences.
func compileFoldBag(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
	return fold(true, func(w *Worker, s *site, values []value.Value, visit func(value.Value)) {
		b := w.bag(s, values[1])
		for i, x := range b.Domain() {
			n := b.Values()[i].Num()
			if n < 0 {
				w.fail(s, "a bag has no element %d times, as this one has %s", n, value.Brief(x))
			}
			for range n {
				visit(x)
			}
		}
	})(c, e, args, env)
}
