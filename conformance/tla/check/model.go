// Models: a specification, its configuration, and what is to be checked of it, compiled.

// Package check explores the states of a specification and checks what its configuration lists, as TLC does.
//
//	m, err := check.New(program, file, check.Binding{})
//	result, err := m.Search(ctx, check.Options{})
//
// The search is breadth-first and goes level by level. Each state is known by 64 bits; of each one the search remembers
// who its parent is, so that a behaviour that leads to an error is found again by executing the steps anew.
package check

import (
	"fmt"

	"synod/conformance/tla/config"
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Model is a specification ready to be checked. It is immutable.
type Model struct {
	Program  *eval.Program
	Resolved *resolve.Program

	Init, Next eval.Part // the initial predicate and the next-state relation
	HasInit    bool
	HasNext    bool
	InitName   string // the definitions that they are, or that they were found in
	NextName   string

	Invariants     []Property
	ImpliedInits   []Property // what initial states must satisfy
	ImpliedActions []Demand   // what steps must satisfy
	Temporal       []Temporal // what whole behaviours must satisfy
	Fairness       []eval.Part
	Assumptions    []Property

	Constraints       []*eval.Formula
	ActionConstraints []*eval.Formula
	Symmetries        []eval.Part
	View              *eval.Formula
	Postconditions    []Property
	Possible          []Possibility
	Alias             *Property // what to show of a state; nil is its variables
	CheckDeadlock     bool

	Vars   []string
	Config string // the configuration's file, "" for none

	Notes []string // what is odd about the configuration, but no error

	init, next *eval.Relation
}

// Property is a formula with the name that the configuration gives it.
type Property struct {
	Name    string
	Span    syntax.Span
	Formula *eval.Formula
}

// Demand is what a property demands of steps.
type Demand struct {
	Property
	strict func() *eval.Formula // the same, with every error that TLC tells; nil where Formula leaves none out
}

// Temporal is a property of behaviours that is neither of single states nor of single steps.
type Temporal struct {
	Name string
	Part eval.Part
}

// Binding completes what the configuration says of constants.
type Binding struct {
	Values       map[string]value.Value
	WideIntegers bool
	Budget       eval.Budget
}

// Exit codes of TLC for specifications that cannot be checked.
const (
	CodeSpec   = 150
	CodeConfig = 151
)

// Error is one thing wrong with a model.
type Error struct {
	Span syntax.Span
	Msg  string
	Code int
}

// Error gives file:line:col: message.
func (e *Error) Error() string {
	if !e.Span.Start.IsValid() {
		return e.Msg
	}
	return e.Span.Start.String() + ": " + e.Msg
}

// New binds the constants and compiles what is to be checked. file may be nil: then nothing is, and the definitions
// Init and Next, or Spec, are taken where the module has them.
func New(all *resolve.Program, file *config.File, b Binding) (*Model, error) {
	if file == nil {
		file = &config.File{}
	}
	if err := numbers(all, b.WideIntegers); err != nil {
		return nil, &Error{err.(syntax.ErrorList)[0].Span, err.(syntax.ErrorList)[0].Msg, CodeSpec}
	}
	if err := names(all, file, b.Values); err != nil {
		return nil, err
	}
	cfg, err := evalConfig(all, file, b)
	if err != nil {
		return nil, err
	}
	program, err := eval.New(all, cfg)
	if err != nil {
		return nil, bindingError(file, err)
	}
	m := &Model{Program: program, Resolved: all, CheckDeadlock: true, Config: file.Name, Notes: append(unused(all, file), lint(all)...)}
	for _, v := range program.Vars() {
		m.Vars = append(m.Vars, v.Name)
	}
	build := &builder{Model: m, file: file}
	if err := build.all(); err != nil {
		return nil, err
	}
	if m.HasInit {
		m.init = program.Initial(m.Init)
	}
	if m.HasNext {
		m.next = program.Next(m.Next)
	}
	return m, nil
}

// bindingError gives an error of binding constants its place in the configuration.
func bindingError(file *config.File, err error) error {
	e, ok := err.(*eval.BindError)
	if !ok {
		return err
	}
	out := &Error{Msg: e.Msg, Code: CodeConfig, Span: e.Span}
	for _, c := range file.Constants {
		if c.Name.Text == e.Name {
			out.Span = c.Name.Span
		}
		if c.Module != nil && c.Module.Text == e.Name {
			out.Span = c.Module.Span
		}
	}
	for _, o := range file.Overrides {
		if o.Name.Text == e.Name {
			out.Span = o.Name.Span
		}
		if o.Target.Text == e.Name {
			out.Span = o.Target.Span
		}
		if o.Module != nil && o.Module.Text == e.Name {
			out.Span = o.Module.Span
		}
	}
	return out
}

// builder finds what the configuration names.
type builder struct {
	*Model
	file *config.File
}

func (b *builder) all() error {
	if d := b.file.CheckDeadlock; d != nil {
		b.CheckDeadlock = d.Value
	}
	for _, step := range []func() error{b.behavior, b.lists, b.properties, b.assumptions} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// part is the definition that a name of the configuration stands for, which names has found to be one.
func (b *builder) part(n config.Name) (eval.Part, error) {
	op, _, err := b.Resolved.Operator(b.Resolved.Root, n.Text, n.Span)
	if err != nil {
		return eval.Part{}, err
	}
	return b.Program.PartOf(op), nil
}

// behavior finds the initial predicate and the next-state relation.
func (b *builder) behavior() error {
	f := b.file
	if f.Specification != nil {
		if f.Init != nil || f.Next != nil {
			return &Error{f.Specification.Span, "SPECIFICATION excludes INIT and NEXT", CodeConfig}
		}
		part, err := b.part(*f.Specification)
		if err != nil {
			return err
		}
		return b.specification(part, f.Specification.Text)
	}
	if f.Init == nil && f.Next == nil && f.Name == "" {
		return b.usual()
	}
	if f.Init != nil {
		part, err := b.part(*f.Init)
		if err != nil {
			return err
		}
		b.Init, b.HasInit, b.InitName = part, true, f.Init.Text
	}
	if f.Next != nil {
		part, err := b.part(*f.Next)
		if err != nil {
			return err
		}
		b.Next, b.HasNext, b.NextName = part, true, f.Next.Text
	}
	return nil
}

// usual takes the definitions with the usual names where there is no configuration.
func (b *builder) usual() error {
	find := func(name string) (eval.Part, bool) {
		d, ok := b.Resolved.Root.Scope[name].(*resolve.Def)
		if !ok || len(d.Params) > 0 {
			return eval.Part{}, false
		}
		part, err := b.part(config.Name{Text: name, Span: d.Span})
		return part, err == nil
	}
	if spec, ok := find("Spec"); ok {
		return b.specification(spec, "Spec")
	}
	if b.Init, b.HasInit = find("Init"); b.HasInit {
		b.InitName = "Init"
	}
	if b.Next, b.HasNext = find("Next"); b.HasNext {
		b.NextName = "Next"
	}
	return nil
}

// lists compiles what the configuration lists besides properties.
func (b *builder) lists() error {
	for _, n := range b.file.Invariants {
		p, err := b.part(n)
		if err != nil {
			return err
		}
		b.Invariants = append(b.Invariants, Property{n.Text, b.spanOf(n), b.Program.FormulaOf(p)})
	}
	for _, c := range []struct {
		names []config.Name
		out   *[]*eval.Formula
	}{{b.file.Constraints, &b.Constraints}, {b.file.ActionConstraints, &b.ActionConstraints}} {
		for _, n := range c.names {
			p, err := b.part(n)
			if err != nil {
				return err
			}
			*c.out = append(*c.out, b.Program.FormulaOf(p))
		}
	}
	for _, n := range b.file.Symmetry {
		p, err := b.part(n)
		if err != nil {
			return err
		}
		b.Symmetries = append(b.Symmetries, p)
	}
	if b.file.View != nil {
		p, err := b.part(*b.file.View)
		if err != nil {
			return err
		}
		b.View = b.Program.FormulaOf(p)
	}
	if b.file.Alias != nil {
		p, err := b.part(*b.file.Alias)
		if err != nil {
			return err
		}
		b.Alias = &Property{b.file.Alias.Text, b.spanOf(*b.file.Alias), b.Program.FormulaOf(p)}
	}
	for _, n := range b.file.Postconditions {
		p, err := b.part(n)
		if err != nil {
			return err
		}
		b.Postconditions = append(b.Postconditions, Property{n.Text, b.spanOf(n), b.Program.FormulaOf(p)})
	}
	return b.possible()
}

// spanOf is the place of the definition that a name stands for.
func (b *builder) spanOf(n config.Name) syntax.Span {
	if op, _, err := b.Resolved.Operator(b.Resolved.Root, n.Text, n.Span); err == nil && op != nil && op.Def != nil {
		return op.Def.Span
	}
	return n.Span
}

// assumptions compiles the ASSUMEs of the root module and of those it extends.
func (b *builder) assumptions() error {
	seen := map[*resolve.Module]bool{}
	var visit func(m *resolve.Module)
	visit = func(m *resolve.Module) {
		if seen[m] {
			return
		}
		seen[m] = true
		for _, e := range m.Extends {
			visit(e)
		}
		for _, a := range m.Assumes {
			if a.Body == nil || a.Axiom {
				continue // TLC takes axioms as true
			}
			name := a.Name
			if name == "" {
				name = fmt.Sprintf("line %d of module %s", a.Span.Start.Line, m.Name)
			}
			b.Assumptions = append(b.Assumptions, Property{name, a.Body.Span(), b.Program.Formula(a.Body)})
		}
	}
	visit(b.Resolved.Root)
	return nil
}
