// Functions, records and tuples that have functions with infinite domains among their values.

package eval

import (
	"slices"

	"synod/conformance/tla/value"
)

// A function such as [n \in Nat |-> n] is no value that the heap could hold, but as in TLC it may be a field of a record, or be changed in
// places. What has it inside is kept as a closure, too: as the values that are known, and a closure that has the others. Such
// functions cannot be compared, put into sets or be part of a state.

// function is the function with this domain, a canonical set, and these settled values.
func (w *Worker) function(domain value.Value, values []value.Value) value.Value {
	if !slices.ContainsFunc(values, isClosure) {
		return value.Func(domain, values)
	}
	list, _ := domain.List()
	return w.composite(domain, list, values)
}

// composite is the closure with these values.
func (w *Worker) composite(domain value.Value, args, values []value.Value) value.Value {
	parts := make(map[value.Value]value.Value, len(args))
	for i, x := range args {
		parts[x] = values[i]
	}
	return w.addClosure(&closure{domain: domain, parts: parts})
}

// sequence is the closure that is a tuple with these elements.
func (w *Worker) sequence(elems []value.Value) value.Value {
	domain := value.Interval(1, int64(len(elems)))
	args := make([]value.Value, len(elems))
	for i := range args {
		args[i] = value.Int(int64(i + 1))
	}
	return w.composite(domain, args, elems)
}

// addClosure gives a closure its handle.
func (w *Worker) addClosure(cl *closure) value.Value {
	w.closures = append(w.closures, cl)
	cl.id = value.Closure(uint64(len(w.closures))<<1 | 1)
	return cl.id
}

// mapping is a function's domain, as a list, and its settled values; a function with an infinite domain is an error.
func (w *Worker) mapping(s *site, f value.Value) (args, values []value.Value) {
	f = w.settle(s, f)
	cl := w.closureOf(f)
	if cl == nil {
		return f.Domain(), f.Values()
	}
	if !value.Finite(cl.domain) {
		w.solid(s, f)
	}
	args = w.elements(s, cl.domain)
	for _, x := range args {
		values = append(values, w.part(s, cl, x))
	}
	return args, values
}

// part is the value at x, which is in the domain, of a closure without a rule.
func (w *Worker) part(s *site, cl *closure, x value.Value) value.Value {
	if v, ok := cl.parts[x]; ok {
		return v
	}
	return w.applyClosure(s, w.closureOf(cl.base), x)
}

// infinitePart is a value of a closure with a finite domain that is a closure itself.
func (w *Worker) infinitePart(cl *closure) *closure {
	for _, v := range cl.parts {
		if inner := w.closureOf(v); inner != nil {
			return inner
		}
	}
	panic(&Error{Msg: "internal error: a function without infinite parts is kept as a closure", Reason: Internal})
}

// changed is a closure that has the value v at x, which is in its domain, and is otherwise the same.
func (w *Worker) changed(of value.Value, x, v value.Value) value.Value {
	cl := w.closureOf(of)
	next := &closure{domain: cl.domain, parts: map[value.Value]value.Value{}, base: of}
	if cl.rule == nil {
		next.base = cl.base
		for y, old := range cl.parts {
			next.parts[y] = old
		}
	}
	next.parts[x] = v
	if next.base != 0 {
		return w.addClosure(next)
	}
	domain, f := value.Canonical(cl.domain)
	if f != nil {
		return w.addClosure(next)
	}
	list, _ := domain.List()
	values := make([]value.Value, len(list))
	for i, y := range list {
		values[i] = next.parts[y]
	}
	return w.function(domain, values)
}

// updateClosure is update for a function that is a closure.
func (w *Worker) updateClosure(u *update, f value.Value, i int) value.Value {
	cl, s := w.closureOf(f), u.sites[i]
	x := w.canon(s, u.path[i](w))
	if !w.in(s, x, cl.domain) {
		return f
	}
	v := w.update(u, w.applyClosure(s, cl, x), i+1)
	return w.changed(f, x, v)
}
