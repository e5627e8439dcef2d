// The contents of a configuration file.

package config

import "synod/conformance/tla/syntax"

// File is a configuration file.
type File struct {
	Name              string
	Constants         []Constant
	Overrides         []Override
	Init              *Name
	Next              *Name
	Specification     *Name
	Invariants        []Name
	Properties        []Name
	Constraints       []Name
	ActionConstraints []Name
	Symmetry          []Name
	View              *Name
	Alias             *Name
	Postconditions    []Name
	Possible          []Name // predicates that must be true somewhere
	Ignored           []Name // what stands behind statements that are read over: _PERIODIC and _RL_REWARD
	Unused            []Name // constants whose value here does not count, because they have another one
	CheckDeadlock     *Flag  // nil where the file does not say; TLC then checks
}

// Name is the name of a definition, perhaps through instances: "V!Spec".
type Name struct {
	Text string
	Span syntax.Span
}

// Flag is TRUE or FALSE.
type Flag struct {
	Value bool
	Span  syntax.Span
}

// Constant is Name = Value. With Args it is one value of a constant operator, Op(1, 2) = 3, and with Module the
// constant is that of a module that is not the root.
type Constant struct {
	Name   Name
	Args   []Value
	Module *Name
	Value  Value

	text string // of the value
}

// Override is Name <- Target: the definition or constant operator is replaced by another definition. With Module the
// replacement holds in that module alone.
type Override struct {
	Name   Name
	Module *Name
	Target Name
}

// Value is a constant's value.
type Value interface {
	Span() syntax.Span
	value()
}

// At is the place that every value carries.
type At struct{ Sp syntax.Span }

// Span is the place in the file.
func (a At) Span() syntax.Span { return a.Sp }
func (At) value()              {}

type (
	// Number is an integer in decimal form, with a minus sign where it is negative.
	Number struct {
		At
		Text string
	}
	// String is a string without its quotes.
	String struct {
		At
		Text string
	}
	// Bool is TRUE or FALSE.
	Bool struct {
		At
		Value bool
	}
	// ModelValue is a value that is equal to itself alone.
	ModelValue struct {
		At
		Name string
	}
	// Set is {a, b}.
	Set struct {
		At
		Items []Value
	}
	// Tuple is <<a, b>>.
	Tuple struct {
		At
		Items []Value
	}
	// Record is [a |-> e, b |-> f].
	Record struct {
		At
		Names  []string
		Values []Value
	}
)
