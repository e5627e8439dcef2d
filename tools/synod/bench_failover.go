// Measurement of fail-over: how soon a killed leader of the log is replaced.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"synod/tools/bench"
	"synod/tools/synod/console"
)

const benchFailoverHelp = `
Starts three replicas of a log on this machine with their default time-outs, kills the leader by SIGKILL again and again,
and measures each time how long it takes until a client of another replica has put a key.

  synod bench failover
  synod bench failover -kills 10`

func benchFailoverCommand() command {
	return command{
		name: "bench failover", summary: "measures how soon a killed leader is replaced", help: benchFailoverHelp,
		flags: func(set *flag.FlagSet) runner {
			kills := set.Int("kills", 100, "how `often` to kill")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if *kills < 1 {
					return exitUsage, errors.New("-kills is positive")
				}
				program, err := os.Executable()
				if err != nil {
					return 1, err
				}
				took, err := bench.Failover(ctx, program, *kills, func(s string) { out.Progress("%s", s) })
				out.Settle()
				if ctx.Err() != nil {
					return interrupted, errors.New("interrupted; no process is left")
				}
				if err != nil {
					return 1, err
				}
				slices.Sort(took)
				at := func(percent int) time.Duration { return took[(len(took)-1)*percent/100].Round(time.Millisecond) }
				fmt.Fprintf(out.Stdout, "%d kills: median %v, 90 of 100 within %v, 99 of 100 within %v, longest %v\n",
					len(took), at(50), at(90), at(99), at(100))
				return 0, nil
			}
		},
	}
}
