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

// spend takes steps off the budget.
func (w *Worker) spend(s *site, steps int) {
	if w.left -= int64(steps); w.left < 0 {
		w.exhausted(s)
	}
}

func (w *Worker) exhausted(s *site) {
	panic(w.errorf(s, Exhausted, "this takes too long: the evaluation may go through %d elements and calls, and has", w.program.budget.Steps))
}
