// Machines: stepping a model by hand.

package tla

import "errors"

// Machine evaluates a model in one goroutine; several may run at once on one Model.
type Machine struct{ model *Model }

// NewMachine makes a machine. It starts no goroutine and needs no closing.
func (m *Model) NewMachine() *Machine { return &Machine{model: m} }

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

// Init gives the initial states, without duplicates.
func (m *Machine) Init() ([]State, error) { return nil, errors.New("the engine is being built") }

// Step gives the successors of s, without duplicates, by those parts of Next that are calls of a.
//
// args are the values of a's parameters; a zero Value is unknown, and missing ones are too. A known value is bound:
// a quantified variable of Next that is passed on as that parameter is not enumerated, it is tested for
// membership in its set (which may be infinite) and takes the value. An unknown one is enumerated, and it is an
// error if its set is infinite.
//
// With want, only the successors that agree with every expectation are returned.
func (m *Machine) Step(s State, a Action, args []Value, want ...Expect) ([]State, error) {
	return nil, errors.New("the engine is being built")
}

// Successors gives the successors of s by the whole of Next; equal states by different actions are listed apart.
func (m *Machine) Successors(s State) ([]Successor, error) {
	return nil, errors.New("the engine is being built")
}

// Enabled reports whether Step would return a state.
func (m *Machine) Enabled(s State, a Action, args []Value) (bool, error) {
	next, err := m.Step(s, a, args)
	return len(next) > 0, err
}

// Eval evaluates an expression of the specification's language in a state, with all of the root module's names.
func (m *Machine) Eval(expr string, s State) (Value, error) {
	return 0, errors.New("the engine is being built")
}

// Holds evaluates a definition of the root module without parameters, an invariant say, in a state.
func (m *Machine) Holds(name string, s State) (bool, error) {
	return false, errors.New("the engine is being built")
}

// Match reports whether s agrees with e: the value at the path exists and equals e.Value.
func (e Expect) Match(s State) bool { return false }

// Lookup follows a path from a variable's value in s; ok is false where it leads nowhere.
func (s State) Lookup(name string, path ...Value) (v Value, ok bool) { return 0, false }
