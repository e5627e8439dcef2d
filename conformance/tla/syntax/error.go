// Errors in source text: a place and a message, and how to show them.

package syntax

import (
	"fmt"
	"sort"
	"strings"
)

// Error is one mistake in a source file.
type Error struct {
	Span Span
	Msg  string
}

// Error gives file:line:col: message.
func (e *Error) Error() string { return e.Span.Start.String() + ": " + e.Msg }

// ErrorList is all the mistakes that were found, in source order.
type ErrorList []*Error

// Error gives one line for each mistake.
func (l ErrorList) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single errors, for errors.As.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// Add appends a mistake at a span.
func (l *ErrorList) Add(span Span, format string, args ...any) {
	*l = append(*l, &Error{Span: span, Msg: fmt.Sprintf(format, args...)})
}

// Err gives the list as an error, sorted by place and without repetitions, or nil where the list is empty.
func (l ErrorList) Err() error {
	if len(l) == 0 {
		return nil
	}
	sorted := append(ErrorList(nil), l...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].before(sorted[j]) })
	unique := sorted[:1]
	for _, e := range sorted[1:] {
		last := unique[len(unique)-1]
		if e.Span.Start != last.Span.Start || e.Msg != last.Msg {
			unique = append(unique, e)
		}
	}
	return unique
}

func (e *Error) before(f *Error) bool {
	a, b := e.Span.Start, f.Span.Start
	switch {
	case a.File != b.File:
		return a.File < b.File
	case a.Line != b.Line:
		return a.Line < b.Line
	}
	return a.Col < b.Col
}

// Render shows an error with the line of source it speaks of and carets under the span:
//
//	Spec.tla:3:8: unknown operator Apend; did you mean Append?
//	    3 | Send == Apend(queue, m)
//	      |         ^^^^^
//
// Where source does not have the line, only the message is given.
func Render(e *Error, source []byte) string {
	line, ok := sourceLine(source, e.Span.Start.Line)
	if !ok {
		return e.Error()
	}
	return RenderLine(e, line)
}

// RenderLine is Render for the line of source itself.
func RenderLine(e *Error, line string) string {
	number := fmt.Sprintf("%5d", e.Span.Start.Line)
	indent, width := caret(e.Span, []rune(line))
	return fmt.Sprintf("%s\n%s | %s\n%s | %s%s", e.Error(), number, line,
		strings.Repeat(" ", len(number)), indent, strings.Repeat("^", width))
}

func sourceLine(source []byte, n int) (string, bool) {
	if n < 1 {
		return "", false
	}
	lines := strings.SplitN(string(source), "\n", n+1)
	if len(lines) < n {
		return "", false
	}
	return strings.TrimRight(lines[n-1], "\r"), true
}

// caret gives the white space before the first caret (tabs stay tabs, so that it aligns) and the number of carets.
func caret(s Span, line []rune) (string, int) {
	start := min(max(s.Start.Col-1, 0), len(line))
	indent := make([]rune, start)
	for i := range indent {
		indent[i] = ' '
		if line[i] == '\t' {
			indent[i] = '\t'
		}
	}
	end := s.EndCol
	if s.EndLine != s.Start.Line {
		end = len(line)
	}
	return string(indent), max(min(end, len(line))-start, 1)
}
