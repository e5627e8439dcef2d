// Values: from a trace's JSON to TLA+ as TLC reads it, without the engine's help.

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// expression writes a value in ITF's encoding as a TLA+ expression. Strings that model names are model values, which
// the module declares under another name, for theirs may be bound in it.
func expression(itf string, model func(string) bool) (string, error) {
	decoder := json.NewDecoder(strings.NewReader(itf))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return "", fmt.Errorf("value %s: %w", itf, err)
	}
	return written(v, model)
}

func written(v any, model func(string) bool) (string, error) {
	switch v := v.(type) {
	case bool:
		return strings.ToUpper(strconv.FormatBool(v)), nil
	case json.Number:
		return v.String(), nil
	case string:
		if model(v) {
			return modelPrefix + v, nil
		}
		return strconv.Quote(v), nil
	case map[string]any:
		return writtenObject(v, model)
	}
	return "", fmt.Errorf("%v is no value", v)
}

func writtenObject(v map[string]any, model func(string) bool) (string, error) {
	for tag, brackets := range map[string][2]string{"#set": {"{", "}"}, "#tup": {"<<", ">>"}} {
		if items, ok := v[tag].([]any); ok {
			parts, err := writtenAll(items, model)
			return brackets[0] + strings.Join(parts, ", ") + brackets[1], err
		}
	}
	if n, ok := v["#bigint"].(string); ok {
		return n, nil
	}
	if pairs, ok := v["#map"].([]any); ok {
		return writtenFunction(pairs, model)
	}
	var fields []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		x, err := written(v[name], model)
		if err != nil {
			return "", err
		}
		fields = append(fields, name+" |-> "+x)
	}
	return "[" + strings.Join(fields, ", ") + "]", nil
}

func writtenAll(items []any, model func(string) bool) ([]string, error) {
	var parts []string
	for _, item := range items {
		x, err := written(item, model)
		if err != nil {
			return nil, err
		}
		parts = append(parts, x)
	}
	return parts, nil
}

func writtenFunction(pairs []any, model func(string) bool) (string, error) {
	if len(pairs) == 0 {
		return "<<>>", nil
	}
	var parts []string
	for _, p := range pairs {
		pair, ok := p.([]any)
		if !ok || len(pair) != 2 {
			return "", fmt.Errorf("%v is no pair of a #map", p)
		}
		x, err := writtenAll(pair, model)
		if err != nil {
			return "", err
		}
		parts = append(parts, x[0]+" :> "+x[1])
	}
	return "(" + strings.Join(parts, " @@ ") + ")", nil
}
