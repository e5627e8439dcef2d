// Scanning: a line of JSON with the column of whatever is wrong in it.

package trace

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Error is what is wrong with a trace, and where. Col counts characters from 1; 0 is the whole line.
type Error struct {
	Place
	Col int
	Msg string
}

func (e *Error) Error() string {
	if e.File == "" {
		return e.Msg
	}
	if e.Col == 0 {
		return fmt.Sprintf("%s: %s", e.Place, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", e.Place, e.Col, e.Msg)
}

// scanner walks over one line. Its methods return false once an error was found; err then says what and where.
// A hand-written scanner tells the column, keeps values as they are, and is several times faster than reflection.
type scanner struct {
	line string
	pos  int
	err  *Error
}

// maxDepth bounds the nesting of a value, so that no input exhausts the stack.
const maxDepth = 200

func (s *scanner) fail(at int, format string, args ...any) bool {
	if s.err == nil {
		s.err = &Error{Col: utf8.RuneCountInString(s.line[:at]) + 1, Msg: fmt.Sprintf(format, args...)}
	}
	return false
}

func (s *scanner) space() {
	for s.pos < len(s.line) && (s.line[s.pos] == ' ' || s.line[s.pos] == '\t' || s.line[s.pos] == '\r') {
		s.pos++
	}
}

// peek gives the next character that is no white space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos == len(s.line) {
		return 0
	}
	return s.line[s.pos]
}

func (s *scanner) expect(c byte) bool {
	if got := s.peek(); got != c {
		if got == 0 {
			return s.fail(s.pos, "the line ends where %q was expected", string(c))
		}
		return s.fail(s.pos, "%q was expected", string(c))
	}
	s.pos++
	return true
}

// end reports whether nothing follows.
func (s *scanner) end() bool {
	if s.peek() != 0 {
		return s.fail(s.pos, "text after the end of the event")
	}
	return true
}

// object calls field for each name of an object, with the position of the name; field scans the value.
func (s *scanner) object(field func(name string, at int) bool) bool {
	if !s.expect('{') {
		return false
	}
	if s.peek() == '}' {
		s.pos++
		return true
	}
	for {
		s.space()
		at := s.pos
		name, ok := s.str()
		if !ok || !s.expect(':') || !field(name, at) {
			return false
		}
		if s.peek() != ',' {
			return s.expect('}')
		}
		s.pos++
	}
}

// array calls element for each element of an array.
func (s *scanner) array(element func() bool) bool {
	if !s.expect('[') {
		return false
	}
	if s.peek() == ']' {
		s.pos++
		return true
	}
	for {
		if !element() {
			return false
		}
		if s.peek() != ',' {
			return s.expect(']')
		}
		s.pos++
	}
}

// str scans a string and gives it unquoted.
func (s *scanner) str() (string, bool) {
	if s.peek() != '"' {
		return "", s.fail(s.pos, "a string was expected")
	}
	start := s.pos
	plain := true
	for s.pos++; s.pos < len(s.line); s.pos++ {
		switch c := s.line[s.pos]; {
		case c == '"':
			s.pos++
			if plain {
				return s.line[start+1 : s.pos-1], true
			}
			var out string
			if json.Unmarshal([]byte(s.line[start:s.pos]), &out) != nil {
				return "", s.fail(start, "this string is not valid JSON")
			}
			return out, true
		case c == '\\':
			plain = false
			s.pos++
		case c < ' ':
			return "", s.fail(s.pos, "a control character stands in a string")
		}
	}
	return "", s.fail(start, "this string has no end")
}

// uint scans a natural number.
func (s *scanner) uint() (uint64, bool) {
	s.space()
	start := s.pos
	for s.pos < len(s.line) && '0' <= s.line[s.pos] && s.line[s.pos] <= '9' {
		s.pos++
	}
	n, err := strconv.ParseUint(s.line[start:s.pos], 10, 64)
	if err != nil {
		return 0, s.fail(start, "a natural number was expected")
	}
	return n, true
}

func (s *scanner) bool() (value, ok bool) {
	s.space()
	switch rest := s.line[s.pos:]; {
	case len(rest) >= 4 && rest[:4] == "true":
		s.pos += 4
		return true, true
	case len(rest) >= 5 && rest[:5] == "false":
		s.pos += 5
		return false, true
	}
	return false, s.fail(s.pos, "true or false was expected")
}

// raw scans any value and gives it as it stands.
func (s *scanner) raw() (string, bool) {
	s.space()
	start := s.pos
	if !s.skip(0) {
		return "", false
	}
	return s.line[start:s.pos], true
}

func (s *scanner) skip(depth int) bool {
	if depth > maxDepth {
		return s.fail(s.pos, "values are nested more than %d deep", maxDepth)
	}
	switch c := s.peek(); {
	case c == '{':
		return s.object(func(string, int) bool { return s.skip(depth + 1) })
	case c == '[':
		return s.array(func() bool { return s.skip(depth + 1) })
	case c == '"':
		_, ok := s.str()
		return ok
	case c == 't' || c == 'f':
		_, ok := s.bool()
		return ok
	case c == '-' || '0' <= c && c <= '9':
		return s.number()
	case c == 0:
		return s.fail(s.pos, "the line ends where a value was expected")
	case c == 'n':
		return s.fail(s.pos, "null is no value of TLA+")
	}
	return s.fail(s.pos, "a value was expected")
}

// number scans an integer: TLA+ traces have no fractions.
func (s *scanner) number() bool {
	start := s.pos
	if s.line[s.pos] == '-' {
		s.pos++
	}
	digits := s.pos
	for s.pos < len(s.line) && '0' <= s.line[s.pos] && s.line[s.pos] <= '9' {
		s.pos++
	}
	if s.pos == digits {
		return s.fail(start, "a number was expected")
	}
	if s.pos < len(s.line) && (s.line[s.pos] == '.' || s.line[s.pos]|0x20 == 'e') {
		return s.fail(start, "only integers are values here")
	}
	return true
}
