// Initial states: the first level of a search.

package check

import (
	"context"
	"sync"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/value"
)

// manyInitial is how many initial states there must be before other workers are called in: finding fewer takes less time than
// making the first choices once more.
const manyInitial = 4096

// initialLevel finds the initial states. Where there are many, all workers do. If one of them comes upon an error, the first
// worker begins anew and alone, so that what is reported, and with which figures, does not depend on who was faster.
func (s *search) initialLevel(ctx context.Context, workers []*explorer) *level {
	if len(workers) == 1 || !s.shareable() {
		s.initialStates(ctx, workers[0])
	} else if helped := s.initialShares(ctx, workers); helped && (s.found != nil || s.violations != nil) {
		s.startOver(workers)
		s.initialStates(ctx, workers[0])
	}
	s.initial = s.distinct.Load()
	return s.merge(workers)
}

// shareable reports whether going through the initial states twice, or only through some of them, has no effect but to find them.
func (s *search) shareable() bool {
	return s.pure(s.Init) && s.overflow == nil && s.monitors == nil && s.Program.Unbounded()
}

// mixable reports whether the successors of several states can be looked at together: that some of them are computed when what is
// found at others ends the search has no effect and shows nowhere.
func (s *search) mixable() bool {
	return s.Next.Expr != nil && s.pure(s.Next) && s.monitors == nil && s.View == nil && !s.opts.Coverage
}

// pure reports whether a part of the specification, and everything that states and steps are judged by, follow from the states alone.
func (s *search) pure(q eval.Part) bool {
	formulas := append([]*eval.Formula{s.Program.FormulaOf(q)}, s.Constraints...)
	formulas = append(formulas, s.ActionConstraints...)
	for _, p := range s.Possible {
		formulas = append(formulas, p.Formula)
	}
	for _, p := range s.ImpliedActions {
		formulas = append(formulas, p.Formula)
	}
	for _, list := range [][]Property{s.Invariants, s.ImpliedInits} {
		for _, p := range list {
			formulas = append(formulas, p.Formula)
		}
	}
	if s.View != nil {
		formulas = append(formulas, s.View)
	}
	for _, f := range formulas {
		if !f.Pure() {
			return false
		}
	}
	return true
}

// initialStates has one worker find all initial states.
func (s *search) initialStates(ctx context.Context, x *explorer) {
	x.start(ctx, func(visit func([]value.Value) bool) error { return x.stepper.Initial(s.init, visit) })
}

// initialShares has all workers find the initial states: the first one, and once it has found many, the others too, which is reported.
func (s *search) initialShares(ctx context.Context, workers []*explorer) (helped bool) {
	var shares eval.Shares
	var wg sync.WaitGroup
	count := 0
	workers[0].start(ctx, func(visit func([]value.Value) bool) error {
		return workers[0].stepper.InitialShare(s.init, &shares, func(state []value.Value) bool {
			if count++; count == manyInitial {
				helped = true
				for _, x := range workers[1:] {
					wg.Go(func() {
						x.start(ctx, func(visit func([]value.Value) bool) error { return x.stepper.InitialShare(s.init, &shares, visit) })
					})
				}
			}
			return visit(state)
		})
	})
	wg.Wait()
	return helped
}

// start looks at the states that an enumeration gives.
func (x *explorer) start(ctx context.Context, enumerate func(visit func([]value.Value) bool) error) {
	x.parent = -1
	x.begin(nil)
	x.stepper.SeedStep(0)
	err := enumerate(func(next []value.Value) bool {
		x.add(next)
		return x.stop.Load() || ctx.Err() != nil
	})
	if !x.stop.Load() {
		x.flush()
	}
	x.publish()
	if err != nil {
		x.end(&finding{kind: Failed, message: "the initial states cannot be computed", err: err, parent: -1})
	}
}

// startOver forgets what was found.
func (s *search) startOver(workers []*explorer) {
	s.seen = newSeen()
	s.found, s.violations = nil, nil
	s.stop.Store(false)
	s.generated.Store(0)
	s.distinct.Store(0)
	s.queue.Store(0)
	s.reached.Store(0)
	for _, x := range workers {
		x.seat = s.seen.join()
		x.found.take()
		x.batch, x.origins, x.made = x.batch[:0], x.origins[:0], counts{}
		for i := range x.witnessed {
			x.witnessed[i].Store(0)
		}
		if x.tally != nil {
			x.tally = newTally()
		}
	}
}
