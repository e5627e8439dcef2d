// Subcommands that stand in packages of their own: the ladder of broken protocols, and the comparison with TLC's figures.

package main

import (
	"context"
	"flag"

	"synod/tools/crosscheck"
	"synod/tools/ladder"
	"synod/tools/synod/console"
)

func ladderCommand() command {
	return command{
		name: "ladder", args: ladder.Arguments, summary: ladder.Summary, help: ladder.Help,
		flags: func(set *flag.FlagSet) runner {
			f := &ladder.Flags{}
			f.Register(set)
			return f.Run
		},
	}
}

func crosscheckCommand() command {
	return command{
		name: "crosscheck", args: "DIR", summary: "compares the engine with a collection of models that records TLC's figures", help: crosscheck.Help,
		flags: func(set *flag.FlagSet) runner {
			o := &crosscheck.Options{}
			o.Flags(set)
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				return crosscheck.Run(ctx, args, *o, out.Stdout, out.Stderr)
			}
		},
	}
}
