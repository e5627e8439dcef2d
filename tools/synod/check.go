// Model checking with the Go engine: one specification, or every model of a manifest.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"synod/conformance/tla"
	"synod/tools/synod/console"
	"synod/tools/synod/disk"
	"synod/tools/synod/models"
)

const checkHelp = `
Model-checks a TLA+ specification: explores every reachable state, checks what the configuration lists, and prints
TLC's figures: states generated, distinct states found, and the depth. On an error it prints the behaviour that leads
there. The files are the ones that TLC reads, unchanged.

  synod check Spec.tla                        with Spec.cfg
  synod check -config MCSmall.cfg MC.tla      with another configuration
  synod check -workers 1 -deadlock MC.tla     in a fixed order; a state without successors is no error
  synod check -simulate num=1000,seed=7 MC.tla    random behaviours; the same seed gives the same ones
  synod check -manifest spec/manifest.json    every quick model of the manifest, results and counts compared

Exit codes are TLC's: 0 no error, 10 a false assumption, 11 deadlock, 12 safety violated, 13 liveness violated, 75 to
77 an evaluation error, 150 and up a specification or configuration that cannot be read. With -manifest: 0 all as the
manifest says, 1 something differs. 2 is a wrong flag.`

// checkFlags are the flags of synod check.
type checkFlags struct {
	config   string
	workers  int
	deadlock bool
	full     bool
	dfs      bool
	coverage bool
	goOn     bool
	inv      expressions
	level    int
	simulate simulation
	format   string
	itf      string
	profile  string
	memory   size
	disk     string
	manifest manifestFlags
}

func checkCommand() command {
	return command{
		name: "check", args: "Spec.tla", summary: "model-checks a specification with the Go engine", help: checkHelp,
		flags: func(set *flag.FlagSet) runner {
			var f checkFlags
			set.StringVar(&f.config, "config", "", "configuration `file` (default: the module's own, Spec.cfg)")
			set.IntVar(&f.workers, "workers", 0, "how many `goroutines` explore; 1 explores in a fixed order (default: one for each core)")
			set.BoolVar(&f.deadlock, "deadlock", false, "do not report a state without successors, as TLC's -deadlock")
			set.BoolVar(&f.full, "full", false, "print every variable of every state of a behaviour, not only what changed")
			set.BoolVar(&f.dfs, "dfs", false, "explore depth first, with one worker: for specifications that follow a trace")
			set.BoolVar(&f.coverage, "coverage", false, "say how often each action was taken, and which never")
			set.BoolVar(&f.goOn, "continue", false, "go on after a violation of an invariant or of a property of steps; each is told once, and the exit code is 0, as TLC's")
			set.Var(&f.inv, "inv", "check this `expression` as an invariant besides those of the configuration; may be repeated")
			set.IntVar(&f.level, "invlevel", 0, "report the first behaviour of this many `states`, as TLC's -invlevel")
			set.Var(&f.simulate, "simulate", "look at random behaviours: `num=N,depth=D,seed=S`, each may be left out")
			set.StringVar(&f.format, "format", "text", "what is printed: `text`, json, or the counterexample as itf")
			set.StringVar(&f.itf, "dump-itf", "", "write the counterexample in the Informal Trace Format to this `file`")
			set.Var(&f.memory, "memory", "keep at most about this `size` of states and fingerprints in memory, and the rest on disk: 512MB, 4GB (default: no bound)")
			set.StringVar(&f.disk, "disk", "", "with -memory: the `folder` for the rest, removed afterwards (default: the system's temporary one)")
			set.StringVar(&f.profile, "cpuprofile", "", "write a profile of the processor's time to this `file`, for go tool pprof")
			f.manifest.register(set)
			return f.profiled
		},
	}
}

// profiled runs the check, under the profiler where that is asked for.
func (f *checkFlags) profiled(ctx context.Context, out *console.Console, args []string) (int, error) {
	if f.profile == "" {
		return f.run(ctx, out, args)
	}
	file, err := os.Create(f.profile)
	if err != nil {
		return exitUsage, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return exitUsage, errors.Join(err, file.Close())
	}
	code, err := f.run(ctx, out, args)
	pprof.StopCPUProfile()
	return code, errors.Join(err, file.Close())
}

