// Levels of operators: those of the language, definitions that are called, and instances.

package resolve

import "fmt"

// operandMost is the greatest level that an operator of the language allows its operands.
func operandMost(op Op, index int) Level {
	switch op {
	case OpNot, OpImplies, OpEquiv, OpAnd, OpOr, OpLeadsTo, OpAlways, OpEventually, OpWhilePlus:
		return LevelTemporal
	case OpPrime, OpUnchanged:
		return LevelState
	case OpBoxAction, OpDiaAction:
		return [2]Level{LevelAction, LevelState}[index]
	case OpWF, OpSF:
		return [2]Level{LevelState, LevelAction}[index]
	}
	return LevelAction
}

// resultLevel is the level of an operator of the language that hides the levels of its operands.
func resultLevel(op Op) (Level, bool) {
	switch op {
	case OpEnabled:
		return LevelState, true
	case OpPrime, OpUnchanged, OpCdot, OpBoxAction, OpDiaAction:
		return LevelAction, true
	case OpAlways, OpEventually, OpLeadsTo, OpWhilePlus, OpWF, OpSF:
		return LevelTemporal, true
	}
	return LevelConstant, false
}

// opNames are the operators of the language in messages.
var opNames = func() map[Op]string {
	names := map[Op]string{OpBoxAction: "[A]_v", OpDiaAction: "<<A>>_v", OpWF: "WF", OpSF: "SF"}
	for name, op := range languageOps {
		names[op] = name
	}
	return names
}()

func (l *levels) apply(e *Apply) summary {
	switch e.Op {
	case OpImplies, OpEquiv:
		return l.junction(e, e.Args)
	}
	var s summary
	for i, a := range e.Args {
		s = s.add(l.atMost(a, operandMost(e.Op, i), "the operand of "+opNames[e.Op]))
	}
	l.stuttering(e)
	if level, ok := resultLevel(e.Op); ok {
		return s.under(level)
	}
	return s
}

// stuttering reports temporal operators on actions that would tell whether a step changed nothing.
func (l *levels) stuttering(e *Apply) {
	action := func(i int, but Op) bool {
		a, ok := e.Args[i].(*Apply)
		return e.Args[i].Level() == LevelAction && !(ok && a.Op == but)
	}
	switch e.Op {
	case OpAlways:
		if action(0, OpBoxAction) {
			l.fail(e.Span(), "[] must be followed by a state predicate, a temporal formula or an action of the form [A]_v")
		}
	case OpEventually:
		if action(0, OpDiaAction) {
			l.fail(e.Span(), "<> must be followed by a state predicate, a temporal formula or an action of the form <<A>>_v")
		}
	case OpLeadsTo, OpWhilePlus:
		if action(0, OpNone) || action(1, OpNone) {
			l.fail(e.Span(), "%s stands between state predicates or temporal formulas, not actions", opNames[e.Op])
		}
	}
}

// binding is what replaces parameters: of a definition, of an instance, or the constants and variables of a module.
type binding struct {
	params []any
	values []summary
}

// replace gives the summary of something after its parameters have been replaced.
func (b *binding) replace(s summary) summary {
	out := summary{level: s.level}
	for _, p := range s.params {
		v := b.value(p)
		out.level = max(out.level, v.level)
		out.params = union(out.params, v.params)
	}
	for _, p := range s.all {
		v := b.value(p)
		out.all, out.opaque = union(out.all, v.all), union(out.opaque, v.opaque)
	}
	for _, p := range s.opaque {
		out.opaque = union(out.opaque, b.value(p).all)
	}
	return out
}

// value is the summary of what replaces a parameter; others stay themselves.
func (b *binding) value(p any) summary {
	for i, q := range b.params {
		if p == q {
			return b.values[i]
		}
	}
	return parameter(p, LevelConstant)
}

// call computes the level of a definition's use, after its path of instances.
func (l *levels) call(e *Call) summary {
	own := &binding{}
	for i, a := range e.Args {
		own.params = append(own.params, e.Def.Params[i])
		own.values = append(own.values, l.arg(a))
	}
	l.checkArgs(e, own, e.Args, e.Def.Name)
	if l.inline[e.Def] {
		l.def(e.Def)
	}
	s := l.defs[e.Def]
	if len(e.Path) == 0 {
		return own.replace(s)
	}
	return own.replace(l.through(e, s))
}

// through replaces what a path of instances replaces, from the innermost instance outwards.
func (l *levels) through(e *Call, s summary) summary {
	for i := len(e.Path) - 1; i >= 0; i-- {
		use := e.Path[i]
		args := &binding{}
		for k, a := range use.Args {
			args.params = append(args.params, use.Inst.Params[k])
			args.values = append(args.values, l.arg(a))
		}
		l.checkArgs(e, args, use.Args, use.Inst.Name)
		s = args.replace(l.substitution(use.Inst).replace(s))
	}
	return s
}

// substitution is the binding of an instance's constants and variables, as it was when the statement was last visited.
func (l *levels) substitution(inst *Instance) *binding {
	if b, ok := l.bindings[inst]; ok {
		return b
	}
	return l.bind(inst)
}

