// Text: a report as people read it.

package conformance

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"synod/conformance/tla"
	"synod/trace"
)

// WriteText writes the report for people: one screen, the verdict last.
func (r *Report) WriteText(w io.Writer) error {
	p := &printer{w: w, spec: r.spec}
	p.summary(r)
	for i := range r.Unfinished {
		if i == maxUnfinished {
			p.printf("and %s\n", plural(len(r.Unfinished)-i, "other instance", "other instances"))
			break
		}
		u := &r.Unfinished[i]
		p.printf("%s: event %s is not decided: %s\n", u.Event.Place, u.Event.ID, u.Reason)
	}
	if len(r.Violations) > 0 {
		p.printf("\n")
		p.violation(r, &r.Violations[0])
	}
	p.printf("\nverdict  %s\n", r.Verdict)
	return p.err
}

// WriteViolation writes the i-th violation alone.
func (r *Report) WriteViolation(w io.Writer, i int) error {
	p := &printer{w: w, spec: r.spec}
	alone := *r
	alone.Violations = r.Violations[i : i+1]
	p.violation(&alone, &r.Violations[i])
	p.printf("\n")
	return p.err
}

// maxUnfinished bounds how many instances without a verdict a text names.
const maxUnfinished = 10

// printer keeps the first error of writing, so that printing reads as printing.
type printer struct {
	w    io.Writer
	spec *Spec
	err  error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) summary(r *Report) {
	p.printf("%d of %d events are steps of %s, in %s\n", r.Explained, r.Events, r.Spec, plural(r.Instances, "instance", "instances"))
	tab := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, a := range r.Actions {
		if a.Count == 0 {
			continue
		}
		fmt.Fprintf(tab, "%d\t  %s\n", a.Count, a.Action)
	}
	if err := tab.Flush(); p.err == nil {
		p.err = err
	}
	p.never(r.Coverage)
	if r.Hidden > 0 {
		p.printf("%s durable and unrecorded when a node was killed; the search supplied what was missing\n",
			plural(r.Hidden, "step was", "steps were"))
	}
	if r.Reordered > 0 {
		p.printf("%s taken in another place than the trace has\n", plural(r.Reordered, "event was", "events were"))
	}
	p.ambiguity(r.Largest)
	if r.Late > 0 {
		p.printf("%s after others with larger clocks had been taken\n", plural(r.Late, "event came", "events came"))
	}
	if r.Held > 0 {
		p.printf("%s for causes that have not come\n", plural(r.Held, "event waits", "events wait"))
	}
	if r.Sample > 1 {
		p.printf("a sample: 1 of %d instances was looked at; %s of others\n", r.Sample, plural(r.Skipped, "event is", "events are"))
	}
}

func (p *printer) violation(r *Report, v *Violation) {
	e := v.Event
	if e.Source != "" {
		p.printf("%s: ", e.Source)
	}
	p.printf("event %s (%d of %d", e.ID, v.Number, v.Of)
	if e.Instance != "" {
		p.printf(" of %s", e.Instance)
	}
	p.printf(", %s) is no step of %s\n\n", e.Action, filepath.Base(r.Spec))
	p.printf("  logged   %s%s\n", e.Action, arguments(e))
	if at := strings.TrimPrefix(e.Place.String()+causes(e), ", "); at != "" {
		p.printf("           %s\n", at)
	}
	if v.Nearest.Action == "" {
		return // the details are found for the first few violations only
	}
	p.printf("  nearest  %s%s    %d of %d conjuncts hold\n", bound(v.Nearest), witnesses(v.Nearest), v.Nearest.Held, len(v.Nearest.Conjuncts))
	p.conjuncts(&v.Nearest)
	for i, s := range v.Since {
		p.printf("  %-8s %s = %s since %s\n", first(i, "why"), s.Path, shorten(s.Value, 60), v.origin(s.Event))
	}
	p.state(v)
	p.others(v)
	p.printf("  search   %s of this instance explained; %s possible before this one; %s\n", plural(v.Number-1, "event", "events"),
		plural(v.Candidates, "state was", "states were"), completeness(e))
	for i, t := range v.Tested {
		p.printf("  %-8s without event %s, ", first(i, "tested"), t.Without.ID)
		switch t.Broken {
		case nil:
			p.printf("event %s is a legal step\n", e.ID)
		case e:
			p.printf("event %s is no legal step either\n", e.ID)
		default:
			p.printf("event %s is no legal step any more\n", t.Broken.ID)
		}
	}
	if v.Restarted != nil {
		p.printf("  note     %s restarted at event %s, %s\n", e.Node, v.Restarted.ID, v.Restarted.Action)
	}
	if v.OtherOrder {
		p.printf("  note     in another order, which the trace allows too, the event is a legal step: is a cause not logged? (-reorder)\n")
	}
	if more := len(r.Violations) - 1; more > 0 {
		p.printf("  more     %s violated too, the next at %s\n", plural(more, "other instance is", "other instances are"), r.Violations[1].Event.Place)
	}
}

// completeness says what the search has left out.
func completeness(e *trace.Event) string {
	if e.Restart {
		return "and no unrecorded steps of " + e.Node + " before it explain it"
	}
	return "the search is complete"
}

