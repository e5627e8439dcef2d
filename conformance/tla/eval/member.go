// Membership and inclusion, compiled by the structure of the set: x \in {y \in Nat : P(y)} tests P(x) and never looks at Nat.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// memberFn asks whether a value is an element of a set.
type memberFn func(*Worker, value.Value) bool

func (c *compiler) membership(e *resolve.Apply, env *env) *code {
	x := c.remember(c.expr(e.Args[0], env))
	in, r, cost := c.member(e.Args[1], env)
	if list := c.plainElements(e.Args[1], env); list != nil {
		return membershipOfPlain(x, list, in, e.Op == resolve.OpIn)
	}
	k := &code{reads: x.reads, cost: x.cost + cost}
	k.reads.add(r)
	val, want := x.value(), e.Op == resolve.OpIn
	k.test = func(w *Worker) bool { return in(w, val(w)) == want }
	return k
}

// plainElements are the elements of a set that is written out, such as {"a", "b"}, where all of them are strings, numbers or
// booleans that the compiler knows; nil for other sets.
func (c *compiler) plainElements(set resolve.Expr, env *env) (list []value.Value) {
	enum, ok := set.(*resolve.SetEnum)
	if !ok || len(enum.Items) > maxPlain {
		return nil
	}
	for _, item := range enum.Items {
		v := c.expr(item, env).lit
		if !v.Plain(v) || list != nil && !v.Plain(list[0]) {
			return nil
		}
		list = append(list, v)
	}
	return list
}

// maxPlain is how many elements are gone through as fast as they are looked up.
const maxPlain = 16

// membershipOfPlain compares x with elements that the compiler knows; what they cannot be compared with is left to in.
func membershipOfPlain(x *code, list []value.Value, in memberFn, want bool) *code {
	val, first := x.value(), list[0]
	return &code{reads: x.reads, cost: x.cost + 2, test: func(w *Worker) bool {
		v := val(w)
		if !v.Plain(first) {
			return in(w, v) == want
		}
		for _, e := range list {
			if e == v {
				return want
			}
		}
		return !want
	}}
}

// member compiles the test for elements of the set that an expression stands for.
func (c *compiler) member(set resolve.Expr, env *env) (memberFn, reads, int) {
	whole := c.expr(set, env)
	if whole.lit != 0 || whole.cheap {
		return c.memberOfValue(whole, at(set, env))
	}
	if whole.reads.constant() {
		return c.memberOfConstant(set, whole, env)
	}
	if f, r, cost := c.memberByForm(set, env); f != nil {
		return f, r, cost
	}
	return c.memberOfValue(c.remember(whole), at(set, env))
}

func (c *compiler) memberOfValue(k *code, s *site) (memberFn, reads, int) {
	set := k.value()
	return func(w *Worker, x value.Value) bool { return w.in(s, x, set(w)) }, k.reads, k.cost + 2
}

// in decides x \in set.
func (w *Worker) in(s *site, x, set value.Value) bool {
	ok, f := value.In(w.solid(s, x), set)
	if f != nil {
		w.fault(s, f)
	}
	return ok
}

// maxMemberSet is the size up to which a set that depends on no state is written out to look elements up in it.
const maxMemberSet = 1 << 12

// memberOfConstant looks elements up in a set that is computed once. Where the set cannot be written out, or is large, the
// test goes by the form of the expression.
func (c *compiler) memberOfConstant(set resolve.Expr, whole *code, env *env) (memberFn, reads, int) {
	byForm, r, cost := c.memberByForm(set, env)
	s, val := at(set, env), whole.value()
	if byForm == nil {
		return func(w *Worker, x value.Value) bool { return w.in(s, x, val(w)) }, whole.reads, 2
	}
	id := c.newConst()
	return func(w *Worker, x value.Value) bool {
		switch known := w.consts[id]; known {
		case value.True:
			return w.in(s, x, val(w))
		case value.False:
			return byForm(w, x)
		}
		limit := w.limit
		w.limit = maxMemberSet
		_, err := w.try(val)
		w.limit = limit
		w.consts[id] = value.Bool(err == nil)
		if err == nil {
			return w.in(s, x, val(w))
		}
		return byForm(w, x)
	}, r, max(cost, 4)
}

