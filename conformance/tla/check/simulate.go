// Simulation: random behaviours, one after the other.

package check

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"

	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// Simulation says which random behaviours to look at.
type Simulation struct {
	Behaviors int64  // how many; 0 is no bound
	Depth     int    // how many states a behaviour has at most; 0 is 100
	Seed      uint64 // what the choices follow from
}

const usualDepth = 100

func (s *Simulation) seedText() string { return strconv.FormatUint(s.Seed, 10) }

// simulation is one under way. Each behaviour has random numbers of its own, which follow from the seed and its number, so
// that it does not matter which worker goes along it, and the first one with an error is the same in each run.
type simulation struct {
	*search
	Simulation
	initials [][]value.Value
	next     atomic.Int64
	lowest   atomic.Int64 // the number of the first behaviour that is known to have an error, or more than any
}

// simulate goes along random behaviours.
func (s *search) simulate(ctx context.Context) error {
	sim := &simulation{search: s, Simulation: *s.opts.Simulation}
	sim.lowest.Store(1 << 62)
	s.Program.Seed(sim.Seed)
	for i := range s.opts.Workers {
		x := s.newExplorer()
		x.number = i
		s.workers = append(s.workers, x)
	}
	level := s.initialLevel(ctx, s.workers[:1])
	s.queue.Store(0)
	for _, b := range level.blocks {
		for i := range b.count() {
			sim.initials = append(sim.initials, b.state(i, make([]value.Value, s.n)))
		}
	}
	if s.found != nil || len(sim.initials) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	var wg sync.WaitGroup
	for _, x := range s.workers {
		x.registers.Share(s.workers[0].registers)
		if err := x.ownMonitors(); err != nil {
			return err
		}
		wg.Go(func() { sim.work(ctx, x) })
	}
	wg.Wait()
	if sim.Behaviors == 0 {
		return nil // without a bound a simulation ends when it is told to
	}
	return ctx.Err()
}

// ownMonitors gives a worker monitors of its own: they follow one behaviour.
func (x *explorer) ownMonitors() error {
	for _, m := range x.search.monitors {
		own, _, err := x.newMonitor(m.Temporal)
		if err != nil {
			return err
		}
		x.monitors = append(x.monitors, own)
	}
	return nil
}

// work takes the next behaviour again and again.
func (s *simulation) work(ctx context.Context, x *explorer) {
	for ctx.Err() == nil && !s.exit.Load() {
		i := s.next.Add(1) - 1
		if s.Behaviors > 0 && i >= s.Behaviors || i > s.lowest.Load() {
			return
		}
		w := &walk{sim: s, x: x, random: rand.New(rand.NewPCG(s.Seed, uint64(i)))}
		if !w.run(ctx, i) {
			for low := s.lowest.Load(); i < low && !s.lowest.CompareAndSwap(low, i); {
				low = s.lowest.Load()
			}
		}
		s.behaviors.Add(1)
	}
}

// depth is how many states a behaviour has at most.
func (s *simulation) depth() int {
	if s.Depth > 0 {
		return s.Depth
	}
	return usualDepth
}

// walk is one random behaviour.
type walk struct {
	sim    *simulation
	x      *explorer
	random *rand.Rand
	left   []*formula // what the monitors demand of the rest
	chosen []choice   // among the successors at hand: one for each action
}

// choice is a successor by an action, chosen at random among those seen so far.
type choice struct {
	action *resolve.Def
	seen   int
	state  []value.Value
}

// run goes along the behaviour with that number; false where it ends in an error.
func (w *walk) run(ctx context.Context, number int64) bool {
	x, sim := w.x, w.sim
	x.stepper.Seed(sim.Seed, uint64(number))
	x.judge.Seed(sim.Seed+1, uint64(number))
	x.order, x.parent, x.level = number, 0, 0
	state := sim.initials[w.random.IntN(len(sim.initials))]
	x.path = [][]value.Value{state}
	defer func() { x.path = nil }()
	for i, m := range x.monitors {
		w.left = append(w.left, m.whole)
		if !w.judge(i, state) {
			return false
		}
	}
	for x.level = 1; x.level < sim.depth(); x.level++ {
		if ctx.Err() != nil || sim.exit.Load() || number > sim.lowest.Load() {
			break
		}
		next, ok := w.step(state)
		if !ok {
			return false
		}
		if next == nil {
			break
		}
		state = next
		x.path = append(x.path, state)
	}
	for long := int64(len(x.path)); ; {
		if longest := sim.reached.Load(); long <= longest || sim.reached.CompareAndSwap(longest, long) {
			return true
		}
	}
}

// step chooses a successor: an action first, then one of those it leads to. nil is none; ok is false after an error.
func (w *walk) step(state []value.Value) (next []value.Value, ok bool) {
	x := w.x
	w.chosen = w.chosen[:0]
	any := false
	ok = true
	err := x.stepper.Successors(x.next, state, func(to []value.Value) bool {
		any = true
		ok = w.visit(state, to)
		return !ok
	})
	switch {
	case !ok:
		return nil, false
	case err != nil:
		x.end(&finding{kind: Failed, message: "a next state cannot be computed", err: err, parent: x.parent, order: x.order})
		return nil, false
	case !any && x.CheckDeadlock && !x.opts.NoDeadlock:
		x.end(&finding{kind: Deadlock, message: "a state without a next state is reached: deadlock", parent: x.parent, order: x.order})
		return nil, false
	case len(w.chosen) == 0:
		return nil, true
	}
	next = w.chosen[w.random.IntN(len(w.chosen))].state
	for i := range x.monitors {
		if !w.judge(i, next) {
			return nil, false
		}
	}
	return next, true
}

// visit checks a successor, chosen or not, as TLC does, and lets it take part in the choice.
func (w *walk) visit(from, to []value.Value) bool {
	x := w.x
	x.generated.Add(1)
	in, ok := x.inModel(from, to)
	if !ok || !x.invariants(from, to) || !x.implied(from, to) {
		return false
	}
	action := x.stepper.Acting()
	if x.tally != nil {
		x.tally.generate(action, false)
		x.tally.clear()
	}
	if !in {
		return true
	}
	for i := range w.chosen {
		c := &w.chosen[i]
		if c.action == action {
			if c.seen++; w.random.IntN(c.seen) == 0 {
				copy(c.state, to)
			}
			return true
		}
	}
	w.chosen = append(w.chosen, choice{action, 1, keep(to)})
	return true
}

// judge has a monitor judge the state that the behaviour goes to.
func (w *walk) judge(monitor int, state []value.Value) (ok bool) {
	x := w.x
	x.judging, x.judged = x.level+1, state
	var last []value.Value
	if x.level > 0 {
		last = state
	}
	w.left[monitor], ok = x.judgeBy(x.monitors[monitor], w.left[monitor], state, last)
	return ok
}
