// INSTANCE: what each constant and variable of a module is replaced with.

package resolve

import "synod/conformance/tla/syntax"

// parameters gives the constants and variables of a module, with those of the modules that it extends.
func parameters(m *Module) ([]*Const, []*Var) {
	var consts []*Const
	var vars []*Var
	seen := map[*Module]bool{}
	var visit func(m *Module)
	visit = func(m *Module) {
		if seen[m] {
			return
		}
		seen[m] = true
		for _, ext := range m.Extends {
			visit(ext)
		}
		consts = append(consts, m.Consts...)
		vars = append(vars, m.Vars...)
	}
	visit(m)
	return consts, vars
}

// instance resolves an INSTANCE statement. It gives nil where the module cannot be had.
func (r *resolver) instance(u *syntax.Instance, e *env) *Instance {
	m := r.find(e.moduleTable(), u.Module)
	if m == nil {
		return nil
	}
	inst := &Instance{Module: m, Consts: map[*Const]Arg{}, Vars: map[*Var]Expr{}, Span: u.Sp}
	if u.Name != nil {
		inst.Name = u.Name.Name
		inst.Params = r.params(u.Params, e)
	}
	inner := e.withLocals(inst.Params)
	r.substitute(inst, u, inner)
	return inst
}

// substitute fills in what the WITH clause says, and for the rest what has the same name here.
func (r *resolver) substitute(inst *Instance, u *syntax.Instance, e *env) {
	given := map[string]syntax.Subst{}
	for _, s := range u.Substs {
		if old, ok := given[s.Name.Name]; ok {
			r.errs.Add(s.Name.Span, "%s is substituted already at %s", s.Name.Name, old.Name.Span.Start)
		}
		given[s.Name.Name] = s
	}
	consts, vars := parameters(inst.Module)
	var names []string
	for _, c := range consts {
		names = append(names, c.Name)
		value := r.substituted(given, c.Name, inst, u, e)
		if value != nil {
			inst.Consts[c] = r.arg(value, c.Arity, "the constant "+c.Name, e)
		}
	}
	for _, v := range vars {
		names = append(names, v.Name)
		value := r.substituted(given, v.Name, inst, u, e)
		if value != nil {
			inst.Vars[v] = r.expr(value, e)
		}
	}
	for _, s := range u.Substs {
		if !contains(names, s.Name.Name) {
			r.errs.Add(s.Name.Span, "module %s has no constant or variable %s%s", inst.Module.Name, s.Name.Name, suggest(s.Name.Name, names))
		}
	}
}

// substituted gives the expression for one constant or variable: the given one, or the name itself.
func (r *resolver) substituted(given map[string]syntax.Subst, name string, inst *Instance, u *syntax.Instance, e *env) syntax.Expr {
	if s, ok := given[name]; ok {
		return s.Value
	}
	if bound, _ := e.lookup(name); bound == nil {
		r.errs.Add(u.Module.Span, "the instance of %s needs a substitution for %s, since nothing here has that name", inst.Module.Name, name)
		return nil
	}
	kind := syntax.PartIdent
	if syntax.LookupOperator(name) != nil {
		kind = syntax.PartOperator
	}
	return &syntax.Name{Node: syntax.Node{Sp: u.Module.Span}, Parts: []syntax.Part{{Kind: kind, Text: name, Span: u.Module.Span}}}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// importAll brings the definitions of an unnamed INSTANCE into a name space.
func (r *resolver) importAll(t *table, inst *Instance, u *syntax.Instance) {
	from := r.tables[inst.Module]
	step := steps(inst, nil)
	for _, name := range sortedNames(from.entries) {
		e := from.entries[name]
		if e.local || isDeclaration(e.sym) {
			continue
		}
		r.bring(t, name, entry{reached(step, e.sym), u.Local, e.span}, u.Module.Span)
	}
}

// steps is the path through an instance. An instance of a module without constants and variables changes nothing, so
// that it needs no step.
func steps(inst *Instance, args []Arg) []InstUse {
	if len(inst.Consts)+len(inst.Vars) == 0 {
		return nil
	}
	return []InstUse{{inst, args}}
}

// reached gives a symbol of another module as it is reached by a path.
func reached(path []InstUse, sym Symbol) Symbol {
	if len(path) == 0 {
		return sym
	}
	switch s := sym.(type) {
	case *Def:
		return &Imported{Path: path, Def: s}
	case *Instance:
		return &Imported{Path: path, Inst: s}
	case *Imported:
		return &Imported{Path: append(append([]InstUse{}, path...), s.Path...), Def: s.Def, Inst: s.Inst}
	}
	return sym
}
