// Every model of a manifest, one line each.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
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

// run has a judge check the models and prints how each compares with what the manifest says of it.
func (f *manifestFlags) run(ctx context.Context, out *console.Console, find func() (models.Judge, error)) (int, error) {
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
	start := time.Now()
	var differ []string
	for i, model := range chosen {
		out.Progress("[%d/%d] %s", i+1, len(chosen), model.Name)
		begun := time.Now()
		found, err := judge.Check(ctx, model, func(line string) {
			out.Progress("[%d/%d] %s: %s", i+1, len(chosen), model.Name, line)
		})
		out.Settle()
		if ctx.Err() != nil {
			return interrupted, errors.New("interrupted")
		}
		if err != nil {
			return 1, fmt.Errorf("%s: %w", model.Name, err)
		}
		wrong := model.Compare(found)
		mark := out.Paint(console.Green, "as expected")
		if len(wrong) > 0 {
			mark = out.Paint(console.Red, "DIFFERS: "+strings.Join(wrong, "; "))
			differ = append(differ, model.Name)
		}
		fmt.Fprintf(out.Stdout, "%-38s %-10s %10s generated %10s distinct %s %6.1f s  %s\n", model.Name, found.Result,
			console.Grouped(found.Generated), console.Grouped(found.Distinct), reach(found), time.Since(begun).Seconds(), mark)
	}
	if len(differ) > 0 {
		return 1, fmt.Errorf("%d of %d models differ from %s: %s", len(differ), len(chosen), f.path, strings.Join(differ, ", "))
	}
	fmt.Fprintf(out.Stdout, "%d of %d models are as %s says, in %.0f s\n", len(chosen), len(chosen), f.path, time.Since(start).Seconds())
	return 0, nil
}

// reach is how far a search went: the depth of the graph, or the length of the counterexample.
func reach(found models.Finding) string {
	if found.Length > 0 {
		return fmt.Sprintf("%4d states to it", found.Length)
	}
	return fmt.Sprintf("depth %4d      ", found.Depth)
}
