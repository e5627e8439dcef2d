// The subcommand: list the rungs, or climb one.

package ladder

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synod/conformance/tla"
	"synod/tools/synod/console"
)

// Summary is the subcommand's line in a list of subcommands, Arguments what its usage line shows.
const (
	Summary   = "climbs from one server to Paxos: each rung breaks, and the next one mends it"
	Arguments = "[RUNG]"
)

// Help is what -h says.
const Help = `
Runs the ladder of spec/ladder: protocols in the order in which one would invent them on the way to Paxos. Each but
the last of a stretch is broken. The engine finds the shortest way to break it, the way is told step by step, and then
comes the difference to the next rung, which mends it.

  synod ladder            lists the rungs
  synod ladder 7b         climbs one
  synod ladder 7          climbs 7a and 7b
  synod ladder -states 3  prints what each step changes in the state, too
  synod ladder -tlc 3     has TLC check it as well, and compares

Exit codes: 0 the rung breaks or holds as it should, 1 it does not, 2 there is no such rung.`

// The exit codes.
const (
	exitFine    = 0
	exitDiffers = 1
	exitUsage   = 2
)

// Flags are the subcommand's flags.
type Flags struct {
	Spec   string // the folder of the specifications
	Prose  bool   // the difference to the next rung includes the prose
	States bool   // the story includes what changed in the state
	TLC    bool   // TLC checks the rung as well
}

// Register declares the flags.
func (f *Flags) Register(set *flag.FlagSet) {
	set.StringVar(&f.Spec, "spec", "", "the `folder` of the specifications (default: the nearest spec, here or further up)")
	set.BoolVar(&f.Prose, "prose", false, "show the next rung's changes with their prose")
	set.BoolVar(&f.TLC, "tlc", false, "have TLC check the rung, too, and compare")
	set.BoolVar(&f.States, "states", false, "print what each step changes in the state")
}

// Run lists the rungs, or climbs those that the argument names. It returns the exit code.
func (f *Flags) Run(ctx context.Context, out *console.Console, args []string) (int, error) {
	if len(args) > 1 {
		return exitUsage, errors.New("takes one rung at a time")
	}
	folder, err := f.folder()
	if err != nil {
		return exitUsage, err
	}
	ladder, err := Read(folder)
	if err != nil {
		return exitUsage, err
	}
	p := &printer{out}
	if len(args) == 0 {
		ladder.list(p)
		return exitFine, nil
	}
	rungs, err := ladder.Find(args[0])
	if err != nil {
		return exitUsage, err
	}
	code := exitFine
	for i, r := range rungs {
		if i > 0 {
			p.line("\n" + strings.Repeat("-", width) + "\n")
		}
		found, err := ladder.climb(ctx, p, r, f)
		if err != nil {
			return exitUsage, err
		}
		code = max(code, found)
	}
	return code, nil
}

