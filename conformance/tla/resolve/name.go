// Resolving names: plain ones, paths through instances, applications and operators as arguments.

package resolve

import (
	"fmt"
	"strings"

	"synod/conformance/tla/syntax"
)

// target is what a name leads to: a symbol, the instances on the way, and the part of the name that names it.
type target struct {
	path []InstUse
	sym  any // *Local, *Const, *Var, *Def, or an Op of the language
	part int
}

// name resolves a name that must be a value.
func (r *resolver) name(u *syntax.Name, e *env) Expr {
	if len(u.Parts) == 1 {
		if lit := literal(u.Parts[0].Text, node(u)); lit != nil && u.Parts[0].Kind == syntax.PartIdent {
			if u.Parts[0].Args != nil {
				r.errs.Add(u.Sp, "%s takes no arguments", u.Parts[0].Text)
			}
			return lit
		}
		if op := languageOps[u.Parts[0].Text]; op != OpNone {
			return r.nonfix(u, op, e)
		}
	}
	t, ok := r.target(u, e)
	if !ok {
		return invalid(u)
	}
	if t.part < len(u.Parts)-1 {
		d, ok := r.selected(u, &t, e)
		if !ok {
			return invalid(u)
		}
		return d
	}
	return r.apply(u, t, u.Parts[t.part].Args, e)
}

// nonfix resolves an operator of the language that stands before its arguments: \\cup(S, T).
func (r *resolver) nonfix(u *syntax.Name, op Op, e *env) Expr {
	part := u.Parts[0]
	if len(part.Args) != languageArity(op) {
		r.wrongCount(u, part.Text, languageArity(op), part.Args)
		return invalid(u)
	}
	args := r.exprs(part.Args, e)
	if op == OpAnd || op == OpOr {
		return junction(node(u), part.Text, args)
	}
	return &Apply{node(u), op, args}
}

// target follows the parts of a name through instances, up to the first thing that is none.
func (r *resolver) target(u *syntax.Name, e *env) (target, bool) {
	first := u.Parts[0]
	name := first.Text
	if isStep(first) {
		name = r.canonicalStep(name)
	}
	sym, _ := e.lookup(name)
	if sym == nil && isStep(first) {
		r.errs.Add(first.Span, "there is no proof step %s here: a step can be named in its own proof and behind it", first.Text)
		return target{}, false
	}
	t := target{}
	for i := 0; ; i++ {
		part := u.Parts[i]
		if sym == nil {
			r.unknown(u, i, e)
			return t, false
		}
		if imp, ok := sym.(*Imported); ok {
			t.path = append(t.path, imp.Path...)
			sym = imp.symbol0()
		}
		inst, ok := sym.(*Instance)
		if !ok {
			t.sym, t.part = sym, i
			return t, r.checkTarget(part, t, i)
		}
		args, ok := r.instanceArgs(inst, part, e)
		if !ok || !r.goesOn(u, i, inst) {
			return t, false
		}
		t.path = append(t.path, steps(inst, args)...)
		sym = r.exported(inst.Module, u.Parts[i+1].Text)
	}
}

// symbol0 is the definition or instance that was imported.
func (i *Imported) symbol0() any {
	if i.Inst != nil {
		return i.Inst
	}
	return i.Def
}

// checkTarget reports things that a name cannot lead to.
func (r *resolver) checkTarget(part syntax.Part, t target, i int) bool {
	switch s := t.sym.(type) {
	case sibling:
		r.errs.Add(part.Span, "the set of a bound cannot depend on %s, which is bound beside it", s.local.Name)
		return false
	case *Const, *Var:
		if i > 0 {
			r.errs.Add(part.Span, "%s is declared in the instantiated module; only what it defines can be named", part.Text)
			return false
		}
	}
	return true
}

// exported gives what a module shows under a name to one that instantiates it, or nil.
func (r *resolver) exported(m *Module, name string) any {
	e, ok := r.tables[m].entries[name]
	if !ok || e.local {
		return nil
	}
	return e.sym
}

// instanceArgs resolves the arguments of I(a)!Op.
func (r *resolver) instanceArgs(inst *Instance, part syntax.Part, e *env) ([]Arg, bool) {
	if len(part.Args) != len(inst.Params) {
		r.errs.Add(part.Span, "the instance %s takes %s, not %d", part.Text, count(len(inst.Params), "argument"), len(part.Args))
		return nil, false
	}
	return r.args(part.Args, inst.Params, part.Text, e), true
}

// goesOn reports whether the name has a further part that names something in the instance.
func (r *resolver) goesOn(u *syntax.Name, i int, inst *Instance) bool {
	if i+1 == len(u.Parts) {
		r.errs.Add(u.Sp, "%s is an instance of module %s; what is meant in it must be named: %s!Op", u.Parts[i].Text, inst.Module.Name, u.Parts[i].Text)
		return false
	}
	if k := u.Parts[i+1].Kind; k != syntax.PartIdent && k != syntax.PartOperator {
		r.errs.Add(u.Parts[i+1].Span, "expected the name of a definition of module %s after !", inst.Module.Name)
		return false
	}
	return true
}

