// Which action is under way, and randomness that can be repeated: what whoever counts and simulates asks of a Worker.

package eval

import (
	"math/rand/v2"
	"slices"

	"synod/conformance/tla/resolve"
)

// Acting is the innermost action by which the successor at hand was reached; nil is none.
func (w *Worker) Acting() *resolve.Def {
	if w.action == nil {
		return nil
	}
	return w.action.def
}

// Seed makes what RandomElement gives follow from two numbers.
func (w *Worker) Seed(a, b uint64) { w.rng, w.seeds = nil, [2]uint64{a, b} }

// SeedStep makes what is random in the successors of a state follow from the program's seed and the state's number, so
// that they are the same when they are computed again. 0 is for the initial states.
func (w *Worker) SeedStep(number int) { w.Seed(w.program.seed.Load(), uint64(number)) }

// random is the worker's source of random numbers.
func (w *Worker) random() *rand.Rand {
	if w.rng == nil {
		w.rng = rand.New(rand.NewPCG(w.seeds[0], w.seeds[1]))
	}
	return w.rng
}

// Seed makes the random numbers in constant definitions follow from a number, for workers that have not met them yet.
func (p *Program) Seed(seed uint64) { p.seed.Store(seed) }

// Steady reports whether a formula has the same value in the same state whenever it is evaluated: it asks for no figures of
// the run and writes no files.
func (f *Formula) Steady() bool { return !f.code.reads.figures }

// Pure reports whether a formula's value follows from the state alone, and evaluating it has no effect.
func (f *Formula) Pure() bool { return f.code.reads.pure() && !f.code.reads.figures }

// Composite reports whether an action consists of nothing but applications of others, as in A(p) \/ \E q \in S : B(p, q).
// A step is then always one of the others'.
func Composite(d *resolve.Def) bool { return d.Body != nil && (composite(d.Body) || groups(d)) }

func composite(e resolve.Expr) bool {
	switch e := e.(type) {
	case *resolve.Or:
		for _, item := range e.Items {
			if !composite(item) {
				return false
			}
		}
		return true
	case *resolve.Quant:
		return !e.Forall && composite(e.Body)
	case *resolve.If:
		return composite(e.Then) && composite(e.Else)
	case *resolve.Case:
		for _, arm := range e.Arms {
			if !composite(arm.Value) {
				return false
			}
		}
		return e.Other == nil || composite(e.Other)
	case *resolve.Let:
		return composite(e.Body)
	case *resolve.Call:
		return e.Def.Level >= resolve.LevelAction && builtinOf(e.Def) == nil
	}
	return false
}

// naming is which conjunct names the steps of a conjunction: the first that chooses among actions, or else the first that
// applies one; -1 is none.
func naming(e *resolve.And) int {
	first := -1
	for i, item := range e.Items {
		switch {
		case chooses(item) || guarded(item, true):
			return i
		case first < 0 && composite(item):
			first = i
		}
	}
	return first
}

// chooses reports whether an expression is a choice among actions.
func chooses(e resolve.Expr) bool {
	switch e := e.(type) {
	case *resolve.Or, *resolve.Quant, *resolve.If, *resolve.Case:
		return composite(e)
	case *resolve.Let:
		return chooses(e.Body)
	case *resolve.Call:
		return composite(e) && !e.Def.Recursive && e.Def.Body != nil && (chooses(e.Def.Body) || groups(e.Def))
	}
	return false
}

// groups reports whether a definition is a part of the next-state relation with a name of its own and no action: without
// parameters, a choice among actions under conditions, as in x > 0 /\ \E p \in P : Ready(p) /\ A(p).
func groups(d *resolve.Def) bool {
	return len(d.Params) == 0 && !d.Recursive && d.Body != nil && d.Level >= resolve.LevelAction && guarded(d.Body, true)
}

// guarded reports whether an expression applies actions under conditions of the state; with choice, whether that is a choice
// of \/ or \E.
func guarded(e resolve.Expr, choice bool) bool {
	switch e := e.(type) {
	case *resolve.Or:
		return !slices.ContainsFunc(e.Items, func(item resolve.Expr) bool { return !guarded(item, false) })
	case *resolve.Quant:
		return !e.Forall && guarded(e.Body, false)
	case *resolve.And:
		var acts []resolve.Expr
		for _, item := range e.Items {
			if item.Level() >= resolve.LevelAction {
				acts = append(acts, item)
			}
		}
		return len(acts) == 1 && guarded(acts[0], choice)
	case *resolve.Call:
		return !choice && composite(e)
	}
	return false
}
