// Parsing what stands in braces, brackets and angle brackets, which tell what they are only by what follows.

package syntax

// braces = "{" [ exprs ] "}" | "{" bound ":" expr "}" | "{" expr ":" bounds "}" .
func (p *parser) braces() Expr {
	start := p.next().Span.Start
	if p.accept("}") {
		return &SetEnum{Node: p.nodeFrom(start)}
	}
	first := p.expr()
	if p.accept(":") {
		return p.comprehension(start, first)
	}
	s := &SetEnum{Items: []Expr{first}}
	if p.accept(",") {
		s.Items = append(s.Items, p.exprs()...)
	}
	p.expect("}", "after the elements of a set")
	s.Sp = p.since(start)
	return s
}

// comprehension parses the rest of a set after "{ first :". It is a filter where first has the form x \in S.
func (p *parser) comprehension(start Pos, first Expr) Expr {
	if b, ok := asBound(first); ok {
		f := &Filter{Bound: b, Body: p.expr()}
		p.expect("}", "after the condition of a set")
		f.Sp = p.since(start)
		return f
	}
	m := &MapSet{Body: first, Bounds: p.bounds()}
	p.expect("}", "after the variables of a set")
	m.Sp = p.since(start)
	return m
}

// asBound reads an expression of the form x \in S or <<x, y>> \in S as a bound.
func asBound(e Expr) (Bound, bool) {
	in, ok := e.(*InfixExpr)
	if !ok || in.Op != `\in` {
		return Bound{}, false
	}
	if name, ok := asIdent(in.X); ok {
		return Bound{Names: []Ident{name}, Set: in.Y}, true
	}
	t, ok := in.X.(*Tuple)
	if !ok || len(t.Items) == 0 {
		return Bound{}, false
	}
	b := Bound{Tuple: true, Set: in.Y}
	for _, item := range t.Items {
		name, ok := asIdent(item)
		if !ok {
			return Bound{}, false
		}
		b.Names = append(b.Names, name)
	}
	return b, true
}

// asIdent reads an expression that is a plain identifier.
func asIdent(e Expr) (Ident, bool) {
	n, ok := e.(*Name)
	if !ok || len(n.Parts) != 1 || n.Parts[0].Kind != PartIdent || n.Parts[0].Args != nil {
		return Ident{}, false
	}
	return Ident{n.Parts[0].Text, n.Parts[0].Span}, true
}

// brackets = function | functionSet | record | recordSet | except | "[" expr "]_" subscript .
func (p *parser) brackets() Expr {
	start := p.next().Span.Start
	switch {
	case p.fieldFollowedBy("|->"):
		return &Record{Fields: p.fields("|->"), Node: p.nodeFrom(start)}
	case p.fieldFollowedBy(":"):
		return &RecordSet{Fields: p.fields(":"), Node: p.nodeFrom(start)}
	case p.tok().Kind == KindIdentifier && p.at(1).is(","):
		return p.function(start, nil)
	}
	first := p.expr()
	switch t := p.tok(); {
	case t.is("->"):
		p.next()
		f := &FuncSet{Dom: first, Rng: p.expr()}
		p.expect("]", "after a set of functions")
		f.Sp = p.since(start)
		return f
	case t.is("EXCEPT"):
		p.next()
		return p.except(start, first)
	case t.is("]_"):
		p.next()
		a := &ActionExpr{Action: first, Subscript: p.subscript()}
		a.Sp = p.since(start)
		return a
	case t.is("|->"), t.is(","):
		if b, ok := asBound(first); ok {
			return p.function(start, &b)
		}
	}
	p.unexpected("|->, ->, EXCEPT or ]_ in brackets")
	return nil
}

// fieldFollowedBy reports whether the next tokens are a field's name and the sign.
func (p *parser) fieldFollowedBy(sign string) bool {
	t := p.tok()
	return (t.Kind == KindIdentifier || t.isReserved()) && p.at(1).is(sign)
}

// fields = name sign expr { "," name sign expr } "]" .
func (p *parser) fields(sign string) []FieldExpr {
	var list []FieldExpr
	p.commaList(func() {
		if t := p.tok(); (sign == ":" || len(list) > 0) && t.isReserved() {
			p.fail(t.Span, "%s is a reserved word: it may name a field only where the field is read, or first in [%s |-> ..]", t.Text, t.Text)
		}
		f := FieldExpr{Name: p.fieldName()}
		p.expect(sign, "after the name of a field")
		f.Value = p.expr()
		list = append(list, f)
	})
	p.expect("]", "after the fields of a record")
	return list
}

// function = "[" bounds "|->" expr "]" ; the first bound may have been read already.
func (p *parser) function(start Pos, first *Bound) Expr {
	f := &Func{}
	if first != nil {
		f.Bounds = []Bound{*first}
	}
	if first == nil || p.accept(",") {
		f.Bounds = append(f.Bounds, p.bounds()...)
	}
	p.expect("|->", "in a function")
	f.Body = p.expr()
	p.expect("]", "after a function")
	f.Sp = p.since(start)
	return f
}

// except = "[" expr "EXCEPT" update { "," update } "]", update = "!" step { step } "=" expr .
func (p *parser) except(start Pos, f Expr) Expr {
	e := &Except{Func: f}
	p.commaList(func() {
		bang := p.expect("!", "in an EXCEPT")
		u := Update{Path: p.steps()}
		p.expect("=", "in an EXCEPT")
		u.Value = p.expr()
		u.Span = p.since(bang.Span.Start)
		e.Updates = append(e.Updates, u)
	})
	p.expect("]", "after an EXCEPT")
	e.Sp = p.since(start)
	return e
}

// steps = step { step }, step = "[" exprs "]" | "." name .
func (p *parser) steps() []Step {
	var list []Step
	for {
		switch {
		case p.accept("["):
			list = append(list, Step{Args: p.exprs()})
			p.expect("]", "in an EXCEPT")
		case p.accept("."):
			list = append(list, Step{Name: p.fieldName()})
		case len(list) == 0:
			p.unexpected("[ or . after the ! of an EXCEPT")
		default:
			return list
		}
	}
}

// angles = "<<" [ exprs ] ">>" | "<<" expr ">>_" subscript .
func (p *parser) angles() Expr {
	start := p.next().Span.Start
	t := &Tuple{}
	if !p.is(">>") {
		t.Items = p.exprs()
	}
	if p.is(">>_") && len(t.Items) == 1 {
		p.next()
		a := &ActionExpr{Angle: true, Action: t.Items[0], Subscript: p.subscript()}
		a.Sp = p.since(start)
		return a
	}
	p.expect(">>", "after the elements of a tuple")
	t.Sp = p.since(start)
	return t
}