// tooLarge reports whether a set has more elements than may be gone through at present.
func (w *Worker) tooLarge(set value.Value) bool {
	limit := w.limit
	if limit == 0 {
		limit = 1 << 26
	}
	n, f := value.Cardinality(set)
	return f == nil && n > limit
}

// memberByForm compiles the test by the form of the set's expression; nil where the form says nothing.
func (c *compiler) memberByForm(set resolve.Expr, env *env) (memberFn, reads, int) {
	switch e := set.(type) {
	case *resolve.SetEnum:
		return c.memberOfEnum(e, env)
	case *resolve.Filter:
		return c.memberOfFilter(e, env)
	case *resolve.MapSet:
		return c.memberOfMapSet(e, env)
	case *resolve.FuncSet:
		return c.memberOfFuncSet(e, env)
	case *resolve.RecordSet:
		return c.memberOfRecordSet(e, env)
	case *resolve.Product:
		return c.memberOfProduct(e, env)
	case *resolve.Apply:
		return c.memberOfOperation(e, env)
	case *resolve.Call:
		return c.memberOfCall(e, env)
	case *resolve.LocalRef:
		if b := env.findLocal(e.Local); b != nil && b.kind == boundLazy && b.env.mode == env.mode && b.slot < 0 {
			return c.memberByForm(b.expr, b.env)
		}
	}
	return nil, reads{}, 0
}

func (c *compiler) memberOfEnum(e *resolve.SetEnum, env *env) (memberFn, reads, int) {
	vals, r, cost := c.exprs(e.Items, env)
	s := at(e, env)
	return func(w *Worker, x value.Value) bool {
		x = w.canon(s, x)
		for _, f := range vals {
			if w.same(s, x, f(w)) {
				return true
			}
		}
		return false
	}, r, cost
}

func (c *compiler) memberOfFilter(e *resolve.Filter, env *env) (memberFn, reads, int) {
	in, r, cost := c.member(e.Bound.Set, env)
	b := &bound{tuple: e.Bound.Tuple, at: at(e.Bound.Set, env)}
	inner := env
	for _, l := range e.Bound.Locals {
		slot := c.newSlots(1)
		b.slots = append(b.slots, slot)
		inner = inner.bindSlot(l, slot)
	}
	body, k := c.test(e.Body, inner)
	r.add(k.reads)
	return func(w *Worker, x value.Value) bool {
		x = w.canon(b.at, x)
		if !in(w, x) {
			return false
		}
		w.bind(b, x)
		return body(w)
	}, unbind(r, []*bound{b}), cost + k.cost
}

func (c *compiler) memberOfMapSet(e *resolve.MapSet, env *env) (memberFn, reads, int) {
	bs, inner, r, cost := c.bounds(e.Bounds, env)
	k := c.expr(e.Body, inner)
	r.add(k.reads)
	body, s := k.value(), at(e.Body, inner)
	sought := c.newSlots(1)
	run := loops(bs, func(w *Worker) bool { return w.same(s, w.slots[sought], body(w)) }, true)
	return func(w *Worker, x value.Value) bool {
		w.slots[sought] = w.canon(s, x)
		return run(w)
	}, unbind(r, bs), cost + 8*k.cost
}

