// Errors of evaluation: what, where, and inside of which applications.

package eval

import (
	"fmt"
	"runtime"
	"slices"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Reason sorts errors by how TLC ends on them.
type Reason uint8

// The reasons for which an evaluation can fail.
const (
	Evaluation  Reason = iota // an operator of the language was given what it is not defined on
	Operator                  // an operator of a standard module was
	Assertion                 // TLC's Assert with a false condition
	Unassigned                // an action left a variable without a value
	Unsupported               // the engine does not evaluate this
	Exhausted                 // the Budget is used up
	Internal                  // a mistake of the engine itself
)

// Error is a failed evaluation.
type Error struct {
	Span   syntax.Span
	Msg    string
	Reason Reason
	Stack  []Frame // innermost first
}

// Error gives file:line:col: message.
func (e *Error) Error() string { return e.Span.Start.String() + ": " + e.Msg }

// Frame is one application that was under way.
type Frame struct {
	Name  string      // the operator
	Call  syntax.Span // where it was applied
	Names []Binding   // its parameters, and the names bound since, with their values
	After int         // how many calls, between it and the one before, are left out
}

// Binding is a name and its value; the zero Value is one that was not needed yet.
type Binding struct {
	Name  string
	Value value.Value
	Span  syntax.Span
}

// site is a place in the source for messages: an expression, and the names that are in scope there.
type site struct {
	span   syntax.Span
	env    *env
	module bool // the application of a standard module's operator
}

// frame is an application that was inlined, so that it is known at compile time who is called by whom.
type frame struct {
	def    *resolve.Def
	name   string
	call   syntax.Span
	parent *frame
	base   *scope // the names in scope where the operator is defined: those above it are parameters or bound inside
	caller *scope // the names in scope where it is applied
}

// fail ends the evaluation; the Worker's entry points turn it into an error.
func (w *Worker) fail(at *site, format string, args ...any) {
	panic(w.errorf(at, Evaluation, format, args...))
}

// fault ends the evaluation with what a value operation found wrong.
func (w *Worker) fault(at *site, f *value.Fault) {
	panic(w.errorf(at, Evaluation, "%s", f.Msg))
}

func (w *Worker) errorf(at *site, reason Reason, format string, args ...any) *Error {
	if at.module && reason == Evaluation {
		reason = Operator
	}
	return &Error{Span: at.span, Msg: fmt.Sprintf(format, args...), Reason: reason, Stack: w.stackOf(at)}
}

// stackOf lists the applications under way: those inlined around the site, then the calls of procedures, each
// with those inlined around it. Of deep recursion the innermost calls are listed, and the outermost ones.
func (w *Worker) stackOf(at *site) []Frame {
	const inner, outermost, maxFrames = 32, 4, 48
	var out []Frame
	skipped := 0
	if len(w.areas) > 0 {
		now := slices.Clone(w.slots)
		defer func() { copy(w.slots, now) }()
	}
	area := len(w.areas)
	for i := len(w.calls); ; i-- {
		names := at.env.locals
		for f := at.env.frame; f != nil && len(out) < maxFrames; f = f.parent {
			out = append(out, Frame{Name: f.name, Call: f.call, Names: w.bindings(names, f.base), After: skipped})
			names, skipped = f.caller, 0
		}
		if i == 0 || len(out) >= maxFrames {
			return out
		}
		if len(out) > 0 {
			out[len(out)-1].Call = w.calls[i-1].span // the code of the body is shared: only the call under way knows its place
		}
		if len(out) >= inner && i > outermost {
			i, skipped = outermost, i-outermost
		}
		at = w.calls[i-1]
		for area > 0 && (!w.areas[area-1].call || w.areas[area-1].calls >= i-1) {
			area--
			w.restore(w.areas[area])
		}
	}
}

// bindings lists the names from inner out to base, outermost first.
func (w *Worker) bindings(inner, base *scope) []Binding {
	var out []Binding
	for s := inner; s != nil && s != base; s = s.next {
		if l := s.local; l != nil && l.Arity == 0 {
			out = append([]Binding{{Name: l.Name, Value: w.peek(s.bind), Span: l.Span}}, out...)
		}
	}
	return out
}

// peek is a bound name's value if it is known already.
func (w *Worker) peek(b *binding) value.Value {
	switch {
	case b.lit != 0:
		return b.lit
	case b.slot >= 0 && b.slot < len(w.slots) && w.slots[b.slot].Kind() != value.KindNone:
		return w.slots[b.slot]
	}
	return 0
}

// caught makes an error of what a recovered panic carried.
func (w *Worker) caught(r any) *Error {
	switch e := r.(type) {
	case *Error:
		return e
	case *value.Fault:
		return &Error{Msg: e.Msg}
	case runtime.Error:
		return &Error{Msg: "internal error: " + e.Error(), Reason: Internal}
	}
	panic(r)
}
