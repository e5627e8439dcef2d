// The soak as a subcommand.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"synod/conformance"
	"synod/impl/log"
	"synod/impl/paxos"
	"synod/tools/synod/console"
	"synod/tools/synod/demo"
)

const soakHelp = `
Runs the demo's cluster of three acceptors and two proposers under load, kills random processes with SIGKILL and starts
them again, cuts the network in random shapes, and has an operator who is interrupted now and then exchange acceptors
for one that is out, which comes back on an empty disk. Then it checks all that clients were told for linearizability, and
replays the traces on the specification, in bounded memory.

With -replicas it is three replicas of a log, which clients ask in Redis's words, and nobody is exchanged.

  synod soak -kills 500 -dir out/soak       about a quarter of an hour
  synod soak -replicas -clients 4 -kills 500       about half an hour; traces of a log take longer to replay

Exit codes: 0 conforms, 1 violates, 2 it could not be run, 3 inconclusive.`

func soakCommand() command {
	return command{
		name: "soak", summary: "kills processes of a cluster again and again, and judges what it did", help: soakHelp,
		flags: func(set *flag.FlagSet) runner {
			var o demo.Options
			kills := set.Int("kills", 500, "how `many` processes are killed, one after the other")
			every := set.Int("exchange", 10, "begin to exchange an acceptor every so `many` kills; 0: never")
			replicas := set.Bool("replicas", false, "soak three replicas of a log")
			lease := set.Duration("lease", 0, "with -replicas: leaders read from their own copies for so `long` (default: they ask the others)")
			set.IntVar(&o.Clients, "clients", 8, "how `many` clients ask at once")
			set.Int64Var(&o.Seed, "seed", 0, "draw operations and faults from this `number` (default: a new one each time, which is printed)")
			set.StringVar(&o.Folder, "dir", "", "put all files into this `folder`, emptied first if a soak or demo has made it (default: a new one below the temporary folder)")
			set.StringVar(&o.Bugs, "break", "", "run with known `bugs`, separated by commas")
			set.BoolVar(&o.Keep, "keep", false, "keep the servers' databases too, which are removed when all is well")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if *kills < 1 || o.Clients < 1 || *every < 0 {
					return exitUsage, errors.New("-kills and -clients are 1 at least, and -exchange is not negative")
				}
				spec, err := soakedSpec(*replicas, *lease, o.Bugs)
				if err != nil {
					return exitUsage, err
				}
				if o.Seed == 0 {
					o.Seed = 1 + rand.Int64N(1_000_000)
				}
				if o.Program, err = os.Executable(); err != nil {
					return exitUsage, err
				}
				if o.Spec, err = findSpec(spec); err != nil {
					return exitUsage, err
				}
				if o.Folder == "" {
					if o.Folder, err = os.MkdirTemp("", "synod-soak-"); err != nil {
						return exitUsage, err
					}
				}
				soak := func() (conformance.Verdict, error) { return demo.Soak(ctx, out, o, *kills, *every) }
				if *replicas {
					soak = func() (conformance.Verdict, error) { return demo.SoakReplicas(ctx, out, o, *kills, *lease) }
				}
				verdict, err := soak()
				if ctx.Err() != nil {
					return interrupted, errors.New("interrupted; no process is left")
				}
				if err != nil {
					return exitUsage, err
				}
				fmt.Fprintf(out.Stdout, "%-14s%s\n", "verdict", verdict)
				return verdictCode[verdict], nil
			}
		},
	}
}

// soakedSpec names the specification that the traces are of, or says what is wrong with the flags.
func soakedSpec(replicas bool, lease time.Duration, bugs string) (path string, err error) {
	switch {
	case !replicas && lease != 0:
		return "", errors.New("-lease goes with -replicas")
	case !replicas:
		path = "register/RegisterMembership.tla"
		_, err = paxos.ParseBugs(bugs)
	default:
		path = log.ReadSpecPath
		if lease > 0 {
			path = log.LeaseSpecPath
		}
		_, err = parseReplicaBugs(bugs)
	}
	if err != nil {
		return "", fmt.Errorf("-break: %w", err)
	}
	return path, nil
}
