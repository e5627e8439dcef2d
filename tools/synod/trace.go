// Work on trace files themselves.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"synod/tools/synod/console"
	"synod/tools/synod/merged"
)

const mergeHelp = `
Merges the traces of several nodes into one: every node's events keep their order, and every event stands behind its
causes. Of the orders possible, the smallest Lamport clock, then node, comes first.

  synod trace merge a1.ndjson a2.ndjson p1.ndjson > all.ndjson
  synod trace merge -o all.ndjson out/demo/trace/*.ndjson

Exit codes: 0 merged, 2 a trace that cannot be read or an event whose cause is in no file.`

func mergeCommand() command {
	return command{
		name: "trace merge", args: "TRACE...", summary: "merges the traces of several nodes by causality", help: mergeHelp,
		flags: func(set *flag.FlagSet) runner {
			var target string
			set.StringVar(&target, "o", "", "write to this `file` instead of standard output")
			return func(_ context.Context, out *console.Console, args []string) (int, error) {
				return merge(out, target, args)
			}
		},
	}
}

func merge(out *console.Console, target string, args []string) (int, error) {
	if len(args) == 0 {
		return exitUsage, errors.New("which TRACE files?")
	}
	all, err := merged.Read(args)
	if err != nil {
		return exitUsage, err
	}
	for _, path := range all.Torn {
		fmt.Fprintln(out.Stderr, tornLine(path))
	}
	if target == "" {
		return 0, all.Write(out.Stdout)
	}
	return 0, all.Save(target)
}
