// Folds and look-ups of the libraries, as loops: their definitions recurse and take sets apart one element at a time.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func init() {
	register("FiniteSetsExt", map[string]*builtin{
		"FoldSet": {compile: fold(false, func(w *Worker, s *site, a []value.Value, visit func(value.Value)) { w.eachOf(s, a[1], visit) })},
		"kSubset": {fn: subsetsOfSize},
		"Max":     {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.extreme(s, "Max", a[0], 1) }},
		"Min":     {fn: func(w *Worker, s *site, a []value.Value) value.Value { return w.extreme(s, "Min", a[0], -1) }},
	})
	register("Functions", map[string]*builtin{
		"FoldFunction":      {compile: fold(false, foldFunction)},
		"FoldFunctionOnSet": {compile: fold(false, foldFunctionOnSet)},
	})
	register("SequencesExt", map[string]*builtin{
		"ToSet":    {fn: toSet},
		"FoldSeq":  {compile: fold(false, foldFunction)},
		"FoldLeft": {compile: fold(true, foldFunction)},
	})
	for name, last := range map[string]bool{"SelectInSeq": false, "SelectLastInSeq": true} {
		builtins["SequencesExt!"+name] = &builtin{compile: selectPlace(last, false)}
	}
	for name, last := range map[string]bool{"SelectInSubSeq": false, "SelectLastInSubSeq": true} {
		builtins["SequencesExt!"+name] = &builtin{compile: selectPlace(last, true)}
	}
}

// eachOf visits a set's elements in TLC's order.
func (w *Worker) eachOf(s *site, set value.Value, visit func(value.Value)) {
	if !set.IsSet() {
		w.fail(s, "a set is needed, not %s %s", set.KindName(), value.Brief(set))
	}
	for _, v := range w.elements(s, set) {
		visit(v)
	}
}

// visitor goes through what a fold folds; values are the fold's arguments without the operator, the base first.
type visitor func(w *Worker, s *site, values []value.Value, visit func(value.Value))

// fold compiles an operator whose first parameter is an operator of two, and whose second is the value to start from. The
// operator is applied to an element and what came before, or the other way round.
func fold(beforeFirst bool, each visitor) func(*compiler, resolve.Expr, []resolve.Arg, *env) *code {
	return func(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
		list, ok := expressions(args[1:])
		if !ok {
			return c.unsupported(e, env, "a value is needed where an operator is given")
		}
		vals, r, cost := c.exprs(list, env)
		slots, op := c.callable(e, args[0], 2, env)
		r.add(op.reads)
		apply, s := op.value(), at(e, env)
		element, before := slots[0], slots[1]
		if beforeFirst {
			element, before = before, element
		}
		return &code{reads: r, cost: cost + 20*op.cost, val: func(w *Worker) value.Value {
			values := make([]value.Value, len(vals))
			for i, f := range vals {
				values[i] = w.solid(s, f(w))
			}
			sofar := values[0]
			each(w, s, values, func(v value.Value) {
				w.spend(s, 1)
				w.slots[element], w.slots[before] = v, sofar
				sofar = w.canon(s, apply(w))
			})
			return sofar
		}}
	}
}

// foldFunction goes through a function's values in the order of its arguments.
func foldFunction(w *Worker, s *site, values []value.Value, visit func(value.Value)) {
	f := values[1]
	if !f.IsFunction() {
		w.fail(s, "a function is needed, not %s %s", f.KindName(), value.Brief(f))
	}
	for _, v := range f.Values() {
		visit(v)
	}
}

func foldFunctionOnSet(w *Worker, s *site, values []value.Value, visit func(value.Value)) {
	w.eachOf(s, values[2], func(x value.Value) {
		v, ok := values[1].Apply(x)
		if !ok {
			v = w.missing(s, values[1], x)
		}
		visit(v)
	})
}

// toSet is the set of a sequence's elements, or of any function's values, as in TLC.
func toSet(w *Worker, s *site, args []value.Value) value.Value {
	of := w.solid(s, args[0])
	if !of.IsFunction() {
		w.fail(s, "ToSet needs a sequence, but is given %s %s", of.KindName(), value.Brief(of))
	}
	v, f := value.Set(append([]value.Value(nil), of.Values()...))
	if f != nil {
		w.fault(s, f)
	}
	return v
}

// extreme is the largest or the smallest of a set of integers.
func (w *Worker) extreme(s *site, op string, set value.Value, sign int64) value.Value {
	if lo, hi, ok := set.IntervalBounds(); ok && lo <= hi {
		if sign > 0 {
			return value.Int(hi)
		}
		return value.Int(lo)
	}
	var best value.Value
	w.eachOf(s, set, func(v value.Value) {
		n, ok := v.AsInt()
		if !ok {
			w.fail(s, "%s needs a set of integers, but one element is %s %s", op, v.KindName(), value.Brief(v))
		}
		if best == 0 || sign*n > sign*best.Num() {
			best = v
		}
	})
	if best == 0 {
		w.fail(s, "%s is applied to the empty set", op)
	}
	return best
}

// selectPlace compiles the search for the first or the last place whose element passes a test, 0 where there is none, in
// a whole sequence or between two places.
func selectPlace(last, bounded bool) func(*compiler, resolve.Expr, []resolve.Arg, *env) *code {
	return func(c *compiler, e resolve.Expr, args []resolve.Arg, env *env) *code {
		list, ok := expressions(args[:len(args)-1])
		if !ok {
			return c.unsupported(e, env, "a value is needed where an operator is given")
		}
		vals, r, cost := c.exprs(list, env)
		slots, test := c.callable(e, args[len(args)-1], 1, env)
		r.add(test.reads)
		s := at(e, env)
		pass := test.bool(s)
		return &code{reads: r, cost: cost + 8*test.cost, val: func(w *Worker) value.Value {
			elems := w.items(s, "Select", vals[0](w))
			from, to := int64(1), int64(len(elems))
			if bounded {
				lo, hi := vals[1](w), vals[2](w)
				from, to = w.operands(s, "Select", lo, hi)
			}
			for n := from; n <= to; n++ {
				i := n
				if last {
					i = to - (n - from)
				}
				if i < 1 || i > int64(len(elems)) {
					w.checkRange(s, i, i, len(elems), value.Tuple(elems))
				}
				w.slots[slots[0]] = elems[i-1]
				if pass(w) {
					return value.Int(i)
				}
			}
			return value.Int(0)
		}}
	}
}

// subsetsOfSize are the subsets with k elements, without going through the others.
func subsetsOfSize(w *Worker, s *site, args []value.Value) value.Value {
	k, ok := args[0].AsInt()
	if !ok {
		w.fail(s, "kSubset needs a number of elements, but is given %s %s", args[0].KindName(), value.Brief(args[0]))
	}
	set := w.canon(s, args[1])
	elems := w.elements(s, set)
	if k < 0 || k > int64(len(elems)) {
		return value.Empty
	}
	base := len(w.stack)
	f := value.EachSubsetOfSize(set, int(k), func(v value.Value) bool {
		w.spend(s, 1)
		if int64(len(w.stack)-base) >= value.Largest() {
			w.fail(s, "there are too many subsets with %d elements of %s", k, value.Brief(set))
		}
		w.stack = append(w.stack, v)
		return true
	})
	if f != nil {
		w.fault(s, f)
	}
	return w.setOf(s, base)
}
