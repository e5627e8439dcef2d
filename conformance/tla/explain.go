// Explanations: why a step is no step of the action it claims to be.

package tla

import (
	"errors"

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

// Explain evaluates every conjunct of a's body in s, also those after the first false one, and compares what the
// action would assign with what was observed. args are as in Step.
//
// Every part of Next that is a call of a is tried, and every branch of a disjunction and every value of a \E in a; the
// explanation is the one in which most conjuncts hold, the first of them where several tie.
func (m *Machine) Explain(s State, a Action, args []Value, want []Expect) (Explanation, error) {
	return Explanation{}, errors.New("the engine is being built")
}
