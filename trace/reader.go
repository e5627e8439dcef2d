// Reading: a node's file back into headers and events.

package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// File is what a trace file holds: one header for each run, the events in the order of the file.
type File struct {
	Name    string
	Headers []Header
	Events  []Event
	Torn    bool // the last line had no end: the node was killed while it wrote, and has sent nothing of that batch
}

// ReadFile reads a trace. A torn last line is left out and told by File.Torn; anything else that is wrong is an *Error.
func ReadFile(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var size int64
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	return read(name, f, size)
}

// Read reads a trace from r; name is what errors call it.
func Read(name string, r io.Reader) (*File, error) { return read(name, r, 0) }

// read reads a trace that has about so many bytes; 0 is not known.
func read(name string, r io.Reader, size int64) (*File, error) {
	file := &File{Name: name}
	in := NewReader(name, r)
	var seen int64
	for {
		line, err := in.text()
		if errors.Is(err, io.EOF) {
			file.Torn = in.torn
			return file, nil
		}
		if err != nil {
			return nil, err
		}
		if n := len(file.Events); n == cap(file.Events) && n >= 64 && seen < size {
			// What is left has lines as long as those before: one allocation instead of many that double.
			file.Events = slices.Grow(file.Events, int(int64(n)*(size-seen)/seen*17/16)+16)
		}
		seen += int64(len(line)) + 1
		file.Events = append(file.Events, Event{})
		var h Header
		isHead, err := in.take(line, &h, &file.Events[len(file.Events)-1])
		if err != nil {
			return nil, err
		}
		if isHead {
			file.Headers = append(file.Headers, h)
			file.Events = file.Events[:len(file.Events)-1]
		}
	}
}

// Reader reads a trace line by line and checks that each node's sequence numbers leave nothing out.
type Reader struct {
	in    *bufio.Reader
	place Place
	torn  bool
	last  map[string]ID // by node, the last event or, with Seq 0, the header
	node  string        // of the last header, whose forms these are
	forms []Form
}

// NewReader reads from r; name is what errors call it.
func NewReader(name string, r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 1<<16), place: Place{File: name}, last: map[string]ID{}}
}

// Torn reports whether the input ended in the middle of a line. It is known once Next has returned io.EOF.
func (r *Reader) Torn() bool { return r.torn }

// Next returns the next header or the next event, io.EOF at the end, or an *Error.
func (r *Reader) Next() (*Header, *Event, error) {
	line, err := r.text()
	if err != nil {
		return nil, nil, err
	}
	return r.Line(line)
}

// text is the input's next line, without its newline.
func (r *Reader) text() (string, error) {
	line, err := r.in.ReadString('\n')
	if err != nil {
		if errors.Is(err, io.EOF) {
			r.torn = strings.Trim(line, " ") != ""
			return "", io.EOF
		}
		return "", err
	}
	if isRoom(line) {
		return "", io.EOF
	}
	return line[:len(line)-1], nil
}

// room is how the part of a file begins that its writer has not come to. Where it writes while the file is read, lines may follow
// in what is read later than the room was: those are not there yet.
const room = "                "

func isRoom[T string | []byte](text T) bool {
	return strings.HasPrefix(string(text[:min(len(text), len(room))]), room)
}

// Line takes the next line from elsewhere than the input, without its newline.
func (r *Reader) Line(line string) (*Header, *Event, error) {
	var h Header
	e := &Event{}
	switch isHead, err := r.take(line, &h, e); {
	case err != nil:
		return nil, nil, err
	case isHead:
		return &h, nil, nil
	}
	return nil, e, nil
}

// take parses a line into a header or an event, and checks that it may stand behind those before it.
func (r *Reader) take(line string, h *Header, e *Event) (isHead bool, err error) {
	r.place.Line++
	var perr *Error
	if isShort(line) {
		perr = r.short(line, e)
	} else {
		isHead, perr = parseLine(line, h, e)
	}
	switch {
	case perr != nil:
	case isHead:
		h.Place = r.place
		r.node, r.forms = h.Node, h.Forms
		perr = r.follow(h, nil)
	default:
		e.Place = r.place
		perr = r.follow(nil, e)
	}
	if perr != nil {
		perr.Place = r.place
		return false, perr
	}
	return isHead, nil
}

// short parses an event in its short form.
func (r *Reader) short(line string, e *Event) *Error {
	s := &scanner{line: line}
	switch {
	case r.node == "":
		return &Error{Msg: "an event in its short form stands before the header"}
	case !utf8.ValidString(line):
		return &Error{Msg: "the line is not UTF-8"}
	case !s.short(r.node, r.forms, e):
		return s.err
	}
	return nil
}

