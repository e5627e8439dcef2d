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

Exit codes: 0 satisfied, 1 rejected (it had no effect and never will), 3 unknown (it may have taken effect, may yet, or
never will: read, and ask again if needed), 2 a wrong flag or change.`

// exitUnknown is the code for a change whose outcome nobody knows.
const exitUnknown = 3

func changeCommand() command {
	return command{
		name: "change", args: "KEY CHANGE...", summary: "asks a proposer for one change of a register", help: changeHelp,
		flags: func(set *flag.FlagSet) runner {
			address := set.String("proposer", "127.0.0.1:7101", "the proposer's `host:port`")
			timeout := set.Duration("timeout", 5*time.Second, "how `long` to wait for the answer")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				return askChange(ctx, out, *address, *timeout, args)
			}
		},
	}
}

func askChange(ctx context.Context, out *console.Console, address string, timeout time.Duration, args []string) (int, error) {
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
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
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
	default:
		return exitUnknown, fmt.Errorf("unknown: %s", result.Reason)
	}
}
