// The command: many seeds of the simulator, each judged by every checker.

// Command simulate runs the register's cores in the simulator, one schedule for each seed, and judges each run: its
// trace on the specification, its invariants, its clients' histories. It exits with 1 where a checker objects, and
// says how to see the same run again.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
)

type flags struct {
	first    uint64
	seeds    uint64
	bugs     string
	schedule string
	out      string
	spec     string
}

func main() {
	var f flags
	flag.Uint64Var(&f.first, "seed", 1, "the first `seed`")
	flag.Uint64Var(&f.seeds, "seeds", 1, "how many `seeds`")
	flag.StringVar(&f.bugs, "bug", "", "switch `bugs` of the cores on, separated by commas")
	flag.StringVar(&f.schedule, "schedule", "", "play the schedule in this `file` instead of seeds")
	flag.StringVar(&f.out, "out", "", "`folder` for the schedule, shrunk, and the traces of a run that fails, or of the only one")
	flag.StringVar(&f.spec, "spec", "spec/register/Register.tla", "the `specification`")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "simulate takes no arguments, only flags; got %q\n", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failed, err := run(ctx, f)
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(2)
	}
	if failed {
		os.Exit(1)
	}
}

func run(ctx context.Context, f flags) (failed bool, err error) {
	bugs, err := paxos.ParseMutants(f.bugs)
	if err != nil {
		return false, err
	}
	j := judge.New(f.spec)
	if f.schedule != "" {
		text, err := os.ReadFile(f.schedule)
		if err != nil {
			return false, err
		}
		s, err := sim.ReadSchedule(text)
		if err != nil {
			return false, fmt.Errorf("%s: %w", f.schedule, err)
		}
		v, err := j.Run(ctx, s, bugs)
		if err != nil {
			return false, err
		}
		fmt.Print(v)
		return v.Failed(), keep(f.out, v)
	}
	start := time.Now()
	var events, steps, restarts, hidden, satisfied int
	for seed := f.first; seed < f.first+f.seeds; seed++ {
		s := sim.Generate(seed)
		v, err := j.Run(ctx, s, bugs)
		if err != nil {
			return false, err
		}
		events, steps, restarts = events+v.Result.Events, steps+v.Result.Steps, restarts+v.Result.Restarts
		hidden += v.Hidden
		for _, a := range v.Result.Answers {
			if a.Outcome == paxos.Satisfied {
				satisfied++
			}
		}
		if v.Failed() {
			fmt.Printf("seed %d fails\n%srerun    %s\n", seed, v, rerun(seed, f.bugs))
			return true, shrunk(ctx, j, f.out, bugs, v)
		}
		if f.seeds == 1 {
			err = keep(f.out, v)
		}
		if err != nil {
			return false, err
		}
	}
	fmt.Printf("seeds %d to %d: no checker objects. %d events, %d steps in traces, %d changes satisfied, %d restarts, %d hidden steps found; %v\n",
		f.first, f.first+f.seeds-1, events, steps, satisfied, restarts, hidden, time.Since(start).Round(time.Millisecond))
	return false, nil
}

// rerun is the command that plays a seed again.
func rerun(seed uint64, bugs string) string {
	if bugs != "" {
		bugs = " -bug " + bugs
	}
	return fmt.Sprintf("go run ./tools/simulate -seed %d%s", seed, bugs)
}

// shrunk keeps a smaller schedule that the same checkers object to.
func shrunk(ctx context.Context, j *judge.Judge, out string, bugs paxos.Bugs, v *judge.Verdict) error {
	if out == "" {
		return nil
	}
	var by []judge.Checker
	for _, c := range judge.Checkers {
		if _, found := v.Found[c]; found {
			by = append(by, c)
		}
	}
	best := v
	sim.Shrink(v.Result.Schedule, func(s sim.Schedule) bool {
		smaller, err := j.Run(ctx, s, bugs)
		if err != nil {
			return false
		}
		for _, c := range by {
			if _, found := smaller.Found[c]; !found {
				return false
			}
		}
		best = smaller
		return true
	})
	s := best.Result.Schedule
	fmt.Printf("shrunk   to %d operations and %d faults, %d steps, in %s\n", len(s.Operations), len(s.Faults), best.Result.Steps, out)
	return keep(out, best)
}

// keep writes the schedule and the traces of a run.
func keep(out string, v *judge.Verdict) error {
	if out == "" {
		return nil
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(v.Result.Schedule, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "schedule.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	for _, f := range v.Result.Files() {
		if err := os.WriteFile(filepath.Join(out, f.Name), sim.Lines(f), 0o644); err != nil {
			return err
		}
	}
	return nil
}
