// Values, as callers of the engine meet them.

package tla

import (
	"errors"
	"slices"

	"synod/conformance/tla/value"
)

// Value is a TLA+ value: comparable with ==, immutable, safe to share. The zero Value is "unknown".
//
// Its methods: String (as TLC prints it), Kind, Equal, Compare (TLC's order), AsBool, AsInt, AsStr, Len, Elems, Items (of a
// sequence), Field, Apply, Domain, Contains, MarshalJSON and UnmarshalJSON (ITF's encoding).
type Value = value.Value

// ParseValue decodes one value in ITF's JSON encoding: {"#tup":[..]}, {"#set":[..]}, {"#map":[[k,v],..]},
// {"#bigint":"123"}, objects as records, strings, booleans, integers.
func ParseValue(itf []byte) (Value, error) { return value.ParseITF(itf, nil) }

// Str, Int and Bool make the values that callers need most often.
func Str(s string) Value { return value.Str(s) }

// Int is the value of an integer.
func Int(n int64) Value { return value.Int(n) }

// Bool is TRUE or FALSE.
func Bool(b bool) Value { return value.Bool(b) }

// ModelValue is the model value with that name.
func ModelValue(name string) Value { return value.ModelValue(name) }

// Tuple is the sequence of some values.
func Tuple(elems ...Value) Value { return value.Tuple(elems) }

// Set is the set of some values. It is an error if two of them are of kinds that cannot be compared, such as 1 and "a".
func Set(elems ...Value) (Value, error) {
	v, f := value.Set(slices.Clone(elems))
	return v, faultError(f)
}

// Record is the record with these fields.
func Record(fields map[string]Value) Value {
	var keys, values []Value
	for name, v := range fields {
		keys, values = append(keys, Str(name)), append(values, v)
	}
	r, _ := value.FuncOf(keys, values) // strings can be compared, and each name is there once
	return r
}

// Function maps each of the arguments to the value at its place. It is an error if two arguments are of kinds that cannot be
// compared, or if there are not as many values.
func Function(args, values []Value) (Value, error) {
	if len(args) != len(values) {
		return 0, errors.New("a function needs as many values as arguments")
	}
	v, f := value.FuncOf(slices.Clone(args), slices.Clone(values))
	return v, faultError(f)
}

func faultError(f *value.Fault) error {
	if f == nil {
		return nil
	}
	return errors.New(f.Msg)
}
