// The command: the table of mutants, each with the checkers that caught it and how long that took.

// Command mutants runs every known bug of the cores over seeds, in the simulator or, those of requests, in random walks,
// and prints which checker catches it after how many seeds: the median of a few starts. It exits with 1 where a checker
// that must catch a mutant does not.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"synod/tools/simulate/judge"
	"synod/tools/simulate/requests"
)

func main() {
	seeds := flag.Uint64("seeds", 10_000, "how many `seeds` a mutant is given from each start")
	starts := flag.Uint64("starts", 5, "how many `starts` the median is of")
	workers := flag.Int("workers", 2, "how many `mutants` run at once")
	only := flag.String("bug", "", "the `mutant` to run alone")
	spec := flag.String("spec", "spec/register", "the `folder` of the specifications")
	flag.Parse()
	if flag.NArg() > 0 || *starts == 0 || *seeds == 0 || *workers < 1 {
		fmt.Fprintln(os.Stderr, "mutants takes no arguments; seeds, starts and workers are at least 1")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	asking, err := requests.New(filepath.Join(*spec, "Requests.tla"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	families := []family{
		{judge.New(filepath.Join(*spec, "Register.tla")), judge.Mutants},
		{asking, requests.Mutants},
	}
	known, allCaught := false, true
	for _, f := range families {
		mutants := slices.DeleteFunc(slices.Clone(f.mutants), func(m judge.Mutant) bool {
			return *only != "" && m.Bug.String() != *only
		})
		if len(mutants) > 0 {
			known = true
			allCaught = hunt(ctx, f.hunter, mutants, *seeds, *starts, *workers) && allCaught
		}
	}
	if !known {
		fmt.Fprintf(os.Stderr, "no mutant is called %q\n", *only)
		os.Exit(2)
	}
	if !allCaught {
		os.Exit(1)
	}
}

// hunter runs mutants over seeds.
type hunter interface {
	Hunt(ctx context.Context, m judge.Mutant, first, n uint64) (map[judge.Checker]int, error)
}

// family is the mutants of one core, and what runs them.
type family struct {
	hunter  hunter
	mutants []judge.Mutant
}

// row is what was found about one mutant.
type row struct {
	seeds map[judge.Checker][]int // by checker, one number for each start at which it caught the mutant
	lost  []string                // by start: the checkers that must catch it and did not
	err   error
}

// hunt runs all mutants and prints their table in its order.
func hunt(ctx context.Context, j hunter, mutants []judge.Mutant, seeds, starts uint64, workers int) (allCaught bool) {
	rows := make([]chan row, len(mutants))
	for i := range rows {
		rows[i] = make(chan row, 1)
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				rows[i] <- chase(ctx, j, mutants[i], seeds, starts)
			}
		})
	}
	go func() {
		for i := range mutants {
			next <- i
		}
		close(next)
	}()
	fmt.Printf("%-25s %-5s %5s %5s %5s %5s %5s  %s\n", "mutant", "first", "C", "I", "L", "R", "P", "what it does")
	allCaught = true
	survived := 0
	for i, m := range mutants {
		r := <-rows[i]
		if !r.print(m, int(starts)) {
			allCaught = false
			survived++
		}
	}
	group.Wait()
	fmt.Printf("%d mutants, %d not caught as they must be; medians of %d starts, at most %d seeds each; - is not within the seeds run, which end when all who must have caught it\n", len(mutants), survived, starts, seeds)
	return allCaught
}

// chase hunts one mutant from every start.
func chase(ctx context.Context, j hunter, m judge.Mutant, seeds, starts uint64) row {
	r := row{seeds: map[judge.Checker][]int{}}
	for s := range starts {
		caught, err := j.Hunt(ctx, m, s*1_000_000+1, seeds)
		if err != nil {
			r.err = err
			return r
		}
		for c, n := range caught {
			r.seeds[c] = append(r.seeds[c], n)
		}
		if missing := m.Missing(caught); missing != "" {
			r.lost = append(r.lost, missing)
		}
	}
	return r
}

// print writes the row and reports whether the mutant was caught by all that must catch it.
func (r *row) print(m judge.Mutant, starts int) bool {
	if r.err != nil {
		fmt.Printf("%-25s ERROR %v\n", m.Bug, r.err)
		return false
	}
	medians := map[judge.Checker]int{}
	best := 0
	for c, n := range r.seeds {
		if 2*len(n) <= starts {
			continue // most starts did without it
		}
		slices.Sort(n)
		medians[c] = n[starts/2]
		if best == 0 || medians[c] < best {
			best = medians[c]
		}
	}
	var first string
	columns := make([]string, len(judge.Checkers))
	for i, c := range judge.Checkers {
		columns[i] = "-"
		if n := medians[c]; n > 0 {
			columns[i] = fmt.Sprint(n)
			if n == best {
				first += string(c)
			}
		}
	}
	fmt.Printf("%-25s %-5s %5s %5s %5s %5s %5s  %s\n", m.Bug, first,
		columns[0], columns[1], columns[2], columns[3], columns[4], m.About)
	switch {
	case m.Equivalent != "":
		fmt.Printf("%-25s equivalent: %s\n", "", m.Equivalent)
	case len(r.lost) > 0:
		fmt.Printf("%-25s NOT CAUGHT by %s\n", "", strings.Join(r.lost, ", "))
		return false
	}
	return true
}
