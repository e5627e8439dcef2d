// Expressions whose evaluation cannot fail.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// kind is what the compiler knows of an expression's value.
type kind uint8

const (
	anyKind     kind = iota // nothing, or the evaluation may fail
	intKind                 // an integer
	elementKind             // an element of an interval: an integer, and not the largest one
	boolKind
)

func (k kind) number() bool { return k == intKind || k == elementKind }

// kindOf tells the kind of an expression that can be evaluated without an error; anyKind where that is not certain.
func (c *compiler) kindOf(e resolve.Expr, env *env) kind {
	switch e := e.(type) {
	case *resolve.Bool:
		return boolKind
	case *resolve.Number:
		if n, ok := parseInt(e.Text); ok && n <= c.maxInt {
			return intKind
		}
	case *resolve.LocalRef:
		b := env.findLocal(e.Local)
		switch {
		case b == nil || len(e.Args) > 0:
		case b.kind == boundSlot:
			return b.element
		case b.kind == boundLazy && b.env.mode == env.mode:
			return c.kindOf(b.expr, b.env)
		}
	case *resolve.FuncApply:
		return c.kindOfItem(e, env)
	case *resolve.And:
		return c.booleans(e.Items, env)
	case *resolve.Or:
		return c.booleans(e.Items, env)
	case *resolve.Apply:
		switch e.Op {
		case resolve.OpNot, resolve.OpImplies, resolve.OpEquiv:
			return c.booleans(e.Args, env)
		case resolve.OpEq, resolve.OpNeq:
			return c.comparable(e.Args[0], e.Args[1], env)
		}
	case *resolve.Call:
		return c.kindOfCall(e, env)
	}
	return anyKind
}

// kindOfItem is the kind of t[1] where t is bound to a tuple that is written out.
func (c *compiler) kindOfItem(e *resolve.FuncApply, env *env) kind {
	f := e.Func
	for range 8 {
		ref, ok := f.(*resolve.LocalRef)
		if !ok {
			break
		}
		b := env.findLocal(ref.Local)
		if b == nil || b.kind != boundLazy || b.env.mode != env.mode || len(ref.Args) > 0 {
			return anyKind
		}
		f, env = b.expr, b.env
	}
	tuple, ok := f.(*resolve.Tuple)
	if !ok || len(e.Args) != 1 {
		return anyKind
	}
	number, ok := e.Args[0].(*resolve.Number)
	if !ok {
		return anyKind
	}
	n, ok := parseInt(number.Text)
	if !ok || n < 1 || n > int64(len(tuple.Items)) {
		return anyKind
	}
	for _, item := range tuple.Items {
		if c.kindOf(item, env) == anyKind {
			return anyKind
		}
	}
	return c.kindOf(tuple.Items[n-1], env)
}

func (c *compiler) booleans(list []resolve.Expr, env *env) kind {
	for _, e := range list {
		if c.kindOf(e, env) != boolKind {
			return anyKind
		}
	}
	return boolKind
}

// comparable is boolKind where both are integers.
func (c *compiler) comparable(a, b resolve.Expr, env *env) kind {
	if c.kindOf(a, env).number() && c.kindOf(b, env).number() {
		return boolKind
	}
	return anyKind
}

// kindOfCall knows the comparisons of integers, and n + 1.
func (c *compiler) kindOfCall(e *resolve.Call, env *env) kind {
	d := e.Def
	if builtinOf(d) == nil || d.Module.Name != "Naturals" || c.replace[d] != nil || c.values[d] != 0 || len(e.Args) != 2 {
		return anyKind
	}
	list, ok := expressions(e.Args)
	if !ok {
		return anyKind
	}
	switch d.Name {
	case "<", ">", `\leq`, `\geq`:
		return c.comparable(list[0], list[1], env)
	case "+":
		one, ok := list[1].(*resolve.Number)
		if ok && one.Text == "1" && c.kindOf(list[0], env) == elementKind {
			return intKind
		}
	}
	return anyKind
}

// kindOfElements is what is known of the elements of a set.
func (c *compiler) kindOfElements(set resolve.Expr, k *code) kind {
	if call, ok := set.(*resolve.Call); ok {
		d := call.Def
		if b := builtinOf(d); b != nil && d.Module.Name == "Naturals" && d.Name == ".." && c.replace[d] == nil && c.values[d] == 0 {
			return elementKind
		}
	}
	if k.lit == value.BooleanSet {
		return boolKind
	}
	return anyKind
}
