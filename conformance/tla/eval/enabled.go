// ENABLED A: whether some successor satisfies A.

package eval

import "synod/conformance/tla/resolve"

func (c *compiler) enabled(e *resolve.Apply, env *env) *code {
	a := e.Args[0]
	if env.mode != current {
		return c.unsupported(e, env, "ENABLED inside of a prime cannot be evaluated")
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
