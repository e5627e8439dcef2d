// Parsing operands: everything that an expression is made of besides its operators.

package syntax

// operand = junctionList | quantifier | choose | if | case | let | fairness | name | number | string | "@"
//
//	| "(" expr ")" | set | bracketed | tuple .
func (p *parser) operand() Expr {
	t := p.tok()
	switch t.Kind {
	case KindKeyword:
		return p.wordOperand(t)
	case KindPunct:
		return p.signOperand(t)
	case KindIdentifier, KindStep:
		return p.nameOrLabel()
	case KindNumber:
		p.next()
		return &Number{Node{t.Span}, t.Text}
	case KindString:
		p.next()
		return &String{Node{t.Span}, t.Text}
	case KindOperator:
		return p.operatorOperand(t)
	}
	p.unexpected("an expression")
	return nil
}

// wordOperand parses what begins with a keyword.
func (p *parser) wordOperand(t *Token) Expr {
	switch t.Text {
	case "IF":
		return p.ifExpr()
	case "CASE":
		return p.caseExpr()
	case "LET":
		return p.letExpr()
	case "CHOOSE":
		return p.choose()
	case "WF_", "SF_":
		return p.fairness()
	case "LAMBDA":
		p.fail(t.Span, "a LAMBDA may stand only where an operator is expected: as an argument or in a substitution")
	}
	p.unexpected("an expression")
	return nil
}

// signOperand parses what begins with a bracket or another sign.
func (p *parser) signOperand(t *Token) Expr {
	switch t.Text {
	case "(":
		return p.paren()
	case "{":
		return p.braces()
	case "[":
		return p.brackets()
	case "<<":
		return p.angles()
	case `\A`, `\E`, `\AA`, `\EE`:
		return p.quantifier()
	case "@":
		p.next()
		return &At{Node{t.Span}}
	}
	p.unexpected("an expression")
	return nil
}

// operatorOperand parses a junction list, or an operator symbol that is used like a name: +(a, b).
func (p *parser) operatorOperand(t *Token) Expr {
	if t.Bullet {
		return p.junction()
	}
	if p.at(1).is("(") || p.at(1).is("!") {
		return p.name()
	}
	p.unexpected("an expression")
	return nil
}

// junction = item { item }, item = ( "/\" | "\/" ) expr ; all items have the same bullet in the same column, and an
// item ends before the first token at or left of that column.
func (p *parser) junction() Expr {
	first := p.tok()
	j := &Junction{Op: first.Text}
	outer := p.column
	for {
		t := p.raw()
		if !t.Bullet || t.Text != j.Op || t.Indent != first.Indent {
			break
		}
		p.next()
		p.column = first.Indent
		j.Items = append(j.Items, p.expr())
		p.column = outer
	}
	j.Sp = p.since(first.Span.Start)
	return j
}

// exprs = expr { "," expr } .
func (p *parser) exprs() []Expr {
	var list []Expr
	p.commaList(func() { list = append(list, p.expr()) })
	return list
}

// paren = "(" expr ")" .
func (p *parser) paren() Expr {
	start := p.next().Span.Start
	x := p.expr()
	p.expect(")", "after the expression in parentheses")
	return &Paren{p.nodeFrom(start), x}
}

// ifExpr = "IF" expr "THEN" expr "ELSE" expr .
func (p *parser) ifExpr() Expr {
	start := p.next().Span.Start
	e := &If{Cond: p.expr()}
	p.expect("THEN", "of an IF")
	e.Then = p.expr()
	p.expect("ELSE", "of an IF")
	e.Else = p.expr()
	e.Sp = p.since(start)
	return e
}

// caseExpr = "CASE" arm { "[]" arm } [ "[]" "OTHER" "->" expr ], arm = expr "->" expr .
func (p *parser) caseExpr() Expr {
	start := p.next().Span.Start
	c := &Case{}
	for {
		if len(c.Arms) > 0 && p.accept("OTHER") {
			p.expect("->", "after OTHER")
			c.Other = p.expr()
			break
		}
		arm := Arm{Cond: p.expr()}
		p.expect("->", "in an arm of a CASE")
		arm.Value = p.expr()
		c.Arms = append(c.Arms, arm)
		if !p.accept("[]") {
			break
		}
	}
	c.Sp = p.since(start)
	return c
}

