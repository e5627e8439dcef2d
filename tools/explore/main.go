// The command: a search for schedules that lead somewhere new.

// Command explore runs schedules in the simulator that bytes stand for, keeps those that reach an abstract state of the
// specification that none reached before, and goes on from them. Each run is watched by the simulator's own checkers;
// those that are kept are replayed on the specification and their histories judged too.
//
//	go run ./tools/explore -runs 20000
//
// Kept inputs can be written where go test -fuzz looks for its corpus (-corpus), so that the fuzzer begins with them:
// it sees which lines of Go an input reaches, and not how far that brings the protocol. With -bug the command tells
// after how many runs the bug was found. It exits with 1 where a checker objects.
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
)

type options struct {
	runs   int
	seed   uint64
	bug    string
	by     string
	blind  bool
	corpus string
	spec   string
	pairs  string
	starts int
}

func main() {
	var o options
	flag.IntVar(&o.runs, "runs", 20000, "how many `runs`")
	flag.Uint64Var(&o.seed, "seed", 1, "the random `seed`: the same one gives the same inputs")
	flag.StringVar(&o.bug, "bug", "", "switch `bugs` of the cores on, separated by commas, and stop when they are found")
	flag.StringVar(&o.by, "by", "", "with -bug: only this `checker` counts: C, I, L, R or P")
	flag.BoolVar(&o.blind, "blind", false, "draw every input anew, to compare")
	flag.StringVar(&o.corpus, "corpus", "", "`folder` for the inputs that are kept, in the form of go test's corpus")
	flag.StringVar(&o.spec, "spec", "spec/register/Register.tla", "the `specification`")
	flag.StringVar(&o.pairs, "compare", "", "compare the guided search with a blind one on known `bugs`, each with its checker: torn-tail-kept/R,...")
	flag.IntVar(&o.starts, "starts", 5, "with -compare: how many `starts` the median is of")
	flag.Parse()
	if flag.NArg() > 0 || o.runs < 1 || o.starts < 1 {
		fmt.Fprintln(os.Stderr, "explore takes no arguments, and at least 1 run and 1 start")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	search := o.run
	if o.pairs != "" {
		search = func(ctx context.Context, out io.Writer) (bool, error) { return false, o.compare(ctx, out) }
	}
	found, err := search(ctx, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "explore:", err)
		os.Exit(2)
	}
	if found {
		os.Exit(1)
	}
}

// run searches and reports whether a checker objects to a run.
func (o options) run(ctx context.Context, out io.Writer) (found bool, err error) {
	bugs, err := paxos.ParseMutants(o.bug)
	if err != nil {
		return false, err
	}
	s, j := newSearch(o.seed, bugs, !o.blind), judge.New(o.spec)
	for s.runs < o.runs && ctx.Err() == nil {
		kept := len(s.kept)
		input, r := s.step()
		objection := o.objection(r)
		if len(s.kept) > kept && objection == "" {
			v, err := j.Run(ctx, decode(input), bugs)
			if err != nil {
				return false, err
			}
			if text, objects := v.Found[judge.Checker(o.by)]; objects || o.by == "" && v.Failed() {
				objection = v.String() + text
			}
		}
		if objection != "" {
			fmt.Fprintf(out, "run %d: %s\n", s.runs, objection)
			if err := o.explain(ctx, j, decode(input), bugs, out); err != nil {
				return true, err
			}
			return true, o.keep([][]byte{input}, out)
		}
	}
	fmt.Fprintf(out, "%d runs: no checker objects. %d abstract states, %d inputs kept\n", s.runs, len(s.seen), len(s.kept))
	var inputs [][]byte
	for _, k := range s.kept {
		inputs = append(inputs, k.input)
	}
	return false, o.keep(inputs, out)
}

// explain prints the schedule, shrunk, and how to play both again.
func (o options) explain(ctx context.Context, j *judge.Judge, s sim.Schedule, bugs paxos.Bugs, out io.Writer) error {
	v, err := j.Run(ctx, s, bugs)
	if err != nil {
		return err
	}
	bug := ""
	if o.bug != "" {
		bug = " -bug " + o.bug
	}
	fmt.Fprintf(out, "rerun    go run ./tools/explore -seed %d%s\nshrunk   %sreplay   go run ./tools/simulate -schedule FILE%s, where FILE has the line above\n",
		o.seed, bug, j.Shrunk(ctx, v, bugs).Schedule(), bug)
	return nil
}

// objection is what the simulator's own checkers found.
func (o options) objection(r *sim.Result) string {
	for _, f := range r.Findings {
		if o.by == "" || o.by == string(f.Checker) {
			return string(f.Checker) + " " + f.String()
		}
	}
	return ""
}

// keep writes inputs as go test's fuzzing keeps its corpus.
func (o options) keep(inputs [][]byte, out io.Writer) error {
	if o.corpus == "" {
		return nil
	}
	if err := os.MkdirAll(o.corpus, 0o755); err != nil {
		return err
	}
	for _, input := range inputs {
		name := fmt.Sprintf("%x", sha256.Sum256(input))[:16]
		text := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\n", input)
		if err := os.WriteFile(filepath.Join(o.corpus, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d inputs in %s\n", len(inputs), o.corpus)
	return nil
}
