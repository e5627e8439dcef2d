// The graph of reachable states, kept whole: temporal properties are about its cycles.

package check

import (
	"context"
	"sync"
	"sync/atomic"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/value"
)

// graph is the reachable states with their steps. Every state has a step to itself: a behaviour may stutter.
type graph struct {
	*Model
	n       int
	values  []value.Value // of all states, one after the other
	prints  map[uint64]int32
	initial int32   // the first so many states are initial
	first   []int32 // by state, its first edge; one more at the end
	edges   []int32 // targets

	registers *eval.Registers // what TLCSet stored on the way

	atoms     []atom
	stateBits [][]uint64 // by atom (of a state), a bit for each state
	edgeBits  [][]uint64 // by atom (of a step), a bit for each edge
}

func (g *graph) state(i int32) []value.Value { return g.values[int(i)*g.n : (int(i)+1)*g.n] }

func (g *graph) count() int32 { return int32(len(g.first)) }

// newGraph explores the states once more. Symmetry does not apply: of a symmetric pair of states one may lie on a
// cycle that the other does not lie on. What the specification asks of the run, the level say, and what is random, is as it
// was in the search.
func (whole *search) newGraph(ctx context.Context) (*graph, error) {
	m := whole.Model
	g := &graph{Model: m, n: len(m.Vars), prints: map[uint64]int32{}}
	s := &search{Model: m, opts: whole.opts, n: g.n, seen: newSeen(), start: whole.start, assumed: whole.assumed,
		interrupted: whole.interrupted}
	s.opts.Workers = 1
	x := s.newExplorer()
	g.registers = x.registers
	var levels []int32 // by state
	x.stepper.Print, x.judge.Print = nil, nil
	var failed error
	visit := func(from []value.Value, each func(int32)) func([]value.Value) bool {
		return func(to []value.Value) bool {
			in, ok := x.inModel(from, to)
			if !ok {
				failed = s.found.err
				return true
			}
			if in {
				fp, err := x.fingerprint(to)
				if err != nil {
					failed = err
					return true
				}
				number, known := g.prints[fp]
				if !known {
					number = int32(len(g.prints))
					g.prints[fp] = number
					g.values = append(g.values, to...)
					levels = append(levels, int32(x.level+1))
				}
				each(number)
			}
			return ctx.Err() != nil
		}
	}
	if err := x.stepper.Initial(m.init, visit(nil, func(int32) {})); err != nil || failed != nil {
		return nil, firstError(err, failed)
	}
	g.initial = int32(len(g.prints))
	from := make([]value.Value, g.n)
	for i := int32(0); int(i) < len(g.prints); i++ {
		start := len(g.edges)
		g.first = append(g.first, int32(start))
		g.edges = append(g.edges, i)
		copy(from, g.state(i))
		x.level = int(levels[i])
		x.stepper.SeedStep(int(i) + 1)
		err := x.stepper.Successors(m.next, from, visit(from, func(to int32) { g.connect(start, to) }))
		if err != nil || failed != nil || ctx.Err() != nil {
			return nil, firstError(err, failed, ctx.Err())
		}
	}
	return g, nil
}

// connect adds an edge from the state whose edges begin at start, unless it is there.
func (g *graph) connect(start int, to int32) {
	for _, t := range g.edges[start:] {
		if t == to {
			return
		}
	}
	g.edges = append(g.edges, to)
}

// out is the range of the edges of a state.
func (g *graph) out(i int32) (from, to int32) {
	if int(i)+1 < len(g.first) {
		return g.first[i], g.first[i+1]
	}
	return g.first[i], int32(len(g.edges))
}

// firstError is the first of the errors that is one; nil where none is.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// evaluate computes the atoms for all states and edges, by several workers.
func (g *graph) evaluate(ctx context.Context, atoms []atom, workers int) error {
	g.atoms = atoms
	g.stateBits, g.edgeBits = make([][]uint64, len(atoms)), make([][]uint64, len(atoms))
	for i, a := range atoms {
		if a.step {
			g.edgeBits[i] = make([]uint64, (len(g.edges)+63)/64)
		} else {
			g.stateBits[i] = make([]uint64, (int(g.count())+63)/64)
		}
	}
	const chunk = 256
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, max(workers, 1))
	for k := range errs {
		wg.Go(func() {
			w := g.Program.NewWorker()
			w.Registers = g.registers.Clone()
			w.Interrupted = func() bool { return ctx.Err() != nil }
			for ctx.Err() == nil && errs[k] == nil {
				from := int32(next.Add(chunk)) - chunk
				if from >= g.count() {
					return
				}
				for i := from; i < min(from+chunk, g.count()) && errs[k] == nil; i++ {
					errs[k] = g.evaluateState(w, i)
				}
			}
		})
	}
	wg.Wait()
	return firstError(append(errs, ctx.Err())...)
}

func (g *graph) evaluateState(w *eval.Worker, i int32) error {
	state := g.state(i)
	first, last := g.out(i)
	for k, a := range g.atoms {
		if !a.step {
			holds, err := w.Holds(a.formula, state)
			if err != nil {
				return err
			}
			setBit(g.stateBits[k], int(i), holds)
			continue
		}
		for e := first; e < last; e++ {
			holds, err := w.HoldsStep(a.formula, state, g.state(g.edges[e]))
			if err != nil {
				return err
			}
			setBit(g.edgeBits[k], int(e), holds)
		}
	}
	return nil
}

// setBit sets a bit of a word that another worker may be writing to as well.
func setBit(bits []uint64, i int, on bool) {
	if on {
		atomic.OrUint64(&bits[i/64], 1<<(i%64))
	}
}

// holds evaluates a plain formula at an edge, which starts at the given state.
func (g *graph) holds(f *formula, state, edge int32) bool {
	bit := func() bool {
		if g.atoms[f.atom].step {
			return g.edgeBits[f.atom][edge/64]>>(edge%64)&1 == 1
		}
		return g.stateBits[f.atom][state/64]>>(state%64)&1 == 1
	}
	switch f.op {
	case opTrue:
		return true
	case opAtom:
		return bit()
	case opNotAtom:
		return !bit()
	case opAnd:
		for _, a := range f.args {
			if !g.holds(a, state, edge) {
				return false
			}
		}
		return true
	case opOr:
		for _, a := range f.args {
			if g.holds(a, state, edge) {
				return true
			}
		}
	}
	return false
}
