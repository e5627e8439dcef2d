// Programs: a specification with its constants bound, ready to be compiled piece by piece.

package eval

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Config gives constants their values, and definitions others in their place, as a .cfg file does.
type Config struct {
	Values  map[string]value.Value // constants, and definitions without parameters
	Replace map[string]string      // a constant's or definition's name: the name of the definition that stands for it

	// The same for the names of one module only.
	ModuleValues  map[string]map[string]value.Value
	ModuleReplace map[string]map[string]string

	Tables []Table // constant operators whose values are listed
	Always []Always

	// WideIntegers lets integers have up to 60 bits. TLC's have 32, and going beyond is an error in both.
	WideIntegers bool

	Budget Budget // of each evaluation
}

// Always is a constant operator or a definition that has one value, whatever its arguments. Module is "" for the root module.
type Always struct {
	Name, Module string
	Value        value.Value
}

// Program is a specification ready to be compiled. What is compiled is shared by all Workers.
type Program struct {
	root *resolve.Module
	all  *resolve.Program
	vars []*resolve.Var
	at   map[*resolve.Var]int

	values  map[resolve.Symbol]value.Value // of constants and of definitions that were given one
	replace map[resolve.Symbol]*resolve.Def
	byName  map[resolve.Symbol]bool  // of these, those that are replaced where they have a name in the root module
	tables  map[*resolve.Const][]Row // of constant operators whose values are listed

	maxInt, minInt int64
	budget         Budget

	mu        sync.Mutex // guards compilation
	shared    map[sharedKey]*code
	procs     map[sharedKey]*procedure
	instances map[instanceKey]*instance
	sizes     map[*resolve.Def]int
	tested    map[bodyTest]bool
	inlined   int
	lenient   bool // what steps must satisfy has conjuncts that are tested ahead of others that may fail

	primes map[primeKey]int

	slots, consts, memos, growings, rowSets, places, primeCount atomic.Int64
	compiled                                                    atomic.Int64 // grows with each of them

	cache    sync.Map // what TLCCache keeps: a value for each cacheKey
	oddities sync.Map // what odd has noted: a message for each place

	seed atomic.Uint64 // what the random numbers in constant definitions follow from
}

// sharedKey identifies a module-level definition in a context of substitutions.
type sharedKey struct {
	def  *resolve.Def
	inst *instance
	mode mode
	free *instance
	ops  string // the operators passed, for procedures with operator parameters

	locals *scope // the names around a LAMBDA

	demand bool // an action in what steps must satisfy
}

type instanceKey struct {
	outer *instance
	stmt  *resolve.Instance
}

// New binds the constants. The error is of type *Error or lists several.
func New(all *resolve.Program, cfg Config) (*Program, error) {
	p := &Program{root: all.Root, all: all, at: map[*resolve.Var]int{},
		values: map[resolve.Symbol]value.Value{}, replace: map[resolve.Symbol]*resolve.Def{}, byName: map[resolve.Symbol]bool{}, tables: map[*resolve.Const][]Row{},
		shared: map[sharedKey]*code{}, procs: map[sharedKey]*procedure{}, instances: map[instanceKey]*instance{},
		sizes: map[*resolve.Def]int{}, tested: map[bodyTest]bool{}, primes: map[primeKey]int{}, maxInt: 1<<31 - 1, minInt: -1 << 31,
		budget: cfg.Budget}
	if cfg.WideIntegers {
		p.maxInt, p.minInt = value.MaxInt, value.MinInt
	}
	p.Seed(rand.Uint64())
	p.collectVars(all.Root, map[*resolve.Module]bool{})
	if err := p.bind(cfg); err != nil {
		return nil, err
	}
	return p, nil
}

// collectVars numbers the variables of a module and of those it extends, the extended ones first as TLC does.
func (p *Program) collectVars(m *resolve.Module, seen map[*resolve.Module]bool) {
	if seen[m] {
		return
	}
	seen[m] = true
	for _, e := range m.Extends {
		p.collectVars(e, seen)
	}
	for _, v := range m.Vars {
		p.at[v] = len(p.vars)
		p.vars = append(p.vars, v)
	}
}

// Vars are the variables, in the order of the values of a state.
func (p *Program) Vars() []*resolve.Var { return p.vars }

// Root is the root module.
func (p *Program) Root() *resolve.Module { return p.root }

// BindError is a configuration that does not fit its specification.
type BindError struct {
	Name string
	Msg  string
	Span syntax.Span // of the constant, where it is one
}

// Error gives the message.
func (e *BindError) Error() string { return e.Msg }

