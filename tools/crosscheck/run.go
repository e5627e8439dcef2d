// Running: which models are checked, by whom, and what comes of it.

package crosscheck

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"synod/tools/synod/tlc"
)

// Options say what to check and how.
type Options struct {
	Filter  string        // a regular expression that a model's name must match
	Limit   time.Duration // for one model and one checker
	Longest time.Duration // models whose recorded time is longer are skipped; 0 is no bound
	Workers int           // of the engine; TLC has one, so that its depth means something
	Jar     string        // TLC's; "" is no TLC, "find" is the one that synod tlc finds
	Folders []string      // where else modules are looked for
	JSON    bool          // a line of JSON for each model instead of a table
	Self    []string      // how this program is called to check one model; empty is itself with "crosscheck"
	Child   string        // a job, as JSON: what a process for one model is given
}

// Flags declares the options as flags.
func (o *Options) Flags(set *flag.FlagSet) {
	set.StringVar(&o.Filter, "filter", "", "only models whose configuration's path matches this `regexp`")
	set.DurationVar(&o.Limit, "limit", time.Minute, "how long one model may take")
	set.DurationVar(&o.Longest, "longest", time.Minute, "skip models for which the manifest records more than this `time`; 0: none")
	set.IntVar(&o.Workers, "workers", 1, "how many `goroutines` the engine explores with")
	set.StringVar(&o.Jar, "tlc", "", "run TLC too, from this `jar`; find: the one that synod tlc uses")
	set.Func("modules", "a further `folder` to look for modules in; may be repeated", func(folder string) error {
		whole, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		o.Folders = append(o.Folders, whole)
		_, err = os.Stat(whole)
		return err
	})
	set.BoolVar(&o.JSON, "json", false, "print a line of JSON for each model")
	set.StringVar(&o.Child, "child", "", "check one model and print a line of JSON: the command calls itself with it")
}

// Help is what the command's -h says above its flags.
const Help = `
Checks every model of a collection of specifications with the engine and compares the result, the states generated and
the distinct states with what the collection's manifest.json files record for TLC; with -tlc, with a run of TLC as
well. The collection is laid out as tlaplus/Examples is. Models that cannot be compared are listed with the reason:
random modes, other tools' models, modules that neither the engine nor the folder has.

  synod crosscheck Examples
  synod crosscheck -filter Paxos -tlc find Examples
  synod crosscheck -limit 10m -longest 0 -json Examples > rows.json

Exit codes: 0 nothing differs, 1 something does, 2 the folder cannot be read or a flag is wrong.`

// Main is the command: it parses the flags, runs, and returns the exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := flag.NewFlagSet("crosscheck", flag.ContinueOnError)
	set.SetOutput(stderr)
	var o Options
	o.Flags(set)
	set.Usage = func() {
		fmt.Fprintf(stderr, "Usage: synod crosscheck [flags] FOLDER\n%s\n\nFlags:\n", strings.TrimRight(Help, "\n"))
		set.PrintDefaults()
	}
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	code, err := Run(ctx, set.Args(), o, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "crosscheck: %v\n", err)
	}
	return code
}

// Run checks the models below a folder, the only argument, and prints a table to out, progress to stderr. The code is 0
// where nothing differs, 1 where something does, 2 with an error.
func Run(ctx context.Context, args []string, o Options, out, stderr io.Writer) (int, error) {
	if o.Child != "" {
		_, err := out.Write(runChild(ctx, o.Child))
		return 0, err
	}
	if len(args) != 1 {
		return 2, fmt.Errorf("takes one folder, got %d arguments", len(args))
	}
	root, err := filepath.Abs(args[0])
	if err != nil {
		return 2, err
	}
	models, err := o.models(root)
	if err != nil {
		return 2, err
	}
	if err := o.complete(ctx, stderr); err != nil {
		return 2, err
	}
	p := newPrinter(out, o)
	for i, m := range models {
		fmt.Fprintf(stderr, "\r\x1b[K%d of %d: %s ", i+1, len(models), m.Name)
		row, err := o.row(ctx, root, m)
		fmt.Fprint(stderr, "\r\x1b[K")
		if err != nil {
			return 2, err
		}
		p.row(row)
	}
	return p.summary(), nil
}

// models lists the models below a folder that the filter lets through.
func (o Options) models(folder string) ([]Model, error) {
	filter, err := regexp.Compile(o.Filter)
	if err != nil {
		return nil, fmt.Errorf("-filter: %w", err)
	}
	models, err := ReadManifests(folder)
	if err != nil {
		return nil, err
	}
	models = slices.DeleteFunc(models, func(m Model) bool { return !filter.MatchString(m.Name) })
	if len(models) == 0 {
		return nil, fmt.Errorf("%s: no manifest.json lists a model that matches", folder)
	}
	return models, nil
}

