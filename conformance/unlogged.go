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

// closeUnlogged adds to the candidates all states that unlogged steps lead to. It must be done before every event, not
// only where an event does not fit: a step that was possible early may not be possible late.
func (t *tracker) closeUnlogged() error {
	if len(t.silent) == 0 {
		return nil
	}
	var all stateSet
	used := make([][]int, 0, len(t.candidates)) // by state, how often each bounded action was taken on the way
	for _, s := range t.candidates {
		all.add(s)
		used = append(used, make([]int, len(t.silent)))
	}
	for i := 0; i < len(all.list); i++ {
		for k, u := range t.silent {
			if u.max > 0 && used[i][k] == u.max {
				continue
			}
			next, err := t.machine.Step(all.list[i], u.action, nil)
			if err != nil {
				return fmt.Errorf("unlogged action %s: %w", u.action.Name, err)
			}
			for _, s := range next {
				if all.add(s) {
					count := append([]int(nil), used[i]...)
					count[k]++
					used = append(used, count)
				}
			}
		}
		if len(all.list) > t.opts.MaxCandidates {
			return &limitError{fmt.Sprintf("unlogged steps lead to more than %d states", t.opts.MaxCandidates)}
		}
	}
	t.candidates = all.list
	return nil
}
