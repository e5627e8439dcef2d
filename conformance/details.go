// Details: why an event is no step, as people read it.

package conformance

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"synod/conformance/tla"
	"synod/conformance/tla/syntax"
	"synod/conformance/tla/value"
	"synod/trace"
)

// textWidth is how wide a report is where the specification's own lines are no wider.
const textWidth = 100

// indent is where the details' texts begin, behind their labels.
const indent = 11

// item prints a detail: its label, and a text that goes on below itself where it is long.
func (p *printer) item(label, format string, args ...any) {
	p.hang(fmt.Sprintf("  %-8s ", label), fmt.Sprintf(format, args...))
}

// hang prints a text behind a margin; where it is long it goes on below itself, a little further in.
func (p *printer) hang(margin, text string) {
	for i, line := range wrap(text, textWidth-len(margin)-2, 4) {
		if i == 1 {
			margin = strings.Repeat(" ", len(margin)+2)
		}
		p.printf("%s%s\n", margin, line)
	}
}

func (p *printer) violation(r *Report, v *Violation) {
	if v.Event.Source != "" {
		p.printf("%s: ", v.Event.Source)
	}
	p.printf("%s\n\n", v.heading(r))
	p.details(r, v)
}

// heading says which event is wrong.
func (v *Violation) heading(r *Report) string {
	e := v.Event
	of := ""
	if e.Instance != "" {
		of = " of " + e.Instance
	}
	return fmt.Sprintf("event %s (%d of %d%s, %s) is no step of %s", e.ID, v.Number, v.Of, of, e.Action, filepath.Base(r.Spec))
}

// details say why it is.
func (p *printer) details(r *Report, v *Violation) {
	e := v.Event
	p.item("logged", "%s%s", e.Action, arguments(e))
	if at := strings.TrimPrefix(e.Place.String()+causes(e), ", "); at != "" {
		p.printf("%*s%s\n", indent, "", at)
	}
	if v.Nearest.Action == "" {
		return // the details are found for the first few violations only
	}
	p.item("nearest", "%s    %d of %d conjuncts hold", bound(v.Nearest), v.Nearest.Held, len(v.Nearest.Conjuncts))
	p.witnesses(&v.Nearest)
	p.conjuncts(&v.Nearest)
	p.since(v)
	p.state(v)
	p.others(v)
	p.searched(r, v)
	p.tested(v)
	if v.Restarted != nil {
		p.item("note", "%s restarted at event %s, %s", e.Node, v.Restarted.ID, v.Restarted.Action)
	}
	if v.OtherOrder {
		p.item("note", "in another order, which the trace allows too, the event is a legal step: is a cause not logged? (-reorder)")
	}
	if more := len(r.Violations) - 1; more > 0 {
		p.item("more", "%s violated too, the next at %s", plural(more, "other instance is", "other instances are"), r.Violations[1].Event.Place)
	}
}

// witnesses are the values chosen for the action's quantified variables.
func (p *printer) witnesses(e *tla.Explanation) {
	label := "with"
	for _, b := range e.Witnesses {
		if b.Value != 0 {
			p.item("", "%s %s = %s", label, b.Name, b.Value)
			label = "and"
		}
	}
}

func (p *printer) since(v *Violation) {
	for i, s := range v.Since {
		what, origin := s.Path+" = "+shorten(s.Value, 60), "since "+v.origin(s.Event)
		if utf8.RuneCountInString(what+origin) < textWidth-indent {
			what, origin = what+" "+origin, ""
		}
		p.printf("  %-8s %s\n", first(i, "why"), what)
		if origin != "" {
			p.item("", "  %s", origin)
		}
	}
}

// searched says what was looked at before the event was found to be wrong.
func (p *printer) searched(r *Report, v *Violation) {
	p.item("search", "%s explained before it; %s possible there; %s", plural(v.Number-1, "event", "events"),
		plural(v.Candidates, "state was", "states were"), completeness(v.Event))
	if len(v.Blocked) > 0 {
		p.item("blocked", "no order goes further: what comes next at other nodes is no step there either")
	}
	for i := range v.Blocked {
		b := &v.Blocked[i]
		p.line("", "%s  %s", b.Event.ID, nearly(&b.Nearest))
	}
}

