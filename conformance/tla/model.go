// Models: a specification with its constants given values.

package tla

import (
	"errors"
	"io/fs"

	"synod/conformance/tla/syntax"
)

// Options say how to load a specification. The zero value reads operating-system files without a configuration.
type Options struct {
	FS          fs.FS            // where to read from; nil is the operating system
	Config      string           // the .cfg file's path; "" is none
	Constants   map[string]Value // values for constants: they replace or complete the configuration's
	ModelValues []string         // strings in Constants that are to be read as model values
	SearchDirs  []string         // further folders to look for modules in
}

// Model is a specification ready to be evaluated: immutable, to be shared by any number of Machines.
type Model struct {
	variables []string
	byName    map[string]int
}

// Load reads the specification's root module, everything it extends or instantiates, and the configuration.
// The error is of type Errors.
func Load(specPath string, opts Options) (*Model, error) {
	return nil, Errors{{Msg: "the engine is being built", Code: 255}}
}

// Variables are the names of the root module's variables, in the order of their declaration.
func (m *Model) Variables() []string { return m.variables }

// VariableIndex is a variable's place in Variables.
func (m *Model) VariableIndex(name string) (int, bool) {
	i, ok := m.byName[name]
	return i, ok
}

// Constants are the values of the root module's constants that have one.
func (m *Model) Constants() map[string]Value { return nil }

// Actions are the definitions that Next is made of, in source order: those called in it, through \/, \E, IF, CASE
// and LET, and in turn those called in them in the same way.
func (m *Model) Actions() []Action { return nil }

// Action finds an action by its name.
func (m *Model) Action(name string) (Action, bool) { return Action{}, false }

// Invariants are the names of the invariants that the configuration lists.
func (m *Model) Invariants() []string { return nil }

// HasOperator reports whether the root module has a definition of that name, for Machine.Holds.
func (m *Model) HasOperator(name string) bool { return false }

// NewState makes a state from a value for each variable.
func (m *Model) NewState(values map[string]Value) (State, error) {
	return State{}, errors.New("the engine is being built")
}

// Action is a definition that is called in Next.
type Action struct {
	Name   string
	Params []string    // the parameters' names
	Span   syntax.Span // of the whole definition, from its name to the end of its body
	index  int         // into the model's actions; 0 is no action
}
