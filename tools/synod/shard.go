// Shards on the command line: where they are, and how they get elsewhere.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"synod/impl/groups"
	"synod/impl/resp"
	"synod/tools/synod/console"
	"synod/tools/synod/deployment"
)

const shardHelp = `

The servers run several groups (synod serve replica -groups N, or groups = N in [cluster]), each of which has a log of its
own. The keys are in 256 shards, and each shard is served by one group at a time; at first the group g1 has them all.
Shards that follow each other and are to be at one group are a range, which is called by the number of its first shard.
Clients go on while a range moves: its shards move one by one, and requests for a shard that is on its way wait. What is
wanted is kept before the first shard moves, so a move may be interrupted at any point and goes on with "synod shard
resume"; until then a few shards may be on their way, and are served by nobody.

  synod shard list -config cluster/client/synod.toml
  synod shard split -config cluster/client/synod.toml 128
  synod shard move -config cluster/client/synod.toml 128 g2
  synod shard merge -config cluster/client/synod.toml 128
  synod shard resume -at 127.0.0.1:6381,127.0.0.1:6382

Exit codes: 0 done, 1 not done, or not to its end, 2 a wrong flag or file.`

// groupsOf asks the servers that the flags name.
func groupsOf(a deployment.Access) groups.Ask {
	return func(ctx context.Context, harmless bool, words ...string) (resp.Reply, error) {
		r, err := a.Ask(ctx, harmless, words...)
		if errors.Is(err, deployment.ErrUnknown) {
			err = fmt.Errorf("%w: %w", groups.ErrUnknown, err)
		}
		return r, err
	}
}

// shardCommand makes a subcommand of "shard".
func shardCommand(name, args, summary string, n int, run func(ctx context.Context, out *console.Console, o *groups.Operator, args []string) error) command {
	return command{
		name: "shard " + name, args: args, summary: summary, help: strings.ToUpper(summary[:1]) + summary[1:] + "." + shardHelp,
		flags: func(set *flag.FlagSet) runner {
			var where target
			where.locate(set)
			set.DurationVar(&where.timeout, "timeout", 10*time.Minute, "how `long` to try")
			return func(ctx context.Context, out *console.Console, got []string) (int, error) {
				if len(got) != n {
					return exitUsage, fmt.Errorf("takes %d arguments (%s), got %d", n, args, len(got))
				}
				access, err := where.access()
				if err != nil {
					return exitUsage, err
				}
				ctx, cancel := context.WithTimeout(ctx, where.timeout)
				defer cancel()
				o := &groups.Operator{Ask: groupsOf(access), Report: func(text string) { out.Progress("%s", text) }}
				if o.Client, err = groups.Dial(ctx, o.Ask); err != nil {
					return 1, err
				}
				err = run(ctx, out, o, got)
				out.Settle()
				if err == nil {
					err = listShards(ctx, out, o)
				}
				if err != nil {
					return 1, err
				}
				return 0, nil
			}
		},
	}
}

// shardCommands are the subcommands of "shard". Each prints what there is when it is done.
func shardCommands() []command {
	return []command{
		shardCommand("list", "", "prints which group has which shards", 0, func(context.Context, *console.Console, *groups.Operator, []string) error {
			return nil
		}),
		shardCommand("split", "SHARD", "cuts a range of shards in two", 1, func(ctx context.Context, _ *console.Console, o *groups.Operator, args []string) error {
			return o.Split(ctx, args[0])
		}),
		shardCommand("merge", "SHARD", "joins a range to the one before it, which is to be at the same group", 1, func(ctx context.Context, _ *console.Console, o *groups.Operator, args []string) error {
			return o.Merge(ctx, args[0])
		}),
		shardCommand("move", "SHARD GROUP", "moves the range that begins with a shard to a group", 2, func(ctx context.Context, _ *console.Console, o *groups.Operator, args []string) error {
			return o.Move(ctx, args[0], args[1])
		}),
		shardCommand("resume", "", "goes on with moves that were interrupted", 0, func(ctx context.Context, _ *console.Console, o *groups.Operator, _ []string) error {
			return o.Carry(ctx)
		}),
	}
}

// listShards prints a line for each range, and what is on its way.
func listShards(ctx context.Context, out *console.Console, o *groups.Operator) error {
	m, err := o.Map(ctx)
	if err != nil {
		return err
	}
	open := 0
	for _, r := range m.Ranges() {
		last := r.Shards[len(r.Shards)-1].Shard
		fmt.Fprintf(out.Stdout, "%-9s %s", r.First()+"-"+last, r.Wanted)
		if n := r.Away(); n > 0 {
			fmt.Fprintf(out.Stdout, ", of %d shards %d are elsewhere", len(r.Shards), n)
			open += n
		}
		fmt.Fprintln(out.Stdout)
	}
	for _, group := range o.Client.Groups() {
		frozen, err := o.Frozen(ctx, group)
		if err != nil {
			return err
		}
		for _, h := range frozen {
			fmt.Fprintf(out.Stdout, "shard %s is on its way from %s to %s\n", h.Shard, group, h.Heir)
			open++
		}
	}
	if open > 0 {
		fmt.Fprintln(out.Stdout, "a move is under way, or was interrupted (synod shard resume goes on with it)")
	}
	return nil
}