func (f *checkFlags) run(ctx context.Context, out *console.Console, args []string) (int, error) {
	if os.Getenv("GOGC") == "" {
		// What a search keeps has hardly any pointers, so that garbage can be collected often: a tenth less memory for no more time.
		debug.SetGCPercent(50)
	}
	if f.workers < 0 {
		return exitUsage, fmt.Errorf("-workers %d: there must be one at least", f.workers)
	}
	if !slices.Contains([]string{"text", "json", "itf"}, f.format) {
		return exitUsage, fmt.Errorf("-format %s: it is text, json or itf", f.format)
	}
	if f.dfs && (f.workers > 1 || f.simulate.options != nil) {
		return exitUsage, errors.New("-dfs explores with one worker, and is no simulation")
	}
	if f.manifest.path != "" {
		if len(args) > 0 || f.config != "" || f.deadlock {
			return exitUsage, errors.New("-manifest says what to check: it goes with no specification, -config or -deadlock")
		}
		return f.manifest.run(ctx, out, 1, func() (models.Judge, error) { return models.Engine{Workers: cores(f.workers)}, nil })
	}
	spec, err := oneArgument(args, "Spec.tla")
	if err != nil {
		return exitUsage, err
	}
	config, err := configFor(spec, f.config)
	if err != nil {
		return exitUsage, err
	}
	if f.level > 0 {
		f.inv = append(f.inv, fmt.Sprintf(`LET _T == INSTANCE TLC _N == INSTANCE Naturals IN _N!<(_T!TLCGet("level"), %d)`, f.level))
	}
	model, err := tla.Load(spec, tla.Options{Config: config, Invariants: f.inv})
	if err != nil {
		return tla.ExitCode(err), refuse(out, spec, err)
	}
	talk := out.Stdout // what stands beside a document must not stand inside of it
	if f.format != "text" {
		talk = out.Stderr
	}
	if o := f.simulate.options; o != nil {
		fmt.Fprintf(talk, "Random behaviours of at most %d states, seed %d.\n", o.Depth, o.Seed)
	}
	storage, remove, err := f.storage()
	if err != nil {
		return exitUsage, err
	}
	defer remove()
	result, err := model.Check(ctx, tla.CheckOptions{
		Memory: int64(f.memory), Storage: storage,
		Workers: cores(f.workers), NoDeadlock: f.deadlock, DepthFirst: f.dfs, Continue: f.goOn,
		Simulation: f.simulate.options, Coverage: f.coverage,
		Print: func(line string) { fmt.Fprintln(talk, line) },
		Progress: func(p tla.Progress) {
			out.Progress("%s: %s states generated, %s distinct, %s to explore, depth %d, %.0f s",
				filepath.Base(spec), console.Grouped(p.Generated), console.Grouped(p.Distinct), console.Grouped(p.Queue), p.Depth, p.Elapsed.Seconds())
		},
	})
	out.Settle()
	if ctx.Err() != nil {
		return interrupted, errors.New("interrupted")
	}
	if err != nil {
		return tla.ExitCode(err), refuse(out, spec, err)
	}
	if err := f.dump(out, result); err != nil {
		return exitUsage, err
	}
	if f.format != "text" {
		return result.Code, nil
	}
	printResult(out, result, f.full)
	printDisabled(out, model, result)
	printFalse(out, model, result)
	printCoverage(out, result.Coverage)
	for _, note := range result.Notes {
		fmt.Fprintln(out.Stdout, "Note: "+note)
	}
	return result.Code, nil
}

// refuse shows why a specification cannot be checked.
func refuse(out *console.Console, spec string, err error) error {
	fmt.Fprintln(out.Stderr, tla.Render(err))
	return fmt.Errorf("%s cannot be checked", spec)
}

// storage is where goes what -memory has no room for; nil without it. It must be removed.
func (f *checkFlags) storage() (storage tla.Storage, remove func(), err error) {
	if f.memory == 0 {
		return nil, func() {}, nil
	}
	d, err := disk.Open(f.disk)
	if err != nil {
		return nil, nil, err
	}
	return d, func() { _ = d.Close() }, nil // what could not be removed is of no use to anybody
}

// size is a flag's number of bytes, perhaps in KB, MB or GB.
type size int64

func (s *size) String() string { return "" }

// Set reads a number with or without a unit.
func (s *size) Set(text string) error {
	number, unit := strings.ToUpper(text), int64(1)
	for i, u := range []string{"KB", "MB", "GB", "TB"} {
		if rest, ok := strings.CutSuffix(number, u); ok {
			number, unit = rest, 1<<(10*(i+1))
		}
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no size: write 512MB or 4GB", text)
	}
	*s = size(n * unit)
	return nil
}

