// Shares: several workers enumerate the initial states together.

package eval

import (
	"sync/atomic"

	"synod/conformance/tla/value"
)

// An initial predicate chooses: x \in S takes every element of S in turn, and so does \E. Workers that share the enumeration all
// make the first choices. Below these a way is a unit, which one of them takes and the others leave out. The units have
// the same numbers for all, because an initial predicate whose value follows from the constants alone is gone through in the
// same way by each.

// Shares hands out the units of one enumeration.
type Shares struct{ taken atomic.Int64 }

// share is a worker's part of an enumeration.
type share struct {
	of     *Shares
	mine   int64 // the number of the unit that the worker takes next, from 1
	met    int64 // how many units it has come to
	ways   int64 // how many ways the choices that were made left open, at most
	inside bool  // of a unit that the worker has taken
}

// enoughUnits is how many ways there must be before they are units: many, so that no worker waits long for the others in the end,
// and few, because every worker counts them.
const enoughUnits = 256

// InitialShare enumerates those of the initial states that no other worker with the same Shares takes. The relation is Pure.
func (w *Worker) InitialShare(r *Relation, of *Shares, visit func(state []value.Value) bool) error {
	w.share = &share{of: of, mine: of.taken.Add(1), ways: 1}
	defer func() { w.share = nil }()
	return w.enumerate(r, nil, visit)
}

// choose notes that an element of a set is chosen next; the result is for chosen.
func (w *Worker) choose(from value.Value) (before int64) {
	s := w.share
	if s == nil || s.inside {
		return 0
	}
	before = s.ways
	s.ways = min(s.ways*min(int64(max(from.Len(), 1)), enoughUnits), enoughUnits)
	return before
}

// chosen notes that all elements have had their turn.
func (w *Worker) chosen(before int64) {
	if before != 0 {
		w.share.ways = before
	}
}

// way goes on behind a choice, unless that is a unit of somebody else's.
func (w *Worker) way(run boolFn) bool {
	if s := w.share; s != nil && !s.inside && s.ways >= enoughUnits {
		return w.unit(run)
	}
	return run(w)
}

// unit runs what is a unit if it is this worker's.
func (w *Worker) unit(run boolFn) bool {
	s := w.share
	if s.met++; s.met != s.mine {
		return false
	}
	s.inside = true
	stop := run(w)
	s.inside = false
	s.mine = s.of.taken.Add(1)
	return stop
}

// sharedChoices makes the names that \E binds in the initial predicate choices.
func sharedChoices(bs []*bound, body boolFn, loop func(boolFn) boolFn) boolFn {
	for _, b := range bs {
		set := b.set
		b.set = func(w *Worker) value.Value {
			from := set(w)
			w.choose(from)
			return from
		}
	}
	run := loop(func(w *Worker) bool { return w.way(body) })
	return func(w *Worker) bool {
		if w.share == nil || w.share.inside {
			return run(w)
		}
		before := w.share.ways
		stop := run(w)
		w.share.ways = before
		return stop
	}
}
