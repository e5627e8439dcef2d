// Binding: the names in an event become places in the specification, its texts become values.

package conformance

import (
	"fmt"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
	"synod/trace"
)

// step is an event in the specification's terms.
type step struct {
	event  *trace.Event
	action *tla.Action
	args   []tla.Value // in the order of the action's parameters; zero where the event does not say
	want   []tla.Expect
}

// binder translates events. It remembers what it has seen: a trace names few actions and paths, many times each.
type binder struct {
	spec    *Spec
	headers []trace.Header
	isModel func(string) bool
	actions map[string]*tla.Action
	paths   map[string]boundPath
	values  map[string]tla.Value
}

type boundPath struct {
	variable string
	steps    []tla.Value
}

// maxCachedValues bounds the binder's memory of values: past it, values are parsed anew.
const maxCachedValues = 1 << 16

func newBinder(spec *Spec, headers []trace.Header) *binder {
	var modelValues []string
	if len(headers) > 0 {
		modelValues = headers[0].ModelValues
	}
	b := &binder{spec: spec, headers: headers, isModel: oneOf(modelValues),
		actions: map[string]*tla.Action{}, paths: map[string]boundPath{}, values: map[string]tla.Value{}}
	for _, a := range spec.Model.Actions() {
		b.actions[a.Name] = &a
	}
	return b
}

// bind translates one event. What the specification does not know is a *trace.Error at the event's place; where it stands in
// no file, the message begins with the line of the program.
func (b *binder) bind(e *trace.Event) (step, error) {
	s := step{event: e}
	fail := func(format string, args ...any) (step, error) {
		from := ""
		if e.Place.File == "" && e.Source != "" {
			from = e.Source + ": "
		}
		return step{}, &trace.Error{Place: e.Place, Msg: fmt.Sprintf("%sevent %s: ", from, e.ID) + fmt.Sprintf(format, args...)}
	}
	var known bool
	if s.action, known = b.actions[e.Action]; !known {
		return fail("%s has no action %s%s", b.spec.Path, e.Action, suggest(e.Action, b.actionNames()))
	}
	s.args = make([]tla.Value, len(s.action.Params))
	for _, f := range e.Args {
		i := slices.Index(s.action.Params, f.Name)
		if i < 0 {
			return fail("action %s has no parameter %s%s", e.Action, f.Name, suggest(f.Name, s.action.Params))
		}
		v, err := b.value(f.JSON)
		if err != nil {
			return fail("argument %s: %v", f.Name, err)
		}
		s.args[i] = v
	}
	s.want = make([]tla.Expect, 0, len(e.Vars))
	for _, f := range e.Vars {
		p, err := b.path(f.Name)
		if err != nil {
			return fail("%v", err)
		}
		v, err := b.value(f.JSON)
		if err != nil {
			return fail("variable %s: %v", f.Name, err)
		}
		s.want = append(s.want, tla.Expect{Var: p.variable, Path: p.steps, Value: v})
	}
	return s, nil
}

// text is the value of a string as it stands in the trace.
func (b *binder) text(s string) tla.Value {
	if b.isModel(s) {
		return value.ModelValue(s)
	}
	return tla.Str(s)
}

func (b *binder) actionNames() []string {
	var names []string
	for _, a := range b.spec.Model.Actions() {
		names = append(names, a.Name)
	}
	return names
}

func (b *binder) value(json string) (tla.Value, error) {
	if n, ok := smallNumber(json); ok {
		return tla.Int(n), nil
	}
	if v, ok := b.values[json]; ok {
		return v, nil
	}
	v, err := value.ParseITF([]byte(json), b.isModel)
	if err == nil && len(b.values) < maxCachedValues {
		b.values[json] = v
	}
	return v, err
}

// smallNumber reads a number of few digits, which most logged values are, without a decoder.
func smallNumber(text string) (n int64, ok bool) {
	if len(text) == 0 || len(text) > 15 || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = 10*n + int64(text[i]-'0')
	}
	return n, true
}

func (b *binder) path(text string) (boundPath, error) {
	if p, ok := b.paths[text]; ok {
		return p, nil
	}
	parsed, err := parsePath(text)
	if err != nil {
		return boundPath{}, err
	}
	if _, ok := b.spec.Model.VariableIndex(parsed.variable); !ok {
		return boundPath{}, fmt.Errorf("%s has no variable %s%s", b.spec.Path, parsed.variable,
			suggest(parsed.variable, b.spec.Model.Variables()))
	}
	p := boundPath{variable: parsed.variable}
	for _, s := range parsed.steps {
		v, err := value.ParseITF([]byte(s), b.isModel)
		if err != nil {
			return boundPath{}, fmt.Errorf("index %s in %q: %v", s, text, err)
		}
		p.steps = append(p.steps, v)
	}
	b.paths[text] = p
	return p, nil
}

// suggest names the candidate that a mistyped name is nearest to, if one is near.
func suggest(name string, candidates []string) string {
	best, least := "", (len(name)+2)/4+1 // a third of a word or so may be wrong, but not the whole of a short one
	for _, c := range candidates {
		if d := distance(strings.ToLower(name), strings.ToLower(c)); d < least && d < len(name) {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// distance is Levenshtein's: how many letters must be put in, taken out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
