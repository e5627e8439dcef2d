// Intersections and differences with parts of infinite sets: {1, 5} \cap {n \in Nat : n > 3} tests 1 and 5 and never looks at Nat.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// intersection compiles S \cap T.
func (c *compiler) intersection(e *resolve.Apply, env *env) *code {
	whole := c.sets(e, env, e.Args, func(v []value.Value) (value.Value, *value.Fault) { return value.Intersect(v[0], v[1]) })
	for i := range 2 {
		if k := c.sifted(whole, e.Args[1-i], e.Args[i], true, env); k != nil {
			return k
		}
	}
	return whole
}

// difference compiles S \ T.
func (c *compiler) difference(e *resolve.Apply, env *env) *code {
	whole := c.sets(e, env, e.Args, func(v []value.Value) (value.Value, *value.Fault) { return value.Subtract(v[0], v[1]) })
	if k := c.sifted(whole, e.Args[0], e.Args[1], false, env); k != nil {
		return k
	}
	return whole
}

// sifted keeps the elements of from that are, or are not, in a part of a set that may be infinite. What is compiled as a whole
// counts where it is finite. nil where the part is of another form.
func (c *compiler) sifted(whole *code, from, part resolve.Expr, want bool, env *env) *code {
	base := c.filtered(part, env)
	if base == nil {
		return nil
	}
	in, r, cost := c.memberByForm(part, env)
	if in == nil {
		return nil
	}
	list := c.expr(from, env)
	k := &code{reads: whole.reads, cost: whole.cost + cost}
	k.reads.add(r)
	all, s, set, total := list.value(), at(from, env), base.value(), whole.value()
	k.val = func(w *Worker) value.Value {
		if _, f := value.Cardinality(set(w)); f == nil {
			return total(w)
		}
		base := len(w.stack)
		for _, v := range w.elements(s, all(w)) {
			if in(w, v) == want {
				w.stack = append(w.stack, v)
			}
		}
		return w.setOf(s, base)
	}
	return k
}

// filtered is the set S of {x \in S : P}, through definitions without parameters, where S is constant and may be infinite; else nil.
func (c *compiler) filtered(set resolve.Expr, env *env) *code {
	switch e := set.(type) {
	case *resolve.Filter:
		base := c.expr(e.Bound.Set, env)
		if base.lit != 0 {
			if _, f := value.Cardinality(base.lit); f == nil {
				return nil
			}
		}
		if !base.reads.constant() {
			return nil
		}
		return c.remember(base)
	case *resolve.Call:
		d := e.Def
		if len(d.Params) > 0 || d.Recursive || c.values[d] != 0 || c.replace[d] != nil || c.isBuiltin(d) {
			return nil
		}
		return c.filtered(d.Body, c.lexical(e, env))
	}
	return nil
}