func (c *compiler) memberOfFuncSet(e *resolve.FuncSet, env *env) (memberFn, reads, int) {
	d := c.expr(e.Dom, env)
	in, r, cost := c.member(e.Rng, env)
	r.add(d.reads)
	dom, s, ds := d.value(), at(e, env), at(e.Dom, env)
	return func(w *Worker, x value.Value) bool {
		x = w.solid(s, x)
		if !x.IsFunction() {
			set, f := value.FuncSet(dom(w), value.Anything)
			if f != nil {
				w.fault(ds, f)
			}
			return w.in(s, x, set)
		}
		have, _ := value.DomainOf(x)
		if !w.same(ds, have, dom(w)) {
			return false
		}
		for _, v := range x.Values() {
			if !in(w, v) {
				return false
			}
		}
		return true
	}, r, cost + d.cost + 12
}

func (c *compiler) memberOfRecordSet(e *resolve.RecordSet, env *env) (memberFn, reads, int) {
	domain, places := value.RecordDomain(e.Names)
	ins := make([]memberFn, len(e.Sets))
	var r reads
	cost := 2
	for i, s := range e.Sets {
		in, sr, n := c.member(s, env)
		ins[places[i]] = in
		r.add(sr)
		cost += n
	}
	s := at(e, env)
	return func(w *Worker, x value.Value) bool {
		x = w.solid(s, x)
		if x.Kind() != value.KindRecord {
			w.strange(s, x, "a set of records")
			return false
		}
		if d, _ := value.DomainOf(x); d != domain {
			return false
		}
		for i, v := range x.Values() {
			if !ins[i](w, v) {
				return false
			}
		}
		return true
	}, r, cost
}

// strange fails because x is asked for in a set of other things; untyped model values may be asked for anywhere.
func (w *Worker) strange(s *site, x value.Value, what string) {
	if x.Kind() == value.KindModel && !x.IsTyped() {
		return
	}
	w.fail(s, "cannot ask whether %s %s is an element of %s", x.KindName(), value.Brief(x), what)
}

func (c *compiler) memberOfProduct(e *resolve.Product, env *env) (memberFn, reads, int) {
	var ins []memberFn
	var r reads
	cost := 2
	for _, set := range e.Sets {
		in, sr, n := c.member(set, env)
		ins = append(ins, in)
		r.add(sr)
		cost += n
	}
	s := at(e, env)
	return func(w *Worker, x value.Value) bool {
		x = w.solid(s, x)
		elems, ok := x.Items()
		if !ok {
			w.strange(s, x, "a set of tuples")
			return false
		}
		if len(elems) != len(ins) {
			return false
		}
		for i, v := range elems {
			if !ins[i](w, v) {
				return false
			}
		}
		return true
	}, r, cost
}

func (c *compiler) memberOfOperation(e *resolve.Apply, env *env) (memberFn, reads, int) {
	switch e.Op {
	case resolve.OpCup, resolve.OpCap, resolve.OpSetminus:
		p, r, n := c.member(e.Args[0], env)
		q, r2, n2 := c.member(e.Args[1], env)
		r.add(r2)
		switch e.Op {
		case resolve.OpCup:
			return func(w *Worker, x value.Value) bool { return p(w, x) || q(w, x) }, r, n + n2
		case resolve.OpCap:
			return func(w *Worker, x value.Value) bool { return p(w, x) && q(w, x) }, r, n + n2
		}
		return func(w *Worker, x value.Value) bool { return p(w, x) && !q(w, x) }, r, n + n2
	case resolve.OpSubset:
		in, r, n := c.member(e.Args[0], env)
		s := at(e, env)
		whole := c.expr(e.Args[0], env).value()
		return func(w *Worker, x value.Value) bool {
			if !x.IsSet() {
				w.strange(s, x, "a set of sets")
				return false
			}
			return w.included(s, x, in, whole)
		}, r, n + 4
	case resolve.OpUnion:
		return c.memberOfUnion(e, env)
	}
	return nil, reads{}, 0
}

