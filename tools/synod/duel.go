// The engine against TLC: what each takes for the same models.

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"synod/tools/synod/console"
	"synod/tools/synod/models"
	"synod/tools/synod/tlc"
	"synod/tools/usage"
)

const benchCheckHelp = `
Has the engine and TLC check the same models in turn, each run a process of its own with the same number of workers, and
prints what each took: processor time (the user's part), time on the clock, and the most memory at once. Results and
counts must agree. Without -examples the models are those of spec/manifest.json that hold and are quick, with a tiny one
and those of 100,000 states generated or more; with it, models of a checkout of tlaplus/Examples, for
which -library names a folder that has TLAPS.tla and FiniteSetTheorems.tla. TLC's memory depends on Java's garbage collector:
Parallel is the one that TLC asks for, G1 what Java chooses by itself, Serial takes the least memory.

  synod bench check
  synod bench check -examples Examples -library tlapm/library -only Paxos -repeat 3
  synod bench check -workers 2 -collector Serial

Exit codes: 0 they agree, 1 they do not, 2 a model or TLC is not there, or a flag is wrong.`

// duelFlags are the flags of synod bench check.
type duelFlags struct {
	manifest string
	examples string
	only     string
	jar      string
	library  string
	workers  int
	repeat   int

	collector string
}

// collectors are Java's garbage collectors that TLC can be run with.
var collectors = []string{"Parallel", "G1", "Serial"}

// duel is a model that both check.
type duel struct{ name, spec, config string }

// trial is one checker's run, or the best of several.
type trial struct {
	code  int
	found tlc.Summary
	took  usage.Usage
	wall  time.Duration
}

func benchCheckCommand() command {
	return command{
		name: "bench check", summary: "measures model checking against TLC", help: benchCheckHelp,
		flags: func(set *flag.FlagSet) runner {
			f := &duelFlags{}
			set.StringVar(&f.manifest, "manifest", "", "the models of this `file` (default: spec/manifest.json)")
			set.StringVar(&f.examples, "examples", "", "models of this `folder`, a checkout of tlaplus/Examples, instead")
			set.StringVar(&f.only, "only", "", "the models whose name contains this `text`")
			set.StringVar(&f.jar, "jar", "", "the `file` with TLC (default: $"+tlc.Variable+", else the pinned release)")
			set.StringVar(&f.library, "library", "", "a `folder` with modules that TLC does not have, such as TLAPS and FiniteSetTheorems")
			set.IntVar(&f.workers, "workers", 1, "how many `threads` explore, of the engine and of TLC")
			set.StringVar(&f.collector, "collector", collectors[0], "Java's garbage `collector` for TLC: "+strings.Join(collectors, ", "))
			set.IntVar(&f.repeat, "repeat", 1, "run each so many `times`, in turn, and take the run with the least processor time")
			return f.run
		},
	}
}

func (f *duelFlags) run(ctx context.Context, out *console.Console, args []string) (int, error) {
	if len(args) > 0 {
		return exitUsage, fmt.Errorf("takes no arguments, got %q", args[0])
	}
	if f.workers < 1 || f.repeat < 1 || f.manifest != "" && f.examples != "" {
		return exitUsage, errors.New("-workers and -repeat are positive, and -manifest and -examples exclude each other")
	}
	if !slices.Contains(collectors, f.collector) {
		return exitUsage, fmt.Errorf("-collector is one of %s, not %q", strings.Join(collectors, ", "), f.collector)
	}
	scratch, err := os.MkdirTemp("", "synod-bench-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(scratch)
	list, err := f.duels(scratch)
	if err != nil {
		return exitUsage, err
	}
	jar, err := findTLC(ctx, out, f.jar)
	if err != nil {
		return exitUsage, err
	}
	program, err := os.Executable()
	if err != nil {
		return 1, err
	}
	fmt.Fprintf(out.Stdout, "%-28s %11s %10s | engine: %17s | TLC: %20s | TLC / engine\n", "", "", "", "", "")
	fmt.Fprintf(out.Stdout, "%-28s %11s %10s | %8s %8s %7s | %8s %8s %7s | %6s %6s %6s\n", "model", "generated", "distinct",
		"user s", "wall s", "MB", "user s", "wall s", "MB", "user", "wall", "memory")
	differ := 0
	for _, d := range list {
		same, err := f.measure(ctx, out, d, program, jar)
		if ctx.Err() != nil {
			return interrupted, errors.New("interrupted; no process is left")
		}
		if err != nil {
			return exitUsage, fmt.Errorf("%s: %w", d.name, err)
		}
		if !same {
			differ++
		}
	}
	if differ > 0 {
		return 1, fmt.Errorf("the engine and TLC differ on %d of %d models", differ, len(list))
	}
	return 0, nil
}

// measure has both check a model, in turn, and prints the row.
func (f *duelFlags) measure(ctx context.Context, out *console.Console, d duel, program, jar string) (same bool, err error) {
	defer out.Settle()
	var engine, other trial
	for i := range f.repeat {
		out.Progress("%s: the engine", d.name)
		e, err := runEngine(ctx, program, d, f.workers)
		if err != nil {
			return false, err
		}
		out.Progress("%s: TLC", d.name)
		t, err := f.runTLC(ctx, jar, d)
		if err != nil {
			return false, err
		}
		if i == 0 || e.took.User < engine.took.User {
			engine = e
		}
		if i == 0 || t.took.User < other.took.User {
			other = t
		}
	}
	out.Settle()
	if engine.code != other.code || engine.found.Generated != other.found.Generated || engine.found.Distinct != other.found.Distinct {
		fmt.Fprintf(out.Stdout, "%-28s %s\n", d.name, out.Paint(console.Red, fmt.Sprintf(
			"DIFFERS: the engine ends with %d, %d generated, %d distinct %s; TLC with %d, %d, %d %s", engine.code, engine.found.Generated,
			engine.found.Distinct, engine.found.Error, other.code, other.found.Generated, other.found.Distinct, other.found.Error)))
		return false, nil
	}
	ratio := func(a, b float64) string {
		if a == 0 || b == 0 {
			return "?"
		}
		return fmt.Sprintf("%.1f", a/b)
	}
	fmt.Fprintf(out.Stdout, "%-28s %11s %10s | %8.2f %8.2f %7d | %8.2f %8.2f %7d | %6s %6s %6s\n", d.name,
		console.Grouped(engine.found.Generated), console.Grouped(engine.found.Distinct),
		engine.took.User.Seconds(), engine.wall.Seconds(), engine.took.Memory>>20,
		other.took.User.Seconds(), other.wall.Seconds(), other.took.Memory>>20,
		ratio(other.took.User.Seconds(), engine.took.User.Seconds()), ratio(other.wall.Seconds(), engine.wall.Seconds()),
		ratio(float64(other.took.Memory), float64(engine.took.Memory)))
	return true, nil
}

// runEngine checks a model in a process like this one.
func runEngine(ctx context.Context, program string, d duel, workers int) (trial, error) {
	args := []string{"check", "-workers", fmt.Sprint(workers), "-config", d.config}
	cmd := exec.CommandContext(ctx, program, append(args, d.spec)...)
	cmd.WaitDelay = 5 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return trial{}, err
	}
	found := tlc.Summarize(stdout.Bytes())
	if found.Error == "" {
		found.Error = strings.TrimSpace(stderr.String())
	}
	return trial{cmd.ProcessState.ExitCode(), found, usage.Of(cmd.ProcessState), wall}, nil
}

