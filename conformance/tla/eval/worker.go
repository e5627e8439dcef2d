// Workers: the memory that evaluation needs, one for each goroutine.

package eval

import (
	"math/rand/v2"

	"synod/conformance/tla/value"
)

// Worker evaluates compiled code. It is used by one goroutine at a time.
type Worker struct {
	program *Program

	cur []value.Value // the state before the step
	nxt []value.Value // the state after it; 0 where it has no value yet

	compiled   int64 // how much code there is room for
	unassigned int   // how many of nxt are 0 while successors are enumerated

	slots  []value.Value
	stack  []value.Value // values being put together
	saved  []value.Value // slots of procedures that are being called again
	areas  []area        // which slots they are
	consts []value.Value // what constant code gave, once it was asked
	calls  []*site       // the calls of procedures under way
	weight int           // how deep the Go stack is, estimated in closures
	left   int64         // the steps that are left of a slice of the budget
	rest   int64         // those of the budget behind it

	maxWeight int

	put      []*Error   // errors that were put off: see deferred
	closures []*closure // functions kept as rules, for as long as one evaluation lasts
	kept     []*closure // those that are the values of constants
	memos    []memo
	growths  []growths // what comprehensions gave, by their numbers
	exchange *exchange // nil where the worker gives its results to no other one
	places   []uint64  // where fields were found last, for each place that asks for one
	sieves   sieves
	visit    func([]value.Value) bool // receives each successor; true ends the enumeration
	action   *call                    // the action under way
	via      bool                     // the relation's target has been gone through
	rows     [][]value.Value
	pending  []pending // calls of recursive actions
	args     []value.Value
	midways  []midway                      // the compositions of actions under way
	share    *share                        // its part of the initial states; nil is all of them
	listed   map[value.Value][]value.Value // the elements of small symbolic sets; nil of other ones
	hits     []int                         // the points of the last step whose coverage was asked for

	Registers *Registers   // what TLCSet stored
	Print     func(string) // receives what Print and PrintT write; nil drops it
	Info      Info         // what TLCGet gives for names; nil knows none
	Request   func(string) // receives the names that TLCSet switches on, "exit" say; nil drops them

	Midway int64 // how many states were found between the two parts of a composition of actions

	Interrupted func() bool // whether a long evaluation is to end with an error; nil never

	limit   int64      // how large a set may be gone through; 0 is the usual bound
	rng     *rand.Rand // nil until it is needed
	seeds   [2]uint64
	scratch []value.Value
}

// NewWorker makes a worker for the program's code.
func (p *Program) NewWorker() *Worker {
	w := &Worker{program: p, seeds: [2]uint64{rand.Uint64(), 0}, maxWeight: p.budget.weight()}
	w.nxt = make([]value.Value, len(p.vars))
	w.scratch = make([]value.Value, 0, 64)
	return w
}

// prepare makes room for all code that has been compiled by now, and forgets what an evaluation that failed left.
func (w *Worker) prepare() {
	if compiled := w.program.compiled.Load(); compiled != w.compiled {
		w.makeRoom()
		w.compiled = compiled
	}
	w.stack, w.saved, w.areas, w.calls, w.weight = w.stack[:0], w.saved[:0], w.areas[:0], w.calls[:0], 0
	w.allot()
	if len(w.midways)+len(w.put)+len(w.pending)+len(w.closures) > 0 {
		w.midways, w.put, w.pending = w.midways[:0], w.put[:0], w.pending[:0]
		w.releaseClosures()
	}
}

// makeRoom makes room for the slots, constants and tables of the code compiled by now.
func (w *Worker) makeRoom() {
	p := w.program
	if n := int(p.slots.Load()); len(w.slots) < n {
		w.slots = append(w.slots, make([]value.Value, n-len(w.slots))...)
	}
	if n := int(p.consts.Load()); len(w.consts) < n {
		w.consts = append(w.consts, make([]value.Value, n-len(w.consts))...)
	}
	if n := int(p.memos.Load()); len(w.memos) < n {
		w.memos = append(w.memos, make([]memo, n-len(w.memos))...)
	}
	if n := int(p.growings.Load()); len(w.growths) < n {
		w.growths = append(w.growths, make([]growths, n-len(w.growths))...)
	}
	if n := int(p.places.Load()); len(w.places) < n {
		w.places = append(w.places, make([]uint64, n-len(w.places))...)
	}
	if n := int(p.rowSets.Load()); len(w.rows) < n {
		w.rows = append(w.rows, make([][]value.Value, n-len(w.rows))...)
	}
	if n := len(p.vars) + int(p.primeCount.Load()); len(w.nxt) < n {
		w.nxt = append(w.nxt, make([]value.Value, n-len(w.nxt))...)
	}
}
