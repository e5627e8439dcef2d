// The command: corrupted twins of conforming traces, judged by the checker of traces and by TLC.

// Command twins measures the checker of traces. It takes traces that conform, of each of the project's
// specifications, changes one place of each in many ways, and asks both the checker and TLC whether the twin is still a
// behaviour of the specification, and if not which event is the first that is none:
//
//	go run ./tools/twins -n 2000
//
// TLC reads a generated module that holds the traces; many stand in one. Where the two differ the twin is shrunk and
// kept, and the exit code is 1; it is 2 where the comparison could not be made. With -pin some twins of each kind go to
// a folder with their verdicts, for the tests, which need no Java.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"synod/tools/synod/tlc"
)

type options struct {
	n       int
	seed    uint64
	root    string
	weaker  string
	only    string
	jar     string
	scratch string
	keep    string
	pin     string
}

func main() {
	var o options
	flag.IntVar(&o.n, "n", 2000, "how many `twins`, about half of them of simulated traces of the register")
	flag.Uint64Var(&o.seed, "seed", 1, "the random `seed`: the same one gives the same twins")
	flag.StringVar(&o.root, "root", "spec", "the `folder` of specifications")
	flag.StringVar(&o.weaker, "checker-root", "", "another `folder` of specifications for the checker, to see that the judges can differ")
	flag.StringVar(&o.only, "spec", "", "take twins of the specification of this `name` alone: Register, MCSynod, Rung11Synod, ...")
	flag.StringVar(&o.jar, "jar", "", "TLC's `jar` (default: as synod tlc finds it)")
	flag.StringVar(&o.scratch, "scratch", "", "`folder` for what TLC reads and writes (default: the system's)")
	flag.StringVar(&o.keep, "keep", "out/twins", "`folder` for twins on which the judges differ")
	flag.StringVar(&o.pin, "pin", "", "`folder` for some short twins with their verdicts")
	flag.Parse()
	if flag.NArg() > 0 || o.n < 1 {
		fmt.Fprintln(os.Stderr, "twins takes no arguments, and at least 1 twin")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	different, err := o.run(ctx, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "twins:", err)
		os.Exit(2)
	}
	if different > 0 {
		os.Exit(1)
	}
}

// run makes twins, has them judged, and gives how many the judges differ on.
func (o options) run(ctx context.Context, out io.Writer) (different int, err error) {
	jar, err := tlc.Find(ctx, o.jar, func(s string) { fmt.Fprintln(os.Stderr, s) })
	if err != nil {
		return 0, err
	}
	batches, err := o.batches()
	if err != nil {
		return 0, err
	}
	j := &judge{jar: jar, scratch: o.scratch, root: o.root, weaker: o.weaker}
	r := newReport()
	pins := pinner{folder: o.pin}
	for _, twins := range batches {
		rulings, err := j.rule(ctx, twins)
		if err != nil {
			return 0, err
		}
		for i := range rulings {
			r.count(&rulings[i])
			if err := pins.pin(&rulings[i]); err != nil {
				return 0, err
			}
			if rulings[i].agree() || r.different > mostShrunk {
				continue
			}
			small, err := j.shrink(ctx, &rulings[i])
			if err != nil {
				return 0, err
			}
			path, err := save(o.keep, fmt.Sprintf("differs-%d", r.different), small)
			if err != nil {
				return 0, err
			}
			fmt.Fprintf(out, "the judges differ on %s\n  checker  %s %s\n  TLC      %s\n  shrunk   to %d events, %s\n",
				&rulings[i].twin, rulings[i].ours, rulings[i].ours.bad, rulings[i].tlc, len(small.twin.events), path)
		}
		first := &rulings[0].twin
		fmt.Fprintf(os.Stderr, "%s: %d twins\n", first.base.spec.name, len(twins))
	}
	r.write(out)
	if len(r.broken) > 0 {
		return 0, errors.New(strings.Join(r.broken, "\n"))
	}
	return r.different, nil
}

// mostShrunk is how many differences are looked into. The first few tell enough.
const mostShrunk = 4

// How long bases are. Behaviours that are short enough are judged in any order too.
const (
	shortestBase = 5 // a specification whose behaviours are shorter has little to corrupt
	walkLength   = 24
	longPrefix   = 300
)

// batches makes the twins: half of the register's simulated traces, half of walks through the models. Each batch has one
// specification with the same constants.
func (o options) batches() ([][]twin, error) {
	all, err := models(o.root)
	if err != nil {
		return nil, err
	}
	var chosen []*spec
	for _, s := range append([]*spec{register(o.root)}, all...) {
		if o.only != "" && o.only != s.name {
			continue
		}
		b, err := newBase(s, o.seed)
		if err != nil {
			return nil, err
		}
		next, err := nextOf(s)
		if err != nil {
			return nil, err
		}
		if stranger := next.stranger(b.events); stranger != "" {
			fmt.Fprintf(os.Stderr, "%s is left out: %s calls %s inside of another action\n", s.name, s.next, stranger)
			continue
		}
		if len(b.events) >= shortestBase {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no specification with behaviours of %d steps is called %q", shortestBase, o.only)
	}
	var batches [][]twin
	left := o.n
	for i, s := range chosen {
		share := left / (len(chosen) - i)
		if s.name == registerName && len(chosen) > 1 {
			share = left / 2
		}
		left -= share
		more, err := o.twinsOf(s, share)
		if err != nil {
			return nil, err
		}
		batches = append(batches, more...)
	}
	return batches, nil
}

// twinsPerBase is how many twins a trace has.
const twinsPerBase = 10

// twinsOf makes n twins of traces of one specification.
func (o options) twinsOf(s *spec, n int) ([][]twin, error) {
	batches := map[string][]twin{}
	var order []string
	for i := range n {
		trace := o.seed*1_000_000 + uint64(i/twinsPerBase)
		b, err := newBase(s, trace)
		if err != nil {
			return nil, err
		}
		shape := fmt.Sprint(b.headers[0].Constants)
		if batches[shape] == nil {
			order = append(order, shape)
		}
		if batches[shape] == nil || i%twinsPerBase == 0 {
			batches[shape] = append(batches[shape], twin{b, itself, renumber(slices.Clone(b.events), true)})
		}
		batches[shape] = append(batches[shape], newTwin(b, o.seed*1_000_000+uint64(i)))
	}
	var all [][]twin
	for _, shape := range order {
		all = append(all, batches[shape])
	}
	return all, nil
}

// newBase makes the trace of a seed.
func newBase(s *spec, seed uint64) (*base, error) {
	if s.name != registerName {
		return walked(s, seed, walkLength)
	}
	lengths := []int{25, 40, 60, longPrefix}
	return simulated(s, seed, lengths[seed%uint64(len(lengths))])
}
