// Coverage files: what many replays have shown of a specification.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"synod/conformance"
	"synod/tools/synod/console"
)

const coverageHelp = `
Adds up what replays have shown of a specification: how often each action fired, and each conjunct and disjunct of it
held, in how many violations it was false, and what no trace has shown. The files are those of synod replay -coverage.

  synod trace coverage all.json
  synod trace coverage -o all.json monday.json tuesday.json

Exit codes: 0 added up, 1 an action never fired or a part never held (with -complete), 2 a file that cannot be read, or
coverage of different specifications or of different versions of one.`

func coverageCommand() command {
	return command{
		name: "trace coverage", args: "COVERAGE...", summary: "adds up what replays have shown of a specification", help: coverageHelp,
		flags: func(set *flag.FlagSet) runner {
			var target string
			var complete bool
			set.StringVar(&target, "o", "", "write the sum to this `file` too")
			set.BoolVar(&complete, "complete", false, "exit with 1 where something was never seen")
			return func(_ context.Context, out *console.Console, args []string) (int, error) {
				return coverage(out, target, complete, args)
			}
		},
	}
}

func coverage(out *console.Console, target string, complete bool, args []string) (int, error) {
	if len(args) == 0 {
		return exitUsage, errors.New("which COVERAGE files?")
	}
	var sum *conformance.Coverage
	for _, path := range args {
		next, err := readCoverage(path)
		if err == nil && sum != nil {
			err = sum.Merge(next)
		}
		if err != nil {
			return exitUsage, fmt.Errorf("%s: %w", path, err)
		}
		if sum == nil {
			sum = next
		}
	}
	if target != "" {
		if err := writeCoverage(target, sum); err != nil {
			return exitUsage, err
		}
	}
	if actions, points := sum.Never(); complete && len(actions)+len(points) > 0 {
		return 1, sum.WriteText(out.Stdout)
	}
	return 0, sum.WriteText(out.Stdout)
}

func readCoverage(path string) (*conformance.Coverage, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return conformance.ReadCoverage(file)
}

// addCoverage adds to a file, which need not be there.
func addCoverage(path string, c *conformance.Coverage) error {
	before, err := readCoverage(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return writeCoverage(path, c)
	case err == nil:
		err = before.Merge(c)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeCoverage(path, before)
}

// writeCoverage replaces the file as a whole, so that one that is interrupted leaves the old one.
func writeCoverage(path string, c *conformance.Coverage) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".coverage-*")
	if err != nil {
		return err
	}
	if err := errors.Join(c.WriteJSON(file), file.Chmod(0o644), file.Close()); err != nil {
		os.Remove(file.Name())
		return err
	}
	return os.Rename(file.Name(), path)
}
