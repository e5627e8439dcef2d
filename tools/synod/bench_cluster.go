// Measurements of the cluster: puts and gets a second, beside other stores.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"synod/tools/bench"
	"synod/tools/bench/load"
	"synod/tools/synod/console"
)

const benchClusterHelp = `
Measures clusters of three nodes on this machine, with clients on the same processors: each client asks again as soon
as it is answered. All clusters run side by side, and take the load by turns. The table shows the medians of the rounds: answers a
second, what part that is of the first system's in the same round, times of answers, processor time of servers and clients for
each, and syncs of the disk. -peer adds a program of tools/bench/peers (make peers builds them), with whose rates Synod's are
compared.

  synod bench cluster
  synod bench cluster -systems synod,synod-traced -kinds put -clients 256
  synod bench cluster -peer etcd=out/peers/etcd -kinds put,hot,get -clients 1,64,256 -rounds 5
  synod bench cluster -build old=/tmp/synod -systems synod,synod@old -kinds put

Kinds: put (random keys), hot (one key), get (random keys, linearizable); and in a run of their own two (put at two of the
nodes) and stop (the same while the third is stopped by SIGSTOP).`

func benchClusterCommand() command {
	return command{
		name: "bench cluster", summary: "measures clusters of three nodes", help: benchClusterHelp,
		flags: func(set *flag.FlagSet) runner {
			o := bench.Options{Peers: map[string]string{}, Builds: map[string]string{}}
			systems := set.String("systems", "synod", "which `clusters` to measure beside the peers: "+strings.Join(bench.VariantNames(), ", "))
			set.Var(named(o.Peers), "peer", "measure this `name=program` too; may be given again")
			set.Var(named(o.Builds), "build", "another build of synod, as `name=program`, of which -systems may have variant@name; may be given again")
			kinds := set.String("kinds", "put,hot,get", "`loads`, separated by commas: put, hot, get, two, stop")
			clients := set.String("clients", "1,16,64,256", "`numbers` of clients, separated by commas")
			set.IntVar(&o.Keys, "keys", 100_000, "over how many `keys`")
			set.IntVar(&o.Value, "value", 256, "a value's size in `bytes`")
			set.DurationVar(&o.Warm, "warm", time.Second, "how `long` to load before measuring")
			set.DurationVar(&o.For, "duration", 3*time.Second, "how `long` each measurement takes")
			set.IntVar(&o.Rounds, "rounds", 3, "how `often` to measure each")
			set.StringVar(&o.Profile, "profile", "", "write profiles of Synod's nodes, of processor time and of what they allocate, into this `folder`")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if o.Rounds < 1 || o.For <= 0 || o.Warm < 0 || o.Keys < 1 || o.Value < 8 {
					return exitUsage, errors.New("-duration, -keys and -rounds are positive, and -value is at least 8")
				}
				var err error
				if o.Clients, err = numbers("-clients", *clients); err != nil {
					return exitUsage, err
				}
				o.Kinds, o.Systems = strings.Split(*kinds, ","), append(strings.Split(*systems, ","), slices.Sorted(maps.Keys(o.Peers))...)
				return benchCluster(ctx, out, o)
			}
		},
	}
}

// named is a flag that names programs, as name=program.
type named map[string]string

// String implements flag.Value.
func (n named) String() string { return "" }

// Set implements flag.Value.
func (n named) Set(s string) error {
	name, program, ok := strings.Cut(s, "=")
	if !ok {
		return errors.New("it is not name=program")
	}
	n[name] = program
	return nil
}

func benchCluster(ctx context.Context, out *console.Console, o bench.Options) (int, error) {
	for _, kind := range o.Kinds {
		switch kind {
		case load.Put, load.Hot, load.Get, bench.Two, bench.Stop:
		default:
			return exitUsage, fmt.Errorf("-kinds: %q is none of put, hot, get, two and stop", kind)
		}
	}
	var err error
	if o.Synod, err = os.Executable(); err != nil {
		return 1, err
	}
	o.Say = func(what string) { out.Progress("%s", what) }
	rows, err := bench.Run(ctx, o)
	out.Settle()
	if ctx.Err() != nil {
		return interrupted, errors.New("interrupted; no process is left")
	}
	if errors.Is(err, bench.ErrSystem) {
		return exitUsage, err
	}
	if err != nil {
		return 1, err
	}
	printRows(out.Stdout, rows)
	return 0, nil
}

// printRows writes a table that is Markdown.
func printRows(w io.Writer, rows []bench.Row) {
	fmt.Fprintln(w, "| load | clients | system | ops/s | by first | best | p50 ms | p99 ms | worst tenth | servers' CPU µs/op | clients' | syncs/op | failed |")
	fmt.Fprintln(w, "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d)/1e6) }
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %d | %s | %s | %.3f | %s | %s | %s | %s | %.1f | %.1f | %.2f | %d |\n",
			r.Kind, r.Clients, r.System, console.Grouped(int(r.Rate)), r.Ratio, console.Grouped(int(r.Best)), ms(r.Median), ms(r.Slow),
			console.Grouped(int(r.Least)), float64(r.Server)/1e3, float64(r.Client)/1e3, r.Syncs, r.Errors)
	}
}
