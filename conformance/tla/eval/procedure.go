// Procedures: operators that are called, not inlined, because they are recursive or very large.

package eval

import (
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// procedure is an operator compiled once. Its names have slots of its own, which a recursive call saves and restores.
type procedure struct {
	def         *resolve.Def
	params      []int
	body        *code
	first, last int
	recursive   bool
	compiling   bool
	weight      int
	reads       reads
}

// area is a stretch of slots whose values lie in saved from at on; a list instead of a stretch where slots is set.
type area struct {
	first, last int
	slots       ints
	at          int
	call        bool // a call's site was pushed with it, as the one at calls
	calls       int
	weight      int
}

// enter saves the slots from first to last and notes the call.
func (w *Worker) enter(s *site, first, last, weight int) {
	w.spend(s, 1)
	if w.weight+weight > w.maxWeight {
		w.fail(s, "recursion is too deep: %d calls are under way", len(w.calls))
	}
	w.weight += weight
	w.areas = append(w.areas, area{first: first, last: last, at: len(w.saved), call: true, calls: len(w.calls), weight: weight})
	w.saved = append(w.saved, w.slots[first:last]...)
	w.calls = append(w.calls, s)
}

// swapIn saves single slots and gives them other values.
func (w *Worker) swapIn(slots ints, values []value.Value) {
	w.areas = append(w.areas, area{slots: slots, at: len(w.saved)})
	for i, s := range slots {
		w.saved = append(w.saved, w.slots[s])
		w.slots[s] = values[i]
	}
}

// leave undoes the last enter or swapIn.
func (w *Worker) leave() {
	a := w.areas[len(w.areas)-1]
	w.areas = w.areas[:len(w.areas)-1]
	w.restore(a)
	w.saved = w.saved[:a.at]
	w.weight -= a.weight
	if a.call {
		w.calls = w.calls[:a.calls]
	}
}

// restore gives slots the values that were saved.
func (w *Worker) restore(a area) {
	if a.slots == nil {
		copy(w.slots[a.first:a.last], w.saved[a.at:])
		return
	}
	for i, s := range a.slots {
		w.slots[s] = w.saved[a.at+i]
	}
}

// mark is a point to which unwind goes back after a failure.
type mark struct{ areas, calls, stack int }

func (w *Worker) mark() mark { return mark{len(w.areas), len(w.calls), len(w.stack)} }

func (w *Worker) unwind(m mark) {
	for len(w.areas) > m.areas {
		w.leave()
	}
	w.calls, w.stack = w.calls[:m.calls], w.stack[:m.stack]
}

// try evaluates, and gives the error instead of failing.
func (w *Worker) try(f valueFn) (v value.Value, err *Error) {
	mark := w.mark()
	defer func() {
		if r := recover(); r != nil {
			v, err = 0, w.caught(r)
			w.unwind(mark)
		}
	}()
	return f(w), nil
}

// A procedure's arguments are evaluated at the call. TLC evaluates them when they are needed, so that an argument that fails
// must not fail before: its error is put off, and what the slot holds says where it is.
func (w *Worker) argument(f valueFn) value.Value {
	v, err := w.try(f)
	if err == nil {
		return v
	}
	w.put = append(w.put, err)
	return value.Deferred(uint64(len(w.put)))
}

// raise fails with an error that was put off.
func (w *Worker) raise(v value.Value) {
	id, ok := v.DeferredID()
	if !ok {
		panic(&Error{Msg: "internal error: a name is used before it has a value", Reason: Internal})
	}
	panic(w.put[id-1])
}

// procedureOf finds or compiles the procedure of a definition that is used in the environment.
func (c *compiler) procedureOf(d *resolve.Def, lexical *env, ops []*operator) *procedure {
	table, key := c.procs, sharedKey{def: d, inst: lexical.inst, mode: lexical.mode, free: lexical.free, ops: opsKey(ops), demand: c.demands(d)}
	if d.Name == "LAMBDA" {
		key.locals = lexical.locals
	}
	if b := lexical.findDef(d); b != nil {
		if b.procs == nil {
			b.procs = map[sharedKey]*procedure{}
		}
		table = b.procs
		key.inst = nil
	}
	if p := table[key]; p != nil {
		p.recursive = p.recursive || p.compiling
		return p
	}
	p := &procedure{def: d, recursive: d.Recursive, compiling: true, first: int(c.slots.Load())}
	table[key] = p
	inner := *lexical
	inner.frame = nil
	inner.top = false
	body := &inner
	base := lexical.locals
	nextOp := 0
	for _, l := range d.Params {
		if l.Arity > 0 {
			body = body.with(scope{local: l, bind: &binding{slot: -1, kind: boundOperator, op: ops[nextOp]}})
			nextOp++
			continue
		}
		slot := c.newSlots(1)
		p.params = append(p.params, slot)
		body = body.with(scope{local: l, bind: &binding{slot: slot, kind: boundArgument}})
	}
	body.frame = &frame{name: d.Name, call: d.Span, base: base}
	if d.Recursive {
		c.recursing++
	}
	p.body, p.weight = c.measured(d.Body, body)
	if d.Recursive {
		c.recursing--
	}
	p.last = int(c.slots.Load())
	p.reads = p.body.reads
	for _, s := range p.params {
		p.reads.unbind(s)
	}
	p.compiling = false
	c.close(p)
	return p
}

// close completes what a procedure reads, once its body is compiled, and what those read that call it from inside of it: a
// recursive call reads nothing that the body does not read.
func (c *compiler) close(p *procedure) {
	isP := func(q *procedure) bool { return q == p }
	p.reads.open = slices.DeleteFunc(slices.Clone(p.reads.open), isP)
	c.open = append(c.open, p)
	c.open = slices.DeleteFunc(c.open, func(q *procedure) bool {
		if slices.ContainsFunc(q.reads.open, isP) {
			q.reads.open = slices.DeleteFunc(slices.Clone(q.reads.open), isP)
			q.reads.add(p.reads)
			q.reads.open = slices.DeleteFunc(q.reads.open, func(o *procedure) bool { return o == q })
		}
		return len(q.reads.open) == 0
	})
}

// callProcedure compiles a call.
func (c *compiler) callProcedure(p *procedure, args []*code, s *site) *code {
	k := &code{cost: 100}
	if p.compiling {
		k.reads.open = []*procedure{p}
	} else {
		k.reads = p.reads
	}
	vals := make([]valueFn, len(args))
	for i, a := range args {
		k.reads.add(a.reads)
		vals[i] = a.value()
		if f := vals[i]; !a.cheap {
			vals[i] = func(w *Worker) value.Value { return w.argument(f) }
		}
	}
	k.val = func(w *Worker) value.Value {
		base := len(w.stack)
		for _, f := range vals {
			v := f(w)
			w.stack = append(w.stack, v)
		}
		last := p.last
		if !p.recursive {
			last = p.first
		}
		w.enter(s, p.first, last, p.weight)
		for i, slot := range p.params {
			w.slots[slot] = w.stack[base+i]
		}
		w.stack = w.stack[:base]
		v := p.body.value()(w)
		w.leave()
		return v
	}
	return k
}
