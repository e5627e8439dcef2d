// Paths: which part of which variable a trace speaks of.

package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
)

// path is a variable and the way into its value: each step is an argument of a function, a sequence or a record,
// in ITF's JSON encoding.
type path struct {
	variable string
	steps    []string
}

// parsePath reads promised[a1], disk["a 1"].promised or log[3].term.
func parsePath(text string) (path, error) {
	name, rest := word(text)
	if name == "" {
		return path{}, fmt.Errorf("%q does not begin with a variable's name", text)
	}
	p := path{variable: name}
	for rest != "" {
		var step string
		var err error
		switch rest[0] {
		case '.':
			field, after := word(rest[1:])
			if field == "" {
				return path{}, fmt.Errorf("a field's name is missing in %q", text)
			}
			step, rest = quote(field), after
		case '[':
			step, rest, err = index(rest[1:])
			if err != nil {
				return path{}, fmt.Errorf("%w in %q", err, text)
			}
		default:
			return path{}, fmt.Errorf("%q in %q is neither an [index] nor a .field", rest, text)
		}
		p.steps = append(p.steps, step)
	}
	return p, nil
}

// index reads what stands behind an opening bracket, the closing one included.
func index(text string) (step, rest string, err error) {
	if strings.HasPrefix(text, `"`) {
		dec := json.NewDecoder(strings.NewReader(text))
		var s string
		if dec.Decode(&s) != nil {
			return "", "", fmt.Errorf("an index is not a valid string")
		}
		step, rest = quote(s), text[dec.InputOffset():]
	} else if step, rest = word(strings.TrimPrefix(text, "-")); step == "" {
		return "", "", fmt.Errorf("an index is missing")
	} else if strings.HasPrefix(text, "-") {
		step = "-" + step
	}
	if bare, _, closed := strings.Cut(text, "]"); !strings.HasPrefix(rest, "]") && closed && text[0] != '"' {
		return "", "", fmt.Errorf("an index that is no word and no number is quoted, [%s],", quote(bare))
	}
	if !strings.HasPrefix(rest, "]") {
		return "", "", fmt.Errorf("an index has no closing bracket")
	}
	if strings.Trim(step, "-0123456789") != "" && step[0] != '"' {
		step = quote(step)
	}
	return step, rest[1:], nil
}

// word takes letters, digits and underscores off the front.
func word(text string) (word, rest string) {
	n := 0
	for n < len(text) && (text[n] == '_' || text[n] >= 0x80 || '0' <= text[n] && text[n] <= '9' || 'a' <= text[n]|0x20 && text[n]|0x20 <= 'z') {
		n++
	}
	return text[:n], text[n:]
}

func quote(s string) string {
	quoted, _ := json.Marshal(s) // a string always has an encoding
	return string(quoted)
}