// lines takes whole lines, each with its newline.
func (r *Reader) lines(text string, visit func(*Header, *Event) error) error {
	for line := range strings.Lines(text) {
		h, e, err := r.Line(line[:len(line)-1])
		if err == nil {
			err = visit(h, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow checks that the line may stand behind those before it.
func (r *Reader) follow(h *Header, e *Event) *Error {
	if h != nil {
		if last, known := r.last[h.Node]; known && h.Run <= last.Run {
			return &Error{Msg: fmt.Sprintf("node %s starts run %d after run %d", h.Node, h.Run, last.Run)}
		}
		r.last[h.Node] = ID{h.Node, h.Run, 0}
		return nil
	}
	last, known := r.last[e.Node]
	switch {
	case !known:
		return &Error{Msg: fmt.Sprintf("an event of node %s stands before the node's header", e.Node)}
	case e.Run != last.Run && last.Seq == 0 || e.Run < last.Run:
		return &Error{Msg: fmt.Sprintf("event %s stands in run %d", e.ID, last.Run)}
	case e.Run != last.Run && e.Seq != 1, e.Run == last.Run && e.Seq != last.Seq+1:
		return &Error{Msg: fmt.Sprintf("event %s does not follow event %s: events are missing", e.ID, last)}
	}
	r.last[e.Node] = e.ID
	return nil
}

// ParseLine reads one line of a trace, without its newline: either a header or an event, but not one in its short form, for
// which a Reader is needed. The error's Place is left to the caller.
func ParseLine(line string) (*Header, *Event, *Error) {
	var h Header
	var e Event
	switch isHead, err := parseLine(line, &h, &e); {
	case err != nil:
		return nil, nil, err
	case isHead:
		return &h, nil, nil
	}
	return nil, &e, nil
}

// parseLine parses into the header or the event given, both of which must be zero.
func parseLine(line string, h *Header, e *Event) (isHead bool, err *Error) {
	s := &scanner{line: line}
	if !utf8.ValidString(line) {
		return false, &Error{Msg: "the line is not UTF-8"}
	}
	var (
		version uint64
		seen    fieldSet
	)
	ok := s.object(func(name string, at int) bool {
		bit, known := fieldBits[name]
		if !known {
			return s.fail(at, "unknown field %q", name)
		}
		if seen&bit != 0 {
			return s.fail(at, "field %q stands twice", name)
		}
		seen |= bit
		if bit == hasSynod {
			isHead = true
			var ok bool
			version, ok = s.uint()
			return ok
		}
		return s.field(bit, h, e)
	}) && s.end()
	if ok {
		ok = s.complete(seen, isHead, version)
	}
	if !ok {
		return false, s.err
	}
	if isHead {
		h.Node, h.Run = e.Node, e.Run
	}
	return isHead, nil
}

type fieldSet uint32

const (
	hasSynod fieldSet = 1 << iota
	hasSpec
	hasConstants
	hasModelValues
	hasHidden
	hasForms
	hasNode
	hasRun
	hasSeq
	hasClock
	hasInstance
	hasAction
	hasArgs
	hasVars
	hasCauses
	hasRestart
	hasSource
)

const (
	headerNeeds  = hasSynod | hasSpec | hasNode | hasRun
	headerAllows = headerNeeds | hasConstants | hasModelValues | hasHidden | hasForms
	eventNeeds   = hasNode | hasRun | hasSeq | hasClock | hasAction
	eventAllows  = eventNeeds | hasInstance | hasArgs | hasVars | hasCauses | hasRestart | hasSource
)

// fieldNames is in the order of the bits.
var fieldNames = []string{"synod", "spec", "constants", "modelValues", "hidden", "forms", "node", "run", "seq", "clock",
	"instance", "action", "args", "vars", "causes", "restart", "source"}

var fieldBits = func() map[string]fieldSet {
	bits := map[string]fieldSet{}
	for i, name := range fieldNames {
		bits[name] = 1 << i
	}
	return bits
}()

// field scans the value of a field of a header or an event; both share node and run.
func (s *scanner) field(bit fieldSet, h *Header, e *Event) (ok bool) {
	switch bit {
	case hasSpec:
		h.Spec, ok = s.str()
	case hasConstants:
		h.Constants, ok = s.fields()
	case hasModelValues:
		h.ModelValues, ok = s.strings()
	case hasHidden:
		h.Hidden, ok = s.strings()
	case hasForms:
		h.Forms, ok = s.forms()
	case hasNode:
		e.Node, ok = s.str()
	case hasRun:
		e.Run, ok = s.uint()
	case hasSeq:
		e.Seq, ok = s.uint()
	case hasClock:
		e.Clock, ok = s.uint()
	case hasInstance:
		e.Instance, ok = s.str()
	case hasAction:
		e.Action, ok = s.str()
	case hasArgs:
		e.Args, ok = s.fields()
	case hasVars:
		e.Vars, ok = s.fields()
	case hasCauses:
		e.Causes, ok = s.ids()
	case hasRestart:
		e.Restart, ok = s.bool()
	case hasSource:
		e.Source, ok = s.str()
	}
	return ok
}

// complete checks that a line has the fields of its kind and no others.
func (s *scanner) complete(seen fieldSet, isHead bool, version uint64) bool {
	kind, needs, allows := "an event", eventNeeds, eventAllows
	if isHead {
		kind, needs, allows = "a header", headerNeeds, headerAllows
		switch {
		case version != 1 && version != Version:
			return s.fail(0, "this is version %d of the trace format; versions 1 and %d are understood", version, Version)
		case version == 1:
			allows &^= hasForms
		}
	}
	for i, name := range fieldNames {
		switch bit := fieldSet(1) << i; {
		case needs&bit != 0 && seen&bit == 0:
			return s.fail(0, "%s needs the field %q", kind, name)
		case allows&bit == 0 && seen&bit != 0:
			return s.fail(0, "%s has no field %q", kind, name)
		}
	}
	return true
}

func (s *scanner) fields() (Fields, bool) {
	out := make(Fields, 0, 3)
	ok := s.object(func(name string, at int) bool {
		if _, twice := out.Get(name); twice {
			return s.fail(at, "%q stands twice", name)
		}
		raw, ok := s.raw()
		out = append(out, Field{name, raw})
		return ok
	})
	return out, ok
}

func (s *scanner) strings() ([]string, bool) {
	var out []string
	ok := s.array(func() bool {
		x, ok := s.str()
		out = append(out, x)
		return ok
	})
	return out, ok
}

func (s *scanner) ids() ([]ID, bool) {
	var out []ID
	ok := s.array(func() bool {
		s.space()
		at := s.pos
		x, ok := s.str()
		if !ok {
			return false
		}
		id, err := ParseID(x)
		if err != nil {
			return s.fail(at, "%v", err)
		}
		out = append(out, id)
		return true
	})
	return out, ok
}