// bind computes the binding of an instance's constants and variables.
func (l *levels) bind(inst *Instance) *binding {
	b := &binding{}
	l.bindings[inst] = b
	consts, vars := parameters(inst.Module)
	for _, c := range consts {
		b.params = append(b.params, c)
		b.values = append(b.values, l.arg(inst.Consts[c]))
	}
	for _, v := range vars {
		b.params = append(b.params, v)
		b.values = append(b.values, l.expr(inst.Vars[v]))
	}
	return b
}

// arg computes the summary of an argument: for an operator that of its body, without its own parameters.
func (l *levels) arg(a Arg) summary {
	op, ok := a.(*OpArg)
	if !ok {
		return l.expr(a.(Expr))
	}
	switch {
	case op.Local != nil:
		return parameter(op.Local, LevelConstant)
	case op.Const != nil:
		return parameter(op.Const, LevelConstant)
	case op.Def != nil:
		if l.inline[op.Def] {
			l.def(op.Def)
		}
		s := l.outer(op.Def)
		for i := len(op.Path) - 1; i >= 0; i-- {
			s = l.substitution(op.Path[i].Inst).replace(s)
		}
		return s
	}
	level, _ := resultLevel(op.Op)
	return summary{level: level}
}

// checkArgs checks the arguments of a definition or an instance against what is known of its parameters.
func (l *levels) checkArgs(e *Call, b *binding, args []Arg, name string) {
	for i, p := range b.params {
		s, most := b.values[i], l.mostOf(p)
		if s.level > most {
			l.fail(args[i].Span(), "argument %d of %s must be at most %s, but this is %s", i+1, name, most, s.level)
		}
		l.restrict(s.params, most)
		if op, ok := args[i].(*OpArg); ok {
			l.operatorArg(op, p, b, fmt.Sprintf("argument %d of %s", i+1, name))
		}
	}
}

// operatorArg checks an operator that replaces an operator parameter: it must allow its arguments the levels that
// they get there.
func (l *levels) operatorArg(op *OpArg, param any, b *binding, what string) {
	for j := range op.Arity {
		l.operatorPlace(op, j, summary{level: l.least[place{param, j}]}, what)
	}
	for _, f := range l.flows[param] {
		l.operatorPlace(op, f.index, b.value(f.param), what)
	}
}

// operatorPlace checks one argument of an operator against what it is given.
func (l *levels) operatorPlace(op *OpArg, index int, given summary, what string) {
	switch {
	case op.Local != nil:
		l.require(op.Local, index, given)
		return
	case op.Const != nil:
		l.require(op.Const, index, given)
		return
	}
	most := operandMost(op.Op, index)
	if op.Def != nil {
		most = l.mostOf(op.Def.Params[index])
	}
	if given.level > most {
		l.fail(op.Span(), "%s is given %s, but allows at most %s", what, given.level, most)
	}
	l.restrict(given.params, most)
}

// instance checks what an INSTANCE substitutes. In a module with variables or actions a constant must be replaced by
// a constant; in a constant module, by whatever its use there allows.
func (l *levels) instance(inst *Instance) {
	for _, p := range inst.Params {
		l.formal[p] = true
	}
	b := l.bind(inst)
	constant := isConstantModule(inst.Module)
	for i, p := range b.params {
		most := LevelState
		if c, ok := p.(*Const); ok {
			most = l.mostOf(c)
			if !constant {
				most = LevelConstant
			}
			if op, ok := inst.Consts[c].(*OpArg); ok {
				l.operatorArg(op, c, b, "the constant "+c.Name+" of module "+inst.Module.Name)
				l.leibniz(op, inst, c)
			}
		}
		if s := b.values[i]; s.level > most {
			l.fail(inst.Span, "what replaces %s of module %s must be at most %s, but is %s",
				parameterName(p), inst.Module.Name, most, s.level)
		}
		l.restrict(b.values[i].params, most)
	}
}

func parameterName(p any) string {
	switch p := p.(type) {
	case *Const:
		return p.Name
	case *Var:
		return p.Name
	case *Local:
		return p.Name
	}
	return ""
}

// isConstantModule reports whether a module has no variables and defines constants only.
func isConstantModule(m *Module) bool {
	_, vars := parameters(m)
	if len(vars) > 0 {
		return false
	}
	for _, d := range m.Defs {
		if d.Level > LevelConstant {
			return false
		}
	}
	for _, ext := range m.Extends {
		if !isConstantModule(ext) {
			return false
		}
	}
	return true
}

// leibniz reports an operator that replaces a constant and of which equal arguments need not give equal values.
func (l *levels) leibniz(op *OpArg, inst *Instance, c *Const) {
	opaque := false
	if op.Def != nil {
		for _, p := range op.Def.Params {
			opaque = opaque || has(l.defs[op.Def].opaque, p)
		}
	} else {
		_, opaque = resultLevel(op.Op)
	}
	if opaque {
		l.fail(inst.Span, "what replaces %s of module %s may not have its argument under a prime, ENABLED or a temporal operator",
			c.Name, inst.Module.Name)
	}
}
