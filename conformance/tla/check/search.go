// Breadth-first search.

package check

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"synod/conformance/tla/eval"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
)

// Options say how to search.
type Options struct {
	Workers    int // 0 is one
	NoDeadlock bool
	Progress   func(Progress)
	Interval   time.Duration
	Print      func(string) // receives what the specification prints

	DepthFirst bool        // with one worker, whatever Workers says
	Simulation *Simulation // random behaviours instead of all states; nil is none
	Coverage   bool        // count how often each action is taken
	Continue   bool        // go on after a violation of an invariant or of a property of steps

	// Memory bounds, roughly, what the breadth-first search itself keeps in memory, in bytes; what does not fit goes to Storage.
	// Values are not counted. Without both there is no bound.
	Memory  int64
	Storage Storage
}

// Progress is how far a search has come.
type Progress struct {
	Generated int64
	Distinct  int64
	Queue     int64
	Depth     int
	Behaviors int64 // of a simulation
	Elapsed   time.Duration
}

// search is a search under way.
type search struct {
	*Model
	opts    Options
	n       int // variables
	seen    *seen
	history history
	perms   *symmetry

	overflow *overflow // nil keeps everything in memory
	partKeys atomic.Uint64
	failed   error // of the storage

	interrupted func() bool // whether nobody waits for the result any more

	workers   []*explorer
	together  int             // how many successors are looked at together
	mixed     bool            // also those of several states
	assumed   *eval.Registers // what TLCSet stored in assumptions
	monitors  []*monitor
	unsettled []Temporal // the temporal properties that are not judged along the way

	_         [64]byte // what workers write to shares no cache line with what they only read
	generated atomic.Int64
	distinct  atomic.Int64
	queue     atomic.Int64
	depth     atomic.Int64 // the level that is being explored
	reached   atomic.Int64 // the highest level of a state that was found
	behaviors atomic.Int64
	initial   int64
	start     time.Time
	_         [64]byte

	exit atomic.Bool // the specification has ended the search

	stop  atomic.Bool
	mu    sync.Mutex
	found *finding // what ended the search

	violations []violation // what did not, with Options.Continue: one for each property
}

// finding is an error found at a state or a step.
type finding struct {
	kind     Verdict
	property string
	message  string
	err      error
	parent   int             // the state's number, or that of the state the step starts from; -1 for initial states
	state    []value.Value   // the last state, if it has no number
	temporal bool            // it was found where a temporal property was judged
	checking bool            // it was found where an invariant was
	order    int64           // where in the level it was found: the first one counts
	step     bool            // the last step, not the last state, violates the property
	lasso    *lasso          // for liveness, instead of parent and state
	path     [][]value.Value // for simulations, instead of parent: the states before
}

// Search explores the reachable states and checks the model's properties. The error is non-nil where the search could not
// be carried out; what it finds wrong with the specification is a Result.
func (m *Model) Search(ctx context.Context, opts Options) (*Result, error) {
	s := &search{Model: m, opts: opts, n: len(m.Vars), seen: newSeen(), start: time.Now(), together: batchStates, assumed: &eval.Registers{}}
	if opts.DepthFirst || opts.Simulation != nil {
		s.together = 1 // a specification may ask for figures while it is stepped along a trace
	}
	if opts.Workers < 1 || opts.DepthFirst {
		s.opts.Workers = 1
	}
	if !opts.DepthFirst && opts.Simulation == nil {
		s.overflow = newOverflow(s.opts, s.n)
		s.seen.overflow, s.history.overflow = s.overflow, s.overflow
	}
	s.interrupted = func() bool { return ctx.Err() != nil }
	if len(m.Vars) > 0 && !m.HasInit {
		return nil, m.uninitialized()
	}
	done := s.report(ctx)
	defer done()
	f := s.assume()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case f != nil:
		return s.result(f), nil
	}
	if !m.HasInit {
		return s.result(nil), nil
	}
	perms, err := m.symmetry(ctx)
	if err != nil {
		return nil, err
	}
	s.perms = perms
	if err := s.explored(ctx); err != nil {
		return nil, err
	}
	r := s.result(s.found)
	return r, s.failed
}

// explored explores the states, and after them, if nothing was found, what temporal properties demand of whole behaviours.
func (s *search) explored(ctx context.Context) error {
	if err := s.chooseMonitors(); err != nil {
		return err
	}
	way := s.run
	switch {
	case s.opts.Simulation != nil:
		way = s.simulate
	case s.opts.DepthFirst:
		way = s.descend
	}
	if err := way(ctx); err != nil {
		return err
	}
	if s.found == nil && !s.exit.Load() && s.Next.Expr == nil && s.distinct.Load() > 0 {
		s.end(&finding{kind: Failed, message: "a next state cannot be computed", parent: -1, err: &eval.Error{Span: s.Init.Expr.Span(),
			Msg: "there is no next-state relation: a NEXT is missing in the configuration, or [][Next]_vars in the SPECIFICATION"}})
	}
	if s.found != nil || s.unexplored() {
		return nil
	}
	if err := s.settle(); err != nil {
		return err
	}
	if len(s.unsettled) > 0 {
		return s.liveness(ctx)
	}
	return nil
}

// assume evaluates the assumptions.
func (s *search) assume() *finding {
	x := s.newExplorer()
	s.assumed = x.registers
	for _, a := range s.Assumptions {
		holds, err := x.judge.Holds(a.Formula, nil)
		if err != nil {
			return &finding{kind: Assumption, property: a.Name, message: "the assumption " + a.Name + " cannot be evaluated", err: err, parent: -1}
		}
		if !holds {
			return &finding{kind: Assumption, property: a.Name, message: "the assumption " + a.Name + " is false", parent: -1}
		}
	}
	return nil
}

