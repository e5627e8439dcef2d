// Comparing: how many runs it takes to find known bugs, guided and blind, and how far each search comes.

package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"synod/impl/paxos"
)

// compare prints, for each of the bugs in -compare, the median number of runs until a checker of the simulator itself
// notices it, guided and with every input drawn anew, and then the abstract states that runs without a bug reach.
func (o options) compare(ctx context.Context, out io.Writer) error {
	fmt.Fprintf(out, "%-24s %-2s %20s %20s\n", "runs until found", "by", "guided", "blind")
	for item := range strings.SplitSeq(o.pairs, ",") {
		name, by, _ := strings.Cut(item, "/")
		bug, err := paxos.ParseMutants(name)
		if err != nil {
			return err
		}
		o.by = by
		var columns []any
		for _, guided := range []bool{true, false} {
			column, err := o.column(ctx, bug, guided)
			if err != nil {
				return err
			}
			columns = append(columns, column)
		}
		fmt.Fprintf(out, "%-24s %-2s %20s %20s\n", append([]any{name, by}, columns...)...)
	}
	for _, guided := range []bool{true, false} {
		s := newSearch(o.seed, 0, guided)
		for s.runs < o.runs && ctx.Err() == nil {
			s.step()
		}
		fmt.Fprintf(out, "%s: %d abstract states in %d runs\n", map[bool]string{true: "guided", false: "blind"}[guided], len(s.seen), s.runs)
	}
	return ctx.Err()
}

// column is the median over the starts, and the fewest and the most runs; > says that the bug was not found in so many.
func (o options) column(ctx context.Context, bug paxos.Bugs, guided bool) (string, error) {
	var runs []int
	for start := range o.starts {
		s := newSearch(o.seed+uint64(start), bug, guided)
		found := false
		for s.runs < o.runs && !found {
			if err := ctx.Err(); err != nil {
				return "", err
			}
			_, r := s.step()
			found = o.objection(r) != ""
		}
		if !found {
			s.runs++ // more than were run
		}
		runs = append(runs, s.runs)
	}
	slices.Sort(runs)
	text := func(n int) string {
		if n > o.runs {
			return fmt.Sprintf(">%d", o.runs)
		}
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s (%s to %s)", text(runs[len(runs)/2]), text(runs[0]), text(runs[len(runs)-1])), nil
}
