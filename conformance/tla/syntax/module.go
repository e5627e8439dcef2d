// Parsing modules: their head, their units, declarations and definitions.

package syntax

// module = "----" "MODULE" name "----" [ "EXTENDS" name { "," name } ] { unit } "====" .
func (p *parser) module() *Module {
	p.enter()
	defer p.leave()
	start := p.raw().Span.Start
	p.dashes()
	p.expect("MODULE", "after the dashes")
	m := &Module{Name: p.ident("the module's name")}
	p.dashes()
	if p.accept("EXTENDS") {
		p.guard(func() {
			p.commaList(func() { m.Extends = append(m.Extends, p.ident("a module's name")) })
		})
	}
	p.units(m)
	m.Sp = p.since(start)
	return m
}

func (p *parser) dashes() {
	if p.raw().Kind != KindDashes {
		p.unexpected("----")
	}
	p.next()
}

// units parses the units of a module up to its end. After a mistake it goes on with the next thing that looks like
// the beginning of a unit.
func (p *parser) units(m *Module) {
	for {
		t := p.raw()
		switch {
		case t.Kind == KindEquals:
			p.next()
			return
		case t.Kind == KindEnd:
			if !p.stopped {
				p.errs.Add(m.Name.Span, "module %s has no end: a line of ==== is missing", m.Name.Name)
			}
			return
		case t.Kind == KindDashes && !p.at(1).is("MODULE"):
			p.next()
		default:
			begin := p.pos
			if !p.guard(func() { p.checkFollows(); m.Units = append(m.Units, p.checkedUnit()...) }) {
				p.recover(begin)
			}
		}
	}
}

// checkFollows fails where the next token stands in the same line as the unit before it and begins no other: it is
// then more likely something too much in that unit.
func (p *parser) checkFollows() {
	t := p.raw()
	before := p.toks[max(p.pos-1, 0)]
	if before.Span.EndLine == t.Span.Start.Line && before.Kind != KindDashes && !p.beginsUnit() {
		p.fail(t.Span, "expected an operator, or the next definition on a line of its own, found %s%s", t.describe(), hint(t))
	}
}

// recover skips to the next token that begins a unit, at the left of or below the first token of the broken one.
func (p *parser) recover(begin int) {
	column := p.toks[begin].Indent
	if p.pos == begin {
		p.next()
	}
	for p.raw().Kind != KindEnd && p.raw().Kind != KindEquals {
		if p.raw().Indent <= column && p.beginsUnit() {
			return
		}
		p.next()
	}
}

// checkedUnit parses a unit and bounds the depth of its tree.
func (p *parser) checkedUnit() []Unit {
	units := p.unit()
	for _, u := range units {
		p.checkTree(Bodies(u))
	}
	return units
}

// unitWords are the keywords that begin a unit and nothing else, or that at a unit's column can be nothing else.
var unitWords = map[string]bool{
	"CONSTANT": true, "CONSTANTS": true, "VARIABLE": true, "VARIABLES": true, "RECURSIVE": true, "LOCAL": true,
	"ASSUME": true, "ASSUMPTION": true, "AXIOM": true, "THEOREM": true, "LEMMA": true, "PROPOSITION": true,
	"COROLLARY": true, "INSTANCE": true, "USE": true, "HIDE": true,
}

func (p *parser) beginsUnit() bool {
	t := p.raw()
	switch t.Kind {
	case KindDashes:
		return true
	case KindKeyword:
		return unitWords[t.Text]
	}
	return p.beginsDefinition()
}

// unit = constants | variables | recursive | assume | theorem | useHide | nested module | [ "LOCAL" ] definition .
func (p *parser) unit() []Unit {
	t := p.raw()
	if t.Kind == KindDashes {
		sub := &Submodule{Module: p.module()}
		sub.Sp = sub.Module.Sp
		return []Unit{sub}
	}
	if t.Kind != KindKeyword {
		return []Unit{p.definition()}
	}
	switch t.Text {
	case "CONSTANT", "CONSTANTS":
		return []Unit{p.constants()}
	case "VARIABLE", "VARIABLES":
		return []Unit{p.variables()}
	case "RECURSIVE":
		return []Unit{p.recursive()}
	case "ASSUME", "ASSUMPTION", "AXIOM":
		return []Unit{p.assume()}
	case "THEOREM", "LEMMA", "PROPOSITION", "COROLLARY":
		return []Unit{p.theorem()}
	case "USE", "HIDE":
		return []Unit{p.useHide()}
	case "LOCAL":
		return []Unit{p.local()}
	case "INSTANCE":
		return []Unit{p.instance(t.Span.Start)}
	case "EXTENDS":
		p.fail(t.Span, "EXTENDS must be the first statement of a module")
	}
	p.fail(t.Span, "expected a definition or a declaration, found %s", t.describe())
	return nil
}

