// Every model of a manifest, one line each.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"time"

	"synod/tools/synod/console"
	"synod/tools/synod/models"
)

// manifestFlags say which models of which manifest to check.
type manifestFlags struct {
	path string
	only string
	all  bool
}

func (f *manifestFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.path, "manifest", "", "check the quick models that this `file` lists, and compare")
	set.StringVar(&f.only, "only", "", "with -manifest: the models whose name or path contains this `text`, quick or not")
	set.BoolVar(&f.all, "all", false, "with -manifest: those that are not quick too")
}

// comparison is one model, what a judge found of it, and in what that differs from the manifest.
type comparison struct {
	model models.Model
	found models.Finding
	wrong []string
	took  time.Duration
	err   error
}

// run has a judge check the models, so many at once, and prints how each compares with what the manifest says of it.
func (f *manifestFlags) run(ctx context.Context, out *console.Console, atOnce int, find func() (models.Judge, error)) (int, error) {
	manifest, err := models.Read(f.path)
	if err != nil {
		return exitUsage, err
	}
	chosen := manifest.Choose(f.all, f.only)
	if len(chosen) == 0 {
		return exitUsage, fmt.Errorf("%s lists no model that fits", f.path)
	}
	judge, err := find()
	if err != nil {
		return exitUsage, err
	}
	var running sync.WaitGroup
	defer running.Wait() // a judge's process must have ended before this one does
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	start := time.Now()
	var differ []string
	for i, next := range compareAll(ctx, out, judge, chosen, atOnce, &running) {
		var c comparison
		select {
		case c = <-next:
		case <-ctx.Done():
		}
		out.Settle()
		if ctx.Err() != nil {
			return interrupted, errors.New("interrupted")
		}
		if c.err != nil {
			return 1, fmt.Errorf("%s: %w", chosen[i].Name, c.err)
		}
		c.print(out)
		if len(c.wrong) > 0 {
			differ = append(differ, c.model.Name)
		}
	}
	if len(differ) > 0 {
		return 1, fmt.Errorf("%d of %d models differ from %s: %s", len(differ), len(chosen), f.path, strings.Join(differ, ", "))
	}
	fmt.Fprintf(out.Stdout, "%d of %d models are as %s says, in %.0f s\n", len(chosen), len(chosen), f.path, time.Since(start).Seconds())
	return 0, nil
}

// compareAll starts the comparisons in their order, so many at once, and gives a channel for each.
func compareAll(
	ctx context.Context, out *console.Console, judge models.Judge, chosen []models.Model, atOnce int, running *sync.WaitGroup,
) []chan comparison {
	results := make([]chan comparison, len(chosen))
	free := make(chan struct{}, atOnce)
	for i := range results {
		results[i] = make(chan comparison, 1)
	}
	running.Go(func() {
		for i, model := range chosen {
			select {
			case free <- struct{}{}:
			case <-ctx.Done():
				return
			}
			running.Go(func() {
				defer func() { <-free }()
				start := time.Now()
				label := fmt.Sprintf("[%d/%d] %s", i+1, len(chosen), model.Name)
				out.Progress("%s", label)
				found, err := judge.Check(ctx, model, func(line string) { out.Progress("%s: %s", label, line) })
				results[i] <- comparison{model, found, model.Compare(found), time.Since(start), err}
			})
		}
	})
	return results
}

func (c *comparison) print(out *console.Console) {
	mark := out.Paint(console.Green, "as expected")
	if len(c.wrong) > 0 {
		mark = out.Paint(console.Red, "DIFFERS: "+strings.Join(c.wrong, "; "))
	}
	fmt.Fprintf(out.Stdout, "%-38s %-10s %10s generated %10s distinct %s %6.1f s  %s\n", c.model.Name, c.found.Result,
		console.Grouped(c.found.Generated), console.Grouped(c.found.Distinct), reach(c.found), c.took.Seconds(), mark)
}

// reach is how far a search went: the depth of the graph, or the length of the counterexample.
func reach(found models.Finding) string {
	if found.Length > 0 {
		return fmt.Sprintf("%4d states to it", found.Length)
	}
	return fmt.Sprintf("depth %4d      ", found.Depth)
}
