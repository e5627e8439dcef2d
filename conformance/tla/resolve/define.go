// Definitions: operators, functions and those declared RECURSIVE, in a module or a LET.

package resolve

import (
	"sort"

	"synod/conformance/tla/syntax"
)

func sortedNames(entries map[string]entry) []string {
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// definedName gives the name that a definition defines, and whether it is LOCAL.
func definedName(u syntax.Unit) (syntax.Ident, bool) {
	switch u := u.(type) {
	case *syntax.OperatorDef:
		return u.Name, u.Local
	case *syntax.FunctionDef:
		return u.Name, u.Local
	}
	return syntax.Ident{}, false
}

// recursiveDef is the definition that RECURSIVE Op(_) announces. Until it is defined it has no body.
func (r *resolver) recursiveDef(d syntax.Decl) *Def {
	def := &Def{Name: d.Name, Recursive: true, Span: d.Span, Module: r.module}
	for range d.Arity {
		def.Params = append(def.Params, &Local{Name: "_", Span: d.Span})
	}
	return def
}

// recursiveDecl gives the symbol as a definition that was announced and is not yet defined, or nil.
func recursiveDecl(s any) *Def {
	if d, ok := s.(*Def); ok && d.Recursive && d.Body == nil {
		return d
	}
	return nil
}

// define resolves a definition. Its own name is not seen in its body.
func (r *resolver) define(u syntax.Unit, e *env) *Def {
	d := &Def{Module: r.module}
	r.fill(d, u, e)
	return d
}

// defineRecursive gives an announced definition its parameters and body.
func (r *resolver) defineRecursive(d *Def, u syntax.Unit, e *env) {
	name, _ := definedName(u)
	arity := 0
	if op, ok := u.(*syntax.OperatorDef); ok {
		arity = len(op.Params)
	}
	if arity != len(d.Params) {
		r.errs.Add(name.Span, "%s is declared RECURSIVE with %s but defined with %d", d.Name, count(len(d.Params), "parameter"), arity)
	}
	if d.Module == r.module {
		r.module.Defs = append(r.module.Defs, d)
	}
	r.fill(d, u, e)
}

// fill sets the name, parameters and body of a definition.
func (r *resolver) fill(d *Def, u syntax.Unit, e *env) {
	switch u := u.(type) {
	case *syntax.OperatorDef:
		d.Name, d.Span = u.Name.Name, u.Name.Span
		r.sources[d] = &defSource{params: u.Params, body: u.Body, env: e}
		d.Params = r.params(u.Params, e)
		around := r.defining
		r.defining = d
		defer func() { r.defining = around }()
		d.Body = r.inDefinition(u.Body, e.withLocals(d.Params))
	case *syntax.FunctionDef:
		d.Name, d.Span = u.Name.Name, u.Name.Span
		r.sources[d] = &defSource{bounds: u.Bounds, body: u.Body, env: e}
		d.Body = r.functionDef(u, e)
	}
}

// functionDef resolves f[x \in S] == e. Inside e the name f is the function.
func (r *resolver) functionDef(u *syntax.FunctionDef, e *env) Expr {
	self := &Local{Name: u.Name.Name, Span: u.Name.Span}
	bounds, locals := r.bounds(u.Bounds, e)
	inner := e.withLocal(self).withLocals(locals)
	around := r.labels
	r.labels = &labelScope{bound: locals, names: map[string]bool{}}
	f := &Func{Bounds: bounds, Body: r.expr(u.Body, inner)}
	r.labels = around
	f.Sp = u.Sp
	def := &FuncDef{Self: self, Func: f}
	def.Sp = u.Sp
	return def
}

// params makes the parameters of an operator. They may not have the names of what is seen already.
func (r *resolver) params(decls []syntax.Decl, e *env) []*Local {
	var locals []*Local
	for _, d := range decls {
		l := &Local{Name: d.Name, Arity: d.Arity, Span: d.Span}
		r.checkFresh(l, e)
		locals = append(locals, l)
		e = e.withLocal(l)
	}
	return locals
}

// checkFresh reports a name to be bound that is in use already.
func (r *resolver) checkFresh(l *Local, e *env) {
	if r.quiet > 0 {
		return
	}
	if isReserved(l.Name) {
		r.errs.Add(l.Span, "%s is an operator of the language and cannot be bound", l.Name)
		return
	}
	old, at := e.lookup(l.Name)
	if _, ok := old.(sibling); ok {
		return // \E x \in S, y \in {x \in T : P}: neither x sees the other
	}
	if old != nil {
		r.errs.Add(l.Span, "%s is already declared or defined at %s", l.Name, at.Start)
	}
}

// let resolves LET definitions IN body.
func (r *resolver) let(u *syntax.Let, e *env) Expr {
	l := &Let{}
	for _, unit := range u.Defs {
		e = r.letUnit(l, unit, e)
	}
	for _, d := range l.Defs {
		if recursiveDecl(d) != nil {
			r.errs.Add(d.Span, "%s is declared RECURSIVE but not defined", d.Name)
		}
	}
	l.Body = r.expr(u.Body, e)
	l.Sp = u.Sp
	return l
}

// letUnit resolves one definition of a LET and gives the scope that has it. The definition is of no module: what is
// implemented for a module's operator is not meant for it, even with the same name.
func (r *resolver) letUnit(l *Let, unit syntax.Unit, e *env) *env {
	switch unit := unit.(type) {
	case *syntax.Recursive:
		for _, decl := range unit.Decls {
			d := r.recursiveDef(decl)
			d.Module = nil
			r.checkFresh(&Local{Name: d.Name, Span: d.Span}, e)
			l.Defs = append(l.Defs, d)
			e = e.with(d.Name, d, d.Span)
		}
	case *syntax.Instance:
		inst := r.instance(unit, e)
		if inst == nil {
			return e
		}
		r.checkFresh(&Local{Name: inst.Name, Span: inst.Span}, e)
		l.Insts = append(l.Insts, inst)
		return e.with(inst.Name, inst, inst.Span)
	default:
		name, _ := definedName(unit)
		old, _ := e.lookup(name.Name)
		if d := recursiveDecl(old); d != nil && declares(l, d) {
			r.defineRecursive(d, unit, e)
			return e
		}
		d := r.define(unit, e)
		d.Module = nil
		r.checkFresh(&Local{Name: name.Name, Span: name.Span}, e)
		l.Defs = append(l.Defs, d)
		return e.with(name.Name, d, name.Span)
	}
	return e
}

// declares reports whether a RECURSIVE statement of this LET, and not of one around it, announced a definition.
func declares(l *Let, d *Def) bool {
	for _, own := range l.Defs {
		if own == d {
			return true
		}
	}
	return false
}