// dump writes what other programs read.
func (f *checkFlags) dump(out *console.Console, result *tla.Result) error {
	if f.itf != "" {
		file, err := os.Create(f.itf)
		if err != nil {
			return err
		}
		if err := errors.Join(result.WriteITF(file), file.Close()); err != nil {
			return err
		}
	}
	switch f.format {
	case "json":
		return result.WriteJSON(out.Stdout)
	case "itf":
		return result.WriteITF(out.Stdout)
	}
	return nil
}

// interrupted is the exit code after a signal, as shells have it for SIGINT.
const interrupted = 130

// cores turns a -workers flag into a number: one for each core by default.
func cores(workers int) int {
	if workers > 0 {
		return workers
	}
	return runtime.NumCPU()
}

// oneArgument returns the only argument, or says what is missing or too much.
func oneArgument(args []string, what string) (string, error) {
	switch len(args) {
	case 0:
		return "", fmt.Errorf("which %s?", what)
	case 1:
		return args[0], nil
	default:
		return "", fmt.Errorf("takes one %s, got %d arguments: %s", what, len(args), strings.Join(args, " "))
	}
}

// configFor finds the configuration: the one named, as it stands or beside the specification, else the
// specification's own. A named one that is nowhere is an error; the module's own may be missing.
func configFor(spec, named string) (string, error) {
	if named == "" {
		own := strings.TrimSuffix(spec, ".tla") + ".cfg"
		if _, err := os.Stat(own); err != nil {
			return "", fmt.Errorf("%s has no configuration beside it (%s): name one with -config", spec, filepath.Base(own))
		}
		return own, nil
	}
	if _, err := os.Stat(named); err == nil {
		return named, nil
	}
	beside := filepath.Join(filepath.Dir(spec), named)
	if _, err := os.Stat(beside); err == nil && !filepath.IsAbs(named) {
		return beside, nil
	}
	return "", fmt.Errorf("no configuration %s", named)
}

// printResult prints the verdict, the behaviour where there is one, and TLC's figures.
func printResult(out *console.Console, result *tla.Result, full bool) {
	if result.Verdict == tla.OK {
		fmt.Fprintln(out.Stdout, out.Paint(console.Green, "No error has been found."))
	} else {
		for _, v := range result.Violations {
			fmt.Fprintln(out.Stdout, out.Paint(console.Red, "Error: "+v.Message)+", found "+times(v.Count))
			printBehavior(out, v.Behavior, full)
		}
		if len(result.Violations) == 0 || result.Code != 0 {
			fmt.Fprintln(out.Stdout, out.Paint(console.Red, "Error: "+message(result)))
			printBehavior(out, result.Behavior, full)
			printLoop(out, result)
		}
	}
	fmt.Fprintf(out.Stdout, "%d states generated, %d distinct states found, %d states left on queue.\n",
		result.Generated, result.Distinct, result.Queue)
	fmt.Fprintf(out.Stdout, "The depth of the complete state graph search is %d.\n", result.Depth)
}

// message is what went wrong, with the place where an evaluation failed.
func message(result *tla.Result) string {
	if result.Err != nil {
		return result.Message + "\n" + tla.Render(result.Err)
	}
	return result.Message
}

// printBehavior prints the states that lead to the error: the first in full, then what each step changed.
func printBehavior(out *console.Console, behavior []tla.Step, full bool) {
	if len(behavior) == 0 {
		return
	}
	fmt.Fprintln(out.Stdout, "The behavior up to this point is:")
	for i, step := range behavior {
		fmt.Fprintf(out.Stdout, "%s <%s>\n", out.Paint(console.Bold, fmt.Sprintf("State %d:", i+1)), stepName(step, i))
		for _, b := range step.Shown {
			changed := i > 0 && slices.Contains(step.Changed, b.Name)
			switch line := fmt.Sprintf("/\\ %s = %s", b.Name, b.Value); {
			case changed && full:
				fmt.Fprintf(out.Stdout, "%s  \\* changed\n", line)
			case changed || full || i == 0:
				fmt.Fprintln(out.Stdout, line)
			}
		}
		fmt.Fprintln(out.Stdout)
	}
}

