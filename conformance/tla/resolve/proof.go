// Proofs: the names in statements, steps and facts. Nothing of a proof is kept once it has been checked.

package resolve

import (
	"strconv"
	"strings"

	"synod/conformance/tla/syntax"
)

// step is a theorem or a step of its proof, with what the rules about levels ask for.
type step struct {
	kind  string // the word that the step begins with, "" for a statement
	span  syntax.Span
	def   *Def   // the step's name, where it stands for an expression
	exprs []Expr // what is stated, and facts
	sets  []Expr // those of the bounds and of NEW x \in S
	defs  *Let
	steps []*step
}

// prove resolves the proof of a theorem or a step in the scope that it has.
func (r *resolver) prove(u *syntax.Proof, e *env, s *step) {
	if u == nil {
		return
	}
	r.inProof++
	defer func() { r.inProof-- }()
	r.facts(u.Facts, e, s, false)
	outer := r.proving
	for _, inner := range u.Steps {
		r.proving = inner.Level
		e = r.step(inner, e, s)
	}
	r.proving = outer
}

// step resolves a step and gives the scope of the next one.
func (r *resolver) step(u *syntax.ProofStep, e *env, parent *step) *env {
	s := &step{kind: u.Kind, span: u.Sp}
	parent.steps = append(parent.steps, s)
	labels := r.labels
	r.labels = &labelScope{names: map[string]bool{}}
	inside, after := r.stated(u, e, s)
	r.labels = labels
	if u.Name.Name != "" {
		d := r.stepName(u, e, s)
		if old, _ := e.lookup(d.Name); old != nil {
			r.warn(d.Span, "%s is the name of a step before this one, which counts", d.Name)
		} else {
			inside, after = inside.with(d.Name, d, d.Span), after.with(d.Name, d, d.Span)
		}
	}
	r.prove(u.Proof, inside, s)
	return after
}

// stated resolves what a step says, and gives the scope of its proof and that of the next step.
func (r *resolver) stated(u *syntax.ProofStep, e *env, s *step) (inside, after *env) {
	inside, after = e, e
	switch u.Kind {
	case "", "SUFFICES":
		at := e.withLocal(&Local{Name: "@", Span: u.Sp}) // the right side of the step before
		switch {
		case u.Sequent == nil:
			s.exprs = append(s.exprs, r.expr(u.Body, at))
		case u.Kind == "":
			inside = r.sequent(u.Sequent, e, s, false)
		default:
			after = r.sequent(u.Sequent, e, s, false)
		}
	case "CASE", "HAVE":
		s.exprs = append(s.exprs, r.expr(u.Body, e))
	case "WITNESS":
		s.exprs = append(s.exprs, r.exprs(u.Exprs, e)...)
	case "TAKE", "PICK":
		bounds, locals := r.bounds(u.Bounds, e)
		for _, b := range bounds {
			if b.Set != nil {
				s.sets = append(s.sets, b.Set)
			}
		}
		if u.Body != nil {
			s.exprs = append(s.exprs, r.body(u.Body, e, locals))
		}
		after = e.withLocals(locals)
	default:
		after = r.stepUnits(u, e, s)
	}
	return inside, after
}

// stepUnits resolves the definitions of a DEFINE, an INSTANCE, a USE or a HIDE, and gives the scope of the next step.
func (r *resolver) stepUnits(u *syntax.ProofStep, e *env, s *step) *env {
	s.defs = &Let{}
	for _, unit := range u.Units {
		switch unit := unit.(type) {
		case *syntax.Use:
			r.facts(unit.Facts, e, s, unit.Hide)
		case *syntax.Instance:
			if unit.Name != nil {
				e = r.letUnit(s.defs, unit, e)
				continue
			}
			e = r.instanceNames(unit, e, s.defs)
		default:
			e = r.letUnit(s.defs, unit, e)
		}
	}
	return e
}

// instanceNames gives the scope with the names that an unnamed INSTANCE brings into a proof.
func (r *resolver) instanceNames(u *syntax.Instance, e *env, l *Let) *env {
	inst := r.instance(u, e)
	if inst == nil {
		return e
	}
	l.Insts = append(l.Insts, inst)
	from, path := r.tables[inst.Module], steps(inst, nil)
	for _, name := range sortedNames(from.entries) {
		if entry := from.entries[name]; !entry.local && !isDeclaration(entry.sym) {
			e = e.with(name, reached(path, entry.sym), entry.span)
		}
	}
	return e
}

// stepName makes the name of a step a definition of what the step states.
func (r *resolver) stepName(u *syntax.ProofStep, e *env, s *step) *Def {
	d := &Def{Name: u.Name.Name, Span: u.Name.Span}
	r.sequents[d] = u.Sequent != nil
	if u.Kind == "" && u.Sequent == nil {
		d.Body, s.def = s.exprs[0], d
		r.sources[d] = &defSource{body: u.Body, env: e}
		s.exprs = s.exprs[1:]
		return d
	}
	r.stepKinds[d] = u.Kind
	if parts := stepParts(u); parts != nil {
		r.sources[d] = &defSource{body: parts, env: e}
	}
	return d
}

