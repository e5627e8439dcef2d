// Measurements: how fast the checker replays, and what tracing costs the cluster.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
	"synod/tools/synod/demo"
	"synod/tools/synod/merged"
	"synod/tools/synod/synthetic"
	"synod/trace"
)

const benchReplayHelp = `
Measures the replay. The traces are made by the real protocol cores over a single register, so that each is one
behaviour, as long as asked for.

  synod bench replay
  synod bench replay -events 1000,1000000`

const benchClusterHelp = `
Measures the cluster of the demo without faults: puts a second, every client under a key of its own, with traces and
without.

  synod bench cluster
  synod bench cluster -duration 30s -clients 64`

func benchReplayCommand() command {
	return command{
		name: "bench replay", summary: "measures how fast traces are replayed", help: benchReplayHelp,
		flags: func(set *flag.FlagSet) runner {
			events := set.String("events", "10000,100000", "lengths of the traces, in `events`, separated by commas")
			spec := set.String("spec", "", "the specification's `file` (default: spec/register/Register.tla)")
			seed := set.Uint64("seed", 1, "make the traces from this `number`")
			repeat := set.Int("repeat", 3, "measure so many `times` and print the best: what else the machine does only slows it down")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if *repeat < 1 {
					return exitUsage, errors.New("-repeat is positive")
				}
				return benchReplay(ctx, out, *events, *spec, *seed, *repeat)
			}
		},
	}
}

func benchReplay(ctx context.Context, out *console.Console, lengths, spec string, seed uint64, repeat int) (int, error) {
	var err error
	if spec == "" {
		if spec, err = findSpec("register/Register.tla"); err != nil {
			return exitUsage, err
		}
	}
	folder, err := os.MkdirTemp("", "synod-bench-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	fmt.Fprintf(out.Stdout, "%10s  %10s  %10s  %12s\n", "events", "read", "replay", "events/s")
	for _, text := range strings.Split(lengths, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 {
			return exitUsage, fmt.Errorf("-events: %q is no length", text)
		}
		out.Progress("replaying %s events", console.Grouped(n))
		var best replayTimes
		for i := range repeat {
			row, err := replayOnce(ctx, filepath.Join(folder, "trace.ndjson"), spec, n, seed)
			out.Settle()
			if ctx.Err() != nil {
				return interrupted, errors.New("interrupted")
			}
			if err != nil {
				return 1, err
			}
			if i == 0 || row.replay < best.replay {
				best = row
			}
		}
		fmt.Fprintf(out.Stdout, "%10s  %10s  %10s  %12s\n", console.Grouped(best.events), best.read.Round(time.Millisecond),
			best.replay.Round(time.Millisecond), console.Grouped(int(float64(best.events)/best.replay.Seconds())))
	}
	return 0, nil
}

// replayTimes are the times for one trace: to read and merge its file, and to replay it.
type replayTimes struct {
	events       int
	read, replay time.Duration
}

// replayOnce makes a trace, writes it, reads it back and replays it. A trace of the real cores conforms; another verdict
// is an error, because the time then measures something else.
func replayOnce(ctx context.Context, path, spec string, n int, seed uint64) (replayTimes, error) {
	headers, events, err := synthetic.Trace(n, seed)
	if err != nil {
		return replayTimes{}, err
	}
	file, err := os.Create(path)
	if err != nil {
		return replayTimes{}, err
	}
	if err := errors.Join(trace.Copy(file, headers, events), file.Close()); err != nil {
		return replayTimes{}, err
	}
	start := time.Now()
	all, err := merged.Read([]string{path})
	if err != nil {
		return replayTimes{}, err
	}
	read := time.Since(start)
	start = time.Now()
	loaded, err := conformance.LoadSpec(spec, conformance.SpecOptions{Headers: all.Headers})
	if err != nil {
		return replayTimes{}, err
	}
	report, err := conformance.Replay(ctx, loaded, all.Headers, all.Events, conformance.Options{})
	if err != nil {
		return replayTimes{}, err
	}
	if report.Verdict != conformance.Conforms || report.Explained != len(all.Events) {
		return replayTimes{}, fmt.Errorf("the trace %s: %d of %d events explained", report.Verdict, report.Explained, len(all.Events))
	}
	return replayTimes{len(all.Events), read, time.Since(start)}, nil
}

func benchClusterCommand() command {
	return command{
		name: "bench cluster", summary: "measures puts a second, with and without traces", help: benchClusterHelp,
		flags: func(set *flag.FlagSet) runner {
			duration := set.Duration("duration", 5*time.Second, "how `long` each measurement takes")
			clients := set.Int("clients", 16, "how many `clients` put at once")
			repeat := set.Int("repeat", 3, "measure so many `times`, in turn, and print the best")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if *duration <= 0 || *clients < 1 || *repeat < 1 {
					return exitUsage, errors.New("-duration, -clients and -repeat are positive")
				}
				return benchCluster(ctx, out, *duration, *clients, *repeat)
			}
		},
	}
}

func benchCluster(ctx context.Context, out *console.Console, duration time.Duration, clients, repeat int) (int, error) {
	program, err := os.Executable()
	if err != nil {
		return 1, err
	}
	options := demo.Options{Program: program, Duration: duration, Clients: clients}
	best := make(map[bool]demo.Speed) // by whether the servers keep traces
	for range repeat {
		for _, traced := range []bool{false, true} {
			speed, err := demo.Measure(ctx, out, options, traced)
			out.Settle()
			if ctx.Err() != nil {
				return interrupted, errors.New("interrupted; no process is left")
			}
			if err != nil {
				return 1, err
			}
			if speed.PerSecond() > best[traced].PerSecond() {
				best[traced] = speed
			}
		}
	}
	fmt.Fprintf(out.Stdout, "%8s  %8s  %10s  %10s  %10s  %s\n", "traces", "clients", "puts/s", "median", "99 of 100", "not satisfied")
	for _, traced := range []bool{false, true} {
		label := map[bool]string{false: "without", true: "with"}[traced]
		speed := best[traced]
		fmt.Fprintf(out.Stdout, "%8s  %8d  %10.0f  %10s  %10s  %d\n", label, clients, speed.PerSecond(),
			speed.Median.Round(10*time.Microsecond), speed.Slow.Round(10*time.Microsecond), speed.Failures)
	}
	return 0, nil
}
