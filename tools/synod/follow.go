// synod replay -follow, -listen and -stream: events are replayed as they are read.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
	"synod/tools/synod/live"
	"synod/trace"
)

// followFlags are the flags of a live replay.
type followFlags struct {
	follow   bool
	stream   bool
	listen   string
	sample   sampleFlag
	delay    time.Duration
	patience time.Duration
	idle     time.Duration
	memory   int64
}

func (f *followFlags) register(set *flag.FlagSet) {
	set.BoolVar(&f.follow, "follow", false, "go on reading while the files grow, until interrupted or -idle; each violation is told as it is found")
	set.BoolVar(&f.stream, "stream", false, "read the files while they are replayed, in bounded memory, on one core: for traces that do not fit into memory")
	set.StringVar(&f.listen, "listen", "", "take traces from connections to this `address` too, host:port or unix:path, one stream each")
	set.Var(&f.sample, "sample", "with -follow and -stream: look at `1/n` of the instances; the name decides, so it is always the same ones")
	set.DurationVar(&f.delay, "delay", 300*time.Millisecond, "with -follow: let an event wait so `long` for others with smaller clocks")
	set.DurationVar(&f.patience, "patience", 10*time.Second, "with -follow: a cause that has not come after this `time` makes the verdict inconclusive")
	set.DurationVar(&f.idle, "idle", 0, "with -follow: stop when nothing has come for so `long` (default: never)")
	set.Int64Var(&f.memory, "memory", 256, "with -follow and -stream: summarise instances when values take more than so many `megabytes`")
}

// live reports whether the replay is one while the system runs.
func (f *followFlags) live() bool { return f.follow || f.stream || f.listen != "" }

// sampleFlag is the value of -sample: n of 1/n.
type sampleFlag int

func (f *sampleFlag) String() string { return "" }

// Set takes 1/n.
func (f *sampleFlag) Set(text string) error {
	number, ok := strings.CutPrefix(text, "1/")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 {
		return errors.New("it is 1/n, such as 1/100")
	}
	*f = sampleFlag(n)
	return nil
}

// check refuses what does not go together.
func (f *replayFlags) checkLive(args []string) error {
	switch {
	case !f.live.live():
		if f.live.sample > 0 || f.live.idle > 0 {
			return errors.New("-sample and -idle go with -follow, -listen or -stream")
		}
	case f.live.stream && (f.live.follow || f.live.listen != "" || f.live.idle > 0):
		return errors.New("-stream is for traces that are there as a whole: it goes with no -follow, -listen or -idle")
	case f.reorder || f.shrink != "" || f.timeout > 0:
		return errors.New("-reorder, -shrink and -timeout need the trace in memory, not for -follow, -listen and -stream")
	case f.live.delay < 0 || f.live.patience < 0 || f.live.idle < 0 || f.live.memory < 1:
		return errors.New("-delay, -patience and -idle are not negative, and -memory is positive")
	case len(args) == 0 && f.live.listen == "":
		return errors.New("which TRACE files? Or -listen")
	}
	return nil
}

// runLive replays while the system runs. An interrupt ends it with the verdict so far.
func (f *replayFlags) runLive(ctx context.Context, out *console.Console, args []string, options conformance.Options) (*conformance.Report, error) {
	return live.Follow(ctx, live.Options{
		Whole: f.live.stream,
		Files: args, Listen: f.live.listen, Delay: f.live.delay, Patience: f.live.patience, Idle: f.live.idle,
		Monitor: conformance.MonitorOptions{Options: options, Sample: int(f.live.sample), Memory: f.live.memory << 20},
		Load: func(h trace.Header) (*conformance.Spec, error) {
			path := f.spec
			if path == "" {
				found, err := findSpec(h.Spec)
				if err != nil {
					return nil, err
				}
				path = found
			}
			return conformance.LoadSpec(path, conformance.SpecOptions{Config: f.config, Headers: []trace.Header{h}})
		},
		Torn:      func(path string) { fmt.Fprintln(out.Stderr, tornLine(path)) },
		Listening: func(a net.Addr) { fmt.Fprintf(out.Stderr, "listening on %s\n", a) },
		Violation: func(r *conformance.Report, i int) {
			out.Settle()
			r.WriteViolation(out.Stderr, i) // it is in the report, too; the report's error counts
		},
		Progress: func(p live.Progress) {
			out.Progress("%s events, %s held back, %s violations", console.Grouped(p.Events), console.Grouped(p.Held), console.Grouped(p.Violations))
		},
	})
}
