// The parser's frame: tokens in, errors out, and going on after a mistake.

package syntax

import "fmt"

// maxDepth bounds the nesting of a module's text, so that no input exhausts the stack.
const maxDepth = 2000

// ParseModule parses the first module of a source text. What stands before the module and after its end is ignored.
// The error is an ErrorList; the module then holds what could be understood, and is nil where there is no module.
func ParseModule(file string, src []byte) (*Module, error) {
	var errs ErrorList
	p := &parser{toks: lexModule(file, src, &errs), errs: &errs}
	if p.toks == nil {
		errs.Add(Span{Pos{file, 1, 1}, 1, 1}, "no module: a line like ---- MODULE Name ---- is missing")
		return nil, errs.Err()
	}
	var m *Module
	tokens := len(errs)
	p.stopped = tokens > 0 // a comment without an end takes the module's with it
	p.guard(func() { m = p.module() })
	if m != nil {
		m.NamedSteps = p.named
	}
	return m, withoutConsequences(errs, tokens).Err()
}

// withoutConsequences leaves out the errors on lines on which one was found among the tokens already: they may follow from it.
func withoutConsequences(errs ErrorList, tokens int) ErrorList {
	wrong := map[int]bool{}
	for _, e := range errs[:tokens] {
		wrong[e.Span.Start.Line] = true
	}
	out := errs[:tokens:tokens]
	for _, e := range errs[tokens:] {
		if !wrong[e.Span.Start.Line] {
			out = append(out, e)
		}
	}
	return out
}

// ParseExpr parses a text that is one expression. The error is an ErrorList.
func ParseExpr(file string, src []byte) (Expr, error) {
	var errs ErrorList
	p := &parser{toks: lexExpression(file, src, &errs), errs: &errs}
	var e Expr
	p.guard(func() {
		e = p.expr()
		p.checkTree([]Expr{e})
		if t := p.tok(); t.Kind != KindEnd {
			p.fail(t.Span, "expected the end of the expression, found %s", t.describe())
		}
	})
	return e, errs.Err()
}

// ParseName parses a text that is one name, such as Op, M!Op or +. The error is an ErrorList.
func ParseName(file, text string) (*Name, error) {
	var errs ErrorList
	p := &parser{toks: lexExpression(file, []byte(text), &errs), errs: &errs}
	var n *Name
	p.guard(func() {
		n = p.name()
		if t := p.tok(); t.Kind != KindEnd {
			p.fail(t.Span, "expected the end of the name, found %s", t.describe())
		}
	})
	return n, errs.Err()
}

// parser holds the place in the tokens. An expression inside a junction list ends before the first token that stands
// at or left of the list's column: for such a token, tok gives the end token.
type parser struct {
	toks    []Token
	pos     int
	column  int // of the innermost junction list around; 0 for none
	depth   int
	proofs  []int   // the levels of the proofs around
	named   []Ident // see Module.NamedSteps
	stopped bool    // the rest of the text has been given up
	errs    *ErrorList
}

// bailout unwinds the parser from a mistake to the unit that it stands in.
type bailout struct{}

// guard runs f and reports whether it went through without a mistake.
func (p *parser) guard(f func()) (ok bool) {
	column, depth, proofs := p.column, p.depth, p.proofs
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bailout:
			p.column, p.depth, p.proofs = column, depth, proofs
		default:
			panic(r)
		}
	}()
	f()
	return true
}

// fail reports a mistake and unwinds.
func (p *parser) fail(span Span, format string, args ...any) {
	p.errs.Add(span, format, args...)
	panic(bailout{})
}

// raw is the next token, wherever it stands.
func (p *parser) raw() *Token { return &p.toks[p.pos] }

// at is the token n places after the next one, wherever it stands.
func (p *parser) at(n int) *Token { return &p.toks[min(p.pos+n, len(p.toks)-1)] }

// tok is the next token of the expression: the end token where the junction list around ends.
func (p *parser) tok() *Token {
	t := p.raw()
	if t.Indent <= p.column {
		return &Token{Kind: KindEnd, Span: t.Span}
	}
	return t
}

// next takes the next token.
func (p *parser) next() *Token {
	t := p.raw()
	if p.pos < len(p.toks)-1 {
		p.pos++
	}
	return t
}

// is reports whether the next token is this keyword, operator or sign.
func (p *parser) is(text string) bool { return p.tok().is(text) }

// accept takes the next token if it is this one.
func (p *parser) accept(text string) bool {
	if p.is(text) {
		p.next()
		return true
	}
	return false
}

// expect takes the next token, which must be this one.
func (p *parser) expect(text, where string) *Token {
	if !p.is(text) {
		p.unexpected(fmt.Sprintf("%s %s", text, where))
	}
	return p.next()
}

// unexpected fails at the next token.
func (p *parser) unexpected(wanted string) {
	t := p.tok()
	if t.Kind == KindEnd && p.raw().Kind != KindEnd {
		p.fail(t.Span, "expected %s, but %s stands at or left of the column of the junction list around it",
			wanted, p.raw().describe())
	}
	p.fail(t.Span, "expected %s, found %s%s", wanted, t.describe(), hint(t))
}

// hint is what people mean who write a token where it cannot stand, as other languages have it; "" for other tokens.
func hint(t *Token) string {
	switch t.Text {
	case "==":
		return "; == defines a name, equality is ="
	case "'":
		return `; strings are written "in double quotes"`
	}
	return ""
}

// ident takes an identifier.
func (p *parser) ident(what string) Ident {
	t := p.tok()
	if t.Kind != KindIdentifier {
		p.unexpected(what)
	}
	p.next()
	return Ident{t.Text, t.Span}
}

// since is the span from a place to the last token taken.
func (p *parser) since(start Pos) Span {
	last := p.toks[max(p.pos-1, 0)].Span
	return Span{start, last.EndLine, last.EndCol}
}

// nodeFrom is the node of what began at a place and ends with the last token taken.
func (p *parser) nodeFrom(start Pos) Node { return Node{p.since(start)} }

// enter counts one more level of nesting; leave takes it back.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxDepth {
		p.tooDeep()
	}
}

// tooDeep fails for good: the rest of the text is not looked at, since going on could take very long.
func (p *parser) tooDeep() {
	at := p.raw().Span
	p.pos, p.stopped = len(p.toks)-1, true
	p.fail(at, "expressions nest more than %d deep", maxDepth)
}

func (p *parser) leave() { p.depth-- }

// commaList parses one or more items with commas between them.
func (p *parser) commaList(item func()) {
	item()
	for p.accept(",") {
		item()
	}
}
