// Replaying traces on a specification.

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"synod/conformance"
	"synod/tools/synod/console"
	"synod/tools/synod/merged"
)

const replayHelp = `
Replays the traces of a system's nodes on a TLA+ specification, action by action, and says whether the system did what
the specification allows. Where it did not: which event, which conjunct of which action was false, with its values,
and since when they hold.

  synod replay out/demo/trace/*.ndjson                            on the specification that the traces name
  synod replay -spec spec/register/Register.tla a1.ndjson p1.ndjson
  synod replay -format json -spec S.tla -config S.cfg trace.ndjson
  synod replay -unlogged Expire -unlogged Tick=2 trace.ndjson     steps that are not logged: any number, or at most two
                                                                  between two events
  synod replay -coverage all.json runs/7/*.ndjson                 add what the trace has shown to what others have
  synod replay -follow -sample 1/100 /var/log/node*.ndjson        while the system runs; ^C ends it with the verdict so far
  synod replay -listen 127.0.0.1:7000 -spec S.tla                 each connection brings one node's trace
  synod replay -shrink small.ndjson out/demo/trace/*.ndjson       keep the few events that show the violation

The traces of all nodes belong together: an event whose cause is in no file is an error.

Exit codes: 0 conforms, 1 violates, 2 bad input, 3 inconclusive (a bound ended the search before it found an answer).`

// The exit codes of a replay, by verdict.
var verdictCode = map[conformance.Verdict]int{
	conformance.Conforms: 0, conformance.Violates: 1, conformance.Inconclusive: 3,
}

// replayFlags are the flags of synod replay.
type replayFlags struct {
	spec       string
	config     string
	format     string
	shrink     string
	reorder    bool
	workers    int
	candidates int
	hidden     int
	searched   int
	timeout    time.Duration
	unlogged   unloggedFlag
	coverage   string
	live       followFlags
}

// unloggedFlag collects the actions of -unlogged.
type unloggedFlag []conformance.Unlogged

func (f *unloggedFlag) String() string { return "" }

// Set takes Action or Action=2.
func (f *unloggedFlag) Set(text string) error {
	action, number, bounded := strings.Cut(text, "=")
	u := conformance.Unlogged{Action: action}
	if bounded {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return fmt.Errorf("it is Action or Action=N with N from 1")
		}
		u.Max = n
	}
	*f = append(*f, u)
	return nil
}

func replayCommand() command {
	return command{
		name: "replay", args: "TRACE...", summary: "replays traces on a specification: conforms or violates", help: replayHelp,
		flags: func(set *flag.FlagSet) runner {
			var f replayFlags
			set.StringVar(&f.spec, "spec", "", "the specification's `file` (default: the one that the traces name, below spec/)")
			set.StringVar(&f.config, "config", "", "configuration `file` (default: the one beside the specification, if there is one)")
			set.StringVar(&f.format, "format", "text", "how to report: "+strings.Join(formatNames(), ", "))
			set.StringVar(&f.shrink, "shrink", "", "where the trace violates, write the few events that show it to this `file`")
			set.BoolVar(&f.reorder, "reorder", false, "take any order that sequence numbers and causes allow, for traces that do not log all causes")
			set.IntVar(&f.workers, "workers", 0, "how many `instances` are replayed at once (default: one for each core)")
			set.IntVar(&f.candidates, "candidates", 0, "give an instance up beyond so many possible `states` (default 10000)")
			f.live.register(set)
			set.IntVar(&f.searched, "searched", 0, "with -reorder: give an instance up after so many `states` of the search (default 1000000)")
			set.DurationVar(&f.timeout, "timeout", 0, "what is not decided after this `time` is inconclusive (default: no limit)")
			set.Var(&f.unlogged, "unlogged", "the `action`'s steps are not logged: any number of them between two events, or at most N with Action=N; may be repeated")
			set.StringVar(&f.coverage, "coverage", "", "write which parts of the specification the trace has shown to this `file`; what the file has already is added")
			set.IntVar(&f.hidden, "hidden", 0, "search for at most so many unrecorded `steps` before a restart (default 6)")
			return f.run
		},
	}
}

