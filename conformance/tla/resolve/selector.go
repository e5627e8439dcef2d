// Subexpression selectors: Op!1 and the like name a part of a definition.

package resolve

import "synod/conformance/tla/syntax"

// selected resolves a name that selects a part of a definition.
func (r *resolver) selected(u *syntax.Name, t *target, e *env) (Expr, bool) {
	r.errs.Add(u.Sp, "selectors come later")
	return nil, false
}

func (r *resolver) selectedOperator(u *syntax.Name, t *target, arity int, what string, e *env) Arg {
	r.errs.Add(u.Sp, "selectors come later")
	return invalid(u)
}
