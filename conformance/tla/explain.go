// Explanations: why a step is no step of the action it claims to be.

package tla

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// Verdict says how a conjunct fared.
type Verdict uint8

// The four ways in which a conjunct can fare.
const (
	Holds   Verdict = iota // true, or an assignment that agrees with what was observed
	Fails                  // false
	Differs                // an assignment whose value is not the one observed
	Errs                   // could not be evaluated
)

// Explanation is an action taken apart: its conjuncts, and how each fares in a given state.
type Explanation struct {
	Action     string
	Span       syntax.Span // of the action's definition
	Args       []Binding   // the parameters with their values (zero Value: unknown)
	Witnesses  []Binding   // the values chosen for \E: those with which most conjuncts hold
	Conjuncts  []Conjunct  // in source order
	Held       int         // how many of them hold
	Successors []State     // the states reached if the guards hold, whether or not they match; at most a few
}

// Binding is a name and its value.
type Binding struct {
	Name  string
	Value Value
	Span  syntax.Span // where the name is bound
}

// String gives name = value; a value that is not known is a question mark.
func (b Binding) String() string {
	if b.Value == 0 {
		return b.Name + " = ?"
	}
	return b.Name + " = " + b.Value.String()
}

// Conjunct is one conjunct of an action's body, after those of definitions, LET and \E in it have been flattened.
type Conjunct struct {
	Span    syntax.Span
	Source  string // the conjunct as it stands in the file, on one line
	Values  string // its operands' values: `2 >= 3`, `{"a1"} \in {{"a1", "a2"}}`; "" where there is nothing to add
	Verdict Verdict
	Err     error // where Verdict is Errs

	// Reads are the parts of the state before the step that the conjunct's value depended on, each as deep as it was
	// read: promised[a1] = 3 for `promised[a] <= b`, a whole variable where it was read as a whole.
	Reads []Expect

	// For an assignment x' = e.
	Var      string       // the variable; "" for a guard
	Diffs    []Difference // where what the action gives is not what was observed
	Operator string       // the definition the conjunct stands in, if it is not the action itself
}

// Difference is a place in a variable at which the action gives one value and another was observed.
type Difference struct {
	Var      string
	Path     []Value
	Given    Value // by the action; zero where the path leads nowhere
	Observed Value
}

// String gives one line for each conjunct that does not hold, with its place and the values of its operands, below the action and
// what its names stand for.
func (e Explanation) String() string {
	text := e.Action
	for i, b := range append(slices.Clone(e.Args), e.Witnesses...) {
		text += []string{" with ", ", "}[min(i, 1)] + b.String()
	}
	if e.Held == len(e.Conjuncts) {
		return text + ": every conjunct holds"
	}
	for _, c := range e.Conjuncts {
		if c.Verdict != Holds {
			text += "\n  " + c.String()
		}
	}
	return text
}

// String tells how the conjunct fared.
func (c Conjunct) String() string {
	text := c.Span.Start.String() + ": " + c.Source
	switch c.Verdict {
	case Holds:
		text += " holds"
	case Fails:
		text += " is false"
	case Differs:
		text += " is not what was observed"
	case Errs:
		return text + " cannot be evaluated: " + c.Err.Error()
	}
	if c.Values != "" {
		text += ": " + c.Values
	}
	for _, d := range c.Diffs {
		place := d.Var
		for _, x := range d.Path {
			place += "[" + x.String() + "]"
		}
		text += fmt.Sprintf("; %s would be %s, and %s was observed", place, d.Given, d.Observed)
	}
	return text
}

// Explain evaluates every conjunct of a's body in s, also those after the first false one, and compares what the
// action would assign with what was observed. args are as in Step.
//
// Every part of Next that is a call of a is tried, and every branch of a disjunction and every value of a \E in a; the
// explanation is the one in which the fewest conjuncts fail, then that in which most hold, and then the first. That an
// argument is an element of the set that Next demands is a conjunct only where it is false.
func (m *Machine) Explain(s State, a Action, args []Value, want []Expect) (Explanation, error) {
	o, err := m.model.outline(a)
	if err != nil {
		return Explanation{}, err
	}
	if s.model != m.model {
		return Explanation{}, errors.New("the state is of another model")
	}
	wants, err := m.model.wants(want)
	if err != nil {
		return Explanation{}, err
	}
	found, err := m.worker.Explain(o, s.values, args, wants)
	if err != nil {
		return Explanation{}, m.model.wrong(err)
	}
	out := Explanation{Action: a.Name, Span: a.Span, Held: found.Held}
	for _, b := range found.Args {
		out.Args = append(out.Args, Binding(b))
	}
	for _, b := range found.Witnesses {
		out.Witnesses = append(out.Witnesses, Binding(b))
	}
	for _, c := range found.Conjuncts {
		out.Conjuncts = append(out.Conjuncts, m.model.conjunct(c))
	}
	out.Successors = m.few(s, a, args)
	return out, nil
}

