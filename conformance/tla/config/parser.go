// Parsing configuration files.

package config

import (
	"slices"
	"sort"
	"strings"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// Parse reads a configuration file. The error is a syntax.ErrorList; the file then holds what could be understood.
func Parse(name string, src []byte) (*File, error) {
	tokens, err := syntax.Tokens(name, src)
	p := &parser{toks: tokens, file: &File{Name: name}}
	if list, ok := err.(syntax.ErrorList); ok {
		p.errs = append(p.errs, list...)
	}
	for p.tok().Kind != syntax.KindEnd {
		p.guard(p.statement)
	}
	p.file.settle()
	return p.file, p.errs.Err()
}

// parser holds the place in the tokens.
type parser struct {
	toks  []syntax.Token
	pos   int
	depth int
	file  *File
	errs  syntax.ErrorList
}

// maxDepth bounds the nesting of values.
const maxDepth = 1000

// bailout unwinds from a mistake to the statement that it stands in.
type bailout struct{}

// guard runs f; after a mistake it skips to the next statement.
func (p *parser) guard(f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bailout:
			p.depth = 0
			for p.tok().Kind != syntax.KindEnd && p.keyword() == nil {
				p.next()
			}
		default:
			panic(r)
		}
	}()
	f()
}

func (p *parser) fail(span syntax.Span, format string, args ...any) {
	p.errs.Add(span, format, args...)
	panic(bailout{})
}

func (p *parser) tok() *syntax.Token { return &p.toks[p.pos] }

func (p *parser) next() *syntax.Token {
	t := p.tok()
	if p.pos < len(p.toks)-1 {
		p.pos++
	}
	return t
}

// is reports whether the next token is this sign.
func (p *parser) is(text string) bool {
	t := p.tok()
	return t.Text == text && t.Kind != syntax.KindString
}

func (p *parser) accept(text string) bool {
	if p.is(text) {
		p.next()
		return true
	}
	return false
}

func (p *parser) expect(text, where string) {
	if !p.accept(text) {
		p.fail(p.tok().Span, "expected %s %s, found %s", text, where, describe(p.tok()))
	}
}

func describe(t *syntax.Token) string {
	switch t.Kind {
	case syntax.KindEnd:
		return "the end of the file"
	case syntax.KindString:
		return "a string"
	}
	return t.Text
}

// statements finds what parses a statement by its keyword.
var statements map[string]func(p *parser)

func init() {
	list := func(field func(f *File) *[]Name) func(p *parser) {
		return func(p *parser) { *field(p.file) = append(*field(p.file), p.names()...) }
	}
	one := func(field func(f *File) **Name) func(p *parser) {
		return func(p *parser) { p.single(field(p.file)) }
	}
	statements = map[string]func(p *parser){
		"CONSTANT":          (*parser).constants,
		"INIT":              one(func(f *File) **Name { return &f.Init }),
		"NEXT":              one(func(f *File) **Name { return &f.Next }),
		"SPECIFICATION":     one(func(f *File) **Name { return &f.Specification }),
		"VIEW":              one(func(f *File) **Name { return &f.View }),
		"ALIAS":             one(func(f *File) **Name { return &f.Alias }),
		"INVARIANT":         list(func(f *File) *[]Name { return &f.Invariants }),
		"PROPERTY":          list(func(f *File) *[]Name { return &f.Properties }),
		"CONSTRAINT":        list(func(f *File) *[]Name { return &f.Constraints }),
		"ACTION_CONSTRAINT": list(func(f *File) *[]Name { return &f.ActionConstraints }),
		"SYMMETRY":          list(func(f *File) *[]Name { return &f.Symmetry }),
		"POSTCONDITION":     list(func(f *File) *[]Name { return &f.Postconditions }),
		"_POSSIBLE":         list(func(f *File) *[]Name { return &f.Possible }),
		"CHECK_DEADLOCK":    (*parser).deadlock,
	}
	for _, plural := range []string{"CONSTANT", "INVARIANT", "CONSTRAINT", "ACTION_CONSTRAINT", "POSTCONDITION"} {
		statements[plural+"S"] = statements[plural]
	}
	statements["PROPERTIES"] = statements["PROPERTY"]
	for _, experiment := range []string{"_PERIODIC", "_RL_REWARD"} {
		statements[experiment] = list(func(f *File) *[]Name { return &f.Ignored })
	}
}

