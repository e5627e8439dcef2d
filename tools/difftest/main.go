// The command's front door: flags, the loop over batches, the report.

// Difftest compares the engine with TLC on random expressions and random small specifications:
//
//	go run ./tools/difftest -n 10000 -seed 1
//	go run ./tools/difftest -n 0 -specs 500
//
// Both evaluate the same batches; values are compared text for text, an error agrees with an error. Each difference is
// shrunk to a small expression. With -write they are put into a file that the engine's own tests can run. The exit
// code is 0 where everything agrees, 1 where something differs, 2 where the comparison could not be made. It takes a
// JDK (TLC's evaluator is driven by a small Java program that is compiled first).
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"synod/tools/synod/tlc"
)

// options are the command's flags.
type options struct {
	n, specs int
	temporal bool
	mutants  int
	mutate   string
	seed     uint64
	jar      string
	batch    int
	fuel     int
	shrinks  int
	write    string
	keep     string
	judge    string
	limit    time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.n, "n", 10000, "how many `expressions`")
	flag.IntVar(&o.specs, "specs", 0, "how many small `specifications`")
	flag.Uint64Var(&o.seed, "seed", 1, "the random `seed`: the same one gives the same expressions")
	flag.StringVar(&o.jar, "jar", "", "TLC's `jar` (default: as synod tlc finds it)")
	flag.IntVar(&o.batch, "batch", 500, "how many `expressions` stand in one module")
	flag.IntVar(&o.fuel, "depth", 3, "how `deep` expressions nest")
	flag.IntVar(&o.shrinks, "shrink", 3, "how many `differences` that look alike are shrunk; 0 prints them as they are")
	flag.StringVar(&o.write, "write", "", "`file` to append shrunk differences to, with TLC's outcome")
	flag.StringVar(&o.keep, "keep", "", "`file` to write every expression on which both agree to, with the outcome")
	flag.BoolVar(&o.temporal, "temporal", true, "let specifications have temporal properties, which TLC needs a process each for")
	flag.IntVar(&o.mutants, "mutants", 0, "how many mutated `modules` are read, to compare who accepts them")
	flag.StringVar(&o.mutate, "mutate", "", "the `folder` with the modules to mutate (default: random specifications)")
	flag.StringVar(&o.judge, "judge", "", "do nothing but write the outcomes in the corpus files of this `pattern` anew, from TLC")
	flag.DurationVar(&o.limit, "limit", 10*time.Second, "how long one expression or specification may take")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	different, err := o.run(ctx, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "difftest:", err)
		os.Exit(2)
	}
	if different {
		os.Exit(1)
	}
}

// run does what the flags say and reports whether something differs.
func (o options) run(ctx context.Context, out io.Writer) (bool, error) {
	jar, err := tlc.Find(ctx, o.jar, func(s string) { fmt.Fprintln(os.Stderr, s) })
	if err != nil {
		return false, err
	}
	judge, err := newJudge(jar, o.limit)
	if err != nil {
		return false, err
	}
	defer judge.close()
	if o.judge != "" {
		return false, o.rejudge(ctx, judge)
	}
	scratch, err := os.MkdirTemp("", "difftest-engine-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(scratch)
	ours := &engine{folder: scratch, limit: o.limit}
	r := &report{out: out, options: o, differ: differ{judge: judge, engine: ours}, groups: map[string]int{}, known: map[string]int{}}
	if err := r.expressions(ctx); err != nil {
		return false, err
	}
	if err := r.specifications(ctx, comparison{judge, ours}); err != nil {
		return false, err
	}
	if err := r.mutants(ctx, reading{judge, filepath.Join(scratch, "read")}); err != nil {
		return false, err
	}
	return r.different > 0, nil
}

// rejudge writes corpus files anew, and the prelude beside them.
func (o options) rejudge(ctx context.Context, judge *judge) error {
	files, err := filepath.Glob(o.judge)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("-judge %s: no such file", o.judge)
	}
	for _, file := range files {
		if err := rejudge(ctx, judge, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := writePrelude(filepath.Dir(file)); err != nil {
			return err
		}
	}
	return nil
}

// random draws the i-th expression of a seed. Most are free of errors; some are not, and some are wrongly typed.
func random(seed uint64, i, fuel int) *node {
	rng := rand.New(rand.NewPCG(seed, uint64(i)))
	g := &generator{rng: rng, risk: []float64{0, 0, 0.05, 0.2}[rng.IntN(4)], wrong: []float64{0, 0, 0, 0.01}[rng.IntN(4)]}
	return g.expression(randomType(rng, 2), fuel)
}
