// Shrinking: the fewest events on which the judges still differ.

package main

import (
	"context"
	"slices"

	"synod/trace"
)

// shrink leaves out events for as long as the judges differ. All ways to leave out a piece of one size go to TLC in one
// run.
func (j *judge) shrink(ctx context.Context, r *ruling) (*ruling, error) {
	for size := len(r.twin.events) / 2; size > 0; {
		var smaller []twin
		for from := 0; from < len(r.twin.events); from += size {
			events := slices.Delete(slices.Clone(r.twin.events), from, min(from+size, len(r.twin.events)))
			if len(events) > 0 {
				smaller = append(smaller, twin{r.twin.base, r.twin.kind, renumber(known(events), true)})
			}
		}
		if len(smaller) == 0 {
			break
		}
		rulings, err := j.rule(ctx, smaller)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(rulings, func(x ruling) bool { return !x.agree() })
		if i < 0 {
			size /= 2
			continue
		}
		r = &rulings[i]
		size = min(size, len(r.twin.events))
	}
	return r, nil
}

// known drops the causes that are not among the events.
func known(events []trace.Event) []trace.Event {
	for i := range events {
		events[i].Causes = slices.DeleteFunc(slices.Clone(events[i].Causes), func(c trace.ID) bool {
			return !slices.ContainsFunc(events, func(e trace.Event) bool { return e.ID == c })
		})
	}
	return events
}
