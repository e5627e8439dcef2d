// Hidden steps: what a node had made durable when it was killed, and had no time to record.

package conformance

import (
	"fmt"
	"slices"

	"synod/conformance/tla"
	"synod/trace"
)

func hiddenActions(headers []trace.Header) map[string][]string {
	actions := map[string][]string{}
	for i := range headers {
		if h := &headers[i]; len(h.Hidden) > 0 {
			actions[h.Node] = h.Hidden
		}
	}
	return actions
}

// afterHidden finds the states after a restart whose recovered state no recorded step explains: it tries one hidden
// step of the node, then two, and so on, and stops at the first number that explains the restart.
//
// A hidden step sent nothing, so no other node can have seen it, and the node can only have acted on what others had
// asked for, which is recorded. So its arguments are the node itself and values that parameters of the same name
// have in this behaviour up to the restart, and integers that the recovered state shows: another may have asked under
// a number that it had told of by another name. All of those are tried for a single step; for more steps in a row only
// those that the recovered state shows, or the same parts of the state before it: a step that left no mark there, and undid
// nothing that was there, need not be supplied.
//
// Where nothing explains the restart, and a bound has kept something from being tried, the error is a *limitError.
func (t *tracker) afterHidden(restart *step, past history) ([]tla.State, error) {
	wide := guesses{past: past, recovered: restart.want, left: new(string), known: map[string][]tla.Value{}}
	calls, err := t.hiddenCalls(restart, wide)
	if err != nil {
		return nil, err
	}
	next, _, err := t.afterCalls(restart, calls, 1)
	if err != nil || len(next) > 0 {
		return next, err
	}
	some := wide
	some.shown, some.known = t.marks(restart), map[string][]tla.Value{}
	if calls, err = t.hiddenCalls(restart, some); err != nil {
		return nil, err
	}
	next, exhausted, err := t.afterCalls(restart, calls, t.opts.MaxHidden)
	switch {
	case err != nil || len(next) > 0:
		return next, err
	case *wide.left != "":
		return nil, &limitError{fmt.Sprintf("no unrecorded step before the restart %s was found, but of the values that %s had only the latest were tried",
			restart.event.ID, *wide.left)}
	case !exhausted:
		return nil, &limitError{fmt.Sprintf("more than %s may have gone unrecorded before the restart %s",
			plural(t.opts.MaxHidden, "step", "steps"), restart.event.ID)}
	}
	return nil, nil
}

// marks are what the recovered state shows, and what was there in the states before.
func (t *tracker) marks(restart *step) map[tla.Value]bool {
	shown := map[tla.Value]bool{}
	for _, w := range restart.want {
		shown[w.Value] = true
		for _, s := range t.candidates {
			if v, ok := s.Lookup(w.Var, w.Path...); ok {
				shown[v] = true
			}
		}
	}
	return shown
}

// afterCalls tries up to limit of the calls before the restart. It is exhausted where more of them would lead to no other state.
func (t *tracker) afterCalls(restart *step, calls []step, limit int) (found []tla.State, exhausted bool, err error) {
	seen := stateSet{}
	for _, s := range t.candidates {
		seen.add(s)
	}
	level := t.candidates
	for depth := 1; depth <= limit && len(level) > 0; depth++ {
		first := len(seen.list)
		for c := range calls {
			next, err := t.after(level, &calls[c])
			if err != nil {
				return nil, false, err
			}
			for _, s := range next {
				seen.add(s)
			}
			if err := t.inTime(); err != nil {
				return nil, false, err
			}
			if len(seen.list) > t.opts.MaxCandidates {
				return nil, false, &limitError{fmt.Sprintf("more than %d states are possible before the restart %s",
					t.opts.MaxCandidates, restart.event.ID)}
			}
		}
		level = seen.list[first:]
		next, err := t.after(level, restart)
		if err != nil {
			return nil, false, err
		}
		if len(next) > 0 {
			t.hiddenSteps += depth
			return next, true, nil
		}
	}
	return nil, len(level) == 0, nil
}

// maxCalls bounds how many different steps are tried before a restart.
const maxCalls = 1 << 20

// hiddenCalls lists the steps that the restarted node may have taken unseen.
func (t *tracker) hiddenCalls(restart *step, g guesses) ([]step, error) {
	node := restart.event.Node
	var calls []step
	for _, name := range t.hidden[node] {
		a, known := t.spec.Model.Action(name)
		if !known || len(a.Params) == 0 {
			continue
		}
		args := make([]tla.Value, len(a.Params))
		args[0] = t.nodes(node)
		calls = appendCalls(calls, step{event: restart.event, action: &a, args: args}, 1, g)
		if len(calls) > maxCalls {
			return nil, &limitError{fmt.Sprintf("more than %d different steps may have gone unrecorded before the restart %s", maxCalls, restart.event.ID)}
		}
	}
	return calls, nil
}

