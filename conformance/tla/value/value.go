// The handle: one 64-bit word that stands for a TLA+ value.

// Package value holds TLA+ values: booleans, integers, strings, model values, tuples, records, functions and sets.
//
// A Value is a handle, not a structure: equal values have equal handles, so that comparing two of them, hashing one
// or keeping a state in memory costs one machine word each. Values never change.
package value

// Value stands for one TLA+ value. Two Values are == exactly where the values are equal in TLA+.
// The zero Value is no value at all: "unknown", "not given".
type Value uint64

// Str is the value of a string.
func Str(s string) Value { return 0 }

// Int is the value of an integer.
func Int(n int64) Value { return 0 }

// Bool is TRUE or FALSE.
func Bool(b bool) Value { return 0 }

// ParseITF decodes a value in ITF's JSON encoding. Strings for which isModelValue is true become model values.
func ParseITF(data []byte, isModelValue func(string) bool) (Value, error) { return 0, nil }

// Kind is what sort of value a Value is.
type Kind uint8

// The kinds of values.
const (
	KindNone Kind = iota // the zero Value
	KindBool
	KindInt
	KindString
	KindModel  // a model value
	KindTuple  // a function with domain 1..n, the empty one too
	KindRecord // a function whose domain is a set of strings
	KindFunc   // any other function
	KindSet
)

// Kind tells what sort of value v is.
func (v Value) Kind() Kind { return KindNone }

// String prints v as TLC does, on one line.
func (v Value) String() string { return "" }

// Equal reports whether both are the same value.
func (v Value) Equal(w Value) bool { return v == w }

// Compare orders values as TLC does, and unlike TLC it orders any two of them.
func (v Value) Compare(w Value) int { return 0 }

// AsBool gives a boolean's value.
func (v Value) AsBool() (b, ok bool) { return false, false }

// AsInt gives an integer's value.
func (v Value) AsInt() (n int64, ok bool) { return 0, false }

// AsStr gives a string's value, or a model value's name.
func (v Value) AsStr() (s string, ok bool) { return "", false }

// Len is the number of elements of a finite set, of a function's domain, of a tuple; -1 for anything else.
func (v Value) Len() int { return -1 }

// Elems are the elements of a finite set in TLC's order, or of a tuple.
func (v Value) Elems() []Value { return nil }

// Domain is a function's domain, as a list in TLC's order; a tuple's is 1..n.
func (v Value) Domain() []Value { return nil }

// Field is the named field of a record.
func (v Value) Field(name string) (Value, bool) { return 0, false }

// Apply is a function's value at arg, a tuple's element at an index, a record's field at a string.
func (v Value) Apply(arg Value) (Value, bool) { return 0, false }

// Contains reports whether a set has x as an element.
func (v Value) Contains(x Value) (bool, error) { return false, nil }

// MarshalJSON gives ITF's encoding.
func (v Value) MarshalJSON() ([]byte, error) { return nil, nil }

// UnmarshalJSON reads ITF's encoding; every string stays a string.
func (v *Value) UnmarshalJSON(data []byte) (err error) {
	*v, err = ParseITF(data, nil)
	return err
}