// memberOfUnion takes x \in UNION {S(y) : y \in T} for \E y \in T : x \in S(y).
func (c *compiler) memberOfUnion(e *resolve.Apply, env *env) (memberFn, reads, int) {
	m, ok := e.Args[0].(*resolve.MapSet)
	if !ok {
		return nil, reads{}, 0
	}
	bs, inner, r, cost := c.bounds(m.Bounds, env)
	in, ir, n := c.member(m.Body, inner)
	r.add(ir)
	sought := c.newSlots(1)
	run := loops(bs, func(w *Worker) bool { return in(w, w.slots[sought]) }, true)
	s := at(e, env)
	return func(w *Worker, x value.Value) bool {
		w.slots[sought] = w.canon(s, x)
		return run(w)
	}, unbind(r, bs), cost + 8*n
}

// memberOfCall looks into a definition.
func (c *compiler) memberOfCall(e *resolve.Call, env *env) (memberFn, reads, int) {
	d := e.Def
	if f, r, cost := c.memberOfBuiltin(e, env); f != nil {
		return f, r, cost
	}
	if c.values[d] != 0 || d.Recursive || c.isBuiltin(d) || len(e.Args) != len(d.Params) || c.tooLargeToInline(d) {
		return nil, reads{}, 0
	}
	d, lexical := c.meant(e, d, env, c.lexical(e, env))
	if b := lexical.findDef(d); b != nil && b.slot >= 0 {
		return nil, reads{}, 0 // its value is kept anyway
	}
	inner, lazy := c.bindParams(e, d, e.Args, env, lexical)
	in, r, cost := c.memberByForm(d.Body, inner)
	if in == nil {
		return nil, reads{}, 0
	}
	slots := resetSlots(lazy)
	for _, s := range slots {
		r.lazy = r.lazy.without(int32(s))
	}
	return func(w *Worker, x value.Value) bool {
		for _, s := range slots {
			w.slots[s] = 0
		}
		return in(w, x)
	}, r, cost
}

// inclusion compiles S \subseteq T.
func (c *compiler) inclusion(e *resolve.Apply, env *env) *code {
	sub := c.expr(e.Args[0], env)
	in, r, cost := c.member(e.Args[1], env)
	whole := c.expr(e.Args[1], env).value()
	k := &code{reads: sub.reads, cost: sub.cost + 8*cost}
	k.reads.add(r)
	set, s, constructed := sub.value(), at(e, env), isConstructed(e.Args[1])
	k.test = func(w *Worker) bool {
		v := set(w)
		if constructed && v.IsSymbolic() {
			if included, known := value.Includes(v, whole(w)); known {
				return included
			}
		}
		if !v.IsSet() {
			w.fail(s, `the left side of \subseteq must be a set, but it is %s %s`, v.KindName(), value.Brief(v))
		}
		if v == value.Empty {
			if x := whole(w); !x.IsSet() {
				w.fail(s, `the right side of \subseteq must be a set, but it is %s %s`, x.KindName(), value.Brief(x))
			}
			return true
		}
		return w.included(s, v, in, whole)
	}
	return k
}

// isConstructed reports whether an expression is a set that stays symbolic: its value is there without going through it.
func isConstructed(e resolve.Expr) bool {
	switch e := e.(type) {
	case *resolve.FuncSet, *resolve.RecordSet, *resolve.Product:
		return true
	case *resolve.Apply:
		return e.Op == resolve.OpSubset
	}
	return false
}

// included decides whether every element of set passes the test; sets that cannot be gone through are compared as values.
func (w *Worker) included(s *site, set value.Value, in memberFn, whole valueFn) bool {
	if !value.Finite(set) || set.IsSymbolic() && w.tooLarge(set) {
		ok, f := value.Subseteq(set, whole(w))
		if f != nil {
			w.fault(s, f)
		}
		return ok
	}
	if list, ok := set.List(); ok && !set.IsLarge() {
		w.spend(s, len(list))
		for _, x := range list {
			if !in(w, x) {
				return false
			}
		}
		return true
	}
	all := true
	f := value.VisitAll(set, func(x value.Value) bool {
		w.spend(s, 1)
		all = in(w, x)
		return all
	})
	if f != nil {
		w.fault(s, f)
	}
	return all
}