// report calls Progress from time to time until the returned function is called.
func (s *search) report(ctx context.Context) (done func()) {
	if s.opts.Progress == nil {
		return func() {}
	}
	interval := s.opts.Interval
	if interval <= 0 {
		interval = time.Second
	}
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.opts.Progress(s.progress())
			case <-ctx.Done():
				return
			case <-quit:
				return
			}
		}
	}()
	return func() { close(quit); <-gone }
}

func (s *search) progress() Progress {
	return Progress{Generated: s.generated.Load(), Distinct: s.distinct.Load(), Queue: s.queue.Load(),
		Depth: max(1, int(s.reached.Load())), Behaviors: s.behaviors.Load(), Elapsed: time.Since(s.start)}
}

// run explores level by level.
func (s *search) run(ctx context.Context) error {
	workers := make([]*explorer, s.opts.Workers)
	for i := range workers {
		workers[i] = s.newExplorer()
		workers[i].number = i
	}
	s.workers, workers[0].monitors = workers, s.monitors
	s.mixed = s.mixable()
	if len(workers) > 1 {
		together(workers)
	}
	current := s.initialLevel(ctx, workers)
	for _, x := range workers[1:] {
		x.registers.Share(workers[0].registers)
	}
	for current.all() > 0 && s.found == nil && !s.exit.Load() {
		if s.Next.Expr == nil {
			break
		}
		s.depth.Add(1)
		s.explore(ctx, workers, current)
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.failed == nil {
			current.recycle(workers)
			current = s.merge(workers)
		}
		if s.failed != nil {
			return s.failed
		}
	}
	return errors.Join(s.failed, ctx.Err())
}

// together makes workers give each other results: most of what one of them evaluates the others come upon too.
func together(workers []*explorer) {
	var evaluators []*eval.Worker
	for _, x := range workers {
		evaluators = append(evaluators, x.stepper, x.judge)
	}
	eval.Exchange(evaluators...)
}

// explore has the workers expand the states of a level: those that are out of memory first, part by part.
func (s *search) explore(ctx context.Context, workers []*explorer, l *level) {
	first := l.first
	for _, p := range l.written {
		if s.stop.Load() || s.exit.Load() || ctx.Err() != nil {
			return
		}
		blocks, err := s.overflow.load(p, s.n, first)
		if err != nil {
			s.broken(err)
			return
		}
		s.expandAll(ctx, workers, blocks, p.count)
		first += p.count
	}
	s.expandAll(ctx, workers, l.blocks, l.count)
}

// expandAll has the workers expand states that are in memory. Each begins with a part of its own: states that were found one after
// the other have much in common, and so has what is evaluated for them.
func (s *search) expandAll(ctx context.Context, workers []*explorer, blocks []*block, count int) {
	const few = 64
	if len(workers) == 1 || count < few {
		workers[0].expand(ctx, []*turns{{blocks: blocks}})
		return
	}
	parts := make([]*turns, len(workers))
	for i := range parts {
		parts[i] = &turns{blocks: blocks[len(blocks)*i/len(parts) : len(blocks)*(i+1)/len(parts)]}
	}
	var wg sync.WaitGroup
	for i, x := range workers {
		own := slices.Concat(parts[i:], parts[:i])
		wg.Go(func() { x.expand(ctx, own) })
	}
	wg.Wait()
}

// merge numbers the states that the workers found and makes the next level of them: what they put out of memory comes first.
func (s *search) merge(workers []*explorer) *level {
	l := &level{first: s.history.count}
	for _, x := range workers {
		for _, p := range x.written {
			prints, parents, err := s.overflow.found(p)
			if err == nil {
				err = s.number(prints, parents, l.first == 0)
			}
			if err != nil {
				s.broken(err)
				return l
			}
		}
		l.written = append(l.written, x.written...)
		x.written = nil
	}
	for _, x := range workers {
		l.count += x.found.count
		for _, b := range x.found.take() {
			b.first = s.history.count
			l.blocks = append(l.blocks, b)
			if err := s.number(b.births.prints[:b.states], b.births.parents[:b.states], l.first == 0); err != nil {
				s.broken(err)
				return l
			}
			b.births = nil // the history has them now
		}
	}
	return l
}

// number adds states to the history; an initial state is its own parent.
func (s *search) number(prints []uint64, parents []uint32, initial bool) error {
	if initial {
		for i := range parents {
			parents[i] = uint32(s.history.count + i)
		}
	}
	return s.history.add(prints, parents)
}

// broken ends the search because the storage failed.
func (s *search) broken(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = &Error{Msg: "what does not fit into memory cannot be kept: " + err.Error()}
	}
	s.stop.Store(true)
}

// uninitialized is the error of a configuration, or of a module without one, that does not say where behaviours begin.
func (m *Model) uninitialized() *Error {
	if m.Config == "" {
		return &Error{Span: m.Program.Vars()[0].Span, Msg: "there is no initial predicate: neither Init nor Spec is defined", Code: CodeConfig}
	}
	place := syntax.Span{Start: syntax.Pos{File: m.Config, Line: 1, Col: 1}, EndLine: 1, EndCol: 1}
	return &Error{Span: place, Msg: "there is no initial predicate: INIT and NEXT, or SPECIFICATION, are missing in the configuration", Code: CodeConfig}
}

// end notes what was found; of several findings of a level the first one in the level's order remains.
func (s *search) end(f *finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.kind == Failed && reason(f.err) == eval.Exhausted && s.interrupted() {
		return // it is no finding that an evaluation was not waited for
	}
	if s.found == nil || f.order < s.found.order {
		s.found = f
	}
	s.stop.Store(true)
}

// keep is a finding's own copy of a state.
func keep(state []value.Value) []value.Value { return append([]value.Value(nil), state...) }
