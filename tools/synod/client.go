// A client on the command line: one change of one register of integers.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"synod/impl/client"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/tools/synod/console"
)

const changeHelp = `
Asks a proposer to change a register by a function and prints the state before and after. A read is a change like any
other: the one that leaves the state as it is.

  synod change -proposer 127.0.0.1:7101 stock read
  synod change -proposer 127.0.0.1:7101 stock set 5
  synod change -proposer 127.0.0.1:7101 stock add -1       (negative numbers are no flags here)
  synod change -proposer 127.0.0.1:7101 stock cas 4 10     sets 10 if the state is 4
  synod change -proposer 127.0.0.1:7102 -resolve 4711 stock

The last one asks what became of a change that ended as unknown, with the ballot that was printed then; any proposer may
be asked. It reads under a larger ballot, so that what has not taken effect by then never will.

Exit codes: 0 satisfied, 1 rejected (it had no effect and never will), 3 unknown (it may have taken effect, may yet, or
never will: resolve it, or read, and ask again if needed), 2 a wrong flag or change.`

// exitUnknown is the code for a change whose outcome nobody knows.
const exitUnknown = 3

func changeCommand() command {
	return command{
		name: "change", args: "KEY CHANGE...", summary: "asks a proposer for one change of a register", help: changeHelp,
		flags: func(set *flag.FlagSet) runner {
			address := set.String("proposer", "127.0.0.1:7101", "the proposer's `host:port`")
			timeout := set.Duration("timeout", 5*time.Second, "how `long` to wait for the answer")
			ballot := set.Uint64("resolve", 0, "find out what became of the change that was proposed under this `ballot`")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				ctx, cancel := context.WithTimeout(ctx, *timeout)
				defer cancel()
				if *ballot != 0 {
					return resolve(ctx, out, *address, paxos.Ballot(*ballot), args)
				}
				return askChange(ctx, out, *address, args)
			}
		},
	}
}

func askChange(ctx context.Context, out *console.Console, address string, args []string) (int, error) {
	if len(args) < 2 {
		return exitUsage, errors.New("which KEY, and which CHANGE of it?")
	}
	change, err := register.Parse(strings.Join(args[1:], " "))
	if err != nil {
		return exitUsage, err
	}
	proposer, err := client.Dial(address, nil)
	if err != nil {
		return exitUsage, err
	}
	defer proposer.Close()
	result, err := proposer.Change(ctx, args[0], change)
	if err != nil {
		return exitUsage, err
	}
	switch result.Outcome {
	case paxos.Satisfied:
		fmt.Fprintf(out.Stdout, "%d -> %d\n", result.Before, result.State)
		return 0, nil
	case paxos.Rejected:
		return 1, fmt.Errorf("rejected: %s", result.Reason)
	case paxos.Unknown:
		if result.Ballot == 0 {
			return exitUnknown, fmt.Errorf("unknown: %s: read it before you ask again", result.Reason)
		}
		return exitUnknown, fmt.Errorf("unknown: %s: synod change -proposer %s -resolve %d %s tells", result.Reason, address, result.Ballot, args[0])
	}
	panic("the change ended as " + result.Outcome.String())
}

// resolve finds out what became of a change.
func resolve(ctx context.Context, out *console.Console, address string, ballot paxos.Ballot, args []string) (int, error) {
	if len(args) != 1 || ballot > paxos.MaxBallot {
		return exitUsage, fmt.Errorf("-resolve takes the ballot that was printed, up to %d, and a KEY", paxos.MaxBallot)
	}
	proposer, err := client.Dial(address, nil)
	if err != nil {
		return exitUsage, err
	}
	defer proposer.Close()
	found, err := proposer.Resolve(ctx, args[0], ballot)
	switch {
	case err != nil:
		return exitUsage, err
	case found.Read.Outcome != paxos.Satisfied:
		return exitUnknown, fmt.Errorf("still unknown: %s", found.Read.Reason)
	case found.Fate == paxos.Unknown:
		return exitUnknown, fmt.Errorf("it was too long ago to tell; the state is %d", found.Read.State)
	case found.Fate == paxos.Rejected:
		return 1, fmt.Errorf("rejected: it had no effect and never will; the state is %d", found.Read.State)
	}
	fmt.Fprintf(out.Stdout, "satisfied; the state is %d\n", found.Read.State)
	return 0, nil
}
