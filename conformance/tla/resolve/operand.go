// The parts of an expression as selectors and labels see them.

package resolve

import "synod/conformance/tla/syntax"

// binder gives the bounds and the body of an expression that binds names; the body is nil for any other.
func binder(u syntax.Expr) ([]syntax.Bound, syntax.Expr) {
	switch u := u.(type) {
	case *syntax.Quant:
		return u.Bounds, u.Body
	case *syntax.Choose:
		return []syntax.Bound{u.Bound}, u.Body
	case *syntax.Filter:
		return []syntax.Bound{u.Bound}, u.Body
	case *syntax.MapSet:
		return u.Bounds, u.Body
	case *syntax.Func:
		return u.Bounds, u.Body
	}
	return nil, nil
}

// operands gives the operands of an expression in the order in which selectors count them: for one that binds names,
// the sets of its bounds.
func operands(u syntax.Expr) []syntax.Expr {
	if bounds, body := binder(u); body != nil {
		var sets []syntax.Expr
		for _, b := range bounds {
			if b.Set != nil {
				sets = append(sets, b.Set)
			}
		}
		return sets
	}
	switch u := u.(type) {
	case *syntax.Name:
		return u.Parts[len(u.Parts)-1].Args
	case *syntax.PrefixExpr:
		return []syntax.Expr{u.X}
	case *syntax.PostfixExpr:
		return []syntax.Expr{u.X}
	case *syntax.InfixExpr:
		if u.Op == `\X` {
			return chain(u)
		}
		return []syntax.Expr{u.X, u.Y}
	case *syntax.Junction:
		return u.Items
	case *syntax.If:
		return []syntax.Expr{u.Cond, u.Then, u.Else}
	case *syntax.SetEnum:
		return u.Items
	case *syntax.Tuple:
		return u.Items
	case *syntax.FuncSet:
		return []syntax.Expr{u.Dom, u.Rng}
	case *syntax.FuncApply:
		return []syntax.Expr{u.Func, argument(u)}
	case *syntax.Field:
		return []syntax.Expr{u.Rec, &syntax.String{Node: syntax.Node{Sp: u.Name.Span}, Value: u.Name.Name}}
	case *syntax.Record:
		return fieldValues(u.Fields)
	case *syntax.RecordSet:
		return fieldValues(u.Fields)
	case *syntax.Except:
		return []syntax.Expr{u.Func}
	case *syntax.ActionExpr:
		return []syntax.Expr{u.Action, u.Subscript}
	case *syntax.Fairness:
		return []syntax.Expr{u.Subscript, u.Action}
	}
	return nil
}

// argument is the argument of a function application: several are one tuple.
func argument(u *syntax.FuncApply) syntax.Expr {
	if len(u.Args) == 1 {
		return u.Args[0]
	}
	return &syntax.Tuple{Node: u.Node, Items: u.Args}
}

func fieldValues(fields []syntax.FieldExpr) []syntax.Expr {
	var list []syntax.Expr
	for _, f := range fields {
		list = append(list, f.Value)
	}
	return list
}

// label follows the name of a label: the expression in the definition's body that it marks.
func (s *selection) label() bool {
	from := *s
	if !s.find(s.part().Text) {
		*s = from
		return s.fail("there is no label %s in what is selected", s.part().Text)
	}
	l := s.cur.(*syntax.Label)
	var locals []*Local
	for _, p := range l.Params {
		bound, _ := s.env.lookup(p.Name)
		local, ok := bound.(*Local)
		if !ok {
			return s.fail("the label %s has the parameter %s, which is not bound around it", l.Name.Name, p.Name)
		}
		locals = append(locals, local)
	}
	s.cur = l.Body
	return s.bind(locals) && s.advance()
}

// find goes down to the expression with a label, and reports whether there is one. A label inside another label is
// named through that one.
func (s *selection) find(name string) bool {
	switch u := s.cur.(type) {
	case *syntax.Label:
		return u.Name.Name == name
	case *syntax.Paren:
		s.cur = u.X
		return s.find(name)
	case *syntax.Let:
		s.openLet(u)
		return s.find(name)
	}
	here := *s
	for _, part := range allParts(s.cur) {
		*s = here
		s.cur = part
		if s.find(name) {
			return true
		}
	}
	*s = here
	bounds, body := binder(s.cur)
	if body == nil {
		return false
	}
	_, locals := s.r.bounds(bounds, s.env)
	s.env = s.env.withLocals(locals)
	s.cur = body
	return s.find(name)
}

// allParts gives the operands of an expression, those of a CASE too.
func allParts(u syntax.Expr) []syntax.Expr {
	c, ok := u.(*syntax.Case)
	if !ok {
		return operands(u)
	}
	var list []syntax.Expr
	for _, arm := range c.Arms {
		list = append(list, arm.Cond, arm.Value)
	}
	if c.Other != nil {
		list = append(list, c.Other)
	}
	return list
}
