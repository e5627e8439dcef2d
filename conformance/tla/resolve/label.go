// Labels: where they may stand, and which parameters they must have.

package resolve

import "synod/conformance/tla/syntax"

// labelScope is what a label must respect: those of one scope have different names, and each has as its parameters
// what is bound between the definition, or the label around it, and itself.
type labelScope struct {
	bound []*Local
	names map[string]bool
}

// inDefinition resolves the body of a definition, in which labels may stand.
func (r *resolver) inDefinition(u syntax.Expr, e *env) Expr {
	around := r.labels
	r.labels = &labelScope{names: map[string]bool{}}
	body := r.expr(u, e)
	r.labels = around
	return body
}

// withoutLabels resolves an expression in which no label may stand.
func (r *resolver) withoutLabels(u syntax.Expr, e *env) Expr {
	around := r.labels
	r.labels = nil
	x := r.expr(u, e)
	r.labels = around
	return x
}

// body resolves an expression inside what binds names.
func (r *resolver) body(u syntax.Expr, e *env, locals []*Local) Expr {
	if r.labels == nil {
		return r.expr(u, e.withLocals(locals))
	}
	outer := r.labels.bound
	r.labels.bound = append(outer[:len(outer):len(outer)], locals...)
	x := r.expr(u, e.withLocals(locals))
	r.labels.bound = outer
	return x
}

// label resolves a labelled expression. The label itself is there for selectors alone.
func (r *resolver) label(u *syntax.Label, e *env) Expr {
	if r.quiet == 0 {
		r.checkLabel(u)
	}
	return r.inDefinition(u.Body, e)
}

func (r *resolver) checkLabel(u *syntax.Label) {
	name := u.Name.Name
	if r.labels == nil {
		r.errs.Add(u.Name.Span, "the label %s may stand only in a definition, not in an EXCEPT, and not behind a NEW in an inner ASSUME", name)
		return
	}
	if r.labels.names[name] {
		r.errs.Add(u.Name.Span, "there is a label %s here already", name)
	}
	r.labels.names[name] = true
	given := map[string]bool{}
	for _, p := range u.Params {
		if given[p.Name] {
			r.errs.Add(p.Span, "the label %s has the parameter %s twice", name, p.Name)
		}
		given[p.Name] = true
	}
	for _, l := range r.labels.bound {
		if !given[l.Name] {
			r.errs.Add(u.Name.Span, "the label %s must have the parameter %s, which is bound around it", name, l.Name)
		}
		delete(given, l.Name)
	}
	for _, p := range u.Params {
		if given[p.Name] {
			r.errs.Add(p.Span, "%s cannot be a parameter of the label %s, since it is not bound around it", p.Name, name)
			delete(given, p.Name)
		}
	}
}
