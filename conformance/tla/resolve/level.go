// Levels: what each expression may depend on, and the rules about what may stand where.

package resolve

import (
	"fmt"

	"synod/conformance/tla/syntax"
)

// summary is what the level rules need to know of an expression: its level, taking all parameters for constants, and
// the parameters, constants and variables whose own level adds to it once they are replaced.
//
// For the rule about operators that replace constants it also holds every parameter that occurs at all, and those that
// occur where equals may not be put for equals: under a prime, ENABLED or a temporal operator.
type summary struct {
	level  Level
	params []any // *Local, *Const, *Var
	all    []any
	opaque []any
}

// parameter is the summary of a parameter, constant or variable by itself.
func parameter(p any, level Level) summary {
	return summary{level: level, params: []any{p}, all: []any{p}}
}

// add gives the summary of something that depends on both.
func (s summary) add(t summary) summary {
	return summary{max(s.level, t.level), union(s.params, t.params), union(s.all, t.all), union(s.opaque, t.opaque)}
}

// under gives the summary of an operator that hides the level of its operands.
func (s summary) under(level Level) summary {
	return summary{level: level, all: s.all, opaque: s.all}
}

// size grows when add has put something new into a summary.
func (s summary) size() int { return int(s.level) + len(s.params) + len(s.all) + len(s.opaque) }

func union(a, b []any) []any {
	out := a
	for _, x := range b {
		if !has(out, x) {
			out = append(out[:len(out):len(out)], x)
		}
	}
	return out
}

func has(list []any, x any) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// place is one argument of an operator parameter.
type place struct {
	op    any // *Local or *Const
	index int
}

// flow says that the level of a parameter reaches an argument of an operator parameter.
type flow struct {
	index int
	param any
}

// levels checks levels. Its facts about parameters only grow stricter, and are computed again and again until they
// stay, since recursive definitions use them before they are known.
type levels struct {
	errs     *syntax.ErrorList
	defs     map[*Def]summary
	known    map[*Local]summary // the level of @, which is that of what stood there
	inline   map[*Def]bool      // parts of definitions, which stand in no list
	formal   map[*Local]bool    // parameters of definitions and instances; other bound names are constants
	bindings map[*Instance]*binding
	most     map[any]Level   // the greatest level that may replace a parameter or constant; absent for any
	least    map[place]Level // the level that an operator must allow its argument to have
	flows    map[any][]flow
	changed  bool
	report   bool
}

// checkLevels sets the level of every expression of the modules and reports what breaks the rules.
func (r *resolver) checkLevels(order []*Module) {
	r.levels.again(&r.errs, func() { r.levels.modules(order) })
}

// again runs a pass until it learns nothing more, and then once to report.
func (l *levels) again(errs *syntax.ErrorList, pass func()) {
	l.errs = errs
	for l.changed = true; l.changed; {
		l.changed, l.report = false, false
		pass()
	}
	l.report = true
	pass()
}

func newLevels() *levels {
	return &levels{
		defs: map[*Def]summary{}, known: map[*Local]summary{}, inline: map[*Def]bool{}, formal: map[*Local]bool{},
		bindings: map[*Instance]*binding{}, most: map[any]Level{}, least: map[place]Level{}, flows: map[any][]flow{},
	}
}

func (l *levels) modules(order []*Module) {
	for _, m := range order {
		for _, inst := range m.Insts {
			l.instance(inst)
		}
		for _, d := range m.Defs {
			l.def(d)
		}
		for _, a := range m.Assumes {
			if s := l.expr(a.Body); s.level > LevelConstant {
				l.fail(a.Body.Span(), "an assumption must be a constant, but this is %s", s.level)
			}
		}
	}
}

// String names the kind of expression that has the level.
func (l Level) String() string {
	return [...]string{"a constant", "a state function", "an action", "a temporal formula"}[l]
}

func (l *levels) fail(at syntax.Span, format string, args ...any) {
	if l.report {
		l.errs.Add(at, format, args...)
	}
}

