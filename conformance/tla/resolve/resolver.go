// The resolver: walks over a module's units in order and fills its name space.

package resolve

import (
	"synod/conformance/tla/syntax"
)

// resolver holds the program under construction.
type resolver struct {
	prog      *Program
	finder    *finder
	loading   []string // the top-level modules that are being resolved, outermost first
	order     []*Module
	tables    map[*Module]*table
	sources   map[*Def]*defSource
	levels    *levels
	labels    *labelScope             // nil where no label may stand
	sequents  map[*Def]bool           // the names of theorems, assumptions and steps, with true for an ASSUME ... PROVE
	pending   []*Def                  // declared RECURSIVE in the module and not yet defined
	broken    map[*syntax.Module]bool // modules with text that could not be parsed
	missing   bool                    // a module that this one needs cannot be had
	errs      syntax.ErrorList
	module    *Module         // the one that is being resolved
	text      *syntax.Module  // its text
	proofs    []*step         // what was stated and proved, until its levels have been checked
	stepKinds map[*Def]string // the names of steps that state no expression: the words that these begin with
	inProof   int             // above 0 in proofs and in statements that are ASSUME ... PROVE
	proving   int             // the level of the proof around
	defining  *Def            // the definition whose body is being resolved
	quiet     int             // above 0 while text is resolved again that has been checked: names may be bound again
}

// defSource is what a definition was resolved from: selectors like Op!1 take parts of it.
type defSource struct {
	params []syntax.Decl
	bounds []syntax.Bound // of a function definition
	body   syntax.Expr
	env    *env // the scope around the definition
}

func newResolver(f *finder) *resolver {
	return &resolver{
		prog:     &Program{Modules: map[string]*Module{}, Sources: map[string][]byte{}},
		finder:   f,
		tables:   map[*Module]*table{},
		sources:  map[*Def]*defSource{},
		levels:   newLevels(),
		broken:   map[*syntax.Module]bool{},
		sequents: map[*Def]bool{}, stepKinds: map[*Def]string{},
	}
}

// finish checks the levels of a program without mistakes and gives it away.
func (r *resolver) finish() (*Program, error) {
	if len(r.errs) == 0 {
		r.checkLevels(r.order)
	}
	if len(r.errs) == 0 && len(r.proofs) > 0 {
		r.checkProofs()
	}
	r.proofs = nil
	if err := r.errs.Err(); err != nil {
		return nil, err
	}
	r.prog.resolver = r
	return r.prog, nil
}

// topModule resolves a module that stands in a file of its own.
func (r *resolver) topModule(ast *syntax.Module, file string, standard bool) *Module {
	name := ast.Name.Name
	outer := r.module
	r.loading = append(r.loading, name)
	for _, step := range ast.NamedSteps {
		r.errs.Add(step.Span, "the step %s has no level of its own, so that it can have no name", step.Name)
	}
	m := r.moduleIn(nil, ast, file, standard)
	r.loading = r.loading[:len(r.loading)-1]
	r.module = outer
	r.prog.Modules[name] = m
	return m
}

// moduleIn resolves a module that stands in the scope of another, or of none.
func (r *resolver) moduleIn(outer *table, ast *syntax.Module, file string, standard bool) *Module {
	m := &Module{Name: ast.Name.Name, File: file, Standard: standard, Scope: map[string]Symbol{}}
	around, text, missing, labels, pending, inProof := r.module, r.text, r.missing, r.labels, r.pending, r.inProof
	r.module, r.text, r.missing, r.labels, r.pending, r.inProof = m, ast, r.broken[ast], nil, nil, 0
	t := newTable(outer)
	r.tables[m] = t
	for _, name := range ast.Extends {
		r.extend(t, name)
	}
	for _, u := range ast.Units {
		r.unit(t, u)
	}
	r.checkRecursive(t)
	for name, e := range t.entries {
		m.Scope[name] = e.sym
	}
	r.order = append(r.order, m)
	r.module, r.text, r.missing, r.labels, r.pending, r.inProof = around, text, missing || r.missing, labels, pending, inProof
	return m
}

// find gives the module with a name: a nested one that is seen here, or one from a file.
func (r *resolver) find(t *table, name syntax.Ident) *Module {
	if m := t.module(name.Name); m != nil {
		return m
	}
	m := r.load(name)
	r.missing = r.missing || m == nil
	return m
}

// extend brings the names of another module into a name space.
func (r *resolver) extend(t *table, name syntax.Ident) {
	m := r.find(t, name)
	if m == nil {
		return
	}
	r.module.Extends = append(r.module.Extends, m)
	from := r.tables[m]
	for _, symbol := range sortedNames(from.entries) {
		if e := from.entries[symbol]; !e.local {
			r.bring(t, symbol, entry{e.sym, false, e.span}, name.Span)
		}
	}
	for nested, sub := range from.modules {
		t.modules[nested] = sub
	}
}

