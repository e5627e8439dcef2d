// Compiled code and what it depends on.

package eval

import (
	"slices"

	"synod/conformance/tla/value"
)

type (
	valueFn func(*Worker) value.Value
	boolFn  func(*Worker) bool
)

// code is a compiled expression, as a function to a value or to a boolean, whichever is natural to it.
type code struct {
	val    valueFn
	test   boolFn
	reads  reads
	lit    value.Value // its value, where the compiler knows it
	cheap  bool        // as quick to evaluate as to look up
	from   source      // where its value is read, if that is all it does
	cost   int         // a rough measure of the work
	cached bool        // keeps its own value

	remembers bool // keeps results by what it read
}

// source is where code that is a name reads its value: code that uses it reads it there itself, which spares a call.
type source struct {
	kind  sourceKind
	index int
}

type sourceKind uint8

const (
	fromCode sourceKind = iota // it must be evaluated
	fromSlot
	fromState // a variable of the state before the step
)

// reads lists what the value of code depends on: variables in either state, and slots that are set outside of it.
type reads struct {
	open []*procedure // those called whose bodies are being compiled: what they read is not known yet

	cur, nxt, slots ints
	lazy            ints // slots of lazily bound names from outside, which follow from the others
	impure          bool // gives another value each time, or has an effect
	figures         bool // asks for what changes while the state does not: TLCGet, the contents of a file
}

// ints is a sorted list without repetitions.
type ints []int32

func (a ints) union(b ints) ints {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := make(ints, 0, len(a)+len(b))
	out = append(append(out, a...), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

func (a ints) without(x int32) ints {
	i, found := slices.BinarySearch(a, x)
	if !found {
		return a
	}
	return append(append(make(ints, 0, len(a)-1), a[:i]...), a[i+1:]...)
}

func (r *reads) add(s reads) {
	r.cur, r.nxt = r.cur.union(s.cur), r.nxt.union(s.nxt)
	r.slots, r.lazy = r.slots.union(s.slots), r.lazy.union(s.lazy)
	r.impure = r.impure || s.impure
	for _, p := range s.open {
		if !slices.Contains(r.open, p) {
			r.open = append(slices.Clip(r.open), p)
		}
	}
	r.figures = r.figures || s.figures
}

// constant reports whether the code has the same value wherever and whenever it is evaluated.
func (r *reads) constant() bool {
	return len(r.cur) == 0 && len(r.nxt) == 0 && len(r.slots) == 0 && r.pure()
}

// pure reports whether the value follows from what is read, as far as that is known.
func (r *reads) pure() bool { return !r.impure && len(r.open) == 0 }

func (r *reads) unbind(slot int) { r.slots = r.slots.without(int32(slot)) }

func literal(v value.Value) *code {
	return &code{val: func(*Worker) value.Value { return v }, lit: v, cheap: true}
}

// value is the code as a function to a value.
func (c *code) value() valueFn {
	if c.val == nil {
		test := c.test
		c.val = func(w *Worker) value.Value { return value.Bool(test(w)) }
	}
	return c.val
}

// bool is the code as a function to a boolean; another value is an error at the site.
func (c *code) bool(at *site) boolFn {
	if c.test != nil {
		return c.test
	}
	val := c.val
	return func(w *Worker) bool {
		switch v := val(w); v {
		case value.True:
			return true
		case value.False:
			return false
		default:
			w.fail(at, "expected a boolean, found %s %s", v.KindName(), value.Brief(v))
			return false
		}
	}
}
