// ENABLED A: whether some successor satisfies A.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

func (c *compiler) enabled(e *resolve.Apply, env *env) *code {
	a := e.Args[0]
	if env.mode != current {
		return c.enabledNext(e, env)
	}
	found := &cont{}
	found.act = func(*Worker) bool { return true }
	found.rest = found.act
	saved := c.step
	c.step = nil
	inner := *env
	inner.free = env.inst
	run := c.act(a, &inner, found)
	c.step = saved
	k := c.expr(a, &inner)
	r := k.reads
	r.nxt = nil
	return &code{reads: r, cost: 50 + 8*k.cost, test: func(w *Worker) bool {
		n := len(w.nxt)
		base := len(w.stack)
		w.stack = append(w.stack, w.nxt...)
		unassigned := w.unassigned
		defer func() {
			copy(w.nxt, w.stack[base:base+n])
			w.stack, w.unassigned = w.stack[:base], unassigned
		}()
		clear(w.nxt)
		w.unassigned = n
		return run(w)
	}}
}

// enabledNext is ENABLED inside of a prime, and in an initial predicate: it asks for the successors of the state that is being
// made, of which every variable must have its value by then.
func (c *compiler) enabledNext(e *resolve.Apply, env *env) *code {
	r := rebinder{scopes: map[*scope]*scope{}, bindings: map[*binding]*binding{}, instances: map[*instance]*instance{}}
	k := c.enabled(e, r.env(env).inMode(current))
	renewed, s := resetSlots(r.lazy), at(e, env)
	out := &code{reads: k.reads, cost: k.cost}
	out.reads.cur, out.reads.nxt, out.reads.impure = nil, k.reads.cur, true // names are looked up in another state
	out.test = func(w *Worker) bool {
		state := append([]value.Value(nil), w.nxt[:len(w.program.vars)]...)
		for i, v := range state {
			if v == 0 {
				w.fail(s, "ENABLED needs the value of %s, which has none yet", w.program.vars[i].Name)
			}
		}
		from := w.cur
		defer func() { w.cur = from }()
		w.cur = state
		for _, slot := range renewed {
			w.slots[slot] = 0
		}
		return k.test(w)
	}
	return out
}