// folder is the folder of the specifications: the one that was named, else the nearest one upwards.
func (f *Flags) folder() (string, error) {
	if f.Spec != "" {
		return f.Spec, nil
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for up := "."; ; up = filepath.Join(up, "..") {
		spec := filepath.Join(up, "spec")
		if _, err := os.Stat(filepath.Join(spec, "ladder", "manifest.json")); err == nil {
			return spec, nil
		}
		if above := filepath.Join(here, up); above == filepath.Dir(above) {
			return "", errors.New("no folder spec/ladder here or further up: name the specifications' folder with -spec")
		}
	}
}

// list writes one line for each rung.
func (l *Ladder) list(p *printer) {
	p.line("Each rung is a protocol. Most of them break, and the next one mends what broke.\n")
	longest := 0
	for _, r := range l.Rungs {
		longest = max(longest, len(r.Title))
	}
	for _, r := range l.Rungs {
		end := p.green("holds")
		if r.Breaks() {
			end = p.red("breaks") + fmt.Sprintf(" %s in %d states", r.Model.Violates, *r.Model.Length)
		}
		p.line(fmt.Sprintf("  %-4s %-*s  %s", r.ID, longest, r.Title, end))
	}
	p.line("\nsynod ladder 0 climbs the first; docs/ladder.md tells the whole way.")
}

// climb checks a rung, tells what was found, and shows how the next one mends it. It returns the exit code.
func (l *Ladder) climb(ctx context.Context, p *printer, r Rung, f *Flags) (int, error) {
	module, err := os.ReadFile(r.Model.Spec)
	if err != nil {
		return exitUsage, err
	}
	p.line(p.bold(fmt.Sprintf("Rung %s: %s", r.ID, r.Title)))
	p.line(p.faint(filepath.ToSlash(r.Model.Spec)) + "\n")
	for _, paragraph := range argument(string(module)) {
		p.paragraph("", paragraph)
		p.line("")
	}
	model, result, err := check(ctx, p, r)
	if err != nil {
		return exitUsage, err
	}
	wrong, err := r.differs(model, result)
	if err != nil {
		return exitUsage, err
	}
	if f.TLC {
		found, err := askTLC(ctx, p, r, renamings(model))
		if err != nil {
			return exitUsage, err
		}
		wrong = append(wrong, found...)
	}
	tellResult(p, r, result)
	if len(result.Behavior) > 0 {
		tellStory(p, familyOf(r), model, result, f.States)
	}
	for _, text := range wrong {
		p.line(p.red("NOT AS EXPECTED: ") + text)
	}
	if len(wrong) > 0 {
		return exitDiffers, nil
	}
	if f.TLC {
		p.line("\nTLC finds the same.")
	}
	return exitFine, l.showNext(p, r, string(module), f.Prose)
}

// check has the engine check the rung's model, with one worker, so that the story is the same each time.
func check(ctx context.Context, p *printer, r Rung) (*tla.Model, *tla.Result, error) {
	model, err := tla.Load(r.Model.Spec, tla.Options{Config: r.Model.Config})
	if err != nil {
		return nil, nil, err
	}
	result, err := model.Check(ctx, tla.CheckOptions{Workers: 1, Progress: func(now tla.Progress) {
		p.out.Progress("%s: %s states, depth %d, %.0f s", r.module(), console.Grouped(now.Distinct), now.Depth, now.Elapsed.Seconds())
	}})
	p.out.Settle()
	if err == nil {
		err = result.Err
	}
	return model, result, err
}

// differs says in which respects the result is not what the manifests say.
func (r Rung) differs(m *tla.Model, result *tla.Result) ([]string, error) {
	var wrong []string
	if result.Property != r.Model.Violates {
		return append(wrong, fmt.Sprintf("violated is %s, expected was %s", orNothing(result.Property), orNothing(r.Model.Violates))), nil
	}
	if r.Model.Length != nil && int64(len(result.Behavior)) != *r.Model.Length {
		wrong = append(wrong, fmt.Sprintf("the counterexample has %d states, expected were %d", len(result.Behavior), *r.Model.Length))
	}
	if r.Model.Distinct != nil && result.Distinct != *r.Model.Distinct {
		wrong = append(wrong, fmt.Sprintf("there are %d states, expected were %d", result.Distinct, *r.Model.Distinct))
	}
	if len(r.Final) == 0 || len(result.Behavior) == 0 {
		return wrong, nil
	}
	known, err := among(finalOf(m, result.Behavior[len(result.Behavior)-1].State), r.Final, renamings(m))
	if err == nil && !known {
		wrong = append(wrong, "the counterexample ends in another state than those in ladder/manifest.json")
	}
	return wrong, err
}

func orNothing(name string) string {
	if name == "" {
		return "nothing"
	}
	return name
}

// tellResult writes what was violated and how much was looked at.
func tellResult(p *printer, r Rung, result *tla.Result) {
	looked := fmt.Sprintf("%s states, %.1f s", console.Grouped(result.Distinct), result.Elapsed.Seconds())
	if result.Verdict == tla.OK {
		p.line(p.green("It holds") + fmt.Sprintf(" in all reachable states (%s).", looked))
		return
	}
	p.line(p.red(result.Property+" is violated") + fmt.Sprintf(" in %s (%s):\n", count(len(result.Behavior)-1, "step"), looked))
}

// tellStory writes the counterexample.
func tellStory(p *printer, f *family, m *tla.Model, result *tla.Result, withStates bool) {
	if f.begin != nil {
		p.paragraph("      ", f.begin(result.Behavior[0].State))
	}
	steps := moments(m, result.Behavior)
	for i, step := range steps {
		p.paragraph(fmt.Sprintf("  %2d  ", step.number), strings.Join(f.tell(step), " "))
		if withStates {
			tellChanges(p, result.Behavior[i+1])
		}
	}
	if result.Verdict == tla.Liveness && result.Loop >= 0 {
		p.line(fmt.Sprintf("      And so on, again and again from after step %d.", result.Loop))
	}
	if len(steps) == 0 {
		return
	}
	if ending, ok := f.endings[result.Property]; ok {
		p.line("")
		p.paragraph("", ending(steps[len(steps)-1]))
	}
}

// tellChanges writes the variables that a step changed.
func tellChanges(p *printer, s tla.Step) {
	changed := slices.Clone(s.Changed)
	slices.Sort(changed)
	for _, name := range changed {
		v, _ := s.State.Get(name)
		p.line(p.faint(fmt.Sprintf("        %s = %s", name, v)))
	}
}

// showNext writes how the next rung differs.
func (l *Ladder) showNext(p *printer, r Rung, module string, prose bool) error {
	next, ok := l.Next(r)
	if !ok {
		return nil
	}
	text, err := os.ReadFile(next.Model.Spec)
	if err != nil {
		return err
	}
	p.line("")
	p.line(p.bold(fmt.Sprintf("Mended on rung %s: %s", next.ID, next.Title)))
	printDifference(p, module, string(text), prose)
	return nil
}

// count writes a number of things.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