// constants = ( "CONSTANT" | "CONSTANTS" ) decl { "," decl } .
func (p *parser) constants() Unit {
	start := p.next().Span.Start
	c := &Constants{}
	p.commaList(func() { c.Decls = append(c.Decls, p.decl("the name of a constant")) })
	c.Sp = p.since(start)
	return c
}

// variables = ( "VARIABLE" | "VARIABLES" ) name { "," name } .
func (p *parser) variables() Unit {
	start := p.next().Span.Start
	v := &Variables{}
	p.commaList(func() { v.Names = append(v.Names, p.ident("the name of a variable")) })
	v.Sp = p.since(start)
	return v
}

// recursive = "RECURSIVE" decl { "," decl } .
func (p *parser) recursive() Unit {
	start := p.next().Span.Start
	r := &Recursive{}
	p.commaList(func() { r.Decls = append(r.Decls, p.decl("the name of an operator")) })
	r.Sp = p.since(start)
	return r
}

// assume = ( "ASSUME" | "ASSUMPTION" | "AXIOM" ) [ name "==" ] expr .
func (p *parser) assume() Unit {
	keyword := p.next()
	start, axiom := keyword.Span.Start, keyword.Text == "AXIOM"
	a := &Assume{Name: p.factName(), Body: p.expr(), Axiom: axiom}
	a.Sp = p.since(start)
	return a
}

// factName = [ name "==" ] .
func (p *parser) factName() *Ident {
	if p.raw().Kind != KindIdentifier || !p.at(1).is("==") {
		return nil
	}
	name := p.ident("a name")
	p.next()
	return &name
}

// local = "LOCAL" ( definition | instance ) .
func (p *parser) local() Unit {
	start := p.next().Span.Start
	if p.is("INSTANCE") {
		i := p.instance(start)
		i.Local = true
		return i
	}
	d := p.definition()
	switch d := d.(type) {
	case *OperatorDef:
		d.Local = true
		d.Sp = p.since(start)
	case *FunctionDef:
		d.Local = true
		d.Sp = p.since(start)
	case *Instance:
		d.Local = true
		d.Sp = p.since(start)
	}
	return d
}

// decl = name [ "(" "_" { "," "_" } ")" ] | prefixOp "_" | "_" infixOp "_" | "_" postfixOp .
func (p *parser) decl(what string) Decl {
	t := p.tok()
	switch {
	case t.Kind == KindOperator:
		p.next()
		p.expect("_", "after a prefix operator")
		return Decl{p.operatorIdent(t, Prefix), 1}
	case t.is("_"):
		p.next()
		op := p.next()
		if op.Kind != KindOperator {
			p.fail(op.Span, "expected an operator symbol after _, found %s", op.describe())
		}
		if p.accept("_") {
			return Decl{p.operatorIdent(op, Infix), 2}
		}
		return Decl{p.operatorIdent(op, Postfix), 1}
	}
	d := Decl{Ident: p.ident(what)}
	if p.accept("(") {
		p.commaList(func() {
			p.expect("_", "for a parameter")
			d.Arity++
		})
		p.expect(")", "after the parameters")
	}
	return d
}

// operatorIdent is the name of an operator symbol that must have a fixity.
func (p *parser) operatorIdent(t *Token, f Fixity) Ident {
	if LookupOperator(t.Text).Fixity != f {
		p.fail(t.Span, "%s is no %s operator", t.Text, f)
	}
	return Ident{t.Text, t.Span}
}

// beginsDefinition reports whether the next tokens are the head of a definition: what stands left of "==".
func (p *parser) beginsDefinition() bool {
	t, u := p.raw(), p.at(1)
	switch {
	case t.Kind == KindOperator:
		return u.Kind == KindIdentifier && p.at(2).is("==")
	case t.Kind != KindIdentifier:
		return false
	case u.is("=="):
		return true
	case u.is("("):
		return p.at(1 + p.bracketLength(1)).is("==")
	case u.is("["):
		return p.at(1 + p.bracketLength(1)).is("==")
	case u.Kind == KindOperator:
		return p.at(2).is("==") || p.at(2).Kind == KindIdentifier && p.at(3).is("==")
	}
	return false
}

// maxHead is the number of tokens in which the head of a definition is looked for.
const maxHead = 500

