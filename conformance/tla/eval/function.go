// Functions, records and tuples: making them, applying them, changing them in places.

package eval

import (
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func (c *compiler) tuple(e *resolve.Tuple, env *env) *code {
	vals, r, cost := c.exprs(e.Items, env)
	s := at(e, env)
	if len(vals) == 0 {
		return literal(value.Tuple(nil))
	}
	return &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
		base, rules := len(w.stack), false
		for _, f := range vals {
			v := f(w)
			if v.IsSymbolic() {
				v = w.settle(s, v)
				rules = rules || isClosure(v)
			}
			w.stack = append(w.stack, v)
		}
		elems := w.stack[base:]
		w.stack = w.stack[:base]
		if rules {
			return w.sequence(elems)
		}
		return value.Tuple(elems)
	}}
}

// canon is the form in which a value may stand inside of another one.
func (w *Worker) canon(s *site, v value.Value) value.Value {
	if v.IsSymbolic() {
		return w.canonSlow(s, v)
	}
	return v
}

func (w *Worker) canonSlow(s *site, v value.Value) value.Value {
	v = w.solid(s, v)
	c, f := value.Canonical(v)
	if f != nil {
		w.fault(s, f)
	}
	if list, ok := c.List(); ok {
		w.spend(s, len(list))
	}
	return c
}

func (c *compiler) record(e *resolve.Record, env *env) *code {
	domain, places := value.RecordDomain(e.Names)
	vals, r, cost := c.exprs(e.Values, env)
	s, n := at(e, env), len(vals)
	return &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
		base, rules := len(w.stack), false
		for range n {
			w.stack = append(w.stack, 0)
		}
		for i, f := range vals {
			v := f(w)
			if v.IsSymbolic() {
				v = w.settle(s, v)
				rules = rules || isClosure(v)
			}
			w.stack[base+places[i]] = v
		}
		values := w.stack[base : base+n]
		w.stack = w.stack[:base]
		if rules {
			return w.function(domain, values)
		}
		return value.Record(domain, values)
	}}
}

func (c *compiler) recordSet(e *resolve.RecordSet, env *env) *code {
	domain, places := value.RecordDomain(e.Names)
	sets := make([]resolve.Expr, len(e.Sets))
	for i, s := range e.Sets {
		sets[places[i]] = s
	}
	return c.sets(e, env, sets, func(v []value.Value) (value.Value, *value.Fault) { return value.RecordSet(domain, v) })
}

func (c *compiler) field(e *resolve.Field, env *env) *code {
	k := c.expr(e.Rec, env)
	rec, s, name := k.value(), at(e, env), value.Str(e.Name)
	last := c.newPlace()
	out := &code{reads: k.reads, cost: k.cost + 1}
	if slot := k.from.index; k.from.kind == fromSlot {
		out.val = func(w *Worker) value.Value {
			r := w.slots[slot]
			if v, ok := r.FieldAt(name, &w.places[last]); ok {
				return v
			}
			return w.missing(s, r, name)
		}
		return out
	}
	out.val = func(w *Worker) value.Value {
		r := rec(w)
		if v, ok := r.FieldAt(name, &w.places[last]); ok {
			return v
		}
		return w.missing(s, r, name)
	}
	return out
}

// missing handles f[x] where f is no plain function or x is outside of its domain.
func (w *Worker) missing(s *site, f, x value.Value) value.Value {
	if cl := w.closureOf(f); cl != nil {
		return w.applyClosure(s, cl, x)
	}
	switch {
	case !f.IsFunction():
		w.fail(s, "%s %s is applied to %s as if it were a function", f.KindName(), value.Brief(f), value.Brief(x))
	case f.Kind() == value.KindRecord && x.Kind() == value.KindString:
		w.fail(s, "the record %s has no field %s", value.Brief(f), value.Brief(x))
	case f.Kind() == value.KindTuple:
		w.fail(s, "the sequence %s has no element %s: its indexes are 1..%d", value.Brief(f), value.Brief(x), f.Len())
	}
	d, _ := value.DomainOf(f)
	w.fail(s, "%s is not in the domain of the function: the domain is %s, the function %s", value.Brief(x), value.Brief(d), value.Brief(f))
	return 0
}

func (c *compiler) funcApply(e *resolve.FuncApply, env *env) *code {
	k := c.expr(e.Func, env)
	arg, ak := c.argument(e.Args, env, at(e, env))
	out := &code{reads: k.reads, cost: k.cost + ak.cost + 1}
	out.reads.add(ak.reads)
	fn, s := k.value(), at(e, env)
	if k.from.kind == fromState && ak.from.kind == fromSlot {
		variable, slot := k.from.index, ak.from.index
		out.val = func(w *Worker) value.Value {
			f, x := w.cur[variable], w.slots[slot]
			if v, ok := f.Apply(x); ok {
				return v
			}
			return w.missing(s, f, x)
		}
		return out
	}
	out.val = func(w *Worker) value.Value {
		f := fn(w)
		x := arg(w)
		if v, ok := f.Apply(x); ok {
			return v
		}
		return w.missing(s, f, x)
	}
	return out
}

