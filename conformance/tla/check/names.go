// The configuration's names: whether each stands for something of the right kind.

package check

import (
	"slices"
	"strings"

	"synod/conformance/tla/config"
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// NameErrors are what is wrong with the names in a configuration, and the exit code with which TLC ends there.
type NameErrors struct {
	List syntax.ErrorList
	Code int
}

func (e *NameErrors) Error() string { return e.List.Error() }

// Unwrap gives the list.
func (e *NameErrors) Unwrap() error { return e.List }

// names finds everything that is wrong with the names in a configuration, and which constants it leaves out. given are those
// that have a value from elsewhere. Of several exit codes it is the one of what TLC comes upon first, and last of all formulas of
// too high a level, which it evaluates.
func names(all *resolve.Program, f *config.File, given map[string]value.Value) error {
	var errs syntax.ErrorList
	code := 0
	check := func(statement string, most resolve.Level, list ...config.Name) {
		for _, n := range list {
			before := len(errs)
			level := checkName(all, &errs, statement, most, n)
			switch {
			case len(errs) == before || code != 0:
			case level && statement == "INVARIANT":
				code = 76
			case !level || !slices.Contains([]string{"INIT", "CONSTRAINT", "ACTION_CONSTRAINT", "VIEW"}, statement):
				code = CodeConfig
			}
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
	check("NEXT", resolve.LevelTemporal, single(f.Next)...)
	check("INVARIANT", resolve.LevelState, f.Invariants...)
	check("PROPERTY", resolve.LevelTemporal, f.Properties...)
	check("CONSTRAINT", resolve.LevelState, f.Constraints...)
	check("ACTION_CONSTRAINT", resolve.LevelAction, f.ActionConstraints...)
	check("SYMMETRY", resolve.LevelConstant, f.Symmetry...)
	check("VIEW", resolve.LevelState, single(f.View)...)
	check("ALIAS", resolve.LevelAction, single(f.Alias)...)
	check("POSTCONDITION", resolve.LevelState, f.Postconditions...)
	check("_POSSIBLE", resolve.LevelAction, f.Possible...)
	named := len(errs)
	for _, o := range f.Overrides {
		constantAlone(all, &errs, o)
	}
	missing(all, f, given, &errs)
	switch {
	case len(errs) == 0:
		return nil
	case len(errs) > named:
		code = CodeConfig
	case code == 0:
		code = 75
	}
	return &NameErrors{errs.Err().(syntax.ErrorList), code}
}

// constantAlone reports a constant that is to be a definition that is not constant.
func constantAlone(all *resolve.Program, errs *syntax.ErrorList, o config.Override) {
	c, isConst := all.Root.Scope[o.Name.Text].(*resolve.Const)
	if !isConst || c.Arity > 0 || o.Module != nil {
		return
	}
	if op, _, err := all.Operator(all.Root, o.Target.Text, o.Target.Span); err == nil && op != nil && op.Def != nil && op.Def.Level > resolve.LevelConstant {
		errs.Add(o.Target.Span, "%s is %s, so that it cannot stand for the constant %s", o.Target.Text, op.Def.Level, o.Name.Text)
	}
}

// checkName finds what is wrong with one name, of a formula whose level is bounded, and reports whether it is that.
func checkName(all *resolve.Program, errs *syntax.ErrorList, statement string, most resolve.Level, n config.Name) (level bool) {
	op, v, err := all.Operator(all.Root, n.Text, n.Span)
	switch {
	case err != nil:
		if list, ok := err.(syntax.ErrorList); ok {
			for _, e := range list {
				if !strings.Contains(e.Msg, "did you mean") {
					e.Msg += resolve.Suggest(n.Text, config.Keywords())
				}
				*errs = append(*errs, e)
			}
		}
	case v != nil:
		errs.Add(n.Span, "%s is a variable, where a definition is needed", n.Text)
	case op.Arity > 0:
		errs.Add(n.Span, "%s takes arguments, where a definition without parameters is needed", n.Text)
	case op.Def != nil && op.Def.Level > most:
		errs.Add(n.Span, "%s is %s%s; %s takes at most %s", n.Text, op.Def.Level, because(op.Def, most), statement, most)
		return true
	}
	return false
}

// because tells where the definition has what makes its level too high: a prime, say.
func because(d *resolve.Def, most resolve.Level) string {
	var culprit resolve.Expr
	eval.Walk(d.Body, func(e resolve.Expr) {
		if e.Level() > most && (culprit == nil || within(e.Span(), culprit.Span())) {
			culprit = e
		}
	})
	if culprit == nil || culprit.Span() == d.Body.Span() && culprit.Span().EndLine > culprit.Span().Start.Line {
		return ""
	}
	return ", because of what stands at " + culprit.Span().Start.String()
}

// within reports whether a span lies inside of another one.
func within(a, b syntax.Span) bool {
	start := a.Start.Line > b.Start.Line || a.Start.Line == b.Start.Line && a.Start.Col >= b.Start.Col
	end := a.EndLine < b.EndLine || a.EndLine == b.EndLine && a.EndCol <= b.EndCol
	return a.Start.File == b.Start.File && start && end
}

// missing finds the constants of the root module that get no value.
func missing(all *resolve.Program, f *config.File, given map[string]value.Value, errs *syntax.ErrorList) {
	has := map[string]bool{} // by name, and by module and name
	note := func(name config.Name, module *config.Name) {
		if module == nil {
			has[name.Text] = true
		} else {
			has[module.Text+"!"+name.Text] = true
		}
	}
	for _, c := range f.Constants {
		note(c.Name, c.Module)
	}
	for _, o := range f.Overrides {
		note(o.Name, o.Module)
	}
	for _, m := range append(extended(all.Root, nil), all.Root) {
		for _, c := range m.Consts {
			switch {
			case has[c.Name] || has[m.Name+"!"+c.Name] || given[c.Name] != 0:
			case c.Arity > 0:
				errs.Add(c.Span, "the constant operator %s has no definition; in the configuration: CONSTANT %s <- Definition", c.Name, c.Name)
			default:
				errs.Add(c.Span, "the constant %s has no value; in the configuration: CONSTANT %s = ..", c.Name, c.Name)
			}
		}
	}
}

// extended lists the modules that a module extends, and those that they do.
func extended(m *resolve.Module, list []*resolve.Module) []*resolve.Module {
	for _, e := range m.Extends {
		if !slices.Contains(list, e) {
			list = extended(e, append(list, e))
		}
	}
	return list
}
