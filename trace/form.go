// Forms: what many events have in common stands in the header, and their lines say only what differs.

package trace

import (
	"fmt"
	"strconv"
)

// Form is what all events of one kind of a run have in common. A system that logs every step saves most of the bytes by
// it, and of the time to write and to read them.
type Form struct {
	Action  string
	Fixed   Fields   // arguments that have the same value in all
	Args    []string // the names of the others
	Vars    []string // the paths of the variables
	Restart bool
	Source  string
}

// Short is an event as it differs from others of its form. Args and Vars hold the JSON values of what the form names, in
// its order, with a comma between each two.
type Short struct {
	Form       int // its place in the header's Forms, from 0
	Instance   string
	Args, Vars []byte
	Causes     []string // ids, as messages carry them
}

// Add stamps an event in its short form and takes it for the next Flush. It keeps no part of it. The run's header must have
// its form.
func (w *Writer) Add(c *Clock, s *Short) (seq, clock uint64) {
	c.seq++
	c.time++
	w.next(ID{c.Node, c.Run, c.seq})
	b := append(w.buf, '[')
	for _, n := range [...]uint64{c.Run, c.seq, c.time, uint64(s.Form)} {
		b = append(strconv.AppendUint(b, n, 10), ',')
	}
	b = append(appendString(b, s.Instance), ',', '[')
	b = append(append(b, s.Args...), ']', ',', '[')
	b = append(append(b, s.Vars...), ']')
	if len(s.Causes) > 0 {
		b = append(b, ',')
		b = appendList(b, s.Causes)
	}
	w.buf = append(b, ']', '\n')
	return c.seq, c.time
}

func appendForms(b []byte, forms []Form) []byte {
	if len(forms) == 0 {
		return b
	}
	b = append(b, `,"forms":[`...)
	for i, f := range forms {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"action":`...)
		b = appendString(b, f.Action)
		b = appendFields(b, "fixed", f.Fixed)
		b = appendStrings(b, "args", f.Args)
		b = appendStrings(b, "vars", f.Vars)
		if f.Restart {
			b = append(b, `,"restart":true`...)
		}
		if f.Source != "" {
			b = append(b, `,"source":`...)
			b = appendString(b, f.Source)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// forms scans the header's list.
func (s *scanner) forms() ([]Form, bool) {
	var list []Form
	ok := s.array(func() bool {
		s.space()
		at := s.pos
		var f Form
		if !s.object(func(name string, at int) (ok bool) {
			switch name {
			case "action":
				f.Action, ok = s.str()
			case "fixed":
				f.Fixed, ok = s.fields()
			case "args":
				f.Args, ok = s.strings()
			case "vars":
				f.Vars, ok = s.strings()
			case "restart":
				f.Restart, ok = s.bool()
			case "source":
				f.Source, ok = s.str()
			default:
				return s.fail(at, "a form has no field %q", name)
			}
			return ok
		}) {
			return false
		}
		list = append(list, f)
		return f.check(s, at)
	})
	return list, ok
}

// check refuses a form of which an event would not be one.
func (f *Form) check(s *scanner, at int) bool {
	if f.Action == "" {
		return s.fail(at, "a form needs the field %q", "action")
	}
	seen := map[string]bool{}
	for _, x := range f.Fixed {
		seen[x.Name] = true
	}
	for _, name := range f.Args {
		if seen[name] {
			return s.fail(at, "the form of %s has the argument %q twice", f.Action, name)
		}
		seen[name] = true
	}
	clear(seen)
	for _, path := range f.Vars {
		if seen[path] {
			return s.fail(at, "the form of %s has the variable %q twice", f.Action, path)
		}
		seen[path] = true
	}
	return true
}

// isShort reports whether a line is an event in its short form.
func isShort(line string) bool { return line != "" && line[0] == '[' }

// short scans an event in its short form: of the node and in one of the forms of the header before it.
func (s *scanner) short(node string, forms []Form, e *Event) bool {
	at, form, ok := s.head(e)
	if !ok {
		return false
	}
	if form >= uint64(len(forms)) {
		return s.fail(at, "the header before has no form %d", form)
	}
	f := &forms[form]
	e.Node, e.Action, e.Restart, e.Source = node, f.Action, f.Restart, f.Source
	if !s.expect(',') {
		return false
	}
	if e.Instance, ok = s.str(); !ok || !s.expect(',') {
		return false
	}
	if e.Args, ok = s.values("arguments", f.Args, f.Fixed); !ok || !s.expect(',') {
		return false
	}
	if e.Vars, ok = s.values("variables", f.Vars, nil); !ok {
		return false
	}
	if s.peek() == ',' {
		s.pos++
		if e.Causes, ok = s.ids(); !ok {
			return false
		}
	}
	return s.expect(']') && s.end()
}

// head scans the numbers with which a short event begins: the run, the event's in it, the clock, and that of its form,
// with its position.
func (s *scanner) head(e *Event) (at int, form uint64, ok bool) {
	if !s.expect('[') {
		return 0, 0, false
	}
	for i, n := range [...]*uint64{&e.Run, &e.Seq, &e.Clock, &form} {
		if i > 0 && !s.expect(',') {
			return 0, 0, false
		}
		s.space()
		at = s.pos
		if *n, ok = s.uint(); !ok {
			return 0, 0, false
		}
	}
	return at, form, true
}

// values scans a list with a value for each of the names, and gives it behind what is fixed.
func (s *scanner) values(what string, names []string, fixed Fields) (Fields, bool) {
	s.space()
	at := s.pos
	out := append(make(Fields, 0, len(fixed)+len(names)), fixed...)
	n := 0
	if !s.array(func() bool {
		raw, ok := s.raw()
		if n < len(names) {
			out = append(out, Field{names[n], raw})
		}
		n++
		return ok
	}) {
		return nil, false
	}
	if n != len(names) {
		return nil, s.fail(at, "the form has %d %s, and here are %d", len(names), what, n)
	}
	return out, true
}

// shortID gives the id, but for the node, and the clock of an event in its short form.
func shortID(line string) (id ID, clock uint64, err *Error) {
	s := &scanner{line: line}
	var e Event
	if _, _, ok := s.head(&e); !ok {
		return ID{}, 0, s.err
	}
	return e.ID, e.Clock, nil
}

// next takes note of the event that is written next, which must follow the last.
func (w *Writer) next(id ID) {
	if id.Node != w.run.Node || id.Run != w.run.Run || id.Seq != w.run.Seq+1 {
		panic(fmt.Sprintf("trace: event %s written after event %s", id, w.run))
	}
	w.run.Seq++
}
