// Resolving expressions: from what is written to what it means.

package resolve

import (
	"fmt"

	"synod/conformance/tla/syntax"
)

// node is the head of an expression that stands where u stands. Levels come later.
func node(u syntax.Expr) Node { return Node{Sp: u.Span()} }

// invalid stands for an expression with a mistake, which has been reported.
func invalid(u syntax.Expr) Expr { return &Bool{Node: node(u)} }

// count gives "1 parameter", "2 parameters".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// expr resolves an expression that must be a value or a formula, not an operator.
func (r *resolver) expr(u syntax.Expr, e *env) Expr {
	switch u := u.(type) {
	case *syntax.Name:
		return r.name(u, e)
	case *syntax.Number:
		return &Number{node(u), u.Text}
	case *syntax.String:
		return &String{node(u), u.Value}
	case *syntax.At:
		return r.at(u, e)
	case *syntax.Paren:
		return r.expr(u.X, e)
	case *syntax.Label:
		return r.label(u, e)
	case *syntax.PrefixExpr:
		return r.operation(u, u.Op, u.OpSpan, e, u.X)
	case *syntax.PostfixExpr:
		return r.operation(u, u.Op, u.OpSpan, e, u.X)
	case *syntax.InfixExpr:
		return r.infix(u, e)
	case *syntax.Junction:
		return junction(node(u), u.Op, r.exprs(u.Items, e))
	case *syntax.If:
		return &If{node(u), r.expr(u.Cond, e), r.expr(u.Then, e), r.expr(u.Else, e)}
	case *syntax.Case:
		return r.caseExpr(u, e)
	case *syntax.Let:
		return r.let(u, e)
	case *syntax.Lambda:
		r.errs.Add(u.Sp, "a LAMBDA stands where a value is expected")
		return invalid(u)
	}
	return r.compound(u, e)
}

// compound resolves sets, functions, records, tuples, quantifiers and actions.
func (r *resolver) compound(u syntax.Expr, e *env) Expr {
	switch u := u.(type) {
	case *syntax.Quant:
		return r.quant(u, e)
	case *syntax.Choose:
		bounds, locals := r.bounds([]syntax.Bound{u.Bound}, e)
		return &Choose{node(u), bounds[0], r.body(u.Body, e, locals)}
	case *syntax.Filter:
		bounds, locals := r.bounds([]syntax.Bound{u.Bound}, e)
		return &Filter{node(u), bounds[0], r.body(u.Body, e, locals)}
	case *syntax.MapSet:
		bounds, locals := r.bounds(u.Bounds, e)
		return &MapSet{node(u), bounds, r.body(u.Body, e, locals)}
	case *syntax.Func:
		bounds, locals := r.bounds(u.Bounds, e)
		return &Func{node(u), bounds, r.body(u.Body, e, locals)}
	case *syntax.SetEnum:
		return &SetEnum{node(u), r.exprs(u.Items, e)}
	case *syntax.Tuple:
		return &Tuple{node(u), r.exprs(u.Items, e)}
	case *syntax.FuncSet:
		return &FuncSet{node(u), r.expr(u.Dom, e), r.expr(u.Rng, e)}
	case *syntax.FuncApply:
		return r.funcApply(u, e)
	case *syntax.Field:
		return &Field{node(u), r.expr(u.Rec, e), u.Name.Name}
	case *syntax.Record:
		names, values := r.fields(u.Fields, e)
		return &Record{node(u), names, values}
	case *syntax.RecordSet:
		names, sets := r.fields(u.Fields, e)
		return &RecordSet{node(u), names, sets}
	case *syntax.Except:
		return r.except(u, e)
	case *syntax.ActionExpr:
		op := OpBoxAction
		if u.Angle {
			op = OpDiaAction
		}
		return &Apply{node(u), op, []Expr{r.expr(u.Action, e), r.expr(u.Subscript, e)}}
	case *syntax.Fairness:
		op := OpWF
		if u.Strong {
			op = OpSF
		}
		return &Apply{node(u), op, []Expr{r.expr(u.Subscript, e), r.expr(u.Action, e)}}
	}
	panic(fmt.Sprintf("resolve: %T is no expression", u))
}

// funcApply resolves f[a, b]. A function that is defined by name takes as many arguments as its definition says.
func (r *resolver) funcApply(u *syntax.FuncApply, e *env) Expr {
	f := r.expr(u.Func, e)
	if call, ok := f.(*Call); ok && len(u.Args) > 1 {
		if def, ok := call.Def.Body.(*FuncDef); ok {
			if n := len(def.Func.Bounds); n != len(u.Args) {
				r.errs.Add(u.Sp, "the function %s is defined with %s, but has %d here", call.Def.Name, count(n, "argument"), len(u.Args))
			}
		}
	}
	return &FuncApply{node(u), f, r.exprs(u.Args, e)}
}

func (r *resolver) exprs(list []syntax.Expr, e *env) []Expr {
	out := make([]Expr, len(list))
	for i, u := range list {
		out[i] = r.expr(u, e)
	}
	return out
}

func (r *resolver) at(u *syntax.At, e *env) Expr {
	if bound, _ := e.lookup("@"); bound != nil {
		return &LocalRef{Node: node(u), Local: bound.(*Local)}
	}
	r.errs.Add(u.Sp, "@ has a meaning only in the new value of an EXCEPT")
	return invalid(u)
}