// bring adds a name of another module. Where there is one already, the first stays, with a warning unless both are
// the same; a name that is a definition here and a declaration there is a mistake.
func (r *resolver) bring(t *table, name string, e entry, at syntax.Span) {
	old, ok := t.lookup(name)
	switch {
	case !ok:
		t.entries[name] = e
	case sameSymbol(old.sym, e.sym):
		if old.local && !e.local {
			t.entries[name] = e
		}
	case isDeclaration(old.sym) != isDeclaration(e.sym):
		r.errs.Add(at, "%s is declared or defined in two ways: at %s and at %s", name, old.span.Start, e.span.Start)
	case old.span == e.span:
		r.warn(at, "%s was brought in already through another INSTANCE, which counts", name)
	default:
		r.warn(at, "%s stands for what is at %s, not for what is at %s", name, old.span.Start, e.span.Start)
	}
}

func isDeclaration(s Symbol) bool {
	switch s.(type) {
	case *Const, *Var:
		return true
	}
	return false
}

// sameSymbol reports whether two symbols are one thing: a definition reached in the same way.
func sameSymbol(a, b Symbol) bool {
	x, ok := a.(*Imported)
	y, ok2 := b.(*Imported)
	if !ok || !ok2 {
		return a == b
	}
	if x.Def != y.Def || x.Inst != y.Inst || len(x.Path) != len(y.Path) {
		return false
	}
	for i := range x.Path {
		if x.Path[i].Inst != y.Path[i].Inst {
			return false
		}
	}
	return true
}

func (r *resolver) warn(at syntax.Span, format string, args ...any) {
	r.prog.Warnings.Add(at, format, args...)
}

// declare adds a name that this module declares or defines itself. A name that another module brought in already may
// be declared again only with a warning, as the same declaration; any other repetition is a mistake. It reports whether the name
// is new.
func (r *resolver) declare(t *table, name syntax.Ident, sym Symbol, local bool) bool {
	old, ok := t.lookup(name.Name)
	switch {
	case isReserved(name.Name):
		r.errs.Add(name.Span, "%s is an operator of the language and cannot be redefined", name.Name)
	case !ok:
		t.entries[name.Name] = entry{sym, local, name.Span}
	case isDeclaration(old.sym) && isDeclaration(sym) && sameKind(old.sym, sym):
		r.warn(name.Span, "%s is declared already at %s", name.Name, old.span.Start)
	case r.isFact(old.sym) && r.isFact(sym):
		r.warn(name.Span, "%s is the name of what is stated at %s, which counts", name.Name, old.span.Start)
	default:
		r.errs.Add(name.Span, "%s is already declared or defined at %s", name.Name, old.span.Start)
	}
	return !ok
}

// isFact reports whether a symbol is the name of a theorem, an assumption or a proof step.
func (r *resolver) isFact(s any) bool {
	d, ok := s.(*Def)
	if !ok {
		return false
	}
	_, is := r.sequents[d]
	return is
}

// sameKind reports whether two declarations are both of a variable, or of constants with the same arity.
func sameKind(a, b Symbol) bool {
	switch a := a.(type) {
	case *Const:
		c, ok := b.(*Const)
		return ok && a.Arity == c.Arity
	case *Var:
		_, ok := b.(*Var)
		return ok
	}
	return false
}

// unit resolves one unit of a module.
func (r *resolver) unit(t *table, u syntax.Unit) {
	m := r.module
	r.checkPending(u)
	switch u := u.(type) {
	case *syntax.Constants:
		for _, d := range u.Decls {
			c := &Const{Name: d.Name, Arity: d.Arity, Span: d.Span, Module: m}
			if r.declare(t, d.Ident, c, false) {
				m.Consts = append(m.Consts, c)
			}
		}
	case *syntax.Variables:
		for _, name := range u.Names {
			v := &Var{Name: name.Name, Span: name.Span, Module: m}
			if r.declare(t, name, v, false) {
				m.Vars = append(m.Vars, v)
			}
		}
	case *syntax.Recursive:
		for _, d := range u.Decls {
			def := r.recursiveDef(d)
			r.pending = append(r.pending, def)
			r.declare(t, d.Ident, def, false)
		}
	case *syntax.OperatorDef, *syntax.FunctionDef:
		r.moduleDef(t, u)
	case *syntax.Instance:
		r.moduleInstance(t, u)
	case *syntax.Assume:
		r.assume(t, u)
	case *syntax.Theorem:
		r.theorem(t, u)
	case *syntax.Use:
		s := &step{span: u.Sp}
		r.proofs = append(r.proofs, s)
		r.inProof++
		r.facts(u.Facts, t.env(), s, u.Hide)
		r.inProof--
	case *syntax.Submodule:
		r.submodule(t, u)
	}
}

