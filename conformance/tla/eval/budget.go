// Budgets: how much one evaluation may do before it ends with an error.

package eval

import "math"

// Budget bounds one evaluation: of a formula, or of all successors of a state. The zero Budget is the usual one, which bounds
// only what would bring the process down.
type Budget struct {
	// Steps is how many elements of sets may be gone through and operators called, in sum; 0 is no bound. How large a
	// single set may become that is written out is value.SetLargest's to say.
	Steps int64
	// Stack is how many bytes of the Go stack recursion may take, roughly; 0 is 600 MB.
	Stack int
}

// A closure takes about 200 bytes of the Go stack, which may grow to 1 GB.
const (
	closureBytes = 200
	maxWeight    = 3_000_000
)

// steps is the bound as it is counted down.
func (b Budget) steps() int64 {
	if b.Steps <= 0 {
		return math.MaxInt64
	}
	return b.Steps
}

// weight is how deep the stack may become, in closures.
func (b Budget) weight() int {
	if b.Stack <= 0 {
		return maxWeight
	}
	return min(b.Stack/closureBytes, maxWeight)
}

// slice is the part of a budget that is spent between two looks at whether the evaluation is to go on.
const slice = 1 << 20

// allot begins with a whole budget.
func (w *Worker) allot() {
	w.rest = w.program.budget.steps()
	w.left = min(w.rest, slice)
	w.rest -= w.left
}

// spend takes steps off the budget.
func (w *Worker) spend(s *site, steps int) {
	if w.left -= int64(steps); w.left < 0 {
		w.renew(s)
	}
}

// renew takes the next slice of the budget, or fails where there is none or nobody waits for the result any more.
func (w *Worker) renew(s *site) {
	if w.Interrupted != nil && w.Interrupted() {
		panic(w.errorf(s, Exhausted, "the evaluation was interrupted here"))
	}
	w.rest += w.left
	if w.left = min(w.rest, slice); w.left > 0 {
		w.rest -= w.left
		return
	}
	panic(w.errorf(s, Exhausted, "this takes too long: the evaluation may go through %d elements and calls, and has", w.program.budget.Steps))
}

// Unbounded reports whether evaluations may take as many steps as they want.
func (p *Program) Unbounded() bool { return p.budget.Steps <= 0 }
