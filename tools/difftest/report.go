// The loop over batches of expressions and what it prints.

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
)

// report runs batches and tells what differs.
type report struct {
	out     io.Writer
	options options
	differ  differ

	done, failed, different int            // expressions compared; of these, those on which both fail; differences
	groups                  map[string]int // how many differences look alike
	known                   map[string]int // differences by the reason that is known for them
}

// expressions compares the given number of them.
func (r *report) expressions(ctx context.Context) error {
	keep, err := r.keeper()
	if err != nil {
		return err
	}
	if keep != nil {
		defer keep.Close()
	}
	start := time.Now()
	for r.done < r.options.n {
		drawn := make([]*node, min(r.options.batch, r.options.n-r.done))
		for i := range drawn {
			drawn[i] = random(r.options.seed, r.done+i, r.options.fuel)
		}
		if err := r.batch(ctx, drawn, keep); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "\r%d expressions, %d differ, %.0f s ", r.done, r.different, time.Since(start).Seconds())
	}
	if r.done > 0 {
		fmt.Fprintf(os.Stderr, "\n")
		r.summarise()
	}
	return nil
}

// summarise prints how many expressions agree, and how many differ for which known reason.
func (r *report) summarise() {
	excused := 0
	for _, name := range sortedKeys(r.known) {
		fmt.Fprintf(r.out, "%4d: %s\n", r.known[name], name)
		excused += r.known[name]
	}
	fmt.Fprintf(r.out, "%d expressions (seed %d): %d have the same value, %d are errors for both, %d differ for a reason that is known, %d differ\n",
		r.done, r.options.seed, r.done-r.failed-excused-r.different, r.failed, excused, r.different)
}

func (r *report) keeper() (*os.File, error) {
	if r.options.keep == "" {
		return nil, nil
	}
	return os.Create(r.options.keep)
}

func (r *report) batch(ctx context.Context, drawn []*node, keep *os.File) error {
	texts := make([]string, len(drawn))
	for i, e := range drawn {
		texts[i] = e.String()
	}
	ours, err := isolated(ctx, r.differ.engine, texts)
	if err != nil {
		return err
	}
	theirs, err := isolated(ctx, r.differ.judge, texts)
	if err != nil {
		return err
	}
	for i, e := range drawn {
		r.done++
		if theirs[i].agrees(ours[i]) {
			if theirs[i].failed {
				r.failed++
			}
			if keep != nil {
				if err := (entry{texts[i], theirs[i]}).write(keep); err != nil {
					return err
				}
			}
			continue
		}
		if err := r.differs(ctx, r.done-1, difference{e, theirs[i], ours[i]}); err != nil {
			return err
		}
	}
	return nil
}

// inside matches what makes two errors of one kind look different.
var inside = regexp.MustCompile(`[^ ]*Batch[^ ]*|"[^"]*"|-?\d+|[<\[{(].*`)

// differs shrinks a difference, unless nothing is to be shrunk, counts it where its reason is known, and prints it otherwise. Those that look like some
// that were shrunk before are only counted.
func (r *report) differs(ctx context.Context, number int, d difference) error {
	kind := d.class()
	if d.judge.failed {
		kind += "; TLC: " + inside.ReplaceAllString(strings.SplitN(d.judge.err, "\n", 2)[0], "..")
	}
	if d.other.failed {
		kind += "; engine: " + inside.ReplaceAllString(strings.SplitN(d.other.err, "\n", 2)[0], "..")
	}
	if r.options.shrinks > 0 {
		if r.groups[kind] >= r.options.shrinks {
			r.different++
			return nil
		}
		var err error
		if d, err = r.differ.shrink(ctx, d); err != nil {
			return err
		}
	}
	if name := d.known(); name != "" {
		r.known[name]++
		return nil
	}
	r.groups[kind]++
	r.different++
	fmt.Fprintf(r.out, "\n\nexpression %d: %s\n  %s\n  TLC:    %s\n  engine: %s\n", number, d.class(),
		strings.ReplaceAll(d.expression.String(), "\n", "\n  "), d.judge, d.other)
	return r.record(d)
}

// record appends a difference to the file for it.
func (r *report) record(d difference) error {
	if r.options.write == "" {
		return nil
	}
	f, err := os.OpenFile(r.options.write, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return entry{d.expression.String(), d.judge}.write(f)
}