// witnesses are the values chosen for the action's quantified variables.
func witnesses(e tla.Explanation) string {
	var list []string
	for _, b := range e.Witnesses {
		if b.Value != 0 {
			list = append(list, b.Name+" = "+shorten(b.Value.String(), 80))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " with " + strings.Join(list, ", ")
}

func first(i int, label string) string {
	if i == 0 {
		return label
	}
	return ""
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// origin tells where a value comes from; nil is from before all events that are known.
func (v *Violation) origin(e *trace.Event) string {
	switch {
	case e == nil && v.From != nil:
		return fmt.Sprintf("before event %s, the first that is kept", v.From.ID)
	case e == nil:
		return "the initial state"
	}
	text := fmt.Sprintf("event %s: %s%s", e.ID, e.Action, arguments(e))
	if e.Source != "" {
		text += ", " + e.Source
	}
	return text
}

func arguments(e *trace.Event) string {
	var list []string
	for _, f := range e.Args {
		list = append(list, f.Name+" = "+f.JSON)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

func bound(e tla.Explanation) string {
	var list []string
	for _, b := range e.Args {
		text := "_"
		if b.Value != 0 {
			text = shorten(b.Value.String(), 60)
		}
		list = append(list, text)
	}
	if len(list) == 0 {
		return e.Action
	}
	return e.Action + "(" + strings.Join(list, ", ") + ")"
}

func causes(e *trace.Event) string {
	if len(e.Causes) == 0 {
		return ""
	}
	var list []string
	for _, id := range e.Causes {
		list = append(list, id.String())
	}
	return ", caused by " + strings.Join(list, ", ")
}

// conjuncts shows the action's source with each conjunct's fate beside it.
func (p *printer) conjuncts(e *tla.Explanation) {
	file := ""
	var lines []string
	firstFalse := true
	for i := range e.Conjuncts {
		c := &e.Conjuncts[i]
		pos := c.Span.Start
		if pos.File != file {
			file = pos.File
			lines = p.spec.source(file)
			p.printf("     --> %s:%d:%d\n", file, pos.Line, pos.Col)
		}
		text := strings.Repeat(" ", max(0, pos.Col-1)) + c.Source
		if c.Span.EndLine == pos.Line && pos.Line <= len(lines) {
			text = lines[pos.Line-1]
		}
		p.printf("    %5d  %-58s %s\n", pos.Line, text, fate(c))
		if c.Verdict != tla.Holds && firstFalse {
			firstFalse = false
			if c.Span.EndLine == pos.Line {
				p.printf("           %s%s\n", strings.Repeat(" ", pos.Col-1), strings.Repeat("^", max(1, c.Span.EndCol-pos.Col+1)))
			}
			if pos.File != "" {
				p.printf("           the false conjunct is at %s\n", pos)
			}
		}
	}
}

// fate says in a few words how a conjunct fared.
func fate(c *tla.Conjunct) string {
	switch c.Verdict {
	case tla.Holds:
		return "ok"
	case tla.Fails:
		return "FALSE: " + shorten(c.Values, 160)
	case tla.Errs:
		return "ERROR: " + c.Err.Error()
	}
	var list []string
	for _, d := range c.Diffs {
		given := "nothing"
		if d.Given != 0 {
			given = shorten(d.Given.String(), 80)
		}
		list = append(list, fmt.Sprintf("%s: the action gives %s, logged is %s", pathText(d.Var, d.Path), given, shorten(d.Observed.String(), 80)))
	}
	return "FALSE: " + strings.Join(list, "; ")
}

// state shows the logged parts before the event, as the action gives them, and as they were logged.
func (p *printer) state(v *Violation) {
	if len(v.State) == 0 || p.err != nil {
		return
	}
	given := slices.ContainsFunc(v.State, func(s Part) bool { return s.Given != "" })
	tab := tabwriter.NewWriter(p.w, 0, 0, 3, ' ', 0)
	row := func(label, path, before, action, logged, mark string) {
		fmt.Fprintf(tab, "  %-8s %s\t%s\t", label, path, shorten(before, 60))
		if given {
			fmt.Fprintf(tab, "%s\t", shorten(action, 60))
		}
		if mark != "" {
			mark = "\t" + mark
		}
		fmt.Fprintf(tab, "%s%s\n", shorten(logged, 60), mark)
	}
	row("state", "", "before", "the action gives", "logged after", "")
	for _, s := range v.State {
		mark := ""
		switch {
		case s.Given != "" && s.Given != s.Logged:
			mark = "<- differs"
		case s.Given == "" && backwards(s):
			mark = "<- went backwards"
		}
		row("", s.Path, s.Before, s.Given, s.Logged, mark)
	}
	p.err = tab.Flush()
}

// backwards reports whether a number has become smaller.
func backwards(s Part) bool {
	before, err1 := strconv.ParseInt(s.Before, 10, 64)
	logged, err2 := strconv.ParseInt(s.Logged, 10, 64)
	return err1 == nil && err2 == nil && logged < before
}

func (p *printer) others(v *Violation) {
	for i := range v.Others {
		e := &v.Others[i]
		if e.Held == len(e.Conjuncts) {
			p.printf("  %-8s %s  all %d hold: is the event misnamed?\n", first(i, "others"), bound(*e), e.Held)
			continue
		}
		for k := range e.Conjuncts {
			c := &e.Conjuncts[k]
			if c.Verdict == tla.Holds {
				continue
			}
			p.printf("  %-8s %s  %d of %d  line %d  %s  %s\n", first(i, "others"), bound(*e), e.Held, len(e.Conjuncts),
				c.Span.Start.Line, shorten(c.Source, 60), fate(c))
			break
		}
	}
	p.stuttering(v)
}

// stuttering says whether a step that changes nothing explains the event.
func (p *printer) stuttering(v *Violation) {
	changed := 0
	for _, s := range v.State {
		if s.Before != s.Logged {
			changed++
		}
	}
	if len(v.State) > 0 {
		p.printf("  %-8s (stuttering)  %d of %s changed\n", first(len(v.Others), "others"), changed, plural(len(v.State), "logged part", "logged parts"))
	}
}

// shorten cuts a long text in the middle.
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return string(r[:limit/2]) + " ... " + string(r[len(r)-limit/2+5:])
}