func (p *Program) bind(cfg Config) error {
	for _, t := range cfg.Tables {
		if err := p.bindTable(t); err != nil {
			return err
		}
	}
	for _, a := range cfg.Always {
		if err := p.bindAlways(a); err != nil {
			return err
		}
	}
	for name, v := range cfg.Values {
		if err := p.bindValue(p.root, name, v); err != nil {
			return err
		}
	}
	for name, to := range cfg.Replace {
		if err := p.bindName(p.root, name, to, cfg.Replace); err != nil {
			return err
		}
	}
	for module, values := range cfg.ModuleValues {
		m, err := p.module(module)
		if err != nil {
			return err
		}
		for name, v := range values {
			if err := p.bindValue(m, name, v); err != nil {
				return err
			}
		}
	}
	for module, names := range cfg.ModuleReplace {
		m, err := p.module(module)
		if err != nil {
			return err
		}
		for name, to := range names {
			if err := p.bindName(m, name, to, cfg.Replace); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Program) module(name string) (*resolve.Module, error) {
	if m := p.all.Modules[name]; m != nil {
		return m, nil
	}
	return nil, &BindError{Name: name, Msg: fmt.Sprintf("there is no module %s", name)}
}

// bindAlways has a constant, a constant operator or a definition be TRUE, or FALSE, whatever its arguments.
func (p *Program) bindAlways(a Always) error {
	m := p.root
	if a.Module != "" {
		var err error
		if m, err = p.module(a.Module); err != nil {
			return err
		}
	}
	switch s := m.Scope[a.Name].(type) {
	case *resolve.Const:
		p.values[s] = a.Value
	case *resolve.Def:
		p.values[s] = a.Value
	case *resolve.Imported:
		p.values[s.Def] = a.Value
	default:
		return &BindError{Name: a.Name, Msg: fmt.Sprintf("module %s has no constant or definition %s", m.Name, a.Name)}
	}
	return nil
}

func (p *Program) bindValue(m *resolve.Module, name string, v value.Value) error {
	switch s := m.Scope[name].(type) {
	case *resolve.Const:
		if s.Arity > 0 {
			return &BindError{name, fmt.Sprintf("the constant %s takes arguments: it needs a definition, not a value", name), s.Span}
		}
		p.values[s] = v
		return nil
	case *resolve.Def:
		if len(s.Params) > 0 {
			return &BindError{name, fmt.Sprintf("%s takes arguments: it needs a definition, not a value", name), s.Span}
		}
		p.values[s] = v
		return nil
	case *resolve.Imported:
		p.values[s.Def] = v
		return nil
	}
	return &BindError{Name: name, Msg: fmt.Sprintf("module %s has no constant or definition %s", m.Name, name)}
}

// bindName has a definition of the root module, or a constant of it, stand for a constant or a definition. What stands for that
// constant itself stands for both.
func (p *Program) bindName(m *resolve.Module, name, to string, replace map[string]string) error {
	for range replace {
		if next, ok := replace[to]; ok && p.constant(to) != nil {
			to = next
		}
	}
	if c := p.constant(to); c != nil && p.values[c] != 0 {
		return p.bindValue(m, name, p.values[c])
	}
	return p.bindDef(m, name, to)
}

// constant finds a constant of the root module's name space.
func (p *Program) constant(name string) *resolve.Const {
	c, _ := p.root.Scope[name].(*resolve.Const)
	return c
}

func (p *Program) bindDef(m *resolve.Module, name, to string) error {
	def := p.definition(to)
	if def == nil {
		return &BindError{Name: to, Msg: fmt.Sprintf("module %s has no definition %s to stand for %s", p.root.Name, to, name)}
	}
	arity, span := 0, syntax.Span{}
	var key resolve.Symbol
	switch s := m.Scope[name].(type) {
	case *resolve.Const:
		arity, span, key = s.Arity, s.Span, s
	case *resolve.Def:
		arity, span, key = len(s.Params), s.Span, s
	case *resolve.Imported:
		arity, span, key = len(s.Def.Params), s.Def.Span, s.Def
	default:
		return &BindError{Name: name, Msg: fmt.Sprintf("module %s has no constant or definition %s", m.Name, name)}
	}
	if arity != len(def.Params) {
		return &BindError{name, fmt.Sprintf("%s has %d parameters, %s, which is to stand for it, has %d", name, arity, to, len(def.Params)), span}
	}
	p.replace[key] = def
	p.byName[key] = m == p.root
	return nil
}

// definition finds a definition of the root module's name space.
func (p *Program) definition(name string) *resolve.Def {
	switch s := p.root.Scope[name].(type) {
	case *resolve.Def:
		return s
	case *resolve.Imported:
		if len(s.Path) == 0 {
			return s.Def
		}
	}
	return nil
}

// newSlots reserves n slots.
func (p *Program) newSlots(n int) int { return p.reserve(&p.slots, n) }

func (p *Program) newRows() int { return p.reserve(&p.rowSets, 1) }

func (p *Program) newConst() int { return p.reserve(&p.consts, 1) }

func (p *Program) newPlace() int { return p.reserve(&p.places, 1) }

func (p *Program) newMemo() int { return p.reserve(&p.memos, 1) }

func (p *Program) newGrowing() int { return p.reserve(&p.growings, 1) }

// reserve takes n of something that every worker has room for when it next evaluates.
func (p *Program) reserve(what *atomic.Int64, n int) int {
	first := int(what.Add(int64(n))) - n
	p.compiled.Add(1)
	return first
}
