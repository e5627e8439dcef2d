// Measurements: how fast the checker replays.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"synod/tools/synod/console"
	"synod/tools/synod/synthetic"
	"synod/tools/usage"
	"synod/trace"
)

const benchReplayHelp = `
Measures synod replay: processor time and memory of the whole command, reading and merging included. The traces are
made by the real protocol cores over so many registers; one register is one behaviour, as long as asked for. A log is always
one behaviour: its replicas are simulated, some of them are killed now and then, and with leases clients read from the leader.

  synod bench replay
  synod bench replay -events 10000,1000000 -instances 1,1000
  synod bench replay -stream
  synod bench replay -system log -events 10000,1000000`

func benchReplayCommand() command {
	return command{
		name: "bench replay", summary: "measures how fast traces are replayed", help: benchReplayHelp,
		flags: func(set *flag.FlagSet) runner {
			var b replayBench
			set.StringVar(&b.events, "events", "10000,100000", "lengths of the traces, in `events`, separated by commas")
			set.StringVar(&b.instances, "instances", "1,1000", "over how many `registers` they spread, separated by commas")
			set.StringVar(&b.system, "system", "register", "whose traces: register, log, or lease, which is the log with a leader's lease and reads")
			set.StringVar(&b.spec, "spec", "", "the specification's `file` (default: the one that the traces name)")
			set.Uint64Var(&b.seed, "seed", 1, "make the traces from this `number`")
			set.IntVar(&b.repeat, "repeat", 3, "measure so many `times` and print the best: what else the machine does only slows it down")
			set.StringVar(&b.into, "into", "", "only write the trace, the first of those asked for, into this `folder`")
			set.BoolVar(&b.stream, "stream", false, "measure synod replay -stream")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if b.repeat < 1 {
					return exitUsage, errors.New("-repeat is positive")
				}
				if b.system != "register" && b.system != "log" && b.system != "lease" {
					return exitUsage, fmt.Errorf("-system %s: it is register, log or lease", b.system)
				}
				return b.run(ctx, out)
			}
		},
	}
}

// replayBench are the flags of bench replay.
type replayBench struct {
	events, instances string
	system            string
	spec              string
	seed              uint64
	repeat            int
	stream            bool
	into              string
}

func (b *replayBench) run(ctx context.Context, out *console.Console) (int, error) {
	lengths, err := numbers("-events", b.events)
	if err != nil {
		return exitUsage, err
	}
	instances, err := numbers("-instances", b.instances)
	if err != nil {
		return exitUsage, err
	}
	if b.system != "register" {
		instances = []int{1}
	}
	if b.into != "" {
		return 0, b.write(b.into, lengths[0], instances[0])
	}
	folder, err := os.MkdirTemp("", "synod-bench-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	fmt.Fprintf(out.Stdout, "%10s  %10s  %10s  %14s  %10s\n", "events", b.system+"s", "processor", "events/s/core", "memory")
	for _, count := range instances {
		for _, n := range lengths {
			out.Progress("replaying %s events", console.Grouped(n))
			best, err := b.measure(ctx, folder, n, count)
			out.Settle()
			if ctx.Err() != nil {
				return interrupted, errors.New("interrupted")
			}
			if err != nil {
				return 1, err
			}
			fmt.Fprintf(out.Stdout, "%10s  %10s  %10s  %14s  %7d MB\n", console.Grouped(n), console.Grouped(count),
				best.CPU.Round(time.Millisecond), console.Grouped(int(float64(n)/best.CPU.Seconds())), best.Memory>>20)
		}
	}
	return 0, nil
}

// numbers reads a list of positive numbers.
func numbers(name, text string) ([]int, error) {
	var out []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%s: %q is no length", name, part)
		}
		out = append(out, n)
	}
	return out, nil
}

// measure replays a trace, of one file for each node, and tells the best of some runs. Both making and replaying it are
// processes of their own: a child's memory begins, as the system counts it, with what its parent had. A trace of the real
// cores conforms; another verdict is an error, because the time then measures something else.
func (b *replayBench) measure(ctx context.Context, folder string, n, instances int) (best usage.Usage, err error) {
	program, err := os.Executable()
	if err != nil {
		return best, err
	}
	run := func(args ...string) (usage.Usage, error) {
		child := exec.CommandContext(ctx, program, args...)
		text, err := child.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, text)
		}
		return usage.Of(child.ProcessState), err
	}
	if _, err := run("bench", "replay", "-into", folder, "-events", strconv.Itoa(n), "-instances", strconv.Itoa(instances),
		"-system", b.system, "-seed", strconv.FormatUint(b.seed, 10)); err != nil {
		return best, err
	}
	args := []string{"replay", "-workers", "1"}
	if b.spec != "" {
		args = append(args, "-spec", b.spec)
	}
	if b.stream {
		args = append(args, "-stream")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.ndjson"))
	if err != nil {
		return best, err
	}
	for i := range b.repeat {
		u, err := run(append(args, files...)...)
		if err != nil {
			return best, err
		}
		if i == 0 || u.CPU < best.CPU {
			best = u
		}
	}
	return best, nil
}

// write makes a trace of at least n events and writes it as its nodes would have.
func (b *replayBench) write(folder string, n, instances int) error {
	files, err := b.trace(n, instances)
	if err != nil {
		return err
	}
	for _, f := range files {
		file, err := os.Create(filepath.Join(folder, f.Headers[0].Node+".ndjson"))
		if err != nil {
			return err
		}
		if err := errors.Join(trace.Copy(file, f.Headers, f.Events), file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// trace makes a trace of at least n events: a file for each node.
func (b *replayBench) trace(n, instances int) (files []*trace.File, err error) {
	if b.system != "register" {
		return synthetic.Log(n, b.system == "lease", b.seed), nil
	}
	headers, events, err := synthetic.Trace(n, instances, b.seed)
	for _, h := range headers {
		f := &trace.File{Headers: []trace.Header{h}}
		for i := range events {
			if events[i].Node == h.Node {
				f.Events = append(f.Events, events[i])
			}
		}
		files = append(files, f)
	}
	return files, err
}
