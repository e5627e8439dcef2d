// Quantifiers, CHOOSE and set comprehension: everything that goes through the elements of sets.

package eval

import (
	"math"
	"math/bits"
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// bound is a compiled x \in S, or <<x, y>> \in S.
type bound struct {
	set     valueFn
	code    *code // of the set
	setSlot int   // where the set is kept while others are gone through; -1 where it stands alone
	slots   []int
	tuple   bool
	at      *site
	narrow  *narrow // look-ups that leave out elements for which the body is false
	ordered bool    // TLC's order matters
}

// bounds compiles bounds and gives the environment of what they bind names in. The set of x, y \in S is compiled once:
// where such bounds are nested in sets, twice would be exponential.
func (c *compiler) bounds(list []resolve.Bound, env *env) (bs []*bound, inner *env, r reads, cost int) {
	inner = env
	var set *code
	for i, b := range list {
		if i == 0 || list[i-1].Set != b.Set {
			set = c.expr(b.Set, env)
		}
		r.add(set.reads)
		cost += set.cost + 1
		k := &bound{set: set.value(), code: set, setSlot: -1, tuple: b.Tuple, at: at(b.Set, env)}
		if len(list) > 1 {
			k.setSlot = c.newSlots(1)
		}
		for _, l := range b.Locals {
			slot := c.newSlots(1)
			k.slots = append(k.slots, slot)
			inner = inner.bindSlot(l, slot)
			if !b.Tuple {
				inner.locals.bind.element = c.kindOfElements(b.Set, set)
			}
		}
		bs = append(bs, k)
	}
	return bs, inner, r, cost
}

// unbind takes the bounds' slots out of what depends on nothing outside.
func unbind(r reads, bs []*bound) reads {
	for _, b := range bs {
		for _, s := range b.slots {
			r.unbind(s)
		}
		r.unbind(b.setSlot)
	}
	return r
}

// bind gives the bound's names the element v.
func (w *Worker) bind(b *bound, v value.Value) {
	if !b.tuple {
		w.slots[b.slots[0]] = v
		return
	}
	elems, ok := v.Items()
	if !ok || len(elems) != len(b.slots) {
		w.fail(b.at, "the elements of the set should be tuples of %d, but one is %s %s", len(b.slots), v.KindName(), value.Brief(v))
	}
	for i, s := range b.slots {
		w.slots[s] = elems[i]
	}
}

// search binds the elements of a set one after the other until body gives stop; it reports whether that happened.
// The order is TLC's, but for large sets only where it matters: putting those in order costs more than the search.
func (w *Worker) search(set value.Value, b *bound, body boolFn, stop bool) bool {
	if b.narrow != nil {
		if list, _, ok := b.narrow.candidates(w, set, math.MaxInt); ok {
			if b.ordered {
				slices.SortFunc(list, value.Value.Compare)
			}
			return w.searchList(list, b, body, stop)
		}
		if list, some, ok := b.narrow.few(w, set); ok {
			return w.searchFew(list, some, b, body, stop)
		}
	}
	if set.IsLarge() && !b.ordered {
		return w.searchLarge(set, b, body, stop)
	}
	if list, ok := set.List(); ok {
		return w.searchList(list, b, body, stop)
	}
	if lo, hi, ok := set.IntervalBounds(); ok && !b.tuple {
		slot := b.slots[0]
		for i := lo; i <= hi; i++ {
			w.spend(b.at, 1)
			w.slots[slot] = value.Int(i)
			if body(w) == stop {
				return true
			}
		}
		return false
	}
	found := false
	w.each(b.at, set, func(v value.Value) bool {
		w.bind(b, v)
		found = body(w) == stop
		return !found
	})
	return found
}

func (w *Worker) searchLarge(set value.Value, b *bound, body boolFn, stop bool) bool {
	found := false
	value.VisitAll(set, func(v value.Value) bool {
		w.spend(b.at, 1)
		w.bind(b, v)
		found = body(w) == stop
		return !found
	})
	return found
}

func (w *Worker) searchList(list []value.Value, b *bound, body boolFn, stop bool) bool {
	if b.tuple {
		for i, v := range list {
			w.bind(b, v)
			if body(w) == stop {
				w.spend(b.at, i)
				return true
			}
		}
		w.spend(b.at, len(list))
		return false
	}
	slot := b.slots[0]
	for i, v := range list {
		w.slots[slot] = v
		if body(w) == stop {
			w.spend(b.at, i)
			return true
		}
	}
	w.spend(b.at, len(list))
	return false
}

// each visits a set's elements in TLC's order; a set that cannot be enumerated is an error at the site.
func (w *Worker) each(s *site, set value.Value, visit func(value.Value) bool) {
	f := value.Each(set, func(v value.Value) bool {
		w.spend(s, 1)
		return visit(v)
	})
	if f != nil {
		w.fault(s, f)
	}
}

// elements lists a set's elements in TLC's order.
func (w *Worker) elements(s *site, set value.Value) []value.Value {
	if list, ok := set.List(); ok {
		return list
	}
	list, f := value.Elements(set)
	if f != nil {
		w.fault(s, f)
	}
	w.spend(s, len(list))
	return list
}

// loops puts body inside of a loop for each bound. As in TLC the sets are evaluated first, and the first bound's
// names change fastest. The loops end early when body gives stop, and the result reports whether it did.
func loops(bs []*bound, body boolFn, stop bool) boolFn {
	if len(bs) == 1 {
		b := bs[0]
		return func(w *Worker) bool { return w.search(b.set(w), b, body, stop) }
	}
	run := body
	for i, b := range bs {
		inner, innerStop := run, true
		if i == 0 {
			innerStop = stop
		}
		run = func(w *Worker) bool { return w.search(w.slots[b.setSlot], b, inner, innerStop) }
	}
	return func(w *Worker) bool {
		return w.takeSets(bs) && run(w)
	}
}

// empty is the set without elements.
var empty = value.SortedSet(nil)

// takeSets evaluates the bounds' sets; false where one of them is empty, so that there is nothing to go through. As in TLC it is an
// error all the same if another one could not be gone through.
func (w *Worker) takeSets(bs []*bound) bool {
	vain := false
	for _, b := range bs {
		set := b.set(w)
		w.slots[b.setSlot] = set
		vain = vain || set == empty
	}
	if vain {
		for _, b := range bs {
			w.each(b.at, w.slots[b.setSlot], func(value.Value) bool { return false })
		}
	}
	return !vain
}

func (c *compiler) quant(e *resolve.Quant, env *env) *code {
	bs, inner, r, cost := c.bounds(e.Bounds, env)
	body, bk := c.test(e.Body, inner)
	r.add(bk.reads)
	k := &code{reads: unbind(r, bs), cost: cost + 8*(bk.cost+1)}
	if len(bs) == 1 {
		bs[0].narrow = c.narrowing(e, bs[0], inner)
	}
	run := c.ahead(e, bs, inner, false).loops(bs, body, !e.Forall)
	if e.Forall {
		k.test = func(w *Worker) bool { return !run(w) }
	} else {
		k.test = run
	}
	return k
}

func (c *compiler) choose(e *resolve.Choose, env *env) *code {
	if e.Bound.Set == nil {
		return c.unsupported(e, env, "CHOOSE without a set cannot be evaluated: give the set to choose from, or put a definition in its place in the configuration")
	}
	bs, inner, r, cost := c.bounds([]resolve.Bound{e.Bound}, env)
	body, bk := c.test(e.Body, inner)
	r.add(bk.reads)
	b, s := bs[0], at(e, env)
	chosen := c.newSlots(1)
	run := func(w *Worker, set value.Value) bool {
		found := false
		w.each(b.at, set, func(v value.Value) bool {
			w.bind(b, v)
			if found = body(w); found {
				w.slots[chosen] = v
			}
			return !found
		})
		return found
	}
	extreme, er := c.extreme(e, b.code, env)
	r.add(er)
	return &code{reads: unbind(r, bs), cost: cost + 8*(bk.cost+1), val: func(w *Worker) value.Value {
		if extreme != nil {
			if n, ok := extreme(w); ok {
				return value.Int(n)
			}
		}
		set := b.set(w)
		if list, ok := set.List(); ok {
			w.spend(b.at, len(list))
			for _, v := range list {
				w.bind(b, v)
				if body(w) {
					return v
				}
			}
		} else if run(w, set) {
			return w.slots[chosen]
		}
		w.fail(s, "CHOOSE finds nothing: no element of %s makes the condition true", value.Brief(set))
		return 0
	}}
}

func (c *compiler) filter(e *resolve.Filter, env *env) *code {
	bs, inner, r, cost := c.bounds([]resolve.Bound{e.Bound}, env)
	body, bk := c.test(e.Body, inner)
	r.add(bk.reads)
	b := bs[0]
	b.narrow = c.narrowing(e, b, inner)
	growing := c.growing(b, bk)
	return &code{reads: unbind(r, bs), cost: cost + 8*(bk.cost+1), val: func(w *Worker) value.Value {
		return w.filter(b.set(w), b, body, growing)
	}}
}

// filter keeps the elements that pass. They stay in order, so that the result needs no sorting; only what is left of a large
// set is sorted in the end.
func (w *Worker) filter(set value.Value, b *bound, body boolFn, growing *growing) value.Value {
	if growing == nil || !set.IsLarge() {
		list, _, narrowed := b.narrow.candidates(w, set, math.MaxInt)
		return w.filterList(set, b, body, list, narrowed)
	}
	list, n, narrowed := b.narrow.candidates(w, set, manyMatches)
	if narrowed && n <= manyMatches {
		return w.filterList(set, b, body, list, true)
	}
	most := math.MaxInt
	if narrowed {
		most = 4 * n
	}
	return growing.over(w, set, most, func() value.Value {
		list, _, narrowed := b.narrow.candidates(w, set, math.MaxInt)
		return w.filterList(set, b, body, list, narrowed)
	}, func(x value.Value) (value.Value, bool) {
		w.spend(b.at, 1)
		w.bind(b, x)
		return x, body(w)
	})
}

// filterList is filter, for those elements of the set that are listed if it was narrowed.
func (w *Worker) filterList(set value.Value, b *bound, body boolFn, list []value.Value, narrowed bool) value.Value {
	base := len(w.stack)
	keep := func(v value.Value) bool {
		w.bind(b, v)
		if body(w) {
			w.stack = append(w.stack, v)
		}
		return true
	}
	switch {
	case narrowed:
		w.spend(b.at, len(list))
		for _, v := range list {
			keep(v)
		}
		return w.setOf(b.at, base)
	case set.IsLarge():
		w.spend(b.at, set.Len())
		value.VisitAll(set, keep)
		return w.setOf(b.at, base)
	default:
		var listed bool
		if list, listed = set.List(); !listed {
			if w.tooLarge(set) {
				w.fail(b.at, "the set has too many elements to go through them: %s", value.Brief(set))
			}
			w.each(b.at, set, keep)
		}
	}
	w.spend(b.at, len(list))
	if few, some, ok := b.narrow.few(w, set); ok {
		list = nil
		w.spend(b.at, bits.OnesCount64(some))
		for ; some != 0; some &= some - 1 {
			keep(few[bits.TrailingZeros64(some)])
		}
	}
	for _, v := range list {
		keep(v)
	}
	result := value.SortedSet(w.stack[base:])
	w.stack = w.stack[:base]
	return result
}

func (c *compiler) mapSet(e *resolve.MapSet, env *env) *code {
	bs, inner, r, cost := c.bounds(e.Bounds, env)
	bk := c.expr(e.Body, inner)
	r.add(bk.reads)
	body, s := bk.value(), at(e.Body, inner)
	gather := func(w *Worker) bool {
		v := body(w)
		w.stack = append(w.stack, w.canon(s, v))
		return false
	}
	k := &code{reads: unbind(r, bs), cost: cost + 8*(bk.cost+1)}
	if len(bs) == 1 {
		b, growing := bs[0], c.growing(bs[0], bk)
		k.val = func(w *Worker) value.Value {
			set := b.set(w)
			if growing == nil || !set.IsLarge() {
				return w.gather(set, b, gather, s)
			}
			return growing.over(w, set, math.MaxInt, func() value.Value {
				return w.gather(set, b, gather, s)
			}, func(x value.Value) (value.Value, bool) {
				w.spend(b.at, 1)
				w.bind(b, x)
				return w.canon(s, body(w)), true
			})
		}
		return k
	}
	collect := loops(bs, gather, true)
	k.val = func(w *Worker) value.Value {
		base := len(w.stack)
		collect(w)
		return w.setOf(s, base)
	}
	return k
}

// gather is the set of what body puts on the stack for the elements of a set.
func (w *Worker) gather(set value.Value, b *bound, body boolFn, s *site) value.Value {
	base := len(w.stack)
	w.search(set, b, body, true)
	return w.setOf(s, base)
}

// setOf makes a set of the values on the stack from base on, and takes them off. Whether its elements can be compared matters where
// it is gone through, as in TLC.
func (w *Worker) setOf(s *site, base int) value.Value {
	v, f := value.Mixed(w.stack[base:])
	w.stack = w.stack[:base]
	if f != nil {
		w.fault(s, f)
	}
	return v
}

func (c *compiler) setEnum(e *resolve.SetEnum, env *env) *code {
	vals, r, cost := c.exprs(e.Items, env)
	s := at(e, env)
	if len(vals) == 0 {
		return literal(value.Empty)
	}
	if len(vals) == 1 {
		f := vals[0]
		return &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
			v := w.canon(s, f(w))
			return value.SortedSet(append(w.scratch[:0], v))
		}}
	}
	return &code{reads: r, cost: cost, val: func(w *Worker) value.Value {
		base := len(w.stack)
		for _, f := range vals {
			v := f(w)
			w.stack = append(w.stack, w.canon(s, v))
		}
		return w.setOf(s, base)
	}}
}
