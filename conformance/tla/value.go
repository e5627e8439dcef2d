// Values, as callers of the engine meet them.

package tla

import "synod/conformance/tla/value"

// Value is a TLA+ value: comparable with ==, immutable, safe to share. The zero Value is "unknown".
//
// Its methods: String (as TLC prints it), Kind, Equal, Compare (TLC's order), Bool, Int, Str, Len, Elems, Field,
// Apply, Contains, MarshalJSON and UnmarshalJSON (ITF's encoding).
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