// ExplainInvariant evaluates every conjunct of an invariant that the configuration lists, or of another definition without parameters
// that speaks of a state, in s, also those after the first false one.
func (m *Machine) ExplainInvariant(s State, name string) (Explanation, error) {
	if s.model != m.model {
		return Explanation{}, errors.New("the state is of another model")
	}
	o, at, err := m.model.invariant(name)
	if err != nil {
		return Explanation{}, err
	}
	found, err := m.worker.Explain(o, s.values, nil, nil)
	if err != nil {
		return Explanation{}, m.model.wrong(err)
	}
	out := Explanation{Action: name, Span: at, Held: found.Held}
	for _, c := range found.Conjuncts {
		out.Conjuncts = append(out.Conjuncts, m.model.conjunct(c))
	}
	return out, nil
}

// invariant compiles an invariant for explanations when it is first needed.
func (m *Model) invariant(name string) (*eval.Outline, syntax.Span, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, errs := m.expression(name)
	if errs != nil {
		return nil, syntax.Span{}, errs
	}
	call, ok := e.(*resolve.Call)
	if !ok || len(call.Args) > 0 || e.Level() > resolve.LevelState {
		return nil, syntax.Span{}, fmt.Errorf("%q is no definition without parameters that speaks of a state", name)
	}
	o := m.explains[call.Def]
	if o == nil {
		o = m.core.Program.Outline(m.core.Program.Part(e), call.Def)
		m.explains[call.Def] = o
	}
	return o, definitionSpan(call.Def), nil
}

// wants translates what was observed.
func (m *Model) wants(want []Expect) ([]eval.Want, error) {
	var out []eval.Want
	for _, e := range want {
		i, ok := m.byName[e.Var]
		if !ok {
			return nil, fmt.Errorf("there is no variable %s", e.Var)
		}
		out = append(out, eval.Want{Var: i, Path: e.Path, Value: e.Value})
	}
	return out, nil
}

// conjunct translates what the evaluator says of a conjunct.
func (m *Model) conjunct(c eval.Conjunct) Conjunct {
	out := Conjunct{Span: c.Span, Source: m.text(c.Span), Values: c.Values, Verdict: Verdict(c.Verdict), Var: c.Var, Operator: c.Operator}
	if c.Err != nil {
		out.Err = m.quoted(errorOf(c.Err, 75))
	}
	for _, r := range c.Reads {
		out.Reads = append(out.Reads, Expect{Var: m.variables[r.Var], Path: r.Path, Value: r.Value})
	}
	for _, d := range c.Diffs {
		out.Diffs = append(out.Diffs, Difference{Var: m.variables[d.Var], Path: d.Path, Given: d.Given, Observed: d.Observed})
	}
	return out
}

// few gives some of the successors by an action; an error is none.
func (m *Machine) few(s State, a Action, args []Value) []State {
	const enough = 4
	r, err := m.model.stepRelation(a)
	if err != nil {
		return nil
	}
	var found states
	m.worker.With(args)
	err = m.worker.Successors(r, s.values, func(next []Value) bool {
		found.add(m.model, next)
		return len(found.list) >= enough
	})
	m.worker.With(nil)
	if err != nil {
		return nil
	}
	return found.list
}

// outline compiles an action for explanations when it is first needed.
func (m *Model) outline(a Action) (*eval.Outline, error) {
	if a.def == nil {
		return nil, fmt.Errorf("%q is no action of this model", a.Name)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	o := m.explains[a.def]
	if o == nil {
		o = m.core.Program.Outline(m.core.Next, a.def)
		m.explains[a.def] = o
	}
	return o, nil
}

// text is a stretch of source on one line.
func (m *Model) text(span syntax.Span) string {
	lines := strings.Split(string(m.Source(span.Start.File)), "\n")
	if span.Start.Line < 1 || span.EndLine > len(lines) || span.EndLine < span.Start.Line {
		return ""
	}
	var parts []string
	for n := span.Start.Line; n <= span.EndLine; n++ {
		line := []rune(strings.TrimRight(lines[n-1], "\r"))
		if n == span.EndLine {
			line = line[:min(span.EndCol, len(line))]
		}
		if n == span.Start.Line {
			line = line[min(span.Start.Col-1, len(line)):]
		}
		parts = append(parts, string(line))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
