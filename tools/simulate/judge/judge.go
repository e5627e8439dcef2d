// The judge of a simulated run: its trace on the specification, its invariants, and its clients' histories.

// Package judge runs a schedule in the simulator and has every checker look at what came of it. Make a Judge with New
// and call Run.
package judge

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"synod/conformance"
	"synod/impl/paxos"
	"synod/impl/sim"
	"synod/trace"
)

// Checker says who found something: C, I, R, P or L.
type Checker = sim.Checker

// The checkers besides those of the simulator.
const (
	Conformance     Checker = "C" // the trace is no behaviour of the specification
	Linearizability Checker = "L" // no register could have given the clients their answers
)

// Checkers are all of them.
var Checkers = []Checker{Conformance, sim.Invariant, Linearizability, sim.Recovery, sim.Progress}

// Judge keeps the specification loaded, for each shape of a cluster. It is safe for concurrent use.
type Judge struct {
	path  string
	mu    sync.Mutex
	specs map[string]*conformance.Spec
}

// New makes a judge with the specification at path, spec/register/Register.tla.
func New(path string) *Judge { return &Judge{path: path, specs: map[string]*conformance.Spec{}} }

// Verdict is what the checkers say of one run.
type Verdict struct {
	Result *sim.Result
	Found  map[Checker]string // what each checker objects to; a checker that is content is not there
	Hidden int                // steps that the replay had to supply
}

// Failed reports whether a checker objects.
func (v *Verdict) Failed() bool { return len(v.Found) > 0 }

// String gives the objections.
func (v *Verdict) String() string {
	var b strings.Builder
	for _, c := range Checkers {
		if text, found := v.Found[c]; found {
			fmt.Fprintf(&b, "%s: %s\n", c, strings.TrimSpace(text))
		}
	}
	return b.String()
}

// Run plays a schedule and judges it by the checkers asked for; none means all. The error is that the trace could not
// be judged at all.
func (j *Judge) Run(ctx context.Context, s sim.Schedule, bugs paxos.Bugs, by ...Checker) (*Verdict, error) {
	v := &Verdict{Result: sim.Run(s, bugs), Found: map[Checker]string{}}
	wanted := func(c Checker) bool {
		for _, x := range by {
			if x == c {
				return true
			}
		}
		return len(by) == 0
	}
	for _, f := range v.Result.Findings {
		if _, known := v.Found[f.Checker]; !known && wanted(f.Checker) {
			v.Found[f.Checker] = f.String()
		}
	}
	if wanted(Linearizability) {
		for _, bad := range v.Result.Linearizable() {
			v.Found[Linearizability] = fmt.Sprintf("the history of register %s is judged %s", bad.Key, bad.Result)
		}
	}
	if !wanted(Conformance) {
		return v, nil
	}
	return v, j.replay(ctx, v)
}

func (j *Judge) replay(ctx context.Context, v *Verdict) error {
	files := v.Result.Files()
	events, err := trace.Merge(files)
	if err != nil {
		v.Found[Conformance] = err.Error() // no order of what the nodes say happened is possible
		return nil
	}
	headers := trace.Headers(files)
	spec, err := j.spec(headers)
	if err != nil {
		return err
	}
	report, err := conformance.Replay(ctx, spec, headers, events, conformance.Options{Workers: 1})
	if err != nil {
		return fmt.Errorf("seed %d: %w", v.Result.Schedule.Seed, err)
	}
	v.Hidden = report.Hidden
	if report.Verdict != conformance.Conforms {
		var text strings.Builder
		if err := report.WriteText(&text); err != nil {
			return err
		}
		v.Found[Conformance] = text.String()
	}
	return nil
}

// spec loads the specification with the constants of a trace.
func (j *Judge) spec(headers []trace.Header) (*conformance.Spec, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	shape := fmt.Sprint(headers[0].Constants)
	if s := j.specs[shape]; s != nil {
		return s, nil
	}
	s, err := conformance.LoadSpec(j.path, conformance.SpecOptions{Headers: headers})
	if err == nil {
		j.specs[shape] = s
	}
	return s, err
}
