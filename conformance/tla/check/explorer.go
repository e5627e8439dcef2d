// Explorers: one worker's part of a search.

package check

import (
	"context"
	"slices"
	"sync/atomic"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/value"
)

// batchStates is how many successors are looked at together: their places in the table of states seen are fetched from memory
// first, so that the fetches overlap.
const batchStates = 128

// explorer expands states. It has two evaluators, because a successor is judged while others are being enumerated.
type explorer struct {
	*search
	stepper, judge *eval.Worker

	from    []value.Value                 // memory for the states of a turn
	any     bool                          // the state at hand has a successor
	visit   func(next []value.Value) bool // receives each of them
	origins []origin                      // the state at hand, and before it those whose successors are not all looked at yet
	batch   []value.Value                 // the successors that are not yet looked at
	fps     []uint64
	known   []bool // of these, those that were put out of memory
	parent  int
	order   int64
	number  int // among the workers

	registers *eval.Registers
	level     int            // of the state that is being expanded; 0 while there is none
	judging   int            // of the state that the judge looks at
	judged    []value.Value  // that state, while it is looked at alone; nil while a step is
	tally     *tally         // nil where actions are not counted
	witnessed []atomic.Int64 // for each possibility, one more than how often it was true; 0 where it was not looked at
	monitors  []*monitor
	edges     []value.Value // the successors that are in the model, for the monitors

	path    [][]value.Value // a simulation's behaviour so far
	prefix  []value.Value   // the behaviour so far as records, for an ALIAS
	way     []value.Value   // the way to the state wayTo as records
	wayTo   int
	example value.Value // the counterexample, for postconditions

	left []int32 // the permutations that are left

	found   found  // new states
	written []part // of them, those that were put out of memory before
	seat    *seat  // among those who add to the states seen
	touched uint64 // keeps the compiler from leaving out the look-ups that fetch memory

	made counts // what the search has not been told of yet
}

// origin is a state whose successors are collected; nil stands for what comes before the initial states.
type origin struct {
	state  []value.Value
	parent int
	order  int64
	midway int64 // how many states were found between the parts of compositions of actions
	end    int   // how many successors there are in the batch up to its last one
}

// counts are a worker's figures. The search's own are shared, and workers that wrote to them at every step would wait for each other.
type counts struct{ generated, distinct, queue int64 }

// publish adds a worker's figures to those of the search.
func (x *explorer) publish() {
	if x.made == (counts{}) {
		return
	}
	x.generated.Add(x.made.generated)
	x.distinct.Add(x.made.distinct)
	x.queue.Add(x.made.queue)
	x.made = counts{}
}

func (s *search) newExplorer() *explorer {
	x := &explorer{search: s, from: make([]value.Value, s.n*turnStates), stepper: s.Program.NewWorker(), judge: s.Program.NewWorker(), registers: &eval.Registers{}}
	x.seat, x.witnessed = s.seen.join(), make([]atomic.Int64, len(s.Possible))
	if s.opts.Coverage {
		x.tally = newTally()
	}
	x.visit = func(next []value.Value) bool {
		x.any = true
		x.add(next)
		return x.stop.Load()
	}
	x.equip()
	return x
}

// turns are the states of some blocks, of which workers take some at a time.
type turns struct {
	blocks []*block
	taken  atomic.Int64
	_      [64]byte
}

// turnStates is how many states are taken at a time.
const turnStates = blockStates / 4

// take gives the next states: a block and which of its states, none where all were taken.
func (t *turns) take() (b *block, from, to int) {
	const ofBlock = blockStates / turnStates
	turn := int(t.taken.Add(1)) - 1
	if turn >= ofBlock*len(t.blocks) {
		return nil, 0, 0
	}
	b, from = t.blocks[turn/ofBlock], turn%ofBlock*turnStates
	return b, from, min(from+turnStates, b.count())
}

// expand takes states of each part in turn, as long as there are any.
func (x *explorer) expand(ctx context.Context, parts []*turns) {
	x.level = int(x.depth.Load())
	defer x.publish()
	for _, part := range parts {
		for {
			b, from, to := part.take()
			if b == nil {
				break
			}
			if ctx.Err() != nil {
				return
			}
			for i := from; i < to; i++ {
				if x.stop.Load() || x.exit.Load() {
					return
				}
				x.made.queue--
				x.parent, x.order = b.first+i, int64(b.first+i)
				x.state(b.state(i, x.from[(i-from)*x.n:(i-from+1)*x.n]))
			}
			if !x.stop.Load() {
				x.flush()
			}
			x.publish()
		}
	}
}

