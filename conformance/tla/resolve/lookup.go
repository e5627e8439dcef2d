// Expressions and names that come after loading: from a configuration file, a command line or a trace.

package resolve

import (
	"fmt"
	"sort"

	"synod/conformance/tla/syntax"
)

// ParseExpr parses and resolves an expression in the scope of a module of the program, with more names bound around
// it (as operator parameters; nil for none). The name of the file appears in messages. The error is a
// syntax.ErrorList. It may be called from one goroutine at a time.
func (p *Program) ParseExpr(m *Module, file, text string, locals []*Local) (Expr, error) {
	ast, err := syntax.ParseExpr(file, []byte(text))
	if err != nil {
		return nil, err
	}
	r := p.resolver.forModule(m)
	for _, l := range locals {
		r.levels.formal[l] = true
	}
	e := r.expr(ast, r.tables[m].env().withLocals(locals))
	if len(r.errs) == 0 {
		r.levels.again(&r.errs, func() { r.levels.expr(e) })
	}
	if err := r.errs.Err(); err != nil {
		return nil, err
	}
	return e, nil
}

// Operator finds what a name stands for in the scope of a module of the program: a constant, a variable, an operator
// of any arity, also one behind instances ("M!Op"). Span is where the name stands in a configuration file, say; it
// appears in messages. The error is a syntax.ErrorList.
//
// A variable cannot be an operator argument: it is given as the *Var, and the other result is nil.
func (p *Program) Operator(m *Module, name string, span syntax.Span) (*OpArg, *Var, error) {
	r := p.resolver.forModule(m)
	ast, err := syntax.ParseName(span.Start.File, name)
	if err != nil {
		r.errs.Add(span, "%s is not the name of an operator", name)
		return nil, nil, r.errs.Err()
	}
	moveName(ast, span)
	t, ok := r.target(ast, r.tables[m].env())
	if ok && t.part < len(ast.Parts)-1 {
		r.errs.Add(span, "%s names a part of a definition, not an operator", name)
	}
	if err := r.errs.Err(); err != nil {
		return nil, nil, err
	}
	a := &OpArg{Path: t.path, Arity: len(targetParams(t.sym)), Sp: span}
	switch s := t.sym.(type) {
	case *Var:
		return nil, s, nil
	case *Const:
		a.Const = s
	case *Def:
		a.Def = s
	}
	return a, nil, nil
}

// moveName puts a name that was parsed by itself where it really stands.
func moveName(u *syntax.Name, span syntax.Span) {
	u.Sp = span
	for i := range u.Parts {
		u.Parts[i].Span = span
	}
}

// Names gives the names that the module's own text may use, sorted: for suggestions and completion.
func (m *Module) Names() []string {
	names := make([]string, 0, len(m.Scope))
	for name := range m.Scope {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Suggest gives "; did you mean X?" with the one of the names that is nearest to an unknown one, or "" where none is.
func Suggest(unknown string, names []string) string { return suggest(unknown, names) }

// forModule is the resolver for an expression in a module, with no errors yet.
func (r *resolver) forModule(m *Module) *resolver {
	if r.tables[m] == nil {
		panic(fmt.Sprintf("resolve: module %s is of another program", m.Name))
	}
	c := *r
	c.errs = nil
	c.module = m
	return &c
}