// Keywords gives the words that begin a statement, sorted.
func Keywords() []string {
	var words []string
	for w := range statements {
		words = append(words, w)
	}
	sort.Strings(words)
	return words
}

// keyword gives what parses the statement that begins here, or nil.
func (p *parser) keyword() func(p *parser) {
	t := p.tok()
	if t.Kind != syntax.KindIdentifier && t.Kind != syntax.KindKeyword {
		return nil
	}
	return statements[t.Text]
}

// statement = keyword ... .
func (p *parser) statement() {
	t := p.tok()
	parse := p.keyword()
	if parse == nil {
		p.next()
		p.fail(t.Span, "%s begins no statement%s", describe(t), resolve.Suggest(t.Text, Keywords()))
	}
	p.next()
	parse(p)
}

// single = name ; the statement may stand only once.
func (p *parser) single(field **Name) {
	at := p.toks[p.pos-1]
	name := p.name("after " + at.Text)
	if *field != nil {
		p.fail(at.Span, "%s stands twice; the first is at %s", at.Text, (*field).Span.Start)
	}
	*field = &name
}

// names = { name } .
func (p *parser) names() []Name {
	var list []Name
	for p.tok().Kind != syntax.KindEnd && p.keyword() == nil {
		if p.is(",") {
			p.fail(p.tok().Span, "names stand side by side, without commas")
		}
		list = append(list, p.name("of a definition"))
	}
	return list
}

// name = identifier { "!" identifier } .
func (p *parser) name(where string) Name {
	first := p.part("a name " + where)
	n := Name{first.Text, first.Span}
	for p.is("!") {
		p.next()
		part := p.part("a name after !")
		n.Text += "!" + part.Text
		n.Span.EndLine, n.Span.EndCol = part.Span.EndLine, part.Span.EndCol
	}
	return n
}

// part takes an identifier or an operator symbol.
func (p *parser) part(what string) *syntax.Token {
	t := p.tok()
	if t.Kind != syntax.KindIdentifier && t.Kind != syntax.KindOperator || p.keyword() != nil {
		p.fail(t.Span, "expected %s, found %s", what, describe(t))
	}
	return p.next()
}

// deadlock = "TRUE" | "FALSE" .
func (p *parser) deadlock() {
	at, t := p.toks[p.pos-1].Span, p.tok()
	if t.Text != "TRUE" && t.Text != "FALSE" {
		p.fail(t.Span, "expected TRUE or FALSE after CHECK_DEADLOCK, found %s", describe(t))
	}
	p.next()
	if p.file.CheckDeadlock != nil {
		p.fail(at, "CHECK_DEADLOCK stands twice; the first is at %s", p.file.CheckDeadlock.Span.Start)
	}
	p.file.CheckDeadlock = &Flag{t.Text == "TRUE", t.Span}
}

// constants = { name [ "(" values ")" ] "=" [ module ] value | name "<-" [ module ] name } .
func (p *parser) constants() {
	for p.tok().Kind != syntax.KindEnd && p.keyword() == nil {
		p.constant()
	}
}

func (p *parser) constant() {
	name := p.name("of a constant")
	if p.accept("<-") {
		module := p.module()
		p.file.Overrides = append(p.file.Overrides, Override{name, module, p.name("after <-")})
		return
	}
	c := Constant{Name: name}
	if p.accept("(") {
		c.Args = p.values(")")
	}
	if !p.is("=") {
		p.fail(p.tok().Span, "expected = or <- after %s, found %s%s", name.Text, describe(p.tok()),
			resolve.Suggest(name.Text, Keywords()))
	}
	p.next()
	c.Module = p.module()
	from := p.pos
	c.Value = p.value()
	for _, t := range p.toks[from:p.pos] {
		c.text += t.Text + " "
	}
	p.file.Constants = append(p.file.Constants, c)
}