// state expands one state. Where its successors are not looked at in the end, flush is to be called once all states of the turn
// are expanded.
func (x *explorer) state(state []value.Value) {
	x.edges = x.edges[:0]
	x.begin(state)
	x.any = false
	x.stepper.SeedStep(x.parent + 1)
	x.stepper.Midway = 0
	err := x.stepper.Successors(x.next, state, x.visit)
	if x.stop.Load() {
		x.made.generated += x.stepper.Midway
		return
	}
	x.origins[len(x.origins)-1].midway = x.stepper.Midway
	deadlocked := !x.any && x.CheckDeadlock && !x.opts.NoDeadlock
	if x.mixed && err == nil && !deadlocked {
		return
	}
	x.flush()
	switch {
	case x.stop.Load():
	case err != nil:
		if reason(err) == eval.Unassigned {
			x.made.generated++
		}
		x.end(&finding{kind: Failed, message: "a next state cannot be computed", err: err, parent: x.parent, order: x.order})
	case deadlocked:
		x.end(&finding{kind: Deadlock, message: "a state without a next state is reached: deadlock", parent: x.parent, order: x.order})
	default:
		x.watch(state)
	}
}

// begin makes a state the one whose successors are added.
func (x *explorer) begin(state []value.Value) {
	if last := len(x.origins) - 1; last >= 0 {
		x.origins[last].end = len(x.batch) / x.n
	}
	x.origins = append(x.origins, origin{state: state, parent: x.parent, order: x.order})
}

// end notes a finding that ends the search.
func (x *explorer) end(f *finding) {
	x.withPath(f)
	x.search.end(f)
}

// withPath gives a finding the behaviour that leads to it where there is one at hand.
func (x *explorer) withPath(f *finding) {
	if x.path != nil {
		f.path = slices.Clone(x.path)
	}
}

// add collects a successor of the last origin, and looks at those collected once there are enough.
func (x *explorer) add(next []value.Value) {
	x.batch = append(x.batch, next...)
	if x.tally != nil {
		x.tally.generate(x.stepper.Acting(), x.level == 0)
	}
	if len(x.batch) >= x.together*x.n {
		last := x.origins[len(x.origins)-1]
		x.flush()
		x.origins = append(x.origins, last)
	}
}

// flush looks at the successors collected: leaves out those outside of the constraints, finds the new ones and checks them.
func (x *explorer) flush() {
	n, batch, origins := x.n, x.batch, x.origins
	x.batch, x.origins = batch[:0], origins[:0]
	if n == 0 || len(origins) == 0 {
		return
	}
	count := len(batch) / n
	origins[len(origins)-1].end = count
	x.judging = x.level + 1
	x.fps = x.fps[:0]
	for i := range count {
		fp, err := x.fingerprint(batch[i*n : (i+1)*n])
		if err != nil {
			x.made.generated += int64(count)
			x.fail("the view of a state cannot be computed", err, batch[i*n:(i+1)*n])
			return
		}
		x.fps = append(x.fps, fp)
	}
	err := x.seen.acquire(x.seat, count)
	defer x.seat.mu.Unlock()
	if err != nil {
		x.broken(err)
		return
	}
	for _, fp := range x.fps {
		x.touched += x.seen.touch(fp)
	}
	known, err := x.seen.known(x.fps, x.known)
	if err != nil {
		x.broken(err)
		return
	}
	if known != nil {
		x.known = known
	}
	x.look(origins, batch, known)
	x.tally.clear()
	if x.level == 0 {
		x.publish()
	}
	if x.overflow != nil && x.found.count >= x.overflow.states {
		if err := x.writeOut(); err != nil {
			x.broken(err)
		}
	}
}

// look looks at the successors of one origin after the other, up to a finding that ends the search. known says of which the
// fingerprints were put out of memory; nil is none.
func (x *explorer) look(origins []origin, batch []value.Value, known []bool) {
	n, i := x.n, 0
	for at, o := range origins {
		x.parent, x.order = o.parent, o.order
		x.made.generated += o.midway
		for ; i < o.end; i++ {
			x.made.generated++
			x.tally.look(i)
			if !x.successor(o.state, batch[i*n:(i+1)*n], x.fps[i], known != nil && known[i]) {
				x.made.queue += int64(len(origins) - 1 - at) // TLC would not have taken the others yet
				return
			}
		}
	}
}

