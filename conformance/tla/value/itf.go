// ITF: the Informal Trace Format's JSON encoding of values.

package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// ParseITF decodes a value in ITF's JSON encoding. Strings for which isModelValue is true become model values; nil is none.
//
//	1, {"#bigint": "1"}         integers
//	"a", true                   strings, booleans
//	{"#tup": [..]}, [..]        sequences
//	{"#set": [..]}              sets
//	{"#map": [[k, v], ..]}      functions
//	{"a": .., "b": ..}          records
func ParseITF(data []byte, isModelValue func(string) bool) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("no value")
		}
		return 0, err
	}
	if _, err := d.Token(); err != io.EOF {
		return 0, errors.New("more than one value")
	}
	return FromJSON(tree, isModelValue)
}

// maxDepth bounds how deep values may be nested: far more than any real one, far less than the stack.
const maxDepth = 1000

// FromJSON is ParseITF for JSON that has been decoded with json.Number for its numbers.
func FromJSON(tree any, isModelValue func(string) bool) (Value, error) {
	d := decoder{isModelValue}
	return d.value(tree, 0)
}

type decoder struct{ isModelValue func(string) bool }

func (d decoder) value(tree any, depth int) (Value, error) {
	if depth > maxDepth {
		return 0, errors.New("the value is nested too deeply")
	}
	switch t := tree.(type) {
	case bool:
		return Bool(t), nil
	case string:
		if d.isModelValue != nil && d.isModelValue(t) {
			return ModelValue(t), nil
		}
		return Str(t), nil
	case json.Number:
		return integer(t.String())
	case []any:
		elems, err := d.list(t, depth)
		if err != nil {
			return 0, err
		}
		return Tuple(elems), nil
	case map[string]any:
		return d.object(t, depth)
	}
	return 0, fmt.Errorf("%v is no TLA+ value", tree)
}

func integer(text string) (Value, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is no integer", text)
	}
	if n > MaxInt || n < MinInt {
		return 0, fmt.Errorf("%s is too large", text)
	}
	return Int(n), nil
}

func (d decoder) list(list []any, depth int) ([]Value, error) {
	elems := make([]Value, len(list))
	for i, e := range list {
		v, err := d.value(e, depth+1)
		if err != nil {
			return nil, err
		}
		elems[i] = v
	}
	return elems, nil
}

func (d decoder) object(m map[string]any, depth int) (Value, error) {
	if len(m) == 1 {
		for tag, content := range m {
			if len(tag) > 0 && tag[0] == '#' {
				return d.tagged(tag, content, depth)
			}
		}
	}
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	if len(names) == 0 {
		return emptyTuple, nil
	}
	domain, places := RecordDomain(names)
	values := make([]Value, len(names))
	for i, n := range names {
		v, err := d.value(m[n], depth+1)
		if err != nil {
			return 0, err
		}
		values[places[i]] = v
	}
	return Record(domain, values), nil
}

func (d decoder) tagged(tag string, content any, depth int) (Value, error) {
	if tag == "#bigint" {
		s, ok := content.(string)
		if !ok {
			return 0, errors.New("#bigint takes a string")
		}
		return integer(s)
	}
	if tag == "#unserializable" {
		return 0, fmt.Errorf("the value was not recorded: %v", content)
	}
	list, ok := content.([]any)
	if !ok {
		return 0, fmt.Errorf("%s takes a list", tag)
	}
	switch tag {
	case "#tup":
		elems, err := d.list(list, depth)
		if err != nil {
			return 0, err
		}
		return Tuple(elems), nil
	case "#set":
		elems, err := d.list(list, depth)
		if err != nil {
			return 0, err
		}
		return asResult(Set(elems))
	case "#map":
		return d.function(list, depth)
	}
	return 0, fmt.Errorf("unknown tag %s", tag)
}

func (d decoder) function(list []any, depth int) (Value, error) {
	keys, values := make([]Value, len(list)), make([]Value, len(list))
	for i, p := range list {
		pair, ok := p.([]any)
		if !ok || len(pair) != 2 {
			return 0, errors.New("#map takes a list of pairs")
		}
		kv, err := d.list(pair, depth+1)
		if err != nil {
			return 0, err
		}
		keys[i], values[i] = kv[0], kv[1]
	}
	return asResult(FuncOf(keys, values))
}

func asResult(v Value, f *Fault) (Value, error) {
	if f != nil {
		return 0, f
	}
	return v, nil
}

// FuncOf is the function with these arguments, in any order, and their values. The same argument twice is a fault.
func FuncOf(keys, values []Value) (Value, *Fault) {
	domain, f := Set(append([]Value(nil), keys...))
	if f != nil {
		return 0, f
	}
	if setLen(domain) != len(keys) {
		return 0, &Fault{Msg: "a function has two values for one argument"}
	}
	if len(keys) == 0 {
		return emptyTuple, nil
	}
	out := make([]Value, len(keys))
	for i, k := range keys {
		k, f = Canonical(k)
		if f != nil {
			return 0, f
		}
		out[find(domain, k)] = values[i]
	}
	return Func(domain, out), nil
}

// MarshalJSON gives ITF's encoding.
func (v Value) MarshalJSON() ([]byte, error) { return appendITF(nil, v) }

// UnmarshalJSON reads ITF's encoding; every string stays a string.
func (v *Value) UnmarshalJSON(data []byte) (err error) {
	*v, err = ParseITF(data, nil)
	return err
}

// maxSafe is the largest integer that every JSON reader keeps exact.
const maxSafe = 1<<53 - 1

func appendITF(b []byte, v Value) ([]byte, error) {
	switch v.tag() {
	case tagBool:
		return strconv.AppendBool(b, v == True), nil
	case tagInt:
		if n := v.Num(); n > maxSafe || n < -maxSafe {
			return append(strconv.AppendInt(append(b, `{"#bigint":"`...), n, 10), `"}`...), nil
		}
		return strconv.AppendInt(b, v.Num(), 10), nil
	case tagString, tagModel:
		s, err := json.Marshal(nameOf(v))
		return append(b, s...), err
	case tagTuple:
		return appendList(append(b, `{"#tup":`...), items(v))
	case tagRecord:
		return appendRecord(b, v)
	case tagFunc:
		return appendMap(b, v)
	case tagNone:
		return append(b, "null"...), nil
	}
	elems, f := Elements(v)
	if f != nil {
		s, err := json.Marshal(Brief(v))
		return append(append(append(b, `{"#unserializable":`...), s...), '}'), err
	}
	return appendList(append(b, `{"#set":`...), elems)
}

// appendList writes the list and closes the object that it stands in.
func appendList(b []byte, elems []Value) (_ []byte, err error) {
	b = append(b, '[')
	for i, e := range elems {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendITF(b, e); err != nil {
			return nil, err
		}
	}
	return append(b, "]}"...), nil
}

func appendRecord(b []byte, v Value) (_ []byte, err error) {
	d, values := fields(v)
	b = append(b, '{')
	for i, n := range domainElems(d) {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendITF(b, n); err != nil {
			return nil, err
		}
		if b, err = appendITF(append(b, ':'), values[i]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendMap(b []byte, v Value) (_ []byte, err error) {
	d, values := fields(v)
	b = append(b, `{"#map":[`...)
	for i, k := range domainElems(d) {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendITF(append(b, '['), k); err != nil {
			return nil, err
		}
		if b, err = appendITF(append(b, ','), values[i]); err != nil {
			return nil, err
		}
		b = append(b, ']')
	}
	return append(b, "]}"...), nil
}
