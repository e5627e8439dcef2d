// CHOOSE of the largest or the smallest: CHOOSE m \in S : \A n \in S : n <= m.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// That is how a specification says "the largest": of the slots that somebody knows, say. To try each element against the
// others takes a time that grows with the square of the set. In a set of integers the element is found by going through it
// once, and in one that only grows by going through what came since the last time. A union is not even put together.

// extremePart is a set that a union is made of, or an element that it names.
type extremePart struct {
	val     valueFn
	element bool
}

// extreme tells how to find what e chooses, where it chooses the largest or the smallest element; nil where it does not. Where
// find gives false, the elements must be tried: none is there, or not all are integers.
func (c *compiler) extreme(e *resolve.Choose, set *code, env *env) (find func(w *Worker) (int64, bool), r reads) {
	largest, ok := c.choosesExtreme(e)
	if !ok {
		return nil, reads{}
	}
	parts, r, ok := c.extremeParts(e.Bound.Set, env, nil)
	if !ok {
		parts, r = []extremePart{{val: set.value()}}, set.reads
	}
	if !r.pure() || r.figures {
		return nil, reads{} // asked a second time it may be another set
	}
	return func(w *Worker) (best int64, found bool) {
		for _, p := range parts {
			v := p.val(w)
			n, ok := int64(0), v.IsInt()
			switch {
			case p.element && ok:
				n = v.Num()
			case p.element:
				return 0, false
			case v == empty:
				continue
			default:
				if n, ok = value.Extreme(v, largest); !ok {
					return 0, false
				}
			}
			if !found || n > best == largest {
				best, found = n, true
			}
		}
		return best, found
	}, r
}

// choosesExtreme reports whether e is CHOOSE m \in S : \A n \in S : n <= m, or the same for the smallest or with >=.
func (c *compiler) choosesExtreme(e *resolve.Choose) (largest, ok bool) {
	all, ok := e.Body.(*resolve.Quant)
	if !ok || e.Bound.Tuple || !all.Forall || len(all.Bounds) != 1 || all.Bounds[0].Tuple || !sameName(e.Bound.Set, all.Bounds[0].Set) {
		return false, false
	}
	call, ok := all.Body.(*resolve.Call)
	if !ok || len(call.Args) != 2 || !c.isBuiltin(call.Def) || c.replace[call.Def] != nil || c.values[call.Def] != 0 {
		return false, false
	}
	m, n := e.Bound.Locals[0], all.Bounds[0].Locals[0]
	swapped := isLocal(call.Args[0], m) && isLocal(call.Args[1], n)
	if !swapped && !(isLocal(call.Args[0], n) && isLocal(call.Args[1], m)) {
		return false, false
	}
	switch call.Def.Name {
	case `\leq`:
		return !swapped, true
	case `\geq`:
		return swapped, true
	}
	return false, false
}

// sameName reports whether two expressions are the same name without arguments, and so have the same value at places of which
// one is inside of the other.
func sameName(a, b resolve.Expr) bool {
	switch a := a.(type) {
	case *resolve.LocalRef:
		return len(a.Args) == 0 && isLocal(b, a.Local)
	case *resolve.VarRef:
		x, ok := b.(*resolve.VarRef)
		return ok && x.Var == a.Var
	case *resolve.Call:
		x, ok := b.(*resolve.Call)
		return ok && x.Def == a.Def && len(a.Args)+len(a.Path)+len(x.Path) == 0
	}
	return false
}

func isLocal(e resolve.Arg, l *resolve.Local) bool {
	ref, ok := e.(*resolve.LocalRef)
	return ok && ref.Local == l
}

// extremeParts appends what a union is made of, looking into the argument that a parameter stands for; ok is false where
// the expression is no union.
func (c *compiler) extremeParts(e resolve.Expr, env *env, parts []extremePart) (_ []extremePart, r reads, ok bool) {
	switch x := e.(type) {
	case *resolve.LocalRef:
		if b := env.findLocal(x.Local); b != nil && b.kind == boundLazy {
			return c.extremeParts(b.expr, b.env.inMode(env.mode), parts)
		}
	case *resolve.Apply:
		if x.Op != resolve.OpCup {
			break
		}
		for _, side := range x.Args {
			list, more, ok := c.extremeParts(side, env, parts)
			if !ok {
				k := c.expr(side, env.inside())
				list, more = append(parts, extremePart{val: k.value()}), k.reads
			}
			parts = list
			r.add(more)
		}
		return parts, r, true
	case *resolve.SetEnum:
		for _, item := range x.Items {
			k := c.expr(item, env.inside())
			r.add(k.reads)
			parts = append(parts, extremePart{val: k.value(), element: true})
		}
		return parts, r, true
	}
	return parts, reads{}, false
}