// bracketLength is the number of tokens from a bracket n places on to behind the one that closes it.
func (p *parser) bracketLength(n int) int {
	depth := 0
	for i := n; p.at(i).Kind != KindEnd && i < n+maxHead; i++ {
		switch t := p.at(i); {
		case t.is("(") || t.is("[") || t.is("{") || t.is("<<"):
			depth++
		case t.is(")") || t.is("]") || t.is("}") || t.is(">>") || t.is("]_") || t.is(">>_"):
			depth--
		case t.is("=="):
			return i - n
		}
		if depth == 0 {
			return i - n + 1
		}
	}
	return 0
}

// definition = operatorHead "==" ( expr | instance ) | name "[" bounds "]" "==" expr .
// operatorHead = name [ "(" param { "," param } ")" ] | prefixOp name | name infixOp name | name postfixOp .
func (p *parser) definition() Unit {
	t := p.tok()
	start := t.Span.Start
	if t.Kind == KindOperator {
		return p.prefixDefinition()
	}
	name := p.ident("a definition")
	switch u := p.tok(); {
	case u.is("["):
		return p.functionDefinition(name)
	case u.is("("):
		p.next()
		var params []Decl
		p.commaList(func() { params = append(params, p.decl("the name of a parameter")) })
		p.expect(")", "after the parameters")
		return p.definitionBody(start, name, params)
	case u.Kind == KindOperator && LookupOperator(u.Text).Fixity != Prefix:
		return p.symbolDefinition(name)
	}
	return p.definitionBody(start, name, nil)
}

// definitionBody = "==" ( expr | "INSTANCE" ... ) .
func (p *parser) definitionBody(start Pos, name Ident, params []Decl) Unit {
	p.expect("==", "in the definition of "+name.Name)
	if p.is("INSTANCE") {
		i := p.instance(start)
		i.Name, i.Params = &name, params
		return i
	}
	d := &OperatorDef{Name: name, Params: params, Body: p.expr()}
	d.Sp = p.since(start)
	return d
}

// prefixDefinition = prefixOp name "==" expr .
func (p *parser) prefixDefinition() Unit {
	t := p.next()
	if t.Text == "-" {
		p.fail(t.Span, `the prefix operator - is defined as "-. a == ..."`)
	}
	name := p.operatorIdent(t, Prefix)
	param := Decl{Ident: p.ident("the name of a parameter")}
	return p.operatorDefinition(t.Span.Start, name, param)
}

// symbolDefinition = name infixOp name "==" expr | name postfixOp "==" expr .
func (p *parser) symbolDefinition(left Ident) Unit {
	op := p.next()
	name := Ident{op.Text, op.Span}
	if LookupOperator(op.Text).Fixity == Postfix {
		return p.operatorDefinition(left.Span.Start, name, Decl{Ident: left})
	}
	if op.Text == "=" && (p.tok().Kind != KindIdentifier || !p.toks[min(p.pos+1, len(p.toks)-1)].is("==")) {
		p.fail(op.Span, "= compares, == defines: did you mean %s == ...?", left.Name)
	}
	right := p.ident("the name of a parameter")
	return p.operatorDefinition(left.Span.Start, name, Decl{Ident: left}, Decl{Ident: right})
}

func (p *parser) operatorDefinition(start Pos, name Ident, params ...Decl) Unit {
	p.expect("==", "in the definition of "+name.Name)
	d := &OperatorDef{Name: name, Params: params, Body: p.expr()}
	d.Sp = p.since(start)
	return d
}

// functionDefinition = name "[" bounds "]" "==" expr .
func (p *parser) functionDefinition(name Ident) Unit {
	p.next()
	f := &FunctionDef{Name: name, Bounds: p.bounds()}
	p.expect("]", "after the arguments")
	p.expect("==", "in the definition of "+name.Name)
	f.Body = p.expr()
	f.Sp = p.since(name.Span.Start)
	return f
}

// instance = "INSTANCE" name [ "WITH" subst { "," subst } ] .
func (p *parser) instance(start Pos) *Instance {
	p.next()
	i := &Instance{Module: p.ident("a module's name")}
	if p.accept("WITH") {
		p.commaList(func() { i.Substs = append(i.Substs, p.subst()) })
	}
	i.Sp = p.since(start)
	return i
}

// subst = ( name | operator ) "<-" argument .
func (p *parser) subst() Subst {
	t := p.tok()
	if t.Kind != KindIdentifier && t.Kind != KindOperator {
		p.unexpected("the name of a constant or variable")
	}
	p.next()
	p.expect("<-", "after "+t.Text)
	return Subst{Ident{t.Text, t.Span}, p.argument()}
}
