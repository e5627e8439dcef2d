// Hidden steps: what a node had made durable when it was killed, and had no time to record.

package conformance

import (
	"fmt"

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
// have in this behaviour up to the restart. All of those are tried for a single step; for more steps in a row only
// those that the recovered state shows, because a step that left no mark there need not be supplied.
func (t *tracker) afterHidden(steps []step, i int) ([]tla.State, error) {
	restart := &steps[i]
	next, err := t.afterCalls(restart, t.hiddenCalls(steps[:i+1], nil), 1)
	if err != nil || len(next) > 0 {
		return next, err
	}
	shown := map[tla.Value]bool{}
	for _, w := range restart.want {
		shown[w.Value] = true
	}
	return t.afterCalls(restart, t.hiddenCalls(steps[:i+1], shown), t.opts.MaxHidden)
}

// afterCalls tries up to limit of the calls before the restart.
func (t *tracker) afterCalls(restart *step, calls []step, limit int) ([]tla.State, error) {
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
				return nil, err
			}
			for _, s := range next {
				seen.add(s)
			}
			if err := t.inTime(); err != nil {
				return nil, err
			}
			if len(seen.list) > t.opts.MaxCandidates {
				return nil, &limitError{fmt.Sprintf("more than %d states are possible before the restart %s",
					t.opts.MaxCandidates, restart.event.ID)}
			}
		}
		level = seen.list[first:]
		next, err := t.after(level, restart)
		if err != nil {
			return nil, err
		}
		if len(next) > 0 {
			t.hiddenSteps += depth
			return next, nil
		}
	}
	return nil, nil
}

// hiddenCalls lists the steps that the node of the last of the steps given may have taken unseen, with arguments among
// those shown (nil: any).
func (t *tracker) hiddenCalls(steps []step, shown map[tla.Value]bool) []step {
	node := steps[len(steps)-1].event.Node
	var calls []step
	for _, name := range t.hidden[node] {
		a, known := t.spec.Model.Action(name)
		if !known || len(a.Params) == 0 {
			continue
		}
		args := make([]tla.Value, len(a.Params))
		args[0] = t.nodes(node)
		calls = appendCalls(calls, a, args, 1, steps, shown)
	}
	return calls
}

// appendCalls appends a call for each way to fill the arguments from the k-th on.
func appendCalls(calls []step, a tla.Action, args []tla.Value, k int, steps []step, shown map[tla.Value]bool) []step {
	if k == len(args) {
		return append(calls, step{event: steps[len(steps)-1].event, action: a, args: append([]tla.Value(nil), args...)})
	}
	for _, v := range valuesOf(a.Params[k], steps, shown) {
		args[k] = v
		calls = appendCalls(calls, a, args, k+1, steps, shown)
	}
	args[k] = 0
	return calls
}

// maxPool bounds the values tried for one parameter; the latest ones are kept.
const maxPool = 64

// valuesOf gives the latest values that parameters of the given name had, of those shown, the very latest first.
func valuesOf(param string, steps []step, shown map[tla.Value]bool) []tla.Value {
	var pool []tla.Value
	seen := map[tla.Value]bool{}
	for i := len(steps) - 1; i >= 0 && len(pool) < maxPool; i-- {
		for k, name := range steps[i].action.Params {
			if v := steps[i].args[k]; name == param && v != 0 && !seen[v] && (shown == nil || shown[v]) {
				seen[v] = true
				pool = append(pool, v)
			}
		}
	}
	return pool
}