// argument compiles the argument of a function: two or more are one tuple.
func (c *compiler) argument(args []resolve.Expr, env *env, s *site) (valueFn, *code) {
	if len(args) == 1 {
		k := c.expr(args[0], env)
		return k.value(), k
	}
	vals, r, cost := c.exprs(args, env)
	k := &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
		base := len(w.stack)
		for _, f := range vals {
			v := f(w)
			w.stack = append(w.stack, w.canon(s, v))
		}
		v := value.Tuple(w.stack[base:])
		w.stack = w.stack[:base]
		return v
	}}
	return k.val, k
}

// function compiles [x \in S |-> e]. It is computed at once; where that fails, or the domain is infinite or very large, it
// is kept as a rule, because TLC evaluates a function only where it is applied.
func (c *compiler) function(e *resolve.Func, env *env) *code {
	return c.functionAs(e, env, nil)
}

// maxEager is the size of the largest domain for which a function is computed at once.
const maxEager = 1 << 12

func (c *compiler) functionAs(e *resolve.Func, outer *env, self *resolve.Local) *code {
	first := int(c.slots.Load())
	env1, selfSlot, lazily := outer, -1, self != nil || c.appliesSelf(e.Body)
	if self != nil {
		selfSlot = c.newSlots(1)
		env1 = outer.bindSlot(self, selfSlot)
		c.selves = append(c.selves, self)
		defer func() { c.selves = c.selves[:len(c.selves)-1] }()
	}
	bs, inner, r, cost := c.bounds(e.Bounds, env1)
	body, weight := c.measured(e.Body, inner)
	r.add(body.reads)
	r = unbind(r, bs)
	r.unbind(selfSlot)
	rule := &rule{bounds: bs, body: body.value(), self: selfSlot, at: at(e, outer), bodyAt: at(e.Body, inner),
		first: first, last: int(c.slots.Load()), weight: weight, captured: r.slots.union(r.lazy)}
	domain := c.domainOf(rule)
	return &code{reads: r, cost: cost + 8*(body.cost+1), val: func(w *Worker) value.Value {
		d := domain(w)
		if !lazily {
			if n, ok := eagerSize(d); ok {
				if v := w.tabulate(rule, d, n); v != 0 {
					return v
				}
			}
		}
		return w.newClosure(rule, d)
	}}
}

// appliesSelf reports whether an expression applies a recursive function that it is part of. A function with such values must not be
// computed as a whole where it is made: in f[i \in S] == [j \in T |-> .. f[i - 1][j] ..] that would take as many steps as there are
// ways through T.
func (c *compiler) appliesSelf(e resolve.Expr) (found bool) {
	if len(c.selves) > 0 {
		Walk(e, func(x resolve.Expr) {
			ref, ok := x.(*resolve.LocalRef)
			found = found || ok && slices.Contains(c.selves, ref.Local)
		})
	}
	return found
}

func eagerSize(d value.Value) (int, bool) {
	if !value.Finite(d) {
		return 0, false
	}
	n, f := value.Cardinality(d)
	return int(n), f == nil && n <= maxEager
}

// domainOf compiles the domain of a function: a product where several names are bound.
func (c *compiler) domainOf(r *rule) valueFn {
	s := r.at
	if len(r.bounds) == 1 {
		return r.bounds[0].set
	}
	product := new(code)
	var sets []valueFn
	for _, b := range r.bounds {
		sets = append(sets, b.set)
		product.reads.add(b.code.reads)
		product.cost += b.code.cost
	}
	whole := combined(s, sets, value.Product)
	product.val = func(w *Worker) value.Value {
		p := whole(w)
		if _, ok := eagerSize(p); ok {
			return w.canon(s, p)
		}
		return p
	}
	return c.finish(product).value()
}

// tabulate computes a function at every element of its domain; 0 means that this fails somewhere.
func (w *Worker) tabulate(r *rule, domain value.Value, n int) (result value.Value) {
	if n == 0 {
		return value.Tuple(nil)
	}
	base, mark := len(w.stack), w.mark()
	defer func() {
		if e := recover(); e != nil {
			if _, ok := e.(*Error); !ok {
				panic(e)
			}
			w.unwind(mark)
			result = 0
		}
		w.stack = w.stack[:base]
	}()
	lo, hi, isInterval := domain.IntervalBounds()
	if isInterval {
		for i := lo; i <= hi; i++ {
			w.tabulateAt(r, value.Int(i))
		}
		if lo == 1 {
			return value.Tuple(w.stack[base:])
		}
		return value.Func(w.canon(r.at, domain), w.stack[base:])
	}
	domain = w.canon(r.at, domain)
	for _, x := range w.elements(r.at, domain) {
		w.tabulateAt(r, x)
	}
	return value.Func(domain, w.stack[base:])
}

func (w *Worker) tabulateAt(r *rule, x value.Value) {
	w.spend(r.at, 1)
	r.bindArgument(w, x)
	v := r.body(w)
	w.stack = append(w.stack, w.canon(r.bodyAt, v))
}