// restrict notes that what replaces the parameters must not exceed a level.
func (l *levels) restrict(params []any, most Level) {
	for _, p := range params {
		if old, ok := l.most[p]; !ok || most < old {
			if _, isVar := p.(*Var); !isVar && most < LevelTemporal {
				l.most[p] = most
				l.changed = true
			}
		}
	}
}

// mostOf is the greatest level that may replace a parameter.
func (l *levels) mostOf(p any) Level {
	if most, ok := l.most[p]; ok {
		return most
	}
	return LevelTemporal
}

// require notes that an operator parameter must allow an argument what it is given.
func (l *levels) require(op any, index int, s summary) {
	if p := (place{op, index}); s.level > l.least[p] {
		l.least[p] = s.level
		l.changed = true
	}
	for _, p := range s.params {
		l.addFlow(op, flow{index, p})
	}
}

func (l *levels) addFlow(op any, f flow) {
	for _, old := range l.flows[op] {
		if old == f {
			return
		}
	}
	l.flows[op] = append(l.flows[op], f)
	l.changed = true
}

// def computes the summary of a definition.
func (l *levels) def(d *Def) {
	for _, p := range d.Params {
		l.formal[p] = true
	}
	if d.Body == nil {
		return
	}
	s := l.expr(d.Body)
	old := l.defs[d]
	now := old.add(s)
	if now.size() != old.size() {
		l.defs[d] = now
		l.changed = true
	}
	d.Level = l.defs[d].level
	if d.Recursive {
		l.recursive(d)
	}
}

// recursive reports parameters of a recursive operator that are primed, since a call inside would prime them twice.
func (l *levels) recursive(d *Def) {
	for _, p := range d.Params {
		if l.mostOf(p) < LevelAction {
			l.fail(p.Span, "%s is declared RECURSIVE, so that its parameter %s may not be primed", d.Name, p.Name)
		}
	}
}

// outer is the summary of a definition without its own parameters.
func (l *levels) outer(d *Def) summary {
	s := l.defs[d]
	return summary{s.level, without(s.params, d.Params), without(s.all, d.Params), without(s.opaque, d.Params)}
}

func without(list []any, params []*Local) []any {
	var out []any
	for _, p := range list {
		own := false
		for _, q := range params {
			own = own || p == any(q)
		}
		if !own {
			out = append(out, p)
		}
	}
	return out
}

// atMost computes the level of an operand that must not exceed a level.
func (l *levels) atMost(e Expr, most Level, what string) summary {
	s := l.expr(e)
	if s.level > most {
		l.fail(e.Span(), "%s must be at most %s, but this is %s", what, most, s.level)
	}
	l.restrict(s.params, most)
	return s
}

// all computes the level of operands that must not exceed a level.
func (l *levels) all(list []Expr, most Level, what string) summary {
	var s summary
	for _, e := range list {
		s = s.add(l.atMost(e, most, what))
	}
	return s
}

// expr computes the summary of an expression and sets its level.
func (l *levels) expr(e Expr) summary {
	s := l.compute(e)
	e.head().Lvl = s.level
	return s
}

func (l *levels) compute(e Expr) summary {
	switch e := e.(type) {
	case *Bool, *BoolSet, *StringSet, *Number, *String:
		return summary{}
	case *VarRef:
		return parameter(e.Var, LevelState)
	case *LocalRef:
		return l.localRef(e)
	case *ConstRef:
		return l.declared(e.Const, e.Args)
	case *Call:
		return l.call(e)
	case *Apply:
		return l.apply(e)
	case *And:
		return l.junction(e, e.Items)
	case *Or:
		return l.junction(e, e.Items)
	case *Quant:
		return l.quant(e)
	case *UnboundedQuant:
		s := l.expr(e.Body)
		if e.Temporal {
			return s.under(LevelTemporal)
		}
		return s
	case *If:
		return l.expr(e.Cond).add(l.expr(e.Then)).add(l.expr(e.Else))
	case *Case:
		return l.caseExpr(e)
	case *Let:
		for _, inst := range e.Insts {
			l.instance(inst)
		}
		for _, d := range e.Defs {
			l.def(d)
		}
		return l.expr(e.Body)
	}
	return l.structure(e)
}

