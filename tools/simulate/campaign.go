// Campaigns: seed after seed, until a checker objects.

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/tools/simulate/judge"
)

// campaign is a run of the command.
type campaign struct {
	flags
	bugs  paxos.Bugs
	judge *judge.Judge
	out   io.Writer
	again func(s sim.Schedule, bugs paxos.Bugs) (*sim.Result, error) // plays a schedule a second time
}

// totals are of all seeds of a campaign.
type totals struct {
	events, steps, restarts, hidden, satisfied, onStore int
	traces                                              hash.Hash // of all traces in the order of seeds
}

// seeds judges the run of each seed. It ends with the first that fails.
func (c *campaign) seeds(ctx context.Context) (failed bool, err error) {
	start := time.Now()
	sum := totals{traces: sha256.New()}
	for seed := c.first; seed < c.first+c.flags.seeds; seed++ {
		s := sim.Generate(seed)
		v, err := c.judge.Run(ctx, s, c.bugs)
		if err != nil {
			return false, err
		}
		if v.Failed() {
			fmt.Fprintf(c.out, "seed %d fails\n%srerun    %s\n", seed, v, c.rerun(seed))
			return true, c.shrunk(ctx, v)
		}
		sum.add(v)
		if c.twice {
			if err := c.repeat(s, v.Result, &sum); err != nil {
				return false, err
			}
		}
		if c.flags.seeds == 1 {
			return false, keep(c.flags.out, v)
		}
	}
	fmt.Fprintf(c.out, "seeds %d to %d: no checker objects. %d events, %d steps in traces, %d changes satisfied, %d restarts, %d hidden steps found; %v\n",
		c.first, c.first+c.flags.seeds-1, sum.events, sum.steps, sum.satisfied, sum.restarts, sum.hidden, time.Since(start).Round(time.Millisecond))
	if c.twice {
		fmt.Fprintf(c.out, "each twice, %d of them on the real store the second time: the same traces, byte for byte; sha256 %x\n", sum.onStore, sum.traces.Sum(nil))
	}
	return false, nil
}

func (t *totals) add(v *judge.Verdict) {
	t.events, t.steps, t.restarts = t.events+v.Result.Events, t.steps+v.Result.Steps, t.restarts+v.Result.Restarts
	t.hidden += v.Hidden
	for _, a := range v.Result.Answers {
		if a.Outcome == paxos.Satisfied {
			t.satisfied++
		}
	}
}

// repeat plays a schedule again and compares the traces.
func (c *campaign) repeat(s sim.Schedule, first *sim.Result, sum *totals) error {
	second, err := c.again(s, c.bugs)
	if err != nil {
		return err
	}
	if onStore(s) {
		sum.onStore++
	}
	one, two := lines(first), lines(second)
	sum.traces.Write(one)
	if !bytes.Equal(one, two) {
		return fmt.Errorf("seed %d gives two traces, which differ from byte %d on", s.Seed, differs(one, two))
	}
	return nil
}

// onStore reports whether a seed's second run is on the real store, which takes longer than the simulator's disk and
// neither tears nor rots.
func onStore(s sim.Schedule) bool { return s.Seed%10 == 0 && !s.Bytes }

// again plays a schedule a second time, on the real store where onStore says so.
func again(s sim.Schedule, bugs paxos.Bugs) (*sim.Result, error) {
	if !onStore(s) {
		return sim.Run(s, bugs), nil
	}
	return sim.RunOnStore(s, bugs)
}

// lines are a run's traces in one text.
func lines(r *sim.Result) []byte {
	var b []byte
	for _, f := range r.Files() {
		b = append(b, sim.Lines(f)...)
	}
	return b
}

// differs is the first place at which two texts differ.
func differs(one, two []byte) int {
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] {
			return i
		}
	}
	return min(len(one), len(two))
}

// schedule judges one schedule.
func (c *campaign) schedule(ctx context.Context, s sim.Schedule) (failed bool, err error) {
	v, err := c.judge.Run(ctx, s, c.bugs)
	if err != nil {
		return false, err
	}
	fmt.Fprint(c.out, v)
	return v.Failed(), keep(c.flags.out, v)
}

// rerun is the command that plays a seed again.
func (c *campaign) rerun(seed uint64) string {
	return fmt.Sprintf("go run ./tools/simulate -seed %d%s", seed, c.bug())
}

func (c *campaign) bug() string {
	if c.flags.bugs == "" {
		return ""
	}
	return " -bug " + c.flags.bugs
}

// shrunk prints and keeps a smaller schedule that the same checkers object to.
func (c *campaign) shrunk(ctx context.Context, v *judge.Verdict) error {
	best := c.judge.Shrunk(ctx, v, c.bugs)
	fmt.Fprintf(c.out, "shrunk   %s", best.Schedule())
	if c.flags.out != "" {
		fmt.Fprintf(c.out, "replay   go run ./tools/simulate -schedule %s%s\n", filepath.Join(c.flags.out, "schedule.json"), c.bug())
	}
	return keep(c.flags.out, best)
}

// keep writes the schedule and the traces of a run.
func keep(out string, v *judge.Verdict) error {
	if out == "" {
		return nil
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(v.Result.Schedule, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "schedule.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	for _, f := range v.Result.Files() {
		if err := os.WriteFile(filepath.Join(out, f.Name), sim.Lines(f), 0o644); err != nil {
			return err
		}
	}
	return nil
}