// tested tells what replays without one event have shown. That an earlier event is no step then says little, and is told
// where there is nothing else.
func (p *printer) tested(v *Violation) {
	told := 0
	for _, t := range v.Tested {
		switch t.Broken {
		case nil:
			p.item(first(told, "tested"), "without event %s, event %s is a legal step", t.Without.ID, v.Event.ID)
		case v.Event:
			p.item(first(told, "tested"), "without event %s, event %s is no legal step either", t.Without.ID, v.Event.ID)
		default:
			continue
		}
		told++
	}
	if told == 0 && len(v.Tested) > 0 {
		t := v.Tested[0]
		p.item("tested", "without event %s, event %s is no legal step any more", t.Without.ID, t.Broken.ID)
	}
}

// completeness says what the search has left out.
func completeness(e *trace.Event) string {
	if e.Restart {
		return "and no unrecorded steps of " + e.Node + " before it explain it"
	}
	return "the search is complete"
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

// arguments are what the event says of its action's, as TLA+ has them.
func arguments(e *trace.Event) string {
	var list []string
	for _, f := range e.Args {
		list = append(list, f.Name+" = "+logged(f.JSON))
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// logged is a value of the trace as TLA+ has it.
func logged(json string) string {
	if v, err := value.ParseITF([]byte(json), nil); err == nil {
		json = v.String()
	}
	return shorten(json, 60)
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

// conjuncts shows the action's source with each conjunct's fate beside it. A line of which all holds is shown once.
func (p *printer) conjuncts(e *tla.Explanation) {
	type line struct {
		file string
		line int
	}
	seen := map[line]bool{}
	file := ""
	for i := range e.Conjuncts {
		c := &e.Conjuncts[i]
		pos := c.Span.Start
		if at := (line{pos.File, pos.Line}); c.Verdict == tla.Holds && seen[at] {
			continue
		} else {
			seen[at] = true
		}
		if pos.File != file {
			file = pos.File
			at := section(e.Conjuncts[i:])
			p.printf("     --> %s:%d:%d\n", at.File, at.Line, at.Col)
		}
		p.conjunct(c, i == firstFalse(e))
	}
}

// firstFalse is the first conjunct that does not hold; -1 is none.
func firstFalse(e *tla.Explanation) int {
	return slices.IndexFunc(e.Conjuncts, func(c tla.Conjunct) bool { return c.Verdict != tla.Holds })
}

// section is the place to look at in the first conjuncts, those of one file: that of the first that does not hold.
func section(conjuncts []tla.Conjunct) syntax.Pos {
	at := conjuncts[0].Span.Start
	for i := range conjuncts {
		if pos := conjuncts[i].Span.Start; pos.File != at.File {
			break
		} else if conjuncts[i].Verdict != tla.Holds {
			return pos
		}
	}
	return at
}

// sourceWidth is how far the source reaches to which its fate stands beside.
const sourceWidth = 56

func (p *printer) conjunct(c *tla.Conjunct, marked bool) {
	pos := c.Span.Start
	text := strings.Repeat(" ", max(0, pos.Col-1)) + c.Source
	if lines := p.spec.source(pos.File); c.Span.EndLine == pos.Line && pos.Line <= len(lines) {
		text = strings.TrimRight(lines[pos.Line-1], " ")
	}
	if c.Verdict == tla.Holds {
		p.printf("    %5d  %-*s ok\n", pos.Line, sourceWidth, cut(text, sourceWidth))
		return
	}
	details := why(c)
	inline := len(details) == 1 && max(utf8.RuneCountInString(text), sourceWidth)+utf8.RuneCountInString(details[0]) < textWidth-indent
	short := "FALSE"
	if c.Verdict == tla.Errs {
		short = "ERROR"
	}
	if inline {
		short += ": " + details[0]
	}
	p.printf("    %5d  %-*s %s\n", pos.Line, sourceWidth, text, short)
	if marked && c.Span.EndLine == pos.Line {
		p.printf("%*s%s%s\n", indent, "", strings.Repeat(" ", pos.Col-1), strings.Repeat("^", max(1, min(c.Span.EndCol, textWidth-indent)-pos.Col+1)))
	}
	for _, d := range details {
		if !inline {
			p.hang(strings.Repeat(" ", indent+min(pos.Col-1, 12)), d)
		}
	}
}

// cut ends a text that is too long.
func cut(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return strings.TrimRight(string(r[:limit-4]), " ") + " ..."
	}
	return s
}

// why says how a conjunct came to be false: its values, or each part that the action gives otherwise than logged.
func why(c *tla.Conjunct) (details []string) {
	switch c.Verdict {
	case tla.Fails:
		return []string{shorten(c.Values, 320)}
	case tla.Errs:
		return []string{c.Err.Error()}
	}
	for _, d := range c.Diffs {
		given := "nothing"
		if d.Given != 0 {
			given = shorten(d.Given.String(), 80)
		}
		details = append(details, fmt.Sprintf("%s: the action gives %s, logged is %s", pathText(d.Var, d.Path), given, shorten(d.Observed.String(), 80)))
	}
	return details
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
	return "FALSE: " + strings.Join(why(c), "; ")
}

// state shows the logged parts before the event, as the action gives them, and as they were logged. Values are as short
// as the line demands.
func (p *printer) state(v *Violation) {
	if len(v.State) == 0 || p.err != nil {
		return
	}
	for limit := 60; ; limit -= 4 {
		text := stateTable(v, limit)
		widest := 0
		for line := range strings.Lines(text) {
			widest = max(widest, utf8.RuneCountInString(line))
		}
		if widest <= textWidth || limit <= 16 {
			p.printf("%s", text)
			return
		}
	}
}

func stateTable(v *Violation, limit int) string {
	given := slices.ContainsFunc(v.State, func(s Part) bool { return s.Given != "" })
	var out strings.Builder
	tab := tabwriter.NewWriter(&out, 0, 0, 3, ' ', 0)
	row := func(label, path, before, action, logged, mark string) {
		fmt.Fprintf(tab, "  %-8s %s\t%s\t", label, path, shorten(before, limit))
		if given {
			fmt.Fprintf(tab, "%s\t", shorten(action, limit))
		}
		if mark != "" {
			mark = "\t" + mark
		}
		fmt.Fprintf(tab, "%s%s\n", shorten(logged, limit), mark)
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
	tab.Flush()
	return out.String()
}

// backwards reports whether a number has become smaller.
func backwards(s Part) bool {
	before, err1 := strconv.ParseInt(s.Before, 10, 64)
	logged, err2 := strconv.ParseInt(s.Logged, 10, 64)
	return err1 == nil && err2 == nil && logged < before
}

// line prints a detail on one line, cut where it is long.
func (p *printer) line(label, format string, args ...any) {
	p.printf("  %-8s %s\n", label, cut(fmt.Sprintf(format, args...), textWidth-indent))
}

func (p *printer) others(v *Violation) {
	for i := range v.Others {
		p.line(first(i, "others"), "%s", nearly(&v.Others[i]))
	}
	p.stuttering(v)
}

// nearly says of an action how many conjuncts hold, and why the first that does not is false.
func nearly(e *tla.Explanation) string {
	k := firstFalse(e)
	if k < 0 {
		return fmt.Sprintf("%s  all %d hold: is the event misnamed?", bound(*e), e.Held)
	}
	c := &e.Conjuncts[k]
	text := why(c)[0]
	if c.Verdict == tla.Fails {
		text = shorten(c.Source, 36) + "  " + text
	}
	return fmt.Sprintf("%s  %d of %d  line %d  %s", bound(*e), e.Held, len(e.Conjuncts), c.Span.Start.Line, text)
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
