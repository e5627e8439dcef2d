// States: a value for each variable.

package tla

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
