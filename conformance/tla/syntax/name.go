// Parsing names: plain, compound with "!", applied to arguments, and labels.

package syntax

// nameOrLabel = name | name "::" expr .
func (p *parser) nameOrLabel() Expr {
	n := p.name()
	if !p.is("::") {
		return n
	}
	colons := p.next()
	l := &Label{}
	part := n.Parts[0]
	if len(n.Parts) != 1 || part.Kind != PartIdent {
		p.fail(colons.Span, "a label is a name, or a name with variables in parentheses")
	}
	l.Name = Ident{part.Text, part.Span}
	for _, a := range part.Args {
		v, ok := asIdent(a)
		if !ok {
			p.fail(a.Span(), "the parameters of a label are names")
		}
		l.Params = append(l.Params, v)
	}
	l.Body = p.expr()
	l.Sp = p.since(part.Span.Start)
	return l
}

// name = ( identifier | operator | step ) [ args ] { "!" part } .
func (p *parser) name() *Name {
	start := p.tok().Span.Start
	n := &Name{Parts: []Part{p.namedPart()}}
	for p.is("!") {
		p.next()
		n.Parts = append(n.Parts, p.part())
	}
	n.Sp = p.since(start)
	return n
}

// namedPart = ( identifier | operator | step ) [ args ] .
func (p *parser) namedPart() Part {
	t := p.tok()
	part := Part{Kind: PartIdent, Text: t.Text, Span: t.Span}
	switch t.Kind {
	case KindOperator:
		part.Kind = PartOperator
	case KindIdentifier, KindStep:
	default:
		p.unexpected("a name")
	}
	p.next()
	if p.is("(") {
		part.Args = p.args()
	}
	return part
}

// part = namedPart | number | ":" | "<<" | ">>" | "@" | args .
func (p *parser) part() Part {
	t := p.tok()
	switch {
	case t.Kind == KindNumber:
		p.next()
		return Part{Kind: PartIndex, Text: t.Text, Span: t.Span}
	case t.is(":"), t.is("<<"), t.is(">>"), t.is("@"):
		p.next()
		return Part{Kind: PartSelector, Text: t.Text, Span: t.Span}
	case t.is("("):
		return Part{Kind: PartArgs, Args: p.args(), Span: t.Span}
	}
	return p.namedPart()
}

// args = "(" argument { "," argument } ")" .
func (p *parser) args() []Expr {
	p.enter()
	defer p.leave()
	p.next()
	var list []Expr
	p.commaList(func() { list = append(list, p.argument()) })
	p.expect(")", "after the arguments")
	return list
}

// argument = expr | lambda | operator .
func (p *parser) argument() Expr {
	t := p.tok()
	switch {
	case t.is("LAMBDA"):
		return p.lambda()
	case t.Kind == KindOperator && (p.at(1).is(",") || p.at(1).is(")") || p.endsSubst(p.at(1))):
		p.next()
		return &Name{Node{t.Span}, []Part{{Kind: PartOperator, Text: t.Text, Span: t.Span}}}
	}
	return p.expr()
}

// endsSubst reports whether a token cannot be the operand of the operator before it, so that in a substitution
// "Op <- +" the operator stands alone.
func (p *parser) endsSubst(t *Token) bool {
	switch t.Kind {
	case KindEnd, KindDashes, KindEquals:
		return true
	case KindKeyword:
		return unitWords[t.Text] || t.Text == "IN"
	case KindIdentifier:
		return p.at(2).is("==")
	}
	return false
}

// lambda = "LAMBDA" names ":" expr .
func (p *parser) lambda() Expr {
	p.enter()
	defer p.leave()
	start := p.next().Span.Start
	l := &Lambda{}
	for _, name := range p.names() {
		l.Params = append(l.Params, Decl{Ident: name})
	}
	p.expect(":", "after the parameters of a LAMBDA")
	l.Body = p.expr()
	l.Sp = p.since(start)
	return l
}