func (f *replayFlags) run(ctx context.Context, out *console.Console, args []string) (int, error) {
	if os.Getenv("GOGC") == "" {
		// Most of what a replay allocates is its trace, which stays: looking through it half as often is worth some memory.
		debug.SetGCPercent(200)
	}
	if _, known := formats[f.format]; !known {
		return exitUsage, fmt.Errorf("-format %s: it is one of %s", f.format, strings.Join(formatNames(), ", "))
	}
	if f.workers < 0 || f.candidates < 0 || f.hidden < 0 || f.searched < 0 || f.timeout < 0 {
		return exitUsage, errors.New("-workers, -candidates, -hidden, -searched and -timeout are not negative")
	}
	if err := f.checkLive(args); err != nil {
		return exitUsage, err
	}
	options := conformance.Options{
		Workers: f.workers, MaxCandidates: f.candidates, MaxHidden: f.hidden, Reorder: f.reorder,
		MaxSearched: f.searched, Timeout: f.timeout, Unlogged: f.unlogged,
	}
	if f.live.live() {
		report, err := f.runLive(ctx, out, args, options)
		out.Settle()
		if f.live.stream && ctx.Err() != nil {
			return interrupted, errors.New("interrupted")
		}
		if err != nil {
			return exitUsage, err
		}
		return verdictCode[report.Verdict], f.tell(out, report)
	}
	if len(args) == 0 {
		return exitUsage, errors.New("which TRACE files?")
	}
	all, err := merged.Read(args)
	if err != nil {
		return exitUsage, err
	}
	for _, path := range all.Torn {
		fmt.Fprintln(out.Stderr, tornLine(path))
	}
	if f.spec == "" {
		if f.spec, err = namedSpec(all); err != nil {
			return exitUsage, err
		}
	}
	spec, err := conformance.LoadSpec(f.spec, conformance.SpecOptions{Config: f.config, Headers: all.Headers})
	if err != nil {
		return exitUsage, err
	}
	options.Progress = func(done int) {
		out.Progress("%s of %s events replayed", console.Grouped(done), console.Grouped(len(all.Events)))
	}
	report, err := conformance.Replay(ctx, spec, all.Headers, all.Events, options)
	out.Settle()
	if ctx.Err() != nil {
		return interrupted, errors.New("interrupted")
	}
	if err != nil {
		return exitUsage, err
	}
	if err := f.tell(out, report); err != nil {
		return exitUsage, err
	}
	if f.shrink != "" && report.Verdict == conformance.Violates {
		options.Progress = nil
		out.Progress("shrinking")
		err = merged.Shrink(ctx, f.shrink, spec, all, options)
		out.Settle()
	}
	return verdictCode[report.Verdict], err
}

// tornLine says what a torn file is.
func tornLine(path string) string {
	return path + ": the last line has no end and is left out: its node was killed while it wrote"
}

// tell writes the report, and adds to the coverage.
func (f *replayFlags) tell(out *console.Console, report *conformance.Report) error {
	if err := formats[f.format](report, out.Stdout); err != nil || f.coverage == "" {
		return err
	}
	return addCoverage(f.coverage, report.Coverage)
}

// formats are the ways to report.
var formats = map[string]func(*conformance.Report, io.Writer) error{
	"text":   (*conformance.Report).WriteText,
	"json":   (*conformance.Report).WriteJSON,
	"sarif":  (*conformance.Report).WriteSARIF,
	"github": (*conformance.Report).WriteGitHub,
}

func formatNames() []string { return slices.Sorted(maps.Keys(formats)) }

// namedSpec finds the one specification that the headers name.
func namedSpec(all *merged.Trace) (string, error) {
	switch len(all.Specs) {
	case 0:
		return "", errors.New("no header names a specification: choose with -spec")
	case 1:
		return findSpec(all.Specs[0].Name)
	}
	text := "the traces name several specifications: replay some of the files, or choose one for all with -spec"
	for _, s := range all.Specs {
		text += fmt.Sprintf("\n  %s: %s", s.Name, strings.Join(s.Files, " "))
	}
	return "", errors.New(text)
}

// findSpec looks for a specification below a folder spec: of the working directory and those above it, then of those
// above this program.
func findSpec(name string) (string, error) {
	var starts []string
	if dir, err := os.Getwd(); err == nil {
		starts = append(starts, dir)
	}
	if program, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(program))
	}
	for _, dir := range starts {
		for {
			path := filepath.Join(dir, "spec", filepath.FromSlash(name))
			if _, err := os.Stat(path); err == nil {
				return relative(starts[0], path), nil
			}
			up := filepath.Dir(dir)
			if up == dir {
				break
			}
			dir = up
		}
	}
	return "", fmt.Errorf("spec/%s is neither here nor beside this program: name it with -spec", name)
}

// relative shortens a path to one from dir where that does not climb.
func relative(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}