// moduleDef resolves a definition of a module.
func (r *resolver) moduleDef(t *table, u syntax.Unit) {
	name, local := definedName(u)
	if d := recursiveDecl(t.entries[name.Name].sym); d != nil {
		r.defineRecursive(d, u, t.env())
		r.settle(d)
		d.IsLocal = local
		t.entries[name.Name] = entry{d, local, name.Span}
		return
	}
	d := r.define(u, t.env())
	d.IsLocal = local
	r.module.Defs = append(r.module.Defs, d)
	r.declare(t, name, d, local)
}

func (r *resolver) moduleInstance(t *table, u *syntax.Instance) {
	inst := r.instance(u, t.env())
	if inst == nil {
		return
	}
	inst.IsLocal = u.Local
	r.module.Insts = append(r.module.Insts, inst)
	if u.Name != nil {
		r.declare(t, *u.Name, inst, u.Local)
		return
	}
	r.importAll(t, inst, u)
}

func (r *resolver) assume(t *table, u *syntax.Assume) {
	a := &Assume{Body: r.statement(u.Name, u.Body, t), Span: u.Sp, Axiom: u.Axiom}
	if u.Name != nil {
		a.Name = u.Name.Name
		r.fact(t, *u.Name, u.Body, a.Body)
	}
	r.module.Assumes = append(r.module.Assumes, a)
}

// theorem resolves a theorem's statement and its proof. A named one is a definition, so that its name may be used.
func (r *resolver) theorem(t *table, u *syntax.Theorem) {
	th := &Theorem{Span: u.Sp}
	s := &step{span: u.Sp}
	r.proofs = append(r.proofs, s)
	e := t.env()
	if u.Name != nil {
		r.labels = &labelScope{names: map[string]bool{}}
	}
	if u.Sequent != nil {
		r.inProof++
		e = r.sequent(u.Sequent, e, s, false)
		r.inProof--
	} else {
		th.Body = r.expr(u.Body, e)
		s.exprs = append(s.exprs, th.Body)
	}
	r.labels = nil
	if u.Name != nil {
		th.Name = u.Name.Name
		r.fact(t, *u.Name, u.Body, th.Body)
	}
	r.module.Theorems = append(r.module.Theorems, th)
	r.prove(u.Proof, e, s)
}

// statement resolves what is assumed or proved. Labels may stand in a named statement, which is a definition.
func (r *resolver) statement(name *syntax.Ident, body syntax.Expr, t *table) Expr {
	if name == nil {
		return r.expr(body, t.env())
	}
	return r.inDefinition(body, t.env())
}

// fact declares the name of an assumption or theorem as a definition of its statement.
func (r *resolver) fact(t *table, name syntax.Ident, source syntax.Expr, body Expr) {
	d := &Def{Name: name.Name, Body: body, Span: name.Span, Module: r.module}
	r.sequents[d] = body == nil
	r.sources[d] = &defSource{body: source, env: t.env()}
	r.module.Defs = append(r.module.Defs, d)
	r.declare(t, name, d, false)
}

func (r *resolver) submodule(t *table, u *syntax.Submodule) {
	name := u.Module.Name
	if t.module(name.Name) != nil || extends(r.module, name.Name) {
		r.errs.Add(name.Span, "there is a module %s here already", name.Name)
		return
	}
	sub := r.moduleIn(t, u.Module, r.module.File, r.module.Standard)
	r.module.Nested = append(r.module.Nested, sub)
	t.modules[name.Name] = sub
}

// checkRecursive reports the operators that were declared RECURSIVE and never defined.
func (r *resolver) checkRecursive(t *table) {
	for _, name := range sortedNames(t.entries) {
		e := t.entries[name]
		if d, ok := e.sym.(*Def); ok && recursiveDecl(d) != nil && d.Module == r.module {
			r.errs.Add(e.span, "%s is declared RECURSIVE but not defined", name)
		}
	}
}

// checkPending reports what may not stand between a RECURSIVE statement and the definitions that it announces.
func (r *resolver) checkPending(u syntax.Unit) {
	switch u.(type) {
	case *syntax.Constants, *syntax.Variables, *syntax.Theorem, *syntax.Use, *syntax.Submodule:
	default:
		return
	}
	if len(r.pending) > 0 {
		d := r.pending[0]
		r.errs.Add(u.Span(), "%s was declared RECURSIVE at %s and must be defined before this", d.Name, d.Span.Start)
		r.pending = nil
	}
}

// extends reports whether a module extends one with a name.
func extends(m *Module, name string) bool {
	for _, ext := range m.Extends {
		if ext.Name == name {
			return true
		}
	}
	return false
}

// settle takes a definition from those that are pending.
func (r *resolver) settle(d *Def) {
	for i, p := range r.pending {
		if p == d {
			r.pending = append(r.pending[:i:i], r.pending[i+1:]...)
			return
		}
	}
}
