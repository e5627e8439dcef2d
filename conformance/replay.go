// Replaying: a trace against a specification.

package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"synod/conformance/tla"
	"synod/trace"
)

// Options bound a replay. The zero value is good for traces that log every step and say what caused it.
type Options struct {
	Workers       int           // instances replayed at once; 0 is one for each processor
	MaxCandidates int           // states kept of one instance at one time; 0 is 10,000
	MaxHidden     int           // hidden steps searched for before one restart; 0 is 6
	Unlogged      []Unlogged    // steps that the system takes without logging them
	Reorder       bool          // take any order that sequence and causes allow, not only the one given
	MaxSearched   int           // with Reorder: states visited of one instance before the search is given up; 0 is 1,000,000
	Timeout       time.Duration // for the whole replay; what is not decided then is inconclusive. 0 is none
	Progress      func(int)     // called now and then with the number of events replayed so far
}

// Unlogged declares an action whose steps the trace does not show: between two events of an instance there may be
// Max of them, or any number where Max is 0. Their arguments are searched for.
type Unlogged struct {
	Action string
	Max    int
}

func (o Options) withDefaults() Options {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxCandidates == 0 {
		o.MaxCandidates = 10_000
	}
	if o.MaxHidden == 0 {
		o.MaxHidden = 6
	}
	if o.MaxSearched == 0 {
		o.MaxSearched = 1_000_000
	}
	return o
}

// Replay takes the events, in the order given (see trace.Merge), as behaviours of the specification: one behaviour for
// each instance. The error is non-nil only where the trace does not fit the specification's names and types (a
// *trace.Error), the specification cannot be evaluated, or ctx is done. A violation is a verdict, not an error.
func Replay(ctx context.Context, spec *Spec, headers []trace.Header, events []trace.Event, opts Options) (*Report, error) {
	opts = opts.withDefaults()
	r := &replay{spec: spec, opts: opts, hidden: hiddenActions(headers)}
	if opts.Timeout > 0 {
		r.end = time.Now().Add(opts.Timeout)
	}
	if err := errors.Join(r.bindUnlogged(), r.bindPoints()); err != nil {
		return nil, err
	}
	behaviours, err := r.bind(headers, events)
	if err != nil {
		return nil, err
	}
	if r.initial, err = spec.Model.NewMachine().Init(); err != nil {
		return nil, err
	}
	results, err := r.run(ctx, behaviours)
	if err != nil {
		return nil, err
	}
	return r.report(events, behaviours, results)
}

// replay is what all instances have in common.
type replay struct {
	spec    *Spec
	opts    Options
	hidden  map[string][]string // by node: the names of its hidden actions
	nodes   func(node string) tla.Value
	silent  []silent
	points  map[string]actionPoints // by action
	initial []tla.State
	earlier summary // of what went before the initial states, where a behaviour is known from its middle on
	done    atomic.Int64
	end     time.Time // when the time allowed is over; zero is never
}

// inTime is a *limitError once the time allowed is over.
func (r *replay) inTime() error {
	if !r.end.IsZero() && time.Now().After(r.end) {
		return &limitError{fmt.Sprintf("the time allowed, %v, was over", r.opts.Timeout)}
	}
	return nil
}

// behaviour is the steps of one instance, in order.
type behaviour struct {
	instance string
	steps    []step
}

// outcome is how a behaviour ended.
type outcome struct {
	tally
	taken        int         // steps that were explained
	largest      int         // the largest set of candidate states
	hidden       int         // hidden steps that were needed
	stuck        int         // the step that was not explained, where failed or inconclusive
	order        []int       // with Options.Reorder: the steps before it, in the order found; nil is the trace's
	reordered    int         // steps taken earlier than the trace has them
	candidates   []tla.State // before the step that was not explained
	inconclusive string      // why the search was given up, if it was
	failed       bool
	err          error
}

func (r *replay) bind(headers []trace.Header, events []trace.Event) ([]behaviour, error) {
	b := newBinder(r.spec, headers)
	r.nodes = b.text
	index := map[string]int{}
	var out []behaviour
	var counts []int
	places := make([]int32, len(events)) // of each event's behaviour in out
	for i := range events {
		name := events[i].Instance
		at, known := index[name]
		if !known {
			at = len(out)
			index[name] = at
			out, counts = append(out, behaviour{instance: name}), append(counts, 0)
		}
		places[i] = int32(at)
		counts[at]++
	}
	for i := range out {
		out[i].steps = make([]step, 0, counts[i])
	}
	for i := range events {
		s, err := b.bind(&events[i])
		if err != nil {
			return nil, err
		}
		to := &out[places[i]]
		to.steps = append(to.steps, s)
	}
	return out, nil
}