// stepParts stands for a step that is no expression where a part of it is selected: !1 is what it states, or its first witness;
// a PICK binds names.
func stepParts(u *syntax.ProofStep) syntax.Expr {
	switch {
	case u.Sequent != nil:
		return nil
	case u.Kind == "PICK" && u.Body != nil:
		return &syntax.Quant{Node: u.Node, Bounds: u.Bounds, Body: u.Body}
	case u.Kind == "WITNESS":
		return &syntax.Tuple{Node: u.Node, Items: u.Exprs}
	case u.Body != nil:
		return &syntax.Tuple{Node: u.Node, Items: []syntax.Expr{u.Body}}
	}
	return nil
}

// canonicalStep is a step's name as it is declared: with the number of its level, and without dots behind it.
func (r *resolver) canonicalStep(name string) string {
	level, rest, _ := strings.Cut(name[1:], ">")
	switch level {
	case "*":
		level = strconv.Itoa(r.proving)
	case "+":
		level = strconv.Itoa(r.proving + 1)
	default:
		if n, err := strconv.Atoi(level); err == nil {
			level = strconv.Itoa(n)
		}
	}
	return "<" + level + ">" + strings.TrimRight(rest, ".")
}

// sequent resolves ASSUME ... PROVE and gives the scope with the names that it declares. Inside of another one no label may
// stand behind a declaration.
func (r *resolver) sequent(u *syntax.Sequent, e *env, s *step, nested bool) *env {
	labels := r.labels
	for _, a := range u.Assumptions {
		switch {
		case a.New != nil:
			e = r.newName(a.New, e, s)
			if nested {
				r.labels = nil
			}
		case a.Sequent != nil:
			r.sequent(a.Sequent, e, s, true)
		default:
			s.exprs = append(s.exprs, r.expr(a.Expr, e))
		}
	}
	s.exprs = append(s.exprs, r.expr(u.Goal, e))
	r.labels = labels
	return e
}

// declaredLevels are the levels of what a sequent declares.
var declaredLevels = map[string]Level{"VARIABLE": LevelState, "STATE": LevelState, "ACTION": LevelAction, "TEMPORAL": LevelTemporal}

// newName declares a name of a sequent.
func (r *resolver) newName(u *syntax.New, e *env, s *step) *env {
	if u.Set != nil {
		s.sets = append(s.sets, r.expr(u.Set, e))
	}
	l := &Local{Name: u.Name, Arity: u.Arity, Span: u.Span}
	r.checkFresh(l, e)
	if level, ok := declaredLevels[u.Kind]; ok {
		r.levels.known[l] = summary{level: level}
	}
	return e.withLocal(l)
}

// facts resolves what a BY, a USE or a HIDE names. A HIDE takes the names of facts alone.
func (r *resolver) facts(u syntax.Facts, e *env, s *step, hide bool) {
	for _, x := range u.Facts {
		if r.namesFact(x, e) {
			continue
		}
		before, fact := len(r.errs), r.expr(x, e)
		_, unknown := fact.(*Bool) // which stands for a name that is not known, but also for TRUE and FALSE
		if hide && (!unknown || isBool(x)) && len(r.errs) == before {
			r.errs.Add(x.Span(), "HIDE takes theorems, assumptions and steps, and this is none")
		}
		s.exprs = append(s.exprs, fact)
	}
	for _, name := range u.Defs {
		r.definedName(name, e)
	}
}

// isBool reports whether an expression is TRUE or FALSE itself.
func isBool(x syntax.Expr) bool {
	u, ok := x.(*syntax.Name)
	return ok && len(u.Parts) == 1 && (u.Parts[0].Text == "TRUE" || u.Parts[0].Text == "FALSE")
}

// namesFact reports whether an expression is the name of a theorem, an assumption or a step, or of a part of it.
func (r *resolver) namesFact(x syntax.Expr, e *env) bool {
	u, ok := x.(*syntax.Name)
	if !ok {
		return false
	}
	return r.isFact(r.leadsTo(u, e))
}

// definedName reports a name behind DEF that nothing has.
func (r *resolver) definedName(u *syntax.Name, e *env) {
	if len(u.Parts) == 1 && languageOps[u.Parts[0].Text] != OpNone {
		return
	}
	if r.leadsTo(u, e) == nil {
		r.target(u, e)
	}
}

// leadsTo follows a name through instances, without their arguments, to the first thing that is none; nil where there is
// nothing of that name.
func (r *resolver) leadsTo(u *syntax.Name, e *env) any {
	text := u.Parts[0].Text
	if isStep(u.Parts[0]) {
		text = r.canonicalStep(text)
	}
	sym, _ := e.lookup(text)
	for _, part := range u.Parts[1:] {
		if imp, ok := sym.(*Imported); ok {
			sym = imp.symbol0()
		}
		inst, ok := sym.(*Instance)
		if !ok {
			return sym
		}
		sym = r.exported(inst.Module, part.Text)
	}
	if imp, ok := sym.(*Imported); ok {
		return imp.symbol0()
	}
	return sym
}

// isStep reports whether a part of a name is that of a proof step.
func isStep(p syntax.Part) bool {
	return p.Kind == syntax.PartIdent && strings.HasPrefix(p.Text, "<")
}

// abridged reports whether the program has a module of theorems that ships with the engine. Their theorems are left out, so that
// a name that is unknown in a proof may be that of one.
func (r *resolver) abridged() bool {
	for name, m := range r.prog.Modules {
		if m != nil && m.Standard && (strings.HasSuffix(name, "Theorems") || strings.HasSuffix(name, "Induction")) {
			return true
		}
	}
	return false
}