// module = [ "[" name "]" ] ; "[" name "|->" begins a record instead.
func (p *parser) module() *Name {
	if !p.is("[") || p.toks[min(p.pos+2, len(p.toks)-1)].Text != "]" {
		return nil
	}
	p.next()
	name := p.name("of a module")
	p.expect("]", "after the module")
	return &name
}

// values = [ value { "," value } ] end .
func (p *parser) values(end string) []Value {
	var list []Value
	if p.accept(end) {
		return list
	}
	for {
		list = append(list, p.value())
		if !p.accept(",") {
			p.expect(end, "after the values")
			return list
		}
	}
}

// value = [ "-" ] number | string | "TRUE" | "FALSE" | name | "{" values "}" | "<<" values ">>" | record .
func (p *parser) value() Value {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.fail(p.tok().Span, "values nest more than %d deep", maxDepth)
	}
	t := p.tok()
	switch {
	case t.Kind == syntax.KindNumber:
		return p.number(t, "")
	case t.Kind == syntax.KindString:
		p.next()
		return &String{At{t.Span}, t.Text}
	case p.accept("-"):
		return p.number(t, "-")
	case p.accept("{"):
		items := p.values("}")
		return &Set{p.since(t), items}
	case p.accept("<<"):
		items := p.values(">>")
		return &Tuple{p.since(t), items}
	case p.accept("["):
		return p.record(t)
	case t.Text == "TRUE" || t.Text == "FALSE":
		p.next()
		return &Bool{At{t.Span}, t.Text == "TRUE"}
	}
	if t.Kind != syntax.KindIdentifier || p.keyword() != nil {
		p.fail(t.Span, "expected a value, found %s", describe(t))
	}
	p.next()
	return &ModelValue{At{t.Span}, t.Text}
}

func (p *parser) since(first *syntax.Token) At {
	last := p.toks[p.pos-1].Span
	return At{syntax.Span{Start: first.Span.Start, EndLine: last.EndLine, EndCol: last.EndCol}}
}

// number takes the digits of a number that began with the first token.
func (p *parser) number(first *syntax.Token, sign string) Value {
	t := p.tok()
	if t.Kind != syntax.KindNumber || strings.Contains(t.Text, ".") {
		p.fail(t.Span, "expected an integer, found %s", describe(t))
	}
	p.next()
	return &Number{p.since(first), sign + t.Text}
}

// record = "[" name "|->" value { "," name "|->" value } "]" .
func (p *parser) record(first *syntax.Token) Value {
	r := &Record{}
	for {
		name := p.part("the name of a field")
		p.expect("|->", "after the name of a field")
		r.Names = append(r.Names, name.Text)
		r.Values = append(r.Values, p.value())
		if !p.accept(",") {
			break
		}
	}
	p.expect("]", "after the fields of a record")
	r.At = p.since(first)
	return r
}

// settle leaves one value for each constant, as TLC does: a definition counts more than a value, and the later of two more
// than the earlier. Those that do not count go to Unused, unless they are the same.
func (f *File) settle() {
	type key struct{ module, name string }
	at := func(module *Name, name Name) key {
		if module == nil {
			return key{"", name.Text}
		}
		return key{module.Text, name.Text}
	}
	chosen := map[key]string{} // its text
	counts := func(k key, text string, name Name) bool {
		first, known := chosen[k]
		if !known {
			chosen[k] = text
		} else if first != text {
			f.Unused = append(f.Unused, name)
		}
		return !known
	}
	slices.Reverse(f.Overrides)
	f.Overrides = slices.DeleteFunc(f.Overrides, func(o Override) bool { return !counts(at(o.Module, o.Name), "<- "+o.Target.Text, o.Name) })
	slices.Reverse(f.Overrides)
	slices.Reverse(f.Constants)
	f.Constants = slices.DeleteFunc(f.Constants, func(c Constant) bool { return len(c.Args) == 0 && !counts(at(c.Module, c.Name), c.text, c.Name) })
	slices.Reverse(f.Constants)
}
