// The loop over small specifications and what it prints.

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// specifications compares the given number of them.
func (r *report) specifications(ctx context.Context, c comparison) error {
	start := time.Now()
	verdicts := map[int]int{}
	done, hung, different := 0, 0, 0
	for i := range r.options.specs {
		s := randomSpec(r.options.seed, i)
		if !r.options.temporal {
			s.properties, s.fairness = nil, nil
		}
		tlc, engine, err := c.run(ctx, s)
		if errors.Is(err, errHang) {
			hung++
			continue
		}
		if err != nil {
			return err
		}
		if strings.Contains(tlc.message, "semantic analysis failed") {
			return fmt.Errorf("specification %d is none for TLC, which is the generator's fault: %s\n%s", i, tlc.message, s.module())
		}
		done++
		verdicts[tlc.verdict()]++
		fmt.Fprintf(os.Stderr, "\r%d specifications, %d differ, %.0f s ", done, different, time.Since(start).Seconds())
		if tlc.agrees(engine) {
			continue
		}
		if name := knownSpec(tlc, engine); name != "" {
			r.known[name]++
			continue
		}
		known, err := r.specDiffers(ctx, c, i, s, tlc, engine)
		if err != nil {
			return err
		}
		if !known {
			different++
		}
	}
	if done+hung > 0 {
		fmt.Fprintln(os.Stderr)
		fmt.Fprintf(r.out, "%d specifications (seed %d; TLC's exit codes %v, %d not finished by TLC): %d differ\n", done+hung, r.options.seed, verdicts, hung, different)
	}
	r.different += different
	return nil
}

// specDiffers prints a specification on which the two differ, shrunk if it is among the first. It reports whether the shrunk one
// differs for a reason that is known.
func (r *report) specDiffers(ctx context.Context, c comparison, number int, s *spec, tlc, engine checked) (known bool, err error) {
	how := class(tlc, engine)
	if r.groups[how] >= r.options.shrinks {
		r.groups[how]++
		return false, nil
	}
	if s, err = c.shrink(ctx, s, how); err != nil {
		return false, err
	}
	if tlc, engine, err = c.run(ctx, s); err != nil && !errors.Is(err, errHang) {
		return false, err
	}
	module := s.module()
	if name := knownShrunk(module, tlc, engine); name != "" {
		r.known[name]++
		return true, nil
	}
	r.groups[how]++
	if _, after, ok := strings.Cut(module, "\nvars == "); ok {
		_, module, _ = strings.Cut(after, "\n")
	}
	fmt.Fprintf(r.out, "\n\nspecification %d: %s\n%s%s  TLC:    %s\n  engine: %s\n", number, how, module, s.config(), tlc, engine)
	if r.options.write == "" {
		return false, nil
	}
	folder := filepath.Dir(r.options.write)
	return false, s.keep(folder, fmt.Sprintf("diff_spec_%d_%d", r.options.seed, number), tlc)
}

// keep writes a specification as a test: a module and a configuration that says in its first line what TLC gives.
func (s *spec) keep(folder, name string, tlc checked) error {
	module := strings.Replace(s.module(), "MODULE "+moduleName+" ", "MODULE "+name+" ", 1)
	expected := fmt.Sprintf("\\* TLC: code %d, generated %d, distinct %d, depth %d\n", tlc.verdict(), tlc.generated, tlc.distinct, tlc.depth)
	if err := os.WriteFile(filepath.Join(folder, name+".tla"), []byte(module), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, name+".cfg"), []byte(expected+s.config()), 0o644)
}
