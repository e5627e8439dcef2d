// Models: a specification with its constants given values.

package tla

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"synod/conformance/tla/check"
	"synod/conformance/tla/config"
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Options say how to load a specification. The zero value reads operating-system files without a configuration.
type Options struct {
	FS          fs.FS            // where to read from; nil is the operating system
	Config      string           // the .cfg file's path, or that of a module's file with a CONFIG section; "" is none
	Constants   map[string]Value // values for constants: they replace or complete the configuration's
	ModelValues []string         // not needed by Load; kept beside Constants by those who decode them
	SearchDirs  []string         // further folders to look for modules in
	Invariants  []string         // expressions to be checked besides the configuration's invariants, as TLC's -inv

	// WideIntegers lets integers have 60 bits. TLC's have 32, and going beyond them is an error, here as in TLC.
	WideIntegers bool

	// Budget bounds each evaluation: of a formula in a state, of all successors of one. A specification from somewhere else
	// can then not keep its caller busy for ever; what exceeds the budget is an Error. The zero Budget has no bound on time.
	Budget Budget
}

// Budget says how much one evaluation may do. Together with LimitSets it bounds time and memory.
type Budget = eval.Budget

// LimitSets bounds the sets that are written out element by element, and the length of sequences, for all models of the
// process, as TLC's -maxSetSize does; 0 is the usual bound of 2^24 - 1. It gives what the bound was.
func LimitSets(elements int64) (was int64) { return value.SetLargest(elements) }

// Model is a specification ready to be evaluated: immutable, to be shared by any number of Machines.
type Model struct {
	core      *check.Model
	variables []string
	byName    map[string]int
	actions   []Action
	constants map[string]Value

	mu       sync.Mutex
	steps    map[*resolve.Def]*eval.Relation // Next restricted to an action
	formulas map[string]*eval.Formula        // by the text of the expression
	initial  *eval.Relation
	next     *eval.Relation
	explains map[*resolve.Def]*eval.Outline
}

// Load reads the specification's root module, everything it extends or instantiates, and the configuration.
// The error is of type Errors.
func Load(specPath string, opts Options) (*Model, error) {
	m, errs := load(specPath, opts)
	for _, e := range errs {
		e.quote(func(file string) []byte {
			text, err := readFile(opts.FS, file)
			if err != nil {
				return resolve.StandardSource(file)
			}
			return text
		})
	}
	if errs != nil {
		return nil, errs
	}
	return m, nil
}

func load(specPath string, opts Options) (*Model, Errors) {
	program, err := resolve.Load(specPath, resolve.Options{FS: opts.FS, Folders: opts.SearchDirs})
	if err != nil {
		return nil, errorsOf(err, check.CodeSpec)
	}
	var file *config.File
	if opts.Config != "" {
		src, err := readFile(opts.FS, opts.Config)
		if err != nil {
			return nil, Errors{{Msg: err.Error(), Code: check.CodeConfig}}
		}
		if strings.HasSuffix(opts.Config, ".tla") {
			var found bool
			if src, found = config.Embedded(src); !found {
				return nil, Errors{{Msg: opts.Config + " holds no configuration: it would stand between ---- CONFIG Name ---- and ====", Code: check.CodeConfig}}
			}
		}
		if file, err = config.Parse(opts.Config, src); err != nil {
			return nil, errorsOf(err, check.CodeConfig)
		}
		rememberStrings(opts.Config, src)
	}
	rememberNames(program)
	m, err := check.New(program, file, check.Binding{Values: opts.Constants, WideIntegers: opts.WideIntegers, Budget: opts.Budget})
	if err != nil {
		return nil, errorsOf(err, check.CodeConfig)
	}
	model := newModel(m)
	for _, text := range opts.Invariants {
		if err := model.addInvariant(text); err != nil {
			return nil, err
		}
	}
	return model, nil
}

// addInvariant has an expression checked in every state.
func (m *Model) addInvariant(text string) Errors {
	e, err := m.expression(text)
	if err != nil {
		return err
	}
	if level := e.Level(); level > resolve.LevelState {
		wrong := &Error{Span: e.Span(), Msg: fmt.Sprintf("the expression is %s; an invariant is at most %s", level, resolve.LevelState), Code: 76}
		wrong.quoteText(text)
		return Errors{wrong}
	}
	m.core.Invariants = append(m.core.Invariants, check.Property{Name: text, Span: e.Span(), Formula: m.core.Program.Formula(e)})
	return nil
}

