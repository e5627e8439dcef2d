// The loop over mutated modules and what it prints.

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// mutants compares who accepts mutated modules: of the folder that is named, else of random specifications.
func (r *report) mutants(ctx context.Context, c reading) error {
	var from []original
	if r.options.mutate != "" {
		all, err := originals(r.options.mutate)
		if err != nil {
			return err
		}
		for _, o := range all { // one that TLC cannot read as it is teaches nothing
			tlc, _, err := c.accepts(ctx, o.name, o.text, o.others)
			if err != nil {
				return err
			}
			if tlc == "" {
				from = append(from, o)
			}
		}
		if len(from) == 0 {
			return fmt.Errorf("%s: no module that TLC can read", r.options.mutate)
		}
	}
	accepted, refused, different := 0, 0, 0
	for i := range r.options.mutants {
		rng := rand.New(rand.NewPCG(r.options.seed, 2<<40+uint64(i)))
		o := original{name: moduleName}
		if from != nil {
			o = from[rng.IntN(len(from))]
		} else {
			o.text = randomSpec(r.options.seed, i).module()
		}
		text := mutate(rng, o.text)
		tlc, engine, err := c.accepts(ctx, o.name, text, o.others)
		switch {
		case errors.Is(err, errHang):
			continue
		case err != nil:
			return err
		case (tlc == "") != (engine == "") || strings.HasPrefix(engine, "panic"):
			different++
			if different <= r.options.shrinks {
				r.mutantDiffers(i, o, text, tlc, engine)
			}
		case tlc == "":
			accepted++
		default:
			refused++
		}
		if i%50 == 0 {
			fmt.Fprintf(os.Stderr, "\r%d mutants, %d differ ", i+1, different)
		}
	}
	if r.options.mutants > 0 {
		fmt.Fprintf(r.out, "\n%d mutants (seed %d): both accept %d, both refuse %d, %d differ\n", accepted+refused+different, r.options.seed, accepted, refused, different)
	}
	r.different += different
	return nil
}

// mutantDiffers prints a mutant about which they disagree: what is not the original's, and what is wrong.
func (r *report) mutantDiffers(number int, o original, text, tlc, engine string) {
	fmt.Fprintf(r.out, "\nmutant %d of module %s:\n", number, o.name)
	head, tail := 0, 0
	for head < len(o.text) && head < len(text) && o.text[head] == text[head] {
		head++
	}
	for tail < len(o.text)-head && tail < len(text)-head && o.text[len(o.text)-1-tail] == text[len(text)-1-tail] {
		tail++
	}
	around := func(s string) string {
		return s[max(0, head-100):min(len(s), max(head, len(s)-tail)+60)]
	}
	fmt.Fprintf(r.out, "  from line %d: %s\n  to:           %s\n", strings.Count(text[:head], "\n")+1,
		strings.ReplaceAll(around(o.text), "\n", "\n    "), strings.ReplaceAll(around(text), "\n", "\n    "))
	says := func(who, wrong string) {
		if wrong == "" {
			wrong = "accepts it"
		}
		fmt.Fprintf(r.out, "  %s: %.600s\n", who, strings.ReplaceAll(strings.TrimSpace(wrong), "\n", "\n    "))
	}
	says("TLC", tlc)
	says("engine", engine)
}