// appendCalls appends a call for each way to fill the arguments from the k-th on.
func appendCalls(calls []step, call step, k int, g guesses) []step {
	if k == len(call.args) {
		call.args = slices.Clone(call.args)
		return append(calls, call)
	}
	for _, v := range g.of(call.action.Params[k]) {
		if len(calls) > maxCalls {
			break
		}
		call.args[k] = v
		calls = appendCalls(calls, call, k+1, g)
	}
	call.args[k] = 0
	return calls
}

// guesses are the arguments to try.
type guesses struct {
	past      history
	shown     map[tla.Value]bool // those of the past to try; nil: any
	recovered []tla.Expect
	left      *string                // gets the name of a parameter of which some values are not tried
	known     map[string][]tla.Value // what was found for a parameter
}

// of gives the values to try for a parameter.
func (g guesses) of(param string) []tla.Value {
	pool, found := g.known[param]
	if !found {
		pool = g.find(param)
		g.known[param] = pool
	}
	return pool
}

// find goes through the history for the values to try.
func (g guesses) find(param string) []tla.Value {
	pool, all := g.past.latest(param, g.shown)
	known := pool
	if g.shown != nil {
		known, _ = g.past.latest(param, nil)
	}
	if !all {
		*g.left = param
	}
	if len(known) == 0 || !known[0].IsInt() {
		return pool
	}
	for _, w := range g.recovered {
		if w.Value.IsInt() && !slices.Contains(pool, w.Value) {
			pool = append(slices.Clip(pool), w.Value)
		}
	}
	return pool
}

// history is what a behaviour has shown so far, the step at hand included.
type history interface {
	// latest gives the latest values that parameters of the given name had, of those shown, the very latest first, and
	// whether they are all.
	latest(param string, shown map[tla.Value]bool) (values []tla.Value, all bool)
}

// maxPool bounds the values tried for one parameter; the latest ones are kept. Between what a node was asked for and its
// restart others may have caught up, with as many values as they had missed.
const maxPool = 512

// steps are a history that is there as a whole.
type steps []step

func (s steps) latest(param string, shown map[tla.Value]bool) (pool []tla.Value, all bool) {
	seen := map[tla.Value]bool{}
	for i := len(s) - 1; i >= 0; i-- {
		for k, name := range s[i].action.Params {
			if v := s[i].args[k]; name == param && v != 0 && !seen[v] && (shown == nil || shown[v]) {
				if len(pool) == maxPool {
					return pool, false
				}
				seen[v] = true
				pool = append(pool, v)
			}
		}
	}
	return pool, true
}

// summary is a history of which only the latest values are kept, by parameter, the very latest first.
type summary map[string][]tla.Value

// maxKept bounds the values kept of one parameter. It is larger than maxPool, because not all of them need be shown.
const maxKept = 2 * maxPool

func (s summary) note(x *step) {
	for k, name := range x.action.Params {
		v := x.args[k]
		list := s[name]
		if v == 0 || len(list) > 0 && list[0] == v {
			continue
		}
		at := slices.Index(list, v)
		switch {
		case at < 0 && len(list) < maxKept:
			list = append(list, v)
			at = len(list) - 1
		case at < 0:
			at = len(list) - 1
		}
		copy(list[1:at+1], list[:at])
		list[0] = v
		s[name] = list
	}
}

func (s summary) latest(param string, shown map[tla.Value]bool) (pool []tla.Value, all bool) {
	for _, v := range s[param] {
		if shown == nil || shown[v] {
			if len(pool) == maxPool {
				return pool, false
			}
			pool = append(pool, v)
		}
	}
	return pool, len(s[param]) < maxKept // where it is full, some may have been forgotten
}

// both are a history whose beginning is only there as a summary.
type both struct {
	late  steps
	early summary
}

func (b both) latest(param string, shown map[tla.Value]bool) (pool []tla.Value, all bool) {
	pool, all = b.late.latest(param, shown)
	early, allEarly := b.early.latest(param, shown)
	for _, v := range early {
		switch {
		case slices.Contains(pool, v):
		case len(pool) < maxPool:
			pool = append(pool, v)
		default:
			all = false
		}
	}
	return pool, all && allEarly
}