func (r *resolver) caseExpr(u *syntax.Case, e *env) Expr {
	c := &Case{Node: node(u)}
	for _, arm := range u.Arms {
		c.Arms = append(c.Arms, Arm{r.expr(arm.Cond, e), r.expr(arm.Value, e)})
	}
	if u.Other != nil {
		c.Other = r.expr(u.Other, e)
	}
	return c
}

// junction makes an And or an Or; one item alone is itself.
func junction(n Node, op string, items []Expr) Expr {
	switch {
	case len(items) == 1:
		return items[0]
	case op == `/\`:
		return &And{n, items}
	}
	return &Or{n, items}
}

// infix resolves X op Y. Chains of /\, of \/ and of \X become one node.
func (r *resolver) infix(u *syntax.InfixExpr, e *env) Expr {
	switch u.Op {
	case `/\`, `\/`:
		return junction(node(u), u.Op, r.exprs(chain(u), e))
	case `\X`:
		return &Product{node(u), r.exprs(chain(u), e)}
	}
	return r.operation(u, u.Op, u.OpSpan, e, u.X, u.Y)
}

// chain gives the operands of a op b op c, which is parsed as (a op b) op c.
func chain(u *syntax.InfixExpr) []syntax.Expr {
	reversed := []syntax.Expr{u.Y}
	left := u.X
	for {
		in, ok := left.(*syntax.InfixExpr)
		if !ok || in.Op != u.Op {
			break
		}
		reversed = append(reversed, in.Y)
		left = in.X
	}
	reversed = append(reversed, left)
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return reversed
}

// operation resolves an operator symbol with its operands: a defined one, or one of the language.
func (r *resolver) operation(u syntax.Expr, op string, at syntax.Span, e *env, operands ...syntax.Expr) Expr {
	if o := languageOps[op]; o != OpNone {
		return &Apply{node(u), o, r.exprs(operands, e)}
	}
	name := &syntax.Name{Node: syntax.Node{Sp: u.Span()}}
	name.Parts = []syntax.Part{{Kind: syntax.PartOperator, Text: op, Args: operands, Span: at}}
	return r.name(name, e)
}

// bounds resolves the bounds of a quantifier and the like. The sets do not see the names that are bound.
func (r *resolver) bounds(list []syntax.Bound, e *env) ([]Bound, []*Local) {
	var out []Bound
	var all []*Local
	inner := e
	for _, u := range list {
		var set Expr
		if u.Set != nil {
			set = r.boundSet(u.Set, e, all)
		}
		var locals []*Local
		for _, name := range u.Names {
			l := &Local{Name: name.Name, Span: name.Span}
			r.checkFresh(l, inner)
			inner = inner.withLocal(l)
			locals = append(locals, l)
		}
		all = append(all, locals...)
		if u.Tuple {
			out = append(out, Bound{locals, true, set})
			continue
		}
		for _, l := range locals {
			out = append(out, Bound{[]*Local{l}, false, set})
		}
	}
	return out, all
}

// boundSet resolves the set of a bound. A use of a variable that is bound before it in the same list is a mistake
// with a message of its own.
func (r *resolver) boundSet(u syntax.Expr, e *env, before []*Local) Expr {
	for _, l := range before {
		e = e.with(l.Name, sibling{l}, l.Span)
	}
	return r.expr(u, e)
}

// sibling is a variable in the sets of the bounds behind its own, where it may not be used.
type sibling struct{ local *Local }

func (r *resolver) quant(u *syntax.Quant, e *env) Expr {
	forall := u.Op == `\A` || u.Op == `\AA`
	bounds, locals := r.bounds(u.Bounds, e)
	body := r.body(u.Body, e, locals)
	if u.Bounds[0].Set != nil {
		return &Quant{node(u), forall, bounds, body}
	}
	temporal := u.Op == `\AA` || u.Op == `\EE`
	return &UnboundedQuant{node(u), forall, temporal, locals, body}
}

// fields resolves the fields of a record, whose names must differ.
func (r *resolver) fields(list []syntax.FieldExpr, e *env) ([]string, []Expr) {
	var names []string
	var values []Expr
	for _, f := range list {
		if contains(names, f.Name.Name) {
			r.errs.Add(f.Name.Span, "the record has the field %s already", f.Name.Name)
		}
		names = append(names, f.Name.Name)
		values = append(values, r.expr(f.Value, e))
	}
	return names, values
}

// except resolves [f EXCEPT ![a] = e]. In e the sign @ is what stood there before.
func (r *resolver) except(u *syntax.Except, e *env) Expr {
	x := &Except{Node: node(u), Func: r.expr(u.Func, e)}
	for _, up := range u.Updates {
		out := Update{Span: up.Span}
		for _, step := range up.Path {
			if step.Args == nil {
				out.Path = append(out.Path, Step{Name: step.Name.Name})
				continue
			}
			out.Path = append(out.Path, Step{Args: r.exprs(step.Args, e)})
		}
		at := &Local{Name: "@", Span: up.Span}
		used := false
		inner := e.withLocal(at)
		inner.used = &used
		out.Value = r.withoutLabels(up.Value, inner)
		if used {
			out.At = at
		}
		x.Updates = append(x.Updates, out)
	}
	return x
}
