// The configuration's names: whether each stands for something of the right kind.

package check

import (
	"synod/conformance/tla/config"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// names finds everything that is wrong with the names of formulas in the configuration. The error is a syntax.ErrorList.
func (b *builder) names() error {
	f := b.file
	var errs syntax.ErrorList
	check := func(statement string, most resolve.Level, list ...config.Name) {
		for _, n := range list {
			b.checkName(&errs, statement, most, n)
		}
	}
	single := func(n *config.Name) []config.Name {
		if n == nil {
			return nil
		}
		return []config.Name{*n}
	}
	check("SPECIFICATION", resolve.LevelTemporal, single(f.Specification)...)
	check("INIT", resolve.LevelState, single(f.Init)...)
	check("NEXT", resolve.LevelAction, single(f.Next)...)
	check("INVARIANT", resolve.LevelState, f.Invariants...)
	check("PROPERTY", resolve.LevelTemporal, f.Properties...)
	check("CONSTRAINT", resolve.LevelState, f.Constraints...)
	check("ACTION_CONSTRAINT", resolve.LevelAction, f.ActionConstraints...)
	check("SYMMETRY", resolve.LevelConstant, f.Symmetry...)
	check("VIEW", resolve.LevelState, single(f.View)...)
	check("ALIAS", resolve.LevelAction, single(f.Alias)...)
	check("POSTCONDITION", resolve.LevelState, f.Postconditions...)
	return errs.Err()
}

// checkName finds what is wrong with one name, of a formula whose level is bounded.
func (b *builder) checkName(errs *syntax.ErrorList, statement string, most resolve.Level, n config.Name) {
	op, v, err := b.Resolved.Operator(b.Resolved.Root, n.Text, n.Span)
	switch {
	case err != nil:
		if list, ok := err.(syntax.ErrorList); ok {
			*errs = append(*errs, list...)
		}
	case v != nil:
		errs.Add(n.Span, "%s is a variable, where a definition is needed", n.Text)
	case op.Arity > 0:
		errs.Add(n.Span, "%s takes arguments, where a definition without parameters is needed", n.Text)
	case op.Def != nil && op.Def.Level > most:
		errs.Add(n.Span, "%s is %s; %s takes at most %s", n.Text, op.Def.Level, statement, most)
	}
}
