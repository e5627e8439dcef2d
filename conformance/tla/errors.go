// Errors: where, what, and with which exit code TLC would have ended.

package tla

import (
	"errors"
	"fmt"
	"strings"

	"synod/conformance/tla/check"
	"synod/conformance/tla/eval"
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
)

// Error is one thing wrong with a specification, a configuration or an evaluation, and its place.
type Error struct {
	Span  syntax.Span // zero where there is no place
	Msg   string      // may span several lines
	Line  string      // the line of source on which the span begins; "" where it is not known
	Code  int         // TLC's exit code for an error of this kind
	Stack []Frame     // the calls under way, innermost first; nil for parse errors
}

// Frame is one operator application that an evaluation was inside of.
type Frame struct {
	Name string      // the operator, "A(p, b)"
	Args []string    // "p = \"p1\""
	Call syntax.Span // the place of the application

	After int // how many calls are left out between this one and the one before
}

// Error gives file:line:col: message.
func (e *Error) Error() string {
	if !e.Span.Start.IsValid() && e.Span.Start.File == "" {
		return e.Msg
	}
	return e.Span.Start.String() + ": " + e.Msg
}

// Errors is a list of errors in source order: what Load returns.
type Errors []*Error

// Error gives one line for each error.
func (l Errors) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single *Error.
func (l Errors) Unwrap() []error {
	out := make([]error, len(l))
	for i, e := range l {
		out[i] = e
	}
	return out
}

// ExitCode is the exit code with which TLC ends on such an error: 150 for a specification that does not parse,
// 151 for a bad configuration, 75 to 77 for errors of evaluation, 255 otherwise, and 0 for nil.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	var e *Error
	if errors.As(err, &e) && e.Code != 0 {
		return e.Code
	}
	return 255
}

// errorsOf makes an error of the engine's parts one of this package.
func errorsOf(err error, code int) Errors {
	if names, ok := errors.AsType[*check.NameErrors](err); ok {
		code = names.Code
	}
	if list, ok := errors.AsType[syntax.ErrorList](err); ok {
		out := make(Errors, len(list))
		for i, e := range list {
			out[i] = &Error{Span: e.Span, Msg: e.Msg, Code: code}
		}
		return out
	}
	return Errors{errorOf(err, code)}
}

func errorOf(err error, code int) *Error {
	switch e := err.(type) {
	case *Error:
		return e
	case *check.Error:
		return &Error{Span: e.Span, Msg: e.Msg, Code: e.Code}
	case *eval.Error:
		return evalError(e, code)
	}
	return &Error{Msg: err.Error(), Code: code}
}

func evalError(e *eval.Error, code int) *Error {
	if e.Reason == eval.Assertion {
		code = 14
	}
	out := &Error{Span: e.Span, Msg: e.Msg, Code: code}
	for _, f := range e.Stack {
		frame := Frame{Name: f.Name, Call: f.Call, After: f.After}
		for _, b := range f.Names {
			if _, isRule := b.Value.ClosureID(); isRule {
				continue // a function that is defined by recursion is not worth showing as a value
			}
			text := "?"
			if b.Value != 0 {
				text = b.Value.String()
			}
			frame.Args = append(frame.Args, b.Name+" = "+text)
		}
		out.Stack = append(out.Stack, frame)
	}
	out.leaveLibrary()
	return out
}

// leaveLibrary moves an error inside of a module that ships with the engine to where the specification uses that module.
func (e *Error) leaveLibrary() {
	for i := 0; i < len(e.Stack) && strings.HasPrefix(e.Span.Start.File, resolve.StandardPrefix); i++ {
		if call := e.Stack[i].Call; !strings.HasPrefix(call.Start.File, resolve.StandardPrefix) && call.Start.IsValid() {
			e.Span, e.Msg = call, "in "+e.Stack[i].Name+": "+e.Msg
			e.Stack = e.Stack[i+1:]
			return
		}
	}
}

// wrong is an evaluation's error, nil for none.
func (m *Model) wrong(err error) error {
	if err == nil {
		return nil
	}
	return m.quoted(errorOf(err, 75))
}

// quoted is an error with its line of source.
func (m *Model) quoted(e *Error) *Error {
	e.quote(m.Source)
	return e
}

// quoteText finds the error's line in an expression that stands in no file.
func (e *Error) quoteText(text string) {
	if e.Span.Start.File == expressionFile {
		e.quote(func(string) []byte { return []byte(text) })
	}
}

// quote finds the error's line in the files' texts.
func (e *Error) quote(source func(file string) []byte) {
	if n := e.Span.Start.Line; n > 0 && e.Line == "" {
		if lines := strings.SplitN(string(source(e.Span.Start.File)), "\n", n+1); len(lines) >= n {
			e.Line = strings.TrimRight(lines[n-1], "\r")
		}
	}
}

// Render shows an error of this package as people read it: the place and the message, the line of source with carets under
// what is meant, and the calls that were under way. Of several errors it shows each.
func Render(err error) string {
	var list Errors
	var one *Error
	switch {
	case errors.As(err, &list):
		texts := make([]string, len(list))
		for i, e := range list {
			texts[i] = e.render()
		}
		return strings.Join(texts, "\n")
	case errors.As(err, &one):
		return one.render()
	}
	return err.Error()
}

// Render shows the innermost calls, and the outermost ones.
const innerFrames, outerFrames = 8, 3

func (e *Error) render() string {
	text := e.Error()
	if e.Line != "" {
		text = syntax.RenderLine(&syntax.Error{Span: e.Span, Msg: e.Msg}, e.Line)
	}
	skipped := 0
	for i, f := range e.Stack {
		skipped += f.After
		if i >= innerFrames && i < len(e.Stack)-outerFrames {
			skipped++
			continue
		}
		if skipped > 0 {
			text += fmt.Sprintf("\n  and %d more calls", skipped)
			skipped = 0
		}
		text += "\n  in " + f.Name
		if len(f.Args) > 0 {
			text += " with " + strings.Join(f.Args, ", ")
		}
		text += ", " + f.Call.Start.String()
	}
	return text
}