// complete finds TLC and the program itself where they were not named.
func (o *Options) complete(ctx context.Context, stderr io.Writer) (err error) {
	if o.Jar != "" {
		named := o.Jar
		if named == "find" {
			named = ""
		}
		if o.Jar, err = tlc.Find(ctx, named, func(s string) { fmt.Fprintln(stderr, s) }); err != nil {
			return err
		}
	}
	if len(o.Self) == 0 {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		o.Self = []string{self, "crosscheck"}
	}
	return nil
}

// row checks one model of the collection at root.
func (o Options) row(ctx context.Context, root string, m Model) (Row, error) {
	listed := m.listed()
	row := Row{Model: m.Name, Listed: &listed}
	if row.Reason = o.skip(m); row.Reason != "" {
		row.Status = Skipped
		return row, nil
	}
	engine, err := inChild(ctx, o.Self, root, job{m.Spec, m.Config, o.Folders, o.Workers}, o.Limit)
	if err != nil {
		return row, err
	}
	row.Engine = &engine
	if o.Jar != "" {
		found, err := o.runTLC(ctx, m)
		if err != nil {
			return row, err
		}
		row.TLC = &found
	}
	row.judge(m)
	return row, nil
}

// skip says why a model is not checked; "" where it is.
func (o Options) skip(m Model) string {
	switch {
	case m.Mode == "symbolic":
		return "a model of Apalache's, for bounded symbolic checking"
	case m.Mode == "simulate" || m.Mode == "generate":
		return "random behaviours (" + m.Mode + "): no counts to compare"
	case m.Mode != "exhaustive search":
		return "unknown mode " + m.Mode
	case slices.Contains(m.Features, "action composition"):
		return "action composition, which TLC takes only with an experimental switch"
	case o.Longest > 0 && m.Runtime == 0:
		return "no recorded time"
	case o.Longest > 0 && m.Runtime > o.Longest:
		return fmt.Sprintf("recorded time %s", m.Runtime)
	}
	return ""
}

// missing matches the engine's error about a module that is nowhere.
var missing = regexp.MustCompile(`there is no module (\w+)`)

// judge compares what was found.
func (r *Row) judge(m Model) {
	if r.Engine.TimedOut {
		r.Status, r.Reason = TimedOut, "the engine did not finish"
		return
	}
	if name := missing.FindStringSubmatch(r.Engine.Message); name != nil && r.Engine.Result == "error" {
		r.Status, r.Reason = Skipped, "needs module "+name[1]
		return
	}
	var reasons []string
	add := func(reason string) {
		if reason != "" {
			reasons = append(reasons, reason)
		}
	}
	add(compare(*r.Engine, *r.Listed, "manifest", false))
	ran := r.TLC != nil && !r.TLC.TimedOut && !(r.TLC.Result == "error" && r.Listed.Result != "error")
	if ran {
		add(compare(*r.Engine, *r.TLC, "TLC", true))
	}
	switch {
	case len(reasons) > 0:
		r.Status, r.Reason = Differs, strings.Join(reasons, "; ")
	case m.Result == "unknown" && !ran:
		r.Status, r.Reason = Skipped, "the manifest knows no result; the engine says "+r.Engine.Result+message(*r.Engine)
	case r.Engine.Result == "success" && r.Listed.Unlisted && !ran:
		r.Status = Verdict
	default:
		r.Status = Same
	}
	if r.TLC != nil && r.TLC.Result == "error" && r.Status != Differs {
		r.Reason = "TLC" + message(*r.TLC)
	}
}

// runTLC has TLC check a model with one thread.
func (o Options) runTLC(ctx context.Context, m Model) (Finding, error) {
	timed, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	start := time.Now()
	result, err := tlc.Run(timed, o.Jar, tlc.Job{Spec: m.Spec, Config: m.Config, Workers: 1}, io.Discard)
	f := Finding{Seconds: time.Since(start).Seconds(), Result: "error"}
	switch {
	case ctx.Err() != nil:
		return f, ctx.Err()
	case timed.Err() != nil:
		f.TimedOut = true
		return f, nil
	case err != nil:
		return f, err
	}
	f.Result, f.Generated, f.Distinct, f.Depth, f.Message = resultOf(result.Code), result.Generated, result.Distinct, result.Depth, result.Error
	return f, nil
}
