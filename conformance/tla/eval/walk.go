// Going through expressions.

package eval

import "synod/conformance/tla/resolve"

// Walk visits an expression and everything in it, from the outside in.
func Walk(e resolve.Expr, visit func(resolve.Expr)) {
	if e == nil {
		return
	}
	visit(e)
	each := func(list ...resolve.Expr) {
		for _, x := range list {
			Walk(x, visit)
		}
	}
	args := func(list []resolve.Arg) {
		for _, a := range list {
			switch a := a.(type) {
			case *resolve.OpArg:
				if a.Def != nil && a.Def.Name == "LAMBDA" {
					Walk(a.Def.Body, visit)
				}
			case resolve.Expr:
				Walk(a, visit)
			}
		}
	}
	bounds := func(list []resolve.Bound) {
		for _, b := range list {
			each(b.Set)
		}
	}
	switch e := e.(type) {
	case *resolve.ConstRef:
		args(e.Args)
	case *resolve.LocalRef:
		args(e.Args)
	case *resolve.Call:
		for _, step := range e.Path {
			args(step.Args)
		}
		args(e.Args)
	case *resolve.Quant:
		bounds(e.Bounds)
		each(e.Body)
	case *resolve.Choose:
		bounds([]resolve.Bound{e.Bound})
		each(e.Body)
	case *resolve.Filter:
		bounds([]resolve.Bound{e.Bound})
		each(e.Body)
	case *resolve.MapSet:
		bounds(e.Bounds)
		each(e.Body)
	case *resolve.Func:
		bounds(e.Bounds)
		each(e.Body)
	case *resolve.Let:
		for _, d := range e.Defs {
			each(d.Body)
		}
		each(e.Body)
	default:
		each(parts(e)...)
	}
}

// parts are the direct parts of expressions that bind no names.
func parts(e resolve.Expr) []resolve.Expr {
	switch e := e.(type) {
	case *resolve.Apply:
		return e.Args
	case *resolve.And:
		return e.Items
	case *resolve.Or:
		return e.Items
	case *resolve.UnboundedQuant:
		return []resolve.Expr{e.Body}
	case *resolve.FuncDef:
		return []resolve.Expr{e.Func}
	case *resolve.FuncSet:
		return []resolve.Expr{e.Dom, e.Rng}
	case *resolve.FuncApply:
		return append([]resolve.Expr{e.Func}, e.Args...)
	case *resolve.Field:
		return []resolve.Expr{e.Rec}
	case *resolve.Except:
		out := []resolve.Expr{e.Func}
		for _, u := range e.Updates {
			for _, s := range u.Path {
				out = append(out, s.Args...)
			}
			out = append(out, u.Value)
		}
		return out
	case *resolve.Record:
		return e.Values
	case *resolve.RecordSet:
		return e.Sets
	case *resolve.Tuple:
		return e.Items
	case *resolve.Product:
		return e.Sets
	case *resolve.SetEnum:
		return e.Items
	case *resolve.If:
		return []resolve.Expr{e.Cond, e.Then, e.Else}
	case *resolve.Case:
		var out []resolve.Expr
		for _, a := range e.Arms {
			out = append(out, a.Cond, a.Value)
		}
		if e.Other != nil {
			out = append(out, e.Other)
		}
		return out
	}
	return nil
}