func (f *duelFlags) runTLC(ctx context.Context, jar string, d duel) (trial, error) {
	start := time.Now()
	r, err := tlc.Run(ctx, jar, tlc.Job{Spec: d.spec, Config: d.config, Workers: f.workers, Library: f.library,
		Collector: f.collector}, io.Discard)
	return trial{r.Code, r.Summary, r.Took, time.Since(start)}, err
}

// duels are the models to check. scratch is a folder for configurations that are made of others.
func (f *duelFlags) duels(scratch string) ([]duel, error) {
	var all []duel
	var err error
	if f.examples != "" {
		all, err = exampleDuels(f.examples, scratch)
	} else {
		all, err = f.manifestDuels()
	}
	if err != nil {
		return nil, err
	}
	var chosen []duel
	for _, d := range all {
		if strings.Contains(d.name, f.only) {
			chosen = append(chosen, d)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no model's name contains %q", f.only)
	}
	return chosen, nil
}

// manifestDuels are the manifest's quick models that hold: its first one, which is tiny, and the larger ones; all of them
// where -only chooses.
func (f *duelFlags) manifestDuels() (list []duel, err error) {
	path := f.manifest
	if path == "" {
		if path, err = findSpec("manifest.json"); err != nil {
			return nil, err
		}
	}
	manifest, err := models.Read(path)
	if err != nil {
		return nil, err
	}
	const large = 100_000
	for _, m := range manifest.Choose(f.only != "", "") {
		if m.Result == "ok" && (len(list) == 0 || f.only != "" || *m.Generated >= large) {
			list = append(list, duel{name: m.Name, spec: m.Spec, config: m.Config})
		}
	}
	return list, nil
}

// exampleDuels are five models of tlaplus/Examples, and a tiny one. One of them is checked without its property as well, with a
// configuration that is made here.
func exampleDuels(folder, scratch string) ([]duel, error) {
	if _, err := os.Stat(filepath.Join(folder, "specifications")); err == nil {
		folder = filepath.Join(folder, "specifications")
	}
	at := func(dir, module, config string) duel {
		name := strings.TrimSuffix(config, ".cfg")
		return duel{name: name, spec: filepath.Join(folder, dir, module+".tla"), config: filepath.Join(folder, dir, config)}
	}
	paxos := at("PaxosHowToWinATuringAward", "MCPaxos", "MCPaxosSmall.cfg")
	list := []duel{
		at("PaxosHowToWinATuringAward", "MCPaxos", "MCPaxosTiny.cfg"),
		at("MultiPaxos-SMR", "MultiPaxos_MC", "MultiPaxos_MC_small.cfg"),
		at("SimplifiedFastPaxos", "FastPaxos", "FastPaxos.cfg"),
		paxos,
		at("Bakery-Boulangerie", "MCBakery", "MCBakery.cfg"),
	}
	for _, d := range list {
		for _, path := range []string{d.spec, d.config} {
			if _, err := os.Stat(path); err != nil {
				return nil, fmt.Errorf("-examples: %w", err)
			}
		}
	}
	text, err := os.ReadFile(paxos.config)
	if err != nil {
		return nil, err
	}
	paxos.name += " no PROPERTY"
	paxos.config = filepath.Join(scratch, "MCPaxosSmall.cfg")
	return append(list, paxos), os.WriteFile(paxos.config, withoutProperties(text), 0o644)
}

// withoutProperties takes the PROPERTY lines, each with the line of names below it, out of a configuration.
func withoutProperties(config []byte) []byte {
	var kept []string
	lines := strings.Split(string(config), "\n")
	for i := 0; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "PROPERTY" {
			i++
			continue
		}
		kept = append(kept, lines[i])
	}
	return []byte(strings.Join(kept, "\n"))
}