// unknown reports the part of a name that nothing has, with a suggestion. Where a module is missing, or its text
// could not be parsed, which has been reported, the name may have been in it.
func (r *resolver) unknown(u *syntax.Name, i int, e *env) {
	if r.missing || r.inProof > 0 && r.abridged() {
		return
	}
	part := u.Parts[i]
	if i > 0 {
		m := r.instanceModule(u, i, e)
		r.errs.Add(part.Span, "module %s has no definition of %s%s", m.Name, part.Text, suggest(part.Text, r.exportedNames(m)))
		return
	}
	if part.Kind == syntax.PartOperator {
		hint, foreign := foreignSpellings[part.Text]
		if !foreign {
			hint = r.definedIn(part.Text)
		}
		r.errs.Add(part.Span, "the operator %s is not defined%s", part.Text, hint)
		return
	}
	hint := foreignSpellings[part.Text]
	if d := r.defining; hint == "" && d != nil && d.Name == part.Text {
		hint = "; a definition that uses itself is declared before: RECURSIVE " + signature(d)
	}
	if hint == "" {
		hint = r.below(part)
	}
	if hint == "" {
		hint = suggest(part.Text, e.names())
	}
	if hint == "" {
		hint = r.definedIn(part.Text)
	}
	what := "name"
	if part.Args != nil {
		what = "operator"
	}
	r.errs.Add(part.Span, "unknown %s %s%s", what, part.Text, hint)
}

// below is the hint for a name that the module defines or declares further down.
func (r *resolver) below(part syntax.Part) string {
	if r.text == nil {
		return ""
	}
	for _, u := range r.text.Units {
		name, _ := definedName(u)
		names := []syntax.Ident{name}
		switch u := u.(type) {
		case *syntax.Variables:
			names = u.Names
		case *syntax.Constants:
			names = nil
			for _, d := range u.Decls {
				names = append(names, d.Ident)
			}
		}
		for _, n := range names {
			if n.Name == part.Text && n.Span.Start.Line > part.Span.Start.Line {
				return fmt.Sprintf("; it comes further down, in line %d: what is used must stand before", n.Span.Start.Line)
			}
		}
	}
	return ""
}