// successor looks at one successor; false ends the search. known says that its fingerprint was put out of memory.
func (x *explorer) successor(from, to []value.Value, fp uint64, known bool) bool {
	in, ok := x.inModel(from, to)
	if !ok {
		return false
	}
	isNew := !in || !known && x.seen.add(x.seat, fp)
	if in && isNew {
		x.made.distinct++
		if level := int64(x.level + 1); x.reached.Load() < level {
			x.reached.Store(level)
		}
		x.tally.find()
	}
	if isNew && !x.invariants(from, to) {
		if from == nil && in {
			x.made.queue++ // TLC has put an initial state in line before
		}
		return false
	}
	if !x.implied(from, to) {
		return false
	}
	if in && len(x.monitors) > 0 {
		x.edges = append(x.edges, to...)
	}
	if in && isNew {
		x.made.queue++
		x.found.add(to, fp, uint32(max(x.parent, 0)))
	}
	if from == nil && in && isNew {
		for _, m := range x.monitors {
			if !x.enter(m, m.whole, to) {
				return false
			}
		}
	}
	return true
}

// inModel evaluates the constraints; ok is false where that fails.
func (x *explorer) inModel(from, to []value.Value) (in, ok bool) {
	x.judging, x.judged = x.level+1, to
	for _, c := range x.Constraints {
		holds, err := x.judge.Holds(c, to)
		if err != nil {
			return false, x.fail("a constraint cannot be evaluated", err, to)
		}
		if !holds {
			return false, true
		}
	}
	if len(x.Possible) > 0 && !x.witness(nil, to) {
		return false, false
	}
	if from == nil {
		return true, true
	}
	x.judging, x.judged = x.level, nil
	for _, c := range x.ActionConstraints {
		holds, err := x.judge.HoldsStep(c, from, to)
		if err != nil {
			return false, x.fail("an action constraint cannot be evaluated", err, to)
		}
		if !holds {
			return false, true
		}
	}
	return true, len(x.Possible) == 0 || x.witness(from, to)
}

func (x *explorer) fail(what string, err error, state []value.Value) bool {
	x.end(&finding{kind: Failed, message: what, err: err, parent: x.parent, state: keep(state), order: x.order})
	return false
}

// invariants checks the invariants in a new state, and in an initial one what properties demand of it.
func (x *explorer) invariants(from, state []value.Value) bool {
	x.judging, x.judged = x.level+1, state
	for _, p := range x.Invariants {
		holds, err := x.judge.Holds(p.Formula, state)
		if err != nil {
			x.end(&finding{kind: Failed, property: p.Name, message: "the invariant " + p.Name + " cannot be evaluated", err: err,
				parent: x.parent, state: keep(state), order: x.order, checking: true})
			return false
		}
		if holds {
			continue
		}
		if !x.violated(&finding{kind: Safety, property: p.Name, message: "the invariant " + p.Name + " is violated",
			parent: x.parent, state: keep(state), order: x.order}) {
			return false
		}
		if from != nil {
			return true // TLC looks at further invariants in initial states alone
		}
	}
	if from != nil {
		return true
	}
	for _, p := range x.ImpliedInits {
		holds, err := x.judge.Holds(p.Formula, state)
		if err != nil {
			return x.fail("the property "+p.Name+" cannot be evaluated", err, state)
		}
		if !holds {
			x.end(&finding{kind: Safety, step: true, property: p.Name, message: "the initial state violates the property " + p.Name,
				parent: -1, state: keep(state), order: x.order})
			return false
		}
	}
	return true
}

// implied checks what properties demand of steps.
func (x *explorer) implied(from, to []value.Value) bool {
	if from == nil {
		return true
	}
	x.judging, x.judged = x.level, nil
	for _, p := range x.ImpliedActions {
		holds, err := x.judge.HoldsStep(p.Formula, from, to)
		if err == nil && !holds && p.strict != nil {
			holds, err = x.judge.HoldsStep(p.strict(), from, to)
		}
		if err != nil {
			return x.fail("the property "+p.Name+" cannot be evaluated", err, to)
		}
		if !holds {
			return x.violated(&finding{kind: Safety, property: p.Name, message: "a step violates the property " + p.Name,
				parent: x.parent, state: keep(to), order: x.order, step: true})
		}
	}
	return true
}

// fingerprint is 64 bits that stand for a state: of its view, or of the least of the states symmetric to it.
func (x *explorer) fingerprint(state []value.Value) (uint64, error) {
	if x.View != nil {
		x.judged = state
		v, err := x.judge.Eval(x.View, state, nil)
		return v.Hash(), err
	}
	if x.perms != nil {
		return x.perms.print(x, state), nil
	}
	return Fingerprint(state), nil
}

// Fingerprint is 64 bits that depend on the values of a state's variables alone.
func Fingerprint(state []value.Value) uint64 {
	h := uint64(printSeed)
	for _, v := range state {
		h = addPrint(h, v.Hash())
	}
	return h
}

const printSeed = 0x6a09e667f3bcc908

// addPrint adds a variable's hash to a fingerprint.
func addPrint(h, variable uint64) uint64 {
	h = (h ^ variable) * 0x9fb21c651e98df25
	return h ^ h>>29
}