// run replays all behaviours, the longest first, so that no worker is left alone with it at the end.
func (r *replay) run(ctx context.Context, behaviours []behaviour) ([]outcome, error) {
	results := make([]outcome, len(behaviours))
	order := make([]int, len(behaviours))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return len(behaviours[j].steps) - len(behaviours[i].steps) })
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(r.opts.Workers, len(behaviours)) {
		workers.Go(func() {
			machine := r.spec.Model.NewMachine()
			for ctx.Err() == nil {
				k := int(next.Add(1)) - 1
				if k >= len(order) {
					return
				}
				i := order[k]
				if r.opts.Reorder {
					results[i] = r.search(ctx, machine, behaviours[i].steps)
				} else {
					results[i] = r.follow(ctx, machine, behaviours[i].steps)
				}
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for i := range results {
		if results[i].err != nil {
			return nil, results[i].err
		}
	}
	return results, nil
}

// follow replays the steps of one behaviour from the initial states.
func (r *replay) follow(ctx context.Context, m *tla.Machine, steps []step) outcome {
	t := tracker{replay: r, machine: m, candidates: r.initial}
	out := outcome{largest: len(r.initial), tally: newTally()}
	for i := range steps {
		if i%1024 == 1023 {
			if ctx.Err() != nil {
				return out
			}
			r.progress(1024)
		}
		out.stuck = i
		if err := t.take(&steps[i], r.past(steps[:i+1])); err != nil {
			var limit *limitError
			switch {
			case errors.As(err, &limit):
				out.inconclusive, out.candidates = limit.Error(), t.before
			default:
				out.err = atEvent(steps[i].event, err)
			}
			return out
		}
		out.largest = max(out.largest, len(t.before), len(t.candidates))
		if len(t.candidates) == 0 {
			out.failed, out.candidates = true, t.before
			return out
		}
		out.taken++
		if err := t.count(&out.tally, t.before, &steps[i]); err != nil {
			out.err = atEvent(steps[i].event, err)
			return out
		}
		out.hidden = t.hiddenSteps
	}
	r.progress(len(steps) % 1024)
	return out
}

// past is the history that the steps are, behind what went before them. Only a restart asks for it.
func (r *replay) past(s []step) history {
	switch {
	case !s[len(s)-1].event.Restart:
		return nil
	case r.earlier != nil:
		return both{s, r.earlier}
	}
	return steps(s)
}

func (r *replay) progress(n int) {
	total := r.done.Add(int64(n))
	if r.opts.Progress != nil {
		r.opts.Progress(int(total))
	}
}

func atEvent(e *trace.Event, err error) error {
	return fmt.Errorf("%s: event %s (%s): %w", e.Place, e.ID, e.Action, err)
}

// limitError says which bound ended a search.
type limitError struct{ what string }

func (e *limitError) Error() string { return e.what }

// tracker is the set of states that one instance can be in.
type tracker struct {
	*replay
	machine     *tla.Machine
	candidates  []tla.State
	before      []tla.State // the candidates from which the last step was tried, unlogged steps included
	hiddenSteps int
}

// take replaces the candidates by those after the i-th step; none are left where it is no step of the specification.
func (t *tracker) take(s *step, past history) error {
	t.before = t.candidates
	if err := errors.Join(t.inTime(), t.closeUnlogged()); err != nil {
		return err
	}
	t.before = t.candidates
	next, err := t.after(t.candidates, s)
	if err != nil || len(next) > 0 || !s.event.Restart {
		t.candidates = next
		return err
	}
	t.candidates, err = t.afterHidden(s, past)
	return err
}

// after gives the states to which the step leads from any of the states given.
func (t *tracker) after(from []tla.State, s *step) ([]tla.State, error) {
	var all stateSet
	for _, state := range from {
		next, err := t.machine.Step(state, *s.action, s.args, s.want...)
		if err != nil {
			return nil, err
		}
		if len(from) == 1 && len(next) <= 1 {
			return next, nil
		}
		for _, n := range next {
			all.add(n)
		}
		if len(all.list) > t.opts.MaxCandidates {
			return nil, &limitError{fmt.Sprintf("more than %d states are possible", t.opts.MaxCandidates)}
		}
	}
	return all.list, nil
}

// stateSet is a set of states in the order in which they came.
type stateSet struct {
	list []tla.State
	seen map[uint64][]int // by fingerprint, places in list
}

// add gives the state's place in the list, and whether it is new there.
func (s *stateSet) add(state tla.State) (at int, added bool) {
	if s.seen == nil {
		s.seen = map[uint64][]int{}
	}
	print := state.Fingerprint()
	for _, i := range s.seen[print] {
		if s.list[i].Equal(state) {
			return i, false
		}
	}
	s.seen[print] = append(s.seen[print], len(s.list))
	s.list = append(s.list, state)
	return len(s.list) - 1, true
}