// foreignSpellings are what other languages call things.
var foreignSpellings = map[string]string{
	"&&": `; "and" is written /\`, "||": `; "or" is written \/`, "and": `; "and" is written /\`, "or": `; "or" is written \/`,
	"not": "; \"not\" is written ~", "true": "; did you mean TRUE?", "false": "; did you mean FALSE?",
	"WF": "; weak fairness of the action A, with the variables v, is WF_v(A)", "SF": "; strong fairness of the action A, with the variables v, is SF_v(A)",
}

// signature is a definition's name with a place for each parameter, as RECURSIVE takes it.
func signature(d *Def) string {
	if len(d.Params) == 0 {
		return d.Name
	}
	return d.Name + "(" + strings.Repeat("_, ", len(d.Params)-1) + "_)"
}

// instanceModule gives the module that the first i parts of a name lead into.
func (r *resolver) instanceModule(u *syntax.Name, i int, e *env) *Module {
	sym, _ := e.lookup(u.Parts[0].Text)
	for k := 1; ; k++ {
		if imp, ok := sym.(*Imported); ok {
			sym = imp.symbol0()
		}
		m := sym.(*Instance).Module
		if k == i {
			return m
		}
		sym = r.exported(m, u.Parts[k].Text)
	}
}

func (r *resolver) exportedNames(m *Module) []string {
	var names []string
	for name, e := range r.tables[m].entries {
		if !e.local && !isDeclaration(e.sym) {
			names = append(names, name)
		}
	}
	return names
}

// apply makes the expression for a symbol and its arguments.
func (r *resolver) apply(u *syntax.Name, t target, args []syntax.Expr, e *env) Expr {
	what := nameText(u)
	params := targetParams(t.sym)
	if len(args) != len(params) {
		r.wrongCount(u, what, len(params), args)
		return invalid(u)
	}
	resolved := r.args(args, params, what, e)
	switch s := t.sym.(type) {
	case *Local:
		return &LocalRef{node(u), s, resolved}
	case *Const:
		return &ConstRef{node(u), s, resolved}
	case *Var:
		return &VarRef{node(u), s}
	case *Def:
		if kind := r.stepKinds[s]; kind != "" {
			r.errs.Add(u.Sp, "the step %s is a %s, which is no expression", what, kind)
		}
		if r.sequents[s] {
			r.errs.Add(u.Sp, "%s is an ASSUME ... PROVE, which is no expression", what)
		}
		return &Call{node(u), t.path, s, resolved}
	}
	panic("resolve: a name leads to no symbol")
}

func (r *resolver) wrongCount(u *syntax.Name, what string, want int, args []syntax.Expr) {
	switch {
	case want == 0:
		r.errs.Add(u.Sp, "%s takes no arguments", what)
	case args == nil:
		r.errs.Add(u.Sp, "%s is an operator and takes %s, but stands where a value is expected", what, count(want, "argument"))
	default:
		r.errs.Add(u.Sp, "%s takes %s, not %d", what, count(want, "argument"), len(args))
	}
}

// targetParams gives the parameters of a symbol; only their number and arities count.
func targetParams(sym any) []*Local {
	switch s := sym.(type) {
	case *Local:
		return make([]*Local, s.Arity)
	case *Const:
		return make([]*Local, s.Arity)
	case *Def:
		return s.Params
	}
	return nil
}

// nameText gives a name as it is written, without arguments.
func nameText(u *syntax.Name) string {
	var parts []string
	for _, p := range u.Parts {
		parts = append(parts, p.Text)
	}
	return strings.Join(parts, "!")
}

// args resolves the arguments of an operator. A nil parameter takes a value.
func (r *resolver) args(list []syntax.Expr, params []*Local, what string, e *env) []Arg {
	var out []Arg
	for i, u := range list {
		arity := 0
		if params[i] != nil {
			arity = params[i].Arity
		}
		out = append(out, r.arg(u, arity, fmt.Sprintf("argument %d of %s", i+1, what), e))
	}
	return out
}

// arg resolves an argument: a value, or an operator where one of this arity is expected.
func (r *resolver) arg(u syntax.Expr, arity int, what string, e *env) Arg {
	if arity == 0 {
		return r.expr(u, e)
	}
	switch u := u.(type) {
	case *syntax.Lambda:
		return r.lambda(u, arity, what, e)
	case *syntax.Name:
		if u.Parts[len(u.Parts)-1].Args == nil {
			return r.operatorArg(u, arity, what, e)
		}
	case *syntax.Paren:
		return r.arg(u.X, arity, what, e)
	}
	r.errs.Add(u.Span(), "%s must be an operator with %s, not a value", what, count(arity, "parameter"))
	return invalid(u)
}

func (r *resolver) lambda(u *syntax.Lambda, arity int, what string, e *env) Arg {
	if len(u.Params) != arity {
		r.errs.Add(u.Sp, "%s must be an operator with %s; this LAMBDA has %d", what, count(arity, "parameter"), len(u.Params))
	}
	d := &Def{Name: "LAMBDA", Span: u.Sp}
	d.Params = r.params(u.Params, e)
	d.Body = r.body(u.Body, e, d.Params)
	r.levels.inline[d] = true
	return &OpArg{Def: d, Arity: len(u.Params), Sp: u.Sp}
}

// operatorArg resolves the name of an operator that is an argument.
func (r *resolver) operatorArg(u *syntax.Name, arity int, what string, e *env) Arg {
	if op := languageOps[u.Parts[0].Text]; op != OpNone && len(u.Parts) == 1 {
		if languageArity(op) != arity {
			r.wrongArity(u, arity, what, languageArity(op))
		}
		return &OpArg{Op: op, Arity: arity, Sp: u.Sp}
	}
	t, ok := r.target(u, e)
	if !ok {
		return invalid(u)
	}
	if t.part < len(u.Parts)-1 {
		return r.selectedOperator(u, &t, arity, what, e)
	}
	params := targetParams(t.sym)
	if len(params) != arity {
		r.wrongArity(u, arity, what, len(params))
		return invalid(u)
	}
	for _, p := range params {
		if p != nil && p.Arity > 0 {
			r.errs.Add(u.Sp, "%s cannot be an argument, since its own parameter %s is an operator", nameText(u), p.Name)
		}
	}
	a := &OpArg{Path: t.path, Arity: arity, Sp: u.Sp}
	switch s := t.sym.(type) {
	case *Local:
		a.Local = s
	case *Const:
		a.Const = s
	case *Def:
		a.Def = s
	}
	return a
}

func (r *resolver) wrongArity(u *syntax.Name, want int, what string, got int) {
	if got == 0 {
		r.errs.Add(u.Sp, "%s must be an operator with %s, but %s is a value", what, count(want, "parameter"), nameText(u))
		return
	}
	r.errs.Add(u.Sp, "%s must be an operator with %s; %s has %d", what, count(want, "parameter"), nameText(u), got)
}

// definedIn names the standard modules that define a name, for a message.
func (r *resolver) definedIn(name string) string {
	modules := standardIndex()[name]
	if len(modules) == 0 {
		return ""
	}
	if len(modules) > 3 {
		modules = modules[:3]
	}
	return "; a module that defines it is " + strings.Join(modules, " or ")
}