// letExpr = "LET" { recursive | definition } "IN" expr .
func (p *parser) letExpr() Expr {
	start := p.next().Span.Start
	l := &Let{}
	for len(l.Defs) == 0 || !p.is("IN") {
		switch t := p.tok(); {
		case t.is("RECURSIVE"):
			l.Defs = append(l.Defs, p.recursive())
		case t.Kind == KindIdentifier || t.Kind == KindOperator:
			l.Defs = append(l.Defs, p.definition())
		default:
			p.unexpected("a definition or IN")
		}
	}
	p.next()
	l.Body = p.expr()
	l.Sp = p.since(start)
	return l
}

// quantifier = ( "\A" | "\E" ) ( bounds | names ) ":" expr | ( "\AA" | "\EE" ) names ":" expr .
func (p *parser) quantifier() Expr {
	t := p.next()
	q := &Quant{Op: t.Text}
	if t.Text == `\AA` || t.Text == `\EE` {
		q.Bounds = []Bound{{Names: p.names()}}
	} else {
		q.Bounds = p.boundsOrNames()
	}
	p.expect(":", "after the variables of "+t.Text)
	q.Body = p.expr()
	q.Sp = p.since(t.Span.Start)
	return q
}

// boundsOrNames = bounds | names .
func (p *parser) boundsOrNames() []Bound {
	if p.is("<<") {
		return p.bounds()
	}
	names := p.names()
	if !p.is(`\in`) {
		return []Bound{{Names: names}}
	}
	p.next()
	first := Bound{Names: names, Set: p.expr()}
	if !p.accept(",") {
		return []Bound{first}
	}
	return append([]Bound{first}, p.bounds()...)
}

// names = name { "," name } .
func (p *parser) names() []Ident {
	var list []Ident
	p.commaList(func() { list = append(list, p.ident("a variable's name")) })
	return list
}

// bounds = bound { "," bound } .
func (p *parser) bounds() []Bound {
	var list []Bound
	p.commaList(func() { list = append(list, p.bound()) })
	return list
}

// bound = ( names | "<<" names ">>" ) "\in" expr .
func (p *parser) bound() Bound {
	var b Bound
	if p.is("<<") {
		b = p.tuplePattern()
	} else {
		b.Names = p.names()
	}
	p.expect(`\in`, "after the variables")
	b.Set = p.expr()
	return b
}

// tuplePattern = "<<" names ">>" .
func (p *parser) tuplePattern() Bound {
	p.next()
	b := Bound{Tuple: true, Names: p.names()}
	p.expect(">>", "after the variables")
	return b
}

// choose = "CHOOSE" ( name | "<<" names ">>" ) [ "\in" expr ] ":" expr .
func (p *parser) choose() Expr {
	start := p.next().Span.Start
	c := &Choose{}
	if p.is("<<") {
		c.Bound = p.tuplePattern()
	} else {
		c.Bound.Names = []Ident{p.ident("a variable's name")}
	}
	if p.accept(`\in`) {
		c.Bound.Set = p.expr()
	}
	p.expect(":", "in a CHOOSE")
	c.Body = p.expr()
	c.Sp = p.since(start)
	return c
}

// fairness = ( "WF_" | "SF_" ) subscript "(" expr ")" .
func (p *parser) fairness() Expr {
	t := p.next()
	f := &Fairness{Strong: t.Text == "SF_", Subscript: p.subscript()}
	if p.is("(") {
		p.next()
		f.Action = p.expr()
		p.expect(")", "after the action of "+t.Text)
	} else {
		f.Subscript, f.Action = p.splitSubscript(f.Subscript, t)
	}
	f.Sp = p.since(t.Span.Start)
	return f
}

// splitSubscript takes the action of WF_v(A) from the subscript, which at first reads v(A) as an application.
func (p *parser) splitSubscript(sub Expr, t *Token) (Expr, Expr) {
	n, ok := sub.(*Name)
	if !ok || len(n.Parts[len(n.Parts)-1].Args) != 1 {
		p.fail(p.raw().Span, "expected one action in parentheses after the subscript of %s", t.Text)
	}
	last := &n.Parts[len(n.Parts)-1]
	action := last.Args[0]
	last.Args = nil
	n.Sp.EndLine, n.Sp.EndCol = last.Span.EndLine, last.Span.EndCol
	return n, action
}

// subscript = name | "(" expr ")" | set | bracketed | tuple .
func (p *parser) subscript() Expr {
	p.enter()
	defer p.leave()
	switch t := p.tok(); {
	case t.Kind == KindIdentifier:
		return p.name()
	case t.is("("), t.is("{"), t.is("["), t.is("<<"):
		return p.signOperand(t)
	}
	p.unexpected("a subscript: a name, or an expression in brackets")
	return nil
}
