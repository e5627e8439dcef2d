// Measurement of the cluster with Redis's own benchmark.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"synod/tools/bench"
	"synod/tools/synod/console"
)

const benchRedisHelp = `
Starts a cluster of three nodes on this machine, each an acceptor and a proposer in one process, and has redis-benchmark
(Debian's redis-tools) measure the first one: with one client, with 50, and with 50 that send 16 requests at once.

  synod bench redis
  synod bench redis -tests set,get -requests 100000`

func benchRedisCommand() command {
	return command{
		name: "bench redis", summary: "measures a cluster with redis-benchmark", help: benchRedisHelp,
		flags: func(set *flag.FlagSet) runner {
			q := bench.RedisRun{}
			set.StringVar(&q.Tests, "tests", "set,get,incr", "redis-benchmark's `tests`")
			requests := set.Int("requests", 40_000, "how `many` in each test with 50 clients; a twentieth of it with one")
			set.IntVar(&q.Keys, "keys", 10_000, "from how `many` keys each request draws one")
			set.IntVar(&q.Value, "value", 256, "a value's size in `bytes`")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if *requests < 20 || q.Keys < 1 || q.Value < 1 {
					return exitUsage, errors.New("-keys and -value are positive, and -requests is at least 20")
				}
				if _, err := exec.LookPath("redis-benchmark"); err != nil {
					return exitUsage, fmt.Errorf("redis-benchmark, of Debian's redis-tools, is needed: %w", err)
				}
				return benchRedis(ctx, out, q, *requests)
			}
		},
	}
}

func benchRedis(ctx context.Context, out *console.Console, q bench.RedisRun, requests int) (code int, err error) {
	program, err := os.Executable()
	if err != nil {
		return 1, err
	}
	r, err := bench.StartRedis(ctx, program)
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	fmt.Fprintln(out.Stdout, "| test | clients | at once | ops/s | p50 ms | p99 ms | max ms |\n|---|---:|---:|---:|---:|---:|---:|")
	for _, load := range []struct{ clients, pipeline, requests int }{{1, 1, requests / 20}, {50, 1, requests}, {50, 16, requests}} {
		q.Clients, q.Pipeline, q.Requests = load.clients, load.pipeline, load.requests
		rows, err := r.Run(ctx, q)
		if ctx.Err() != nil {
			return interrupted, errors.New("interrupted; no process is left")
		}
		if err != nil {
			return 1, err
		}
		for _, row := range rows {
			fmt.Fprintf(out.Stdout, "| %s | %d | %d | %s | %s | %s | %s |\n", row.Test, q.Clients, q.Pipeline, row.Rate, row.Median, row.Slow, row.Max)
		}
	}
	return 0, nil
}
