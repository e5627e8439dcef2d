// The command: flags, and what to do.

// Command simulate runs the register's cores in the simulator, one schedule for each seed, and judges each run: its
// trace on the specification, its invariants, its clients' histories. Where a checker objects it prints the seed, the
// schedule, shrunk, and the command that plays it again, and exits with 1; it exits with 2 where it could not judge.
//
//	go run ./tools/simulate -seeds 1000 -twice
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
)

type flags struct {
	first    uint64
	seeds    uint64
	twice    bool
	bugs     string
	schedule string
	out      string
	spec     string
}

func main() {
	var f flags
	flag.Uint64Var(&f.first, "seed", 1, "the first `seed`")
	flag.Uint64Var(&f.seeds, "seeds", 1, "how many `seeds`")
	flag.BoolVar(&f.twice, "twice", false, "run each seed again and compare the traces byte for byte; one seed of ten runs on the real store then")
	flag.StringVar(&f.bugs, "bug", "", "switch `bugs` of the cores on, separated by commas")
	flag.StringVar(&f.schedule, "schedule", "", "play the schedule in this `file` instead of seeds")
	flag.StringVar(&f.out, "out", "out/simulate", "`folder` for the schedule, shrunk, and the traces of a run that fails, or of the only one; \"\" keeps nothing")
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

// run plays what the flags ask for and reports whether a checker objects.
func run(ctx context.Context, f flags) (failed bool, err error) {
	bugs, err := paxos.ParseMutants(f.bugs)
	if err != nil {
		return false, err
	}
	c := &campaign{flags: f, bugs: bugs, judge: judge.New(f.spec), out: os.Stdout, again: again}
	if f.schedule == "" {
		return c.seeds(ctx)
	}
	text, err := os.ReadFile(f.schedule)
	if err != nil {
		return false, err
	}
	s, err := sim.ReadSchedule(text)
	if err != nil {
		return false, fmt.Errorf("%s: %w", f.schedule, err)
	}
	return c.schedule(ctx, s)
}
