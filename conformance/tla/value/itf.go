// ITF: the Informal Trace Format's JSON encoding of values.

package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ParseITF decodes a value in ITF's JSON encoding. Strings for which isModelValue is true become model values; nil is none.
//
//	1, {"#bigint": "1"}         integers
//	"a", true                   strings, booleans
//	{"#tup": [..]}, [..]        sequences
//	{"#set": [..]}              sets
//	{"#map": [[k, v], ..]}      functions
//	{"a": .., "b": ..}          records
func ParseITF(data []byte, isModelValue func(string) bool) (v Value, err error) {
	defer Guard(&err)
	d := decoder{json.NewDecoder(bytes.NewReader(data)), isModelValue}
	d.json.UseNumber()
	v, err = d.value(0)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("unexpected end of the value")
		}
		return 0, err
	}
	if _, err := d.json.Token(); err != io.EOF {
		return 0, errors.New("more than one value")
	}
	return v, nil
}

// maxDepth bounds how deep values may be nested: far more than any real one, far less than the stack.
const maxDepth = 1000

// decoder reads tokens in the order of the text, because names are ordered by who came first.
type decoder struct {
	json         *json.Decoder
	isModelValue func(string) bool
}

func (d decoder) value(depth int) (Value, error) {
	if depth > maxDepth {
		return 0, errors.New("the value is nested too deeply")
	}
	token, err := d.json.Token()
	if err != nil {
		return 0, err
	}
	switch t := token.(type) {
	case bool:
		return Bool(t), nil
	case string:
		return d.text(t), nil
	case json.Number:
		return integer(t.String())
	case json.Delim:
		if t == '[' {
			elems, err := d.rest(depth)
			return Tuple(elems), err
		}
		return d.object(depth)
	}
	return 0, fmt.Errorf("%v is no TLA+ value", token)
}

func (d decoder) text(s string) Value {
	if d.isModelValue != nil && d.isModelValue(s) {
		return ModelValue(s)
	}
	return Str(s)
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

// rest reads a list's elements and its closing bracket.
func (d decoder) rest(depth int) ([]Value, error) {
	var elems []Value
	for d.json.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		elems = append(elems, v)
	}
	_, err := d.json.Token()
	return elems, err
}

// list reads a whole list.
func (d decoder) list(tag string, depth int) ([]Value, error) {
	if t, err := d.json.Token(); err != nil || t != json.Delim('[') {
		return nil, fmt.Errorf("%s takes a list", tag)
	}
	return d.rest(depth)
}

// object reads what follows a brace: a record, or one of ITF's tagged forms.
func (d decoder) object(depth int) (v Value, err error) {
	var names []string
	var values []Value
	for d.json.More() {
		token, err := d.json.Token()
		if err != nil {
			return 0, err
		}
		name := token.(string) // the JSON decoder accepts nothing else here
		if len(names) == 0 && strings.HasPrefix(name, "#") {
			if v, err = d.tagged(name, depth); err != nil {
				return 0, err
			}
			if d.json.More() {
				return 0, fmt.Errorf("%s must stand alone", name)
			}
			_, err = d.json.Token()
			return v, err
		}
		if v, err = d.value(depth + 1); err != nil {
			return 0, err
		}
		names, values = append(names, name), append(values, v)
	}
	if _, err := d.json.Token(); err != nil {
		return 0, err
	}
	return recordOf(names, values)
}

func recordOf(names []string, values []Value) (Value, error) {
	keys := make([]Value, len(names))
	for i, n := range names {
		keys[i] = Str(n)
	}
	return asResult(FuncOf(keys, values))
}

func (d decoder) tagged(tag string, depth int) (Value, error) {
	switch tag {
	case "#bigint":
		token, err := d.json.Token()
		if err != nil {
			return 0, err
		}
		if s, ok := token.(string); ok {
			return integer(s)
		}
		return 0, errors.New("#bigint takes a string")
	case "#tup":
		elems, err := d.list(tag, depth)
		return Tuple(elems), err
	case "#set":
		elems, err := d.list(tag, depth)
		if err != nil {
			return 0, err
		}
		return asResult(Set(elems))
	case "#map":
		return d.function(depth)
	case "#unserializable":
		return 0, errors.New("the value was not recorded: it is marked as #unserializable")
	}
	return 0, fmt.Errorf("unknown tag %s", tag)
}

func (d decoder) function(depth int) (Value, error) {
	pairs, err := d.list("#map", depth)
	if err != nil {
		return 0, err
	}
	keys, values := make([]Value, len(pairs)), make([]Value, len(pairs))
	for i, p := range pairs {
		pair, ok := p.Items()
		if !ok || len(pair) != 2 {
			return 0, errors.New("#map takes a list of pairs")
		}
		keys[i], values[i] = pair[0], pair[1]
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
