// Values: Go's as a trace has them.

package trace

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Value encodes a Go value as ITF's JSON, which events have:
//
//	bool, integers, strings         TRUE, 3, "a"
//	slices and arrays               sequences
//	map[T]struct{}                  sets
//	other maps                      functions; with strings for keys they are records too
//	structs                         records of the exported fields, by the names of their json tags
//	pointers                        what they point to
//	json.RawMessage                 what it says, encoded already
//
// The error tells of a value that has no encoding: a float, a nil pointer, a function.
func Value(v any) (string, error) {
	b, err := appendValue(nil, reflect.ValueOf(v), 0)
	return string(b), err
}

// deepest bounds how deep values may be nested: one that contains itself has no encoding.
const deepest = 1000

func appendValue(b []byte, v reflect.Value, depth int) ([]byte, error) {
	if depth > deepest {
		return nil, fmt.Errorf("the value is nested too deeply")
	}
	if raw, ok := rawOf(v); ok {
		return append(b, raw...), nil
	}
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return appendInteger(b, v.Int() > 1<<53 || v.Int() < -1<<53, strconv.FormatInt(v.Int(), 10)), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if v.Uint() > math.MaxInt64 {
			return nil, fmt.Errorf("%d is larger than the integers of traces", v.Uint())
		}
		return appendInteger(b, v.Uint() > 1<<53, strconv.FormatUint(v.Uint(), 10)), nil
	case reflect.String:
		return appendString(b, v.String()), nil
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return appendValue(b, v.Elem(), depth+1)
		}
	case reflect.Slice, reflect.Array:
		return appendSequence(b, v, depth+1)
	case reflect.Map:
		return appendMap(b, v, depth+1)
	case reflect.Struct:
		return appendRecord(b, v, depth+1)
	}
	if !v.IsValid() {
		return nil, fmt.Errorf("nil has no encoding")
	}
	return nil, fmt.Errorf("a value of type %s has no encoding", v.Type())
}

func rawOf(v reflect.Value) (raw json.RawMessage, ok bool) {
	if !v.IsValid() || v.Type() != reflect.TypeFor[json.RawMessage]() || v.Len() == 0 {
		return nil, false
	}
	return v.Bytes(), true
}

// appendInteger writes a number; a large one as ITF wants it.
func appendInteger(b []byte, large bool, digits string) []byte {
	if large {
		return append(b, `{"#bigint":"`+digits+`"}`...)
	}
	return append(b, digits...)
}

func appendSequence(b []byte, v reflect.Value, depth int) (_ []byte, err error) {
	b = append(b, `{"#tup":[`...)
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, v.Index(i), depth); err != nil {
			return nil, err
		}
	}
	return append(b, "]}"...), nil
}

// appendMap writes a set or a function, in the order of its keys' encodings.
func appendMap(b []byte, v reflect.Value, depth int) ([]byte, error) {
	isSet := v.Type().Elem() == reflect.TypeFor[struct{}]()
	var elements []string
	for _, k := range v.MapKeys() {
		element, err := appendValue(nil, k, depth)
		if err == nil && !isSet {
			element, err = appendValue(append(append([]byte{'['}, element...), ','), v.MapIndex(k), depth)
			element = append(element, ']')
		}
		if err != nil {
			return nil, err
		}
		elements = append(elements, string(element))
	}
	slices.Sort(elements)
	open := `{"#map":[`
	if isSet {
		open = `{"#set":[`
	}
	return append(b, open+strings.Join(elements, ",")+"]}"...), nil
}

func appendRecord(b []byte, v reflect.Value, depth int) (_ []byte, err error) {
	b = append(b, '{')
	first := true
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		if b, err = appendValue(append(appendString(b, name), ':'), v.Field(i), depth); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}
