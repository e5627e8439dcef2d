// How soon a live replay tells of a wrong step: the time from the write of an event to the violation.

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
	"synod/tools/synod/live"
	"synod/tools/synod/synthetic"
	"synod/trace"
)

const benchFollowHelp = `
Measures synod replay -follow: how long after a wrong step was written the violation is told. The real protocol cores
make a trace, and in some registers what one step has logged is made wrong. Then the nodes' files grow at a given rate
while they are followed.

  synod bench follow
  synod bench follow -rate 50000 -events 500000`

// followBench are the flags of bench follow.
type followBench struct {
	events, instances, wrong, rate int
	seed                           uint64
	spec                           string
	delay                          time.Duration
}

func benchFollowCommand() command {
	return command{
		name: "bench follow", summary: "measures how soon a live replay tells of a wrong step", help: benchFollowHelp,
		flags: func(set *flag.FlagSet) runner {
			var b followBench
			set.IntVar(&b.events, "events", 100000, "how many `events` are written")
			set.IntVar(&b.instances, "instances", 1000, "over how many `registers` they spread")
			set.IntVar(&b.wrong, "wrong", 100, "in how many `registers` a step is made wrong")
			set.IntVar(&b.rate, "rate", 10000, "how many `events` are written each second")
			set.Uint64Var(&b.seed, "seed", 1, "make the trace from this `number`")
			set.StringVar(&b.spec, "spec", "", "the specification's `file` (default: spec/register/Register.tla)")
			set.DurationVar(&b.delay, "delay", 300*time.Millisecond, "let an event wait so `long` for others with smaller clocks")
			return func(ctx context.Context, out *console.Console, args []string) (int, error) {
				if len(args) > 0 {
					return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
				}
				if min(b.events, b.instances, b.wrong, b.rate) < 1 || b.wrong > b.instances || b.delay < 0 {
					return exitUsage, errors.New("-events, -instances, -wrong and -rate are positive, -wrong is at most -instances, -delay is not negative")
				}
				return b.run(ctx, out)
			}
		},
	}
}

func (b *followBench) run(ctx context.Context, out *console.Console) (int, error) {
	var err error
	if b.spec == "" {
		if b.spec, err = findSpec("register/Register.tla"); err != nil {
			return exitUsage, err
		}
	}
	headers, events, err := synthetic.Trace(b.events, b.instances, b.seed)
	if err != nil {
		return 1, err
	}
	wrong := b.corrupt(events)
	folder, err := os.MkdirTemp("", "synod-bench-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	took, err := b.measure(ctx, out, folder, headers, events, wrong)
	out.Settle()
	switch {
	case ctx.Err() != nil:
		return interrupted, errors.New("interrupted")
	case err != nil:
		return 1, err
	case len(took) < len(wrong):
		return 1, fmt.Errorf("of %d wrong steps only %d were told", len(wrong), len(took))
	}
	slices.Sort(took)
	at := func(share float64) time.Duration {
		return took[int(share*float64(len(took)-1))].Round(time.Millisecond)
	}
	fmt.Fprintf(out.Stdout, "%d wrong steps among %s events, written at %s a second: each was told, after %s (median), %s (95 of 100), %s (all)\n",
		len(took), console.Grouped(len(events)), console.Grouped(b.rate), at(0.5), at(0.95), at(1))
	return 0, nil
}

// corrupt makes one acceptance wrong in some registers: it logs a promise that no acceptor can have. It gives the
// indices of the wrong events.
func (b *followBench) corrupt(events []trace.Event) map[int]bool {
	accepts := map[string][]int{} // by register
	for i := range events {
		if events[i].Action == "Accept" {
			accepts[events[i].Instance] = append(accepts[events[i].Instance], i)
		}
	}
	registers := make([]string, 0, len(accepts))
	for r := range accepts {
		registers = append(registers, r)
	}
	slices.Sort(registers)
	random := rand.New(rand.NewPCG(b.seed, b.seed))
	random.Shuffle(len(registers), func(i, j int) { registers[i], registers[j] = registers[j], registers[i] })
	wrong := map[int]bool{}
	for _, r := range registers[:min(b.wrong, len(registers))] {
		i := accepts[r][random.IntN(len(accepts[r]))]
		wrong[i] = true
		for v := range events[i].Vars {
			if strings.HasPrefix(events[i].Vars[v].Name, "promised[") {
				events[i].Vars[v].JSON = "-1"
			}
		}
	}
	return wrong
}

// measure follows the files while they are written, and gives for each wrong step that was told how long that took.
func (b *followBench) measure(
	ctx context.Context, out *console.Console, folder string, headers []trace.Header, events []trace.Event, wrong map[int]bool,
) (took []time.Duration, err error) {
	ctx, done := context.WithCancel(ctx)
	defer done()
	var mu sync.Mutex
	written, told := map[trace.ID]time.Time{}, map[trace.ID]time.Time{}
	writing := make(chan error, 1)
	var files []string
	for _, h := range headers {
		files = append(files, filepath.Join(folder, h.Node+".ndjson"))
	}
	go func() {
		writing <- b.write(ctx, files, headers, events, func(i int) {
			if wrong[i] {
				mu.Lock()
				written[events[i].ID] = time.Now()
				mu.Unlock()
			}
		})
	}()
	_, err = live.Follow(ctx, live.Options{
		Files: files, Delay: b.delay, Patience: time.Minute, Idle: time.Second + 2*b.delay,
		Monitor: conformance.MonitorOptions{Memory: 256 << 20},
		Load: func(h trace.Header) (*conformance.Spec, error) {
			return conformance.LoadSpec(b.spec, conformance.SpecOptions{Headers: []trace.Header{h}})
		},
		Violation: func(r *conformance.Report, i int) {
			mu.Lock()
			told[r.Violations[i].Event.ID] = time.Now()
			mu.Unlock()
		},
		Progress: func(p live.Progress) {
			out.Progress("%s of %s events", console.Grouped(p.Events), console.Grouped(len(events)))
		},
	})
	done()
	if err := errors.Join(err, ignoreCancelled(<-writing)); err != nil {
		return nil, err
	}
	for id, t := range told {
		if at, ok := written[id]; ok {
			took = append(took, t.Sub(at))
		}
	}
	return took, nil
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// write appends the events to their nodes' files at the rate asked for, in batches as servers do. wrote is told of
// each event just before.
func (b *followBench) write(ctx context.Context, paths []string, headers []trace.Header, events []trace.Event, wrote func(int)) error {
	const tick = 5 * time.Millisecond
	files, batches := map[string]*os.File{}, map[string]*bytes.Buffer{}
	for i, h := range headers {
		file, err := os.Create(paths[i])
		if err != nil {
			return err
		}
		defer file.Close()
		files[h.Node], batches[h.Node] = file, bytes.NewBuffer(h.AppendJSON(nil))
	}
	began := time.Now()
	for i := 0; i < len(events); {
		due := min(len(events), int(time.Since(began).Seconds()*float64(b.rate)))
		for ; i < due; i++ {
			wrote(i)
			batches[events[i].Node].Write(events[i].AppendJSON(nil))
		}
		for node, batch := range batches {
			if _, err := batch.WriteTo(files[node]); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(tick):
		}
	}
	return nil
}
