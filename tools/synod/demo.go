// The demo as a subcommand.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"synod/impl/paxos"
	"synod/tools/synod/console"
	"synod/tools/synod/demo"
)

const demoHelp = `
Starts three acceptor and two proposer processes on loopback TCP and has clients change registers through them, while
the network splits and one acceptor is killed and started again. Then it replays what the five processes say they did
on the specification, checks the clients' answers for linearizability, and prints one screen with the verdict.

  synod demo
  synod demo -break accept-below-promise      watch a known bug being caught
  synod demo -seed 42 -dir out/demo -keep     other operations and faults; keep everything in a folder

The bugs: %s.

Exit codes: 0 conforms, 1 violates, 2 it could not be run, 3 inconclusive.`

// manyEvents is how long the traces of a healthy demo are at least: the load goes on until they are.
const manyEvents = 20_000

// demoFlags are the flags of synod demo.
type demoFlags struct {
	demo.Options
	seed int64
}

func demoCommand() command {
	return command{
		name: "demo", summary: "runs a cluster under faults and judges what it did",
		help: fmt.Sprintf(demoHelp, strings.Join(paxos.BugNames(), ", ")),
		flags: func(set *flag.FlagSet) runner {
			var f demoFlags
			set.StringVar(&f.Bugs, "break", "", "run with known `bugs`, separated by commas")
			set.DurationVar(&f.Duration, "duration", 10*time.Second, "how `long` clients ask for changes")
			set.IntVar(&f.Clients, "clients", 16, "how many `clients` ask at once")
			set.Int64Var(&f.seed, "seed", 0, "draw operations and faults from this `number` (default: a new one each time, which is printed)")
			set.IntVar(&f.Events, "events", -1, fmt.Sprintf("go on, three times as long at most, until the traces have so many `events` (default: %d, and 0 with -break)", manyEvents))
			set.StringVar(&f.Folder, "dir", "", "put all files into this `folder`, emptied first if a demo has made it (default: a new one below the temporary folder)")
			set.BoolVar(&f.Keep, "keep", false, "keep the servers' databases too, which are removed when all is well")
			set.StringVar(&f.Spec, "spec", "", "judge by this specification `file` (default: spec/register/Register.tla)")
			return f.run
		},
	}
}

func (f *demoFlags) run(ctx context.Context, out *console.Console, args []string) (int, error) {
	if err := f.complete(args); err != nil {
		return exitUsage, err
	}
	verdict, err := demo.Run(ctx, out, f.Options)
	if ctx.Err() != nil {
		return interrupted, errors.New("interrupted; no process is left")
	}
	if err != nil {
		return exitUsage, err
	}
	return verdictCode[verdict], nil
}

// complete checks the flags and fills in what depends on others.
func (f *demoFlags) complete(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("takes no arguments, got %q", args[0])
	}
	if _, err := paxos.ParseBugs(f.Bugs); err != nil {
		return fmt.Errorf("-break: %w", err)
	}
	if f.Duration < time.Second {
		return fmt.Errorf("-duration %v is too short for the faults: a second at least", f.Duration)
	}
	if f.Clients < 2 || f.Clients > 1000 {
		return fmt.Errorf("-clients %d: there are 2 to 1000", f.Clients)
	}
	if f.Events < 0 {
		f.Events = manyEvents
		if f.Bugs != "" {
			f.Events = 0
		}
	}
	f.Seed = f.seed
	if f.Seed == 0 {
		f.Seed = 1 + rand.Int64N(1_000_000)
	}
	var err error
	if f.Spec == "" {
		if f.Spec, err = findSpec("register/Register.tla"); err != nil {
			return err
		}
	}
	if f.Program, err = os.Executable(); err != nil {
		return err
	}
	if f.Folder == "" {
		f.Folder, err = os.MkdirTemp("", "synod-demo-")
	}
	return err
}
