// States: a value for each variable.

package tla

import (
	"strconv"
	"strings"
)

// State gives each variable of a model a value. It is immutable; the zero State is no state.
// States of one model are compared with Equal, and Fingerprint is a good map key.
type State struct {
	model  *Model
	values []Value // in the order of Model.Variables
	print  uint64
}

// IsZero reports whether s is no state.
func (s State) IsZero() bool { return s.values == nil }

// At is the value of the i-th variable of Model.Variables.
func (s State) At(i int) Value { return s.values[i] }

// Get is the value of the named variable; ok is false where the model has no such variable.
func (s State) Get(name string) (v Value, ok bool) {
	if s.model == nil {
		return 0, false
	}
	i, ok := s.model.VariableIndex(name)
	if !ok {
		return 0, false
	}
	return s.values[i], true
}

// Fingerprint is 64 bits that depend on the values alone: equal in every process for equal states.
func (s State) Fingerprint() uint64 { return s.print }

// Equal reports whether every variable has the same value in both.
func (s State) Equal(t State) bool {
	if s.print != t.print || len(s.values) != len(t.values) {
		return false
	}
	for i, v := range s.values {
		if v != t.values[i] {
			return false
		}
	}
	return true
}

// Changed are the names of the variables whose values differ from those in t.
func (s State) Changed(t State) []string {
	var names []string
	for i, v := range s.values {
		if i < len(t.values) && v != t.values[i] {
			names = append(names, s.model.variables[i])
		}
	}
	return names
}

// String writes s as TLC does: a conjunction with one line for each variable.
func (s State) String() string {
	var b strings.Builder
	for i, v := range s.values {
		if i > 0 {
			b.WriteByte('\n')
		}
		if len(s.values) > 1 {
			b.WriteString("/\\ ")
		}
		b.WriteString(s.model.variables[i] + " = " + v.String())
	}
	return b.String()
}

// MarshalJSON writes s as a state of ITF: an object with a value for each variable.
func (s State) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, v := range s.values {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, s.model.variables[i])
		text, err := v.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b = append(append(b, ':'), text...)
	}
	return append(b, '}'), nil
}