// printDisabled says, where a behaviour ends because there is no further step, for each action why it leads nowhere: the conjuncts
// that are false. That is so at a deadlock, and where a trace cannot be followed any more.
func printDisabled(out *console.Console, model *tla.Model, result *tla.Result) {
	const most = 12
	actions := model.Actions()
	stuck := result.Verdict == tla.Deadlock || result.Verdict == tla.Liveness && result.Loop < 0
	if !stuck || len(actions) == 0 || len(result.Behavior) == 0 {
		return
	}
	machine, last := model.NewMachine(), result.Behavior[len(result.Behavior)-1].State
	if next, err := machine.Successors(last); err != nil || len(next) > 0 {
		return
	}
	fmt.Fprintln(out.Stdout, "In the last state no action is enabled:")
	for i, a := range actions {
		if i == most {
			fmt.Fprintf(out.Stdout, "  .. and %d more\n", len(actions)-most)
			break
		}
		if e, err := machine.Explain(last, a, nil, nil); err == nil {
			fmt.Fprintln(out.Stdout, "  "+strings.ReplaceAll(e.String(), "\n", "\n  "))
		}
	}
}

// printFalse says which conjuncts of a violated invariant are false in the last state, with the values of their operands.
func printFalse(out *console.Console, model *tla.Model, result *tla.Result) {
	if result.Verdict != tla.Safety || result.Code == 0 || len(result.Behavior) == 0 || !slices.Contains(model.Invariants(), result.Property) {
		return
	}
	last := result.Behavior[len(result.Behavior)-1].State
	if e, err := model.NewMachine().ExplainInvariant(last, result.Property); err == nil && e.Held < len(e.Conjuncts) {
		fmt.Fprintln(out.Stdout, "In the last state, of "+e.String())
	}
}

// times is a number of times.
func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return console.Grouped(n) + " times; the first:"
}

// printLoop says where the behaviour of a lasso goes on.
func printLoop(out *console.Console, result *tla.Result) {
	if result.Verdict != tla.Liveness || len(result.Behavior) == 0 {
		return
	}
	if result.Loop < 0 {
		fmt.Fprintf(out.Stdout, "State %d: Stuttering\n\n", len(result.Behavior)+1)
	} else {
		fmt.Fprintf(out.Stdout, "Back to state %d: <%s>\n\n", result.Loop+1, stepName(result.Behavior[result.Loop], result.Loop))
	}
}

// stepName gives an action, the values of its parameters and its place, in TLC's form.
func stepName(step tla.Step, index int) string {
	if index == 0 {
		return "Initial predicate"
	}
	name := step.Action
	for i, arg := range step.Args {
		separator := ", "
		if i == 0 {
			separator = "("
		}
		name += separator + arg.Value.String()
	}
	if len(step.Args) > 0 {
		name += ")"
	}
	return name + " " + step.Place
}

// expressions is the value of -inv.
type expressions []string

func (e *expressions) String() string { return "" }

// Set adds an expression.
func (e *expressions) Set(text string) error {
	*e = append(*e, text)
	return nil
}

// simulation is the value of -simulate.
type simulation struct{ options *tla.Simulation }

func (s *simulation) String() string { return "" }

// Set reads num=N,depth=D,seed=S in any order.
func (s *simulation) Set(text string) error {
	o := &tla.Simulation{Depth: 100, Seed: uint64(time.Now().UnixNano() % 1_000_000)}
	for part := range strings.SplitSeq(text, ",") {
		name, number, _ := strings.Cut(part, "=")
		n, err := strconv.ParseUint(number, 10, 63)
		switch {
		case err != nil:
			return fmt.Errorf("%q is not num=N, depth=D or seed=S", part)
		case name == "num":
			o.Behaviors = int64(n)
		case name == "depth" && n > 0 && n < 1<<31:
			o.Depth = int(n)
		case name == "seed":
			o.Seed = n
		default:
			return fmt.Errorf("%q is not num=N, depth=D or seed=S", part)
		}
	}
	s.options = o
	return nil
}

// printCoverage lists the actions with their counts, those that never fired last.
func printCoverage(out *console.Console, actions []tla.ActionCount) {
	var never []string
	for _, a := range actions {
		if a.Generated == 0 {
			never = append(never, a.Action)
			continue
		}
		fmt.Fprintf(out.Stdout, "%12s generated %12s distinct  %s (%s)\n", console.Grouped(a.Generated), console.Grouped(a.Distinct), a.Action, a.Place)
	}
	if len(never) > 0 {
		fmt.Fprintf(out.Stdout, "never taken: %s\n", strings.Join(never, ", "))
	}
}
