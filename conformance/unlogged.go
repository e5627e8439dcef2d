// Unlogged steps: actions that the system takes and its trace does not show.

package conformance

import (
	"fmt"

	"synod/conformance/tla"
)

// silent is an unlogged action, ready to be taken.
type silent struct {
	action tla.Action
	max    int
}

func (r *replay) bindUnlogged() error {
	for _, u := range r.opts.Unlogged {
		a, known := r.spec.Model.Action(u.Action)
		if !known {
			var names []string
			for _, a := range r.spec.Model.Actions() {
				names = append(names, a.Name)
			}
			return fmt.Errorf("unlogged action: %s has no action %s%s", r.spec.Path, u.Action, suggest(u.Action, names))
		}
		r.silent = append(r.silent, silent{a, u.Max})
	}
	return nil
}

// reached is a state, by its place among the candidates, and how often each bounded action was taken on the way there.
type reached struct {
	state int
	used  []int
}

// closeUnlogged adds to the candidates all states that unlogged steps lead to. It must be done before every event, not
// only where an event does not fit: a step that was possible early may not be possible late.
func (t *tracker) closeUnlogged() error {
	if len(t.silent) == 0 {
		return nil
	}
	var all stateSet
	var ways []reached
	byState := map[int][]reached{}
	reach := func(s tla.State, used []int) {
		at, _ := all.add(s)
		for _, other := range byState[at] {
			if noMore(other.used, used) {
				return // whatever can follow this way can follow the other
			}
		}
		byState[at] = append(byState[at], reached{at, used})
		ways = append(ways, reached{at, used})
	}
	for _, s := range t.candidates {
		reach(s, make([]int, len(t.silent)))
	}
	for i := 0; i < len(ways); i++ {
		from := ways[i]
		for k, u := range t.silent {
			if u.max > 0 && from.used[k] == u.max {
				continue
			}
			next, err := t.machine.Step(all.list[from.state], u.action, nil)
			if err != nil {
				return fmt.Errorf("unlogged action %s: %w", u.action.Name, err)
			}
			used := from.used
			if u.max > 0 {
				used = append([]int(nil), used...)
				used[k]++
			}
			for _, s := range next {
				reach(s, used)
			}
		}
		if len(all.list) > t.opts.MaxCandidates || len(ways) > 16*t.opts.MaxCandidates {
			return &limitError{fmt.Sprintf("unlogged steps lead to more than %d states", t.opts.MaxCandidates)}
		}
		if err := t.inTime(); err != nil {
			return err
		}
	}
	t.candidates = all.list
	return nil
}

// noMore reports whether every number of a is at most that of b.
func noMore(a, b []int) bool {
	for i, n := range a {
		if n > b[i] {
			return false
		}
	}
	return true
}
