// The composition of actions: A \cdot B is a step of A and then, from where that leads, a step of B.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// composition is a compiled A \cdot B. The state in between is found by A alone: what the action around it says of the
// next state does not count there. A variable of which A says nothing stays as it was: A allows any value for it, and
// this one is what is meant where A belongs to a part of the system that does not have the variable.
type composition struct {
	first   boolFn // A, then between
	second  boolFn // B, then leave
	next    *cont  // what follows the composition
	action  bool   // it makes successors, and is not a test of a step
	renewed []int  // slots of names whose values depend on the state: B has its own
}

// midway is a composition under way.
type midway struct {
	from, between []value.Value // the states before and after A
	next          []value.Value // the state after B, as far as it is known when the composition begins
	unassigned    int
}

// compose compiles A \cdot B as an action.
func (c *compiler) compose(e *resolve.Apply, env *env, next *cont, action bool) boolFn {
	saved := c.step
	c.step = nil
	p := &composition{next: next, action: action}
	p.first = c.act(e.Args[0], env, &cont{p.between, p.between})
	r := rebinder{scopes: map[*scope]*scope{}, bindings: map[*binding]*binding{}, instances: map[*instance]*instance{}}
	p.second = c.act(e.Args[1], r.env(env), &cont{p.leave, p.leave})
	p.renewed = resetSlots(r.lazy)
	c.step = saved
	return p.run
}

// composed compiles A \cdot B as a predicate of the step at hand.
func (c *compiler) composed(e *resolve.Apply, env *env) *code {
	found := func(*Worker) bool { return true }
	run := c.compose(e, env, &cont{found, found}, false)
	a, b := c.expr(e.Args[0], env), c.expr(e.Args[1], env)
	k := &code{reads: a.reads, cost: 50 + 8*(a.cost+b.cost), test: run}
	k.reads.add(b.reads)
	k.reads.impure = true // the names that B reads are looked up in another state
	return k
}

func (p *composition) run(w *Worker) bool {
	n := len(w.nxt)
	m := midway{from: w.cur, next: append([]value.Value(nil), w.nxt...), unassigned: missing(w.nxt)}
	unassigned := w.unassigned
	depth := len(w.midways)
	defer func() { // an evaluation that fails inside of it may be caught outside
		w.midways = w.midways[:depth]
		copy(w.nxt, m.next)
		w.cur, w.unassigned = m.from, unassigned
	}()
	w.midways = append(w.midways, m)
	clear(w.nxt)
	w.unassigned = n
	return p.first(w)
}

// missing counts the variables without a value.
func missing(state []value.Value) (n int) {
	for _, v := range state {
		if v == 0 {
			n++
		}
	}
	return n
}

// between goes on with B from the state to which A led.
func (p *composition) between(w *Worker) bool {
	if p.action && len(w.midways) == 1 { // TLC counts those of the outermost composition
		w.Midway++
	}
	m := &w.midways[len(w.midways)-1]
	after, unassigned := append([]value.Value(nil), w.nxt...), w.unassigned
	m.between = append([]value.Value(nil), w.nxt...)
	for i, v := range m.between {
		if v == 0 {
			m.between[i] = m.from[i]
		}
	}
	copy(w.nxt, m.next)
	w.cur, w.unassigned = m.between, m.unassigned
	for _, s := range p.renewed {
		w.slots[s] = 0
	}
	stop := p.second(w)
	m = &w.midways[len(w.midways)-1] // the list may have moved
	copy(w.nxt, after)
	w.cur, w.unassigned = m.from, unassigned
	return stop
}

// leave goes on behind the composition, where the state before the step is that before A again.
func (p *composition) leave(w *Worker) bool {
	m := w.midways[len(w.midways)-1]
	w.midways = w.midways[:len(w.midways)-1]
	w.cur = m.from
	stop := p.next.run(w)
	w.cur = m.between
	w.midways = append(w.midways, m)
	return stop
}

// rebinder copies environments so that names which stand for expressions are evaluated anew: in another state they have
// other values.
type rebinder struct {
	scopes    map[*scope]*scope
	bindings  map[*binding]*binding
	instances map[*instance]*instance
	lazy      []*binding
}

func (r *rebinder) env(e *env) *env {
	if e == nil {
		return nil
	}
	c := *e
	c.locals, c.inst = r.scope(e.locals), r.instance(e.inst)
	return &c
}

// instance copies an INSTANCE with parameters, or one that stands in a LET.
func (r *rebinder) instance(i *instance) *instance {
	if i == nil || i.env == nil || i.env.locals == nil && i.env.inst == nil {
		return i
	}
	if n := r.instances[i]; n != nil {
		return n
	}
	n := &instance{stmt: i.stmt}
	r.instances[i] = n
	n.env = r.env(i.env)
	return n
}

func (r *rebinder) scope(s *scope) *scope {
	if s == nil {
		return nil
	}
	if n := r.scopes[s]; n != nil {
		return n
	}
	n := &scope{local: s.local, def: s.def, inst: s.inst}
	r.scopes[s] = n
	n.next = r.scope(s.next)
	n.bind = r.binding(s.bind)
	return n
}

func (r *rebinder) binding(b *binding) *binding {
	switch b.kind {
	case boundSlot, boundArgument, boundLiteral:
		return b
	}
	if n := r.bindings[b]; n != nil {
		return n
	}
	n := &binding{slot: -1, kind: b.kind, expr: b.expr, plain: b.plain}
	r.bindings[b] = n
	n.env = r.env(b.env)
	if b.op != nil {
		n.op = &operator{b.op.arg, r.env(b.op.env)}
	}
	if b.kind == boundLazy {
		r.lazy = append(r.lazy, n)
	}
	return n
}
