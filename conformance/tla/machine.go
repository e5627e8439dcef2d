// Machines: stepping a model by hand.

package tla

import (
	"errors"
	"fmt"

	"synod/conformance/tla/check"
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// Machine evaluates a model in one goroutine; several may run at once on one Model.
type Machine struct {
	model  *Model
	worker *eval.Worker
}

// NewMachine makes a machine. It starts no goroutine and needs no closing.
func (m *Model) NewMachine() *Machine { return &Machine{model: m, worker: m.core.Program.NewWorker()} }

// Expect is what was observed of a state: the value of a variable, or of the part of it that Path leads to.
// Each element of Path is an argument of a function, an index of a tuple or a field's name as a string.
type Expect struct {
	Var   string
	Path  []Value
	Value Value
}

// Successor is a next state and the action that led to it.
type Successor struct {
	Action string  // the innermost definition of Model.Actions that the step went through; "" for none
	Args   []Value // the values of its parameters
	State  State
}

var (
	errNoInit = errors.New("the model has no initial predicate")
	errNoNext = errors.New("the model has no next-state relation")
)

// Init gives the initial states, without duplicates.
func (m *Machine) Init() ([]State, error) {
	if m.model.initial == nil {
		return nil, errNoInit
	}
	var found states
	err := m.worker.Initial(m.model.initial, func(next []Value) bool {
		found.add(m.model, next)
		return false
	})
	if err != nil {
		return nil, m.model.wrong(err)
	}
	return found.list, nil
}

// fewStates are compared one by one: a step by a known action with known arguments has one successor, as a rule.
const fewStates = 8

// states collects states without duplicates, in the order found.
type states struct {
	list []State
	seen map[uint64][]int
}

func (s *states) add(m *Model, values []Value) {
	state := m.state(append([]Value(nil), values...))
	if len(s.list) < fewStates {
		for _, other := range s.list {
			if other.Equal(state) {
				return
			}
		}
		s.list = append(s.list, state)
		return
	}
	if s.seen == nil {
		s.seen = map[uint64][]int{}
		for i, other := range s.list {
			s.seen[other.print] = append(s.seen[other.print], i)
		}
	}
	for _, i := range s.seen[state.print] {
		if s.list[i].Equal(state) {
			return
		}
	}
	s.seen[state.print] = append(s.seen[state.print], len(s.list))
	s.list = append(s.list, state)
}

// Step gives the successors of s, without duplicates, by those parts of Next that are calls of a.
//
// args are the values of a's parameters; a zero Value is unknown, and missing ones are too. A known value is bound:
// a quantified variable of Next that is passed on as that parameter is not enumerated, it is tested for
// membership in its set (which may be infinite) and takes the value. An unknown one is enumerated, and it is an
// error if its set is infinite.
//
// With want, only the successors that agree with every expectation are returned.
func (m *Machine) Step(s State, a Action, args []Value, want ...Expect) ([]State, error) {
	r, err := m.model.stepRelation(a)
	if err != nil {
		return nil, err
	}
	if s.model != m.model {
		return nil, errors.New("the state is of another model")
	}
	var found states
	m.worker.With(args)
	err = m.worker.Successors(r, s.values, func(next []Value) bool {
		for _, e := range want {
			if !e.holds(m.model, next) {
				return false
			}
		}
		found.add(m.model, next)
		return false
	})
	m.worker.With(nil)
	if err != nil {
		return nil, m.model.wrong(err)
	}
	return found.list, nil
}

// stepRelation compiles the restriction of Next to an action when it is first needed.
func (m *Model) stepRelation(a Action) (*eval.Relation, error) {
	if a.def == nil {
		return nil, fmt.Errorf("%q is no action of this model", a.Name)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.steps[a.def]
	if r == nil {
		r = m.core.Program.Step(m.core.Next, a.def)
		m.steps[a.def] = r
	}
	return r, nil
}

// Successors gives the successors of s by the whole of Next; equal states by different actions are listed apart.
func (m *Machine) Successors(s State) ([]Successor, error) {
	if m.model.next == nil {
		return nil, errNoNext
	}
	var list []Successor
	type step struct {
		action *resolve.Def
		print  uint64
	}
	seen := map[step]bool{}
	err := m.worker.Successors(m.model.next, s.values, func(next []Value) bool {
		state := m.model.state(append([]Value(nil), next...))
		d, args, _ := m.worker.Action()
		if seen[step{d, state.print}] {
			return false
		}
		seen[step{d, state.print}] = true
		succ := Successor{Args: args, State: state}
		if d != nil {
			succ.Action = d.Name
		}
		list = append(list, succ)
		return false
	})
	return list, m.model.wrong(err)
}

// Enabled reports whether Step would return a state.
func (m *Machine) Enabled(s State, a Action, args []Value) (bool, error) {
	r, err := m.model.stepRelation(a)
	if err != nil {
		return false, err
	}
	found := false
	m.worker.With(args)
	err = m.worker.Successors(r, s.values, func([]Value) bool { found = true; return true })
	m.worker.With(nil)
	return found, m.model.wrong(err)
}

// Eval evaluates an expression of the specification's language in a state, with all of the root module's names.
// A zero State is allowed where the expression depends on no state.
func (m *Machine) Eval(expr string, s State) (Value, error) {
	f, err := m.model.formula(expr)
	if err != nil {
		return 0, err
	}
	v, err := m.worker.Eval(f, s.values, nil)
	if err != nil {
		e := errorOf(err, 75)
		e.quoteText(expr)
		return 0, m.model.quoted(e)
	}
	return v, nil
}

// expressionFile is what messages call the text of an expression that stands in no file.
const expressionFile = "expression"

// formula compiles an expression when it is first needed.
func (m *Model) formula(text string) (*eval.Formula, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.formulas[text]; f != nil {
		return f, nil
	}
	e, errs := m.expression(text)
	if errs != nil {
		return nil, errs
	}
	f := m.core.Program.Formula(e)
	m.formulas[text] = f
	return f, nil
}

// expression is an expression in the scope of the root module.
func (m *Model) expression(text string) (resolve.Expr, Errors) {
	e, err := m.core.Resolved.ParseExpr(m.core.Resolved.Root, expressionFile, text, nil)
	if err == nil {
		return e, nil
	}
	errs := errorsOf(err, check.CodeSpec)
	for _, e := range errs {
		e.quoteText(text)
	}
	return nil, errs
}

// Holds evaluates a definition of the root module without parameters, an invariant say, in a state.
func (m *Machine) Holds(name string, s State) (bool, error) {
	op, _, err := m.model.core.Resolved.Operator(m.model.core.Resolved.Root, name, noSpan)
	if err != nil {
		return false, errorsOf(err, 151)
	}
	if op == nil || op.Arity > 0 {
		return false, fmt.Errorf("%s is no definition without parameters", name)
	}
	f, err := m.model.formula(name)
	if err != nil {
		return false, err
	}
	holds, err := m.worker.Holds(f, s.values)
	return holds, m.model.wrong(err)
}

var noSpan = syntax.Span{}

// Match reports whether s agrees with e: the value at the path exists and equals e.Value.
func (e Expect) Match(s State) bool { return s.model != nil && e.holds(s.model, s.values) }

func (e Expect) holds(m *Model, values []Value) bool {
	i, ok := m.byName[e.Var]
	if !ok {
		return false
	}
	v, ok := follow(values[i], e.Path)
	return ok && v == e.Value
}

// follow goes from a value to a part of it.
func follow(v Value, path []Value) (Value, bool) {
	for _, x := range path {
		var ok bool
		if v, ok = v.Apply(x); !ok {
			return 0, false
		}
	}
	return v, true
}

// Lookup follows a path from a variable's value in s; ok is false where it leads nowhere.
func (s State) Lookup(name string, path ...Value) (v Value, ok bool) {
	if v, ok = s.Get(name); !ok {
		return 0, false
	}
	return follow(v, path)
}