// structure computes the level of sets, functions, records and tuples.
func (l *levels) structure(e Expr) summary {
	const element = "what a value is made of"
	switch e := e.(type) {
	case *Choose:
		return l.bounds([]Bound{e.Bound}).add(l.atMost(e.Body, LevelAction, "the condition of a CHOOSE"))
	case *Filter:
		return l.bounds([]Bound{e.Bound}).add(l.atMost(e.Body, LevelAction, "the condition of a set"))
	case *MapSet:
		return l.bounds(e.Bounds).add(l.atMost(e.Body, LevelAction, "an element of a set"))
	case *Func:
		return l.bounds(e.Bounds).add(l.expr(e.Body))
	case *FuncDef:
		return l.expr(e.Func)
	case *FuncSet:
		return l.all([]Expr{e.Dom, e.Rng}, LevelAction, "a set")
	case *FuncApply:
		return l.atMost(e.Func, LevelAction, "a function").add(l.all(e.Args, LevelAction, "the argument of a function"))
	case *Field:
		return l.atMost(e.Rec, LevelAction, "a record")
	case *Except:
		return l.except(e)
	case *Record:
		return l.all(e.Values, LevelTemporal, element)
	case *RecordSet:
		return l.all(e.Sets, LevelAction, "a set")
	case *Tuple:
		return l.all(e.Items, LevelAction, "an element of a tuple")
	case *Product:
		return l.all(e.Sets, LevelAction, "a set")
	case *SetEnum:
		return l.all(e.Items, LevelAction, "an element of a set")
	}
	panic(fmt.Sprintf("resolve: %T has no level", e))
}

func (l *levels) localRef(e *LocalRef) summary {
	if s, ok := l.known[e.Local]; ok {
		return s
	}
	if !l.formal[e.Local] {
		return summary{}
	}
	return l.declared(e.Local, e.Args)
}

// declared computes the level of a parameter or a declared constant with its arguments.
func (l *levels) declared(op any, args []Arg) summary {
	s := parameter(op, LevelConstant)
	for i, a := range args {
		t := l.expr(a.(Expr))
		l.require(op, i, t)
		s = s.add(t)
	}
	return s
}

func (l *levels) caseExpr(e *Case) summary {
	var s summary
	for _, arm := range e.Arms {
		s = s.add(l.expr(arm.Cond)).add(l.expr(arm.Value))
	}
	if e.Other != nil {
		s = s.add(l.expr(e.Other))
	}
	return s
}

func (l *levels) bounds(list []Bound) summary {
	var s summary
	for _, b := range list {
		if b.Set != nil {
			s = s.add(l.atMost(b.Set, LevelAction, "the set of a bound"))
		}
	}
	return s
}

func (l *levels) quant(e *Quant) summary {
	bounds := l.bounds(e.Bounds)
	s := bounds.add(l.expr(e.Body))
	if s.level == LevelTemporal && bounds.level == LevelAction {
		l.fail(e.Span(), "the set of a quantifier over a temporal formula must not be an action")
	}
	return s
}

// except computes the level of an EXCEPT; @ has the level of what it stands for.
func (l *levels) except(e *Except) summary {
	f := l.atMost(e.Func, LevelAction, "a function")
	s := f
	for _, u := range e.Updates {
		path := f
		for _, step := range u.Path {
			path = path.add(l.all(step.Args, LevelAction, "the argument of a function"))
		}
		if u.At != nil {
			l.known[u.At] = path
		}
		s = s.add(path).add(l.atMost(u.Value, LevelAction, "the new value in an EXCEPT"))
	}
	return s
}

// junction computes the level of a conjunction or disjunction, which must not mix actions and temporal formulas.
func (l *levels) junction(e Expr, items []Expr) summary {
	var s summary
	action, temporal := false, false
	for _, item := range items {
		t := l.expr(item)
		action = action || t.level == LevelAction
		temporal = temporal || t.level == LevelTemporal
		s = s.add(t)
	}
	if action && temporal {
		l.fail(e.Span(), "an action and a temporal formula stand side by side")
	}
	return s
}
