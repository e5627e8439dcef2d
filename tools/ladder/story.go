// Stories: a counterexample told step by step.

package ladder

import (
	"fmt"
	"strings"

	"synod/conformance/tla"
	"synod/conformance/tla/value"
)

// moment is one step of a behaviour: the action, and the states before and after it.
type moment struct {
	number  int // of the step, from 1
	action  string
	args    []tla.Binding
	before  tla.State
	after   tla.State
	past    []moment // the steps before this one
	machine *tla.Machine
}

// family is how to tell the steps of a few rungs that speak of the same things.
type family struct {
	// begin tells what the first state is like, where it is not simply empty. It may be nil.
	begin func(first tla.State) string

	// sentences tell an action by its name. In braces stands a parameter, or a phrase. Where actions of several rungs
	// share a name, the parameters tell them apart: "Propose(b, v)".
	sentences map[string]string

	// phrases are computed from the step.
	phrases map[string]func(moment) string

	// remarks are made on every step to which they apply; "" is no remark.
	remarks []func(moment) string

	// endings tell what is wrong in the end, by the violated property. The moment is the last step.
	endings map[string]func(moment) string
}

// moments takes a behaviour apart.
func moments(m *tla.Model, behavior []tla.Step) []moment {
	machine := m.NewMachine()
	var all []moment
	for i := 1; i < len(behavior); i++ {
		all = append(all, moment{
			number: i, action: behavior[i].Action, args: behavior[i].Args, machine: machine,
			before: behavior[i-1].State, after: behavior[i].State, past: all[: i-1 : i-1],
		})
	}
	return all
}

// tell gives the sentences for a step: what happened, then what is to be said about it.
func (f *family) tell(m moment) []string {
	told := []string{f.sentence(m)}
	for _, remark := range f.remarks {
		if text := remark(m); text != "" {
			told = append(told, text)
		}
	}
	return told
}

// sentence fills in the action's template.
func (f *family) sentence(m moment) string {
	template, ok := f.template(m.action, m.names())
	if !ok {
		return m.call() + "."
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			panic("the sentence for " + m.action + " lacks a closing brace")
		}
		b.WriteString(f.fill(m, name))
		template = after
	}
	return b.String()
}

// template finds the sentence for an action with those parameters, or for any action of that name.
func (f *family) template(action string, params []string) (string, bool) {
	if t, ok := f.sentences[action+"("+strings.Join(params, ", ")+")"]; ok {
		return t, true
	}
	t, ok := f.sentences[action]
	return t, ok
}

func (f *family) fill(m moment, name string) string {
	if phrase, ok := f.phrases[name]; ok {
		return phrase(m)
	}
	for _, a := range m.args {
		if a.Name == name {
			return say(a.Value)
		}
	}
	panic("the sentence for " + m.action + " speaks of {" + name + "}, which it does not have")
}

// names are the names of the action's parameters.
func (m moment) names() []string {
	names := make([]string, len(m.args))
	for i, a := range m.args {
		names[i] = a.Name
	}
	return names
}

// call writes the step as the specification would.
func (m moment) call() string {
	if len(m.args) == 0 {
		return m.action
	}
	texts := make([]string, len(m.args))
	for i, a := range m.args {
		texts[i] = a.Value.String()
	}
	return m.action + "(" + strings.Join(texts, ", ") + ")"
}

// arg is the value of a parameter; the zero Value if the action has none of that name.
func (m moment) arg(name string) tla.Value {
	for _, a := range m.args {
		if a.Name == name {
			return a.Value
		}
	}
	return 0
}

// number is the value of a parameter that is a number.
func (m moment) numeral(name string) int64 {
	n, _ := m.arg(name).AsInt()
	return n
}

// at is the value of a variable, or what it gives for each argument in turn; the zero Value where there is none.
func at(s tla.State, variable string, args ...tla.Value) tla.Value {
	v, ok := s.Get(variable)
	for _, a := range args {
		if !ok {
			return 0
		}
		v, ok = v.Apply(a)
	}
	if !ok {
		return 0
	}
	return v
}

// numberAt is at for a number; 0 where there is none, which is the ballot of no round.
func numberAt(s tla.State, variable string, args ...tla.Value) int64 {
	n, _ := at(s, variable, args...).AsInt()
	return n
}

// message is a sent message.
type message struct{ tla.Value }

// messages are the messages of a type that were sent.
func messages(s tla.State, kind string) []message {
	sent, ok := s.Get("messages")
	if !ok {
		return nil
	}
	var all []message
	for _, v := range sent.Elems() {
		if text, _ := (message{v}).field("type").AsStr(); text == kind {
			all = append(all, message{v})
		}
	}
	return all
}

// field is a field of the message; the zero Value if it has none of that name.
func (m message) field(name string) tla.Value {
	v, _ := m.Field(name)
	return v
}

func (m message) ballot() int64 {
	n, _ := m.field("ballot").AsInt()
	return n
}

// say writes a value as a word in a sentence: a set as a list of its elements, a string without its quotes.
func say(v tla.Value) string {
	switch v.Kind() {
	case value.KindSet, value.KindTuple:
		return list(v.Elems())
	case value.KindString:
		text, _ := v.AsStr()
		return text
	}
	return v.String()
}

// list joins values as one does in a sentence.
func list(values []tla.Value) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = say(v)
	}
	return enumerate(words)
}

func enumerate(words []string) string {
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// step names a step that was told before.
func step(m moment) string { return fmt.Sprintf("step %d", m.number) }