func readFile(fsys fs.FS, path string) ([]byte, error) {
	if fsys != nil {
		return fs.ReadFile(fsys, path)
	}
	return os.ReadFile(path)
}

func newModel(c *check.Model) *Model {
	m := &Model{core: c, byName: map[string]int{}, steps: map[*resolve.Def]*eval.Relation{}, formulas: map[string]*eval.Formula{},
		explains: map[*resolve.Def]*eval.Outline{}, constants: c.Program.Constants()}
	for i, v := range c.Program.Vars() {
		m.variables = append(m.variables, v.Name)
		m.byName[v.Name] = i
	}
	if c.HasInit {
		m.initial = c.Program.Initial(c.Init)
	}
	if c.HasNext {
		m.next = c.Program.Next(c.Next)
		for _, d := range c.Program.Actions(c.Next) {
			a := Action{Name: d.Name, Span: definitionSpan(d), Group: eval.Composite(d), def: d}
			for _, l := range d.Params {
				a.Params = append(a.Params, l.Name)
			}
			m.actions = append(m.actions, a)
		}
	}
	return m
}

// definitionSpan is a definition's place, from its name to the end of its body.
func definitionSpan(d *resolve.Def) syntax.Span {
	span := d.Span
	if d.Body != nil {
		body := d.Body.Span()
		span.EndLine, span.EndCol = body.EndLine, body.EndCol
	}
	return span
}

// Variables are the names of the root module's variables, in the order of their declaration.
func (m *Model) Variables() []string { return m.variables }

// VariableIndex is a variable's place in Variables.
func (m *Model) VariableIndex(name string) (int, bool) {
	i, ok := m.byName[name]
	return i, ok
}

// Constants are the values of the root module's constants that have one.
func (m *Model) Constants() map[string]Value { return m.constants }

// Actions are the definitions that Next is made of, in source order: those called in it, through \/, \E, IF, CASE
// and LET, and in turn those called in them in the same way.
func (m *Model) Actions() []Action { return m.actions }

// Action finds an action by its name.
func (m *Model) Action(name string) (Action, bool) {
	for _, a := range m.actions {
		if a.Name == name {
			return a, true
		}
	}
	return Action{}, false
}

// Invariants are the names of the invariants that the configuration lists.
func (m *Model) Invariants() []string {
	var names []string
	for _, p := range m.core.Invariants {
		names = append(names, p.Name)
	}
	return names
}

// HasOperator reports whether the root module has a definition of that name, for Machine.Holds.
func (m *Model) HasOperator(name string) bool {
	switch m.core.Resolved.Root.Scope[name].(type) {
	case *resolve.Def, *resolve.Imported:
		return true
	}
	return false
}

// Operators are the names of the root module's own definitions without parameters, in source order: what Machine.Eval and
// Machine.Holds take as they are.
func (m *Model) Operators() []string {
	var names []string
	for _, d := range m.core.Resolved.Root.Defs {
		if len(d.Params) == 0 {
			names = append(names, d.Name)
		}
	}
	return names
}

// Source is the text of a file that the specification was read from, by the name that positions carry.
func (m *Model) Source(file string) []byte { return m.core.Resolved.Sources[file] }

// NewState makes a state from a value for each variable.
func (m *Model) NewState(values map[string]Value) (State, error) {
	list := make([]Value, len(m.variables))
	for name, v := range values {
		i, ok := m.byName[name]
		if !ok {
			return State{}, fmt.Errorf("there is no variable %s%s", name, resolve.Suggest(name, m.variables))
		}
		c, fault := value.Canonical(v)
		if fault != nil {
			return State{}, fault
		}
		list[i] = c
	}
	for i, v := range list {
		if v == 0 {
			return State{}, fmt.Errorf("the variable %s has no value", m.variables[i])
		}
	}
	return m.state(list), nil
}

// state makes a State of values that nobody else keeps.
func (m *Model) state(values []Value) State {
	return State{model: m, values: values, print: check.Fingerprint(values)}
}

// Action is a definition that is called in Next.
type Action struct {
	Name   string
	Params []string    // the parameters' names
	Span   syntax.Span // of the whole definition, from its name to the end of its body
	Group  bool        // it only chooses among other actions, and its steps are theirs
	def    *resolve.Def
}
