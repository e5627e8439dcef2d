// Text: a report as people read it.

package conformance

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
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
		from := u.Event.Place.String()
		if from == "" {
			from = u.Event.Source
		}
		if from != "" {
			from += ": "
		}
		p.printf("%sevent %s is not decided: %s\n", from, u.Event.ID, u.Reason)
	}
	if len(r.Violations) > 0 {
		p.printf("\n")
		p.violation(r, &r.Violations[0])
	}
	p.printf("\nverdict  %s\n", r.Verdict)
	return p.err
}

// writeFailure writes the report for a test that fails: first the line that editors and CI matchers read, where in the
// program the wrong step was taken.
func (r *Report) writeFailure(w io.Writer) error {
	p, v := &printer{w: w, spec: r.spec}, &r.Violations[0]
	p.printf("\n")
	if v.Event.Source != "" {
		p.printf("./%s:1: ", v.Event.Source)
	}
	p.printf("%s\n\n", v.heading(r))
	p.details(r, v)
	p.printf("\n")
	p.summary(r)
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

// fired tells how often each action fired. Of a trace that ends where it goes wrong that, and what it has not shown, would
// say nothing.
func (p *printer) fired(r *Report) {
	tab := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, a := range r.Actions {
		if a.Count > 0 {
			fmt.Fprintf(tab, "%d\t  %s\n", a.Count, a.Action)
		}
	}
	if err := tab.Flush(); p.err == nil {
		p.err = err
	}
}

func (p *printer) summary(r *Report) {
	p.printf("%d of %d events are steps of %s, in %s\n", r.Explained, r.Events, r.Spec, plural(r.Instances, "instance", "instances"))
	if len(r.Violations) == 0 {
		p.fired(r)
		p.never(r.Coverage)
	}
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

// wrap cuts a text into lines of at most so many characters, behind a comma or at a space where there are any, and into so
// many lines at most.
func wrap(s string, width, lines int) []string {
	s = shorten(s, width*lines-lines*width/8)
	var out []string
	for utf8.RuneCountInString(s) > width {
		line := string([]rune(s)[:width+1])
		at := strings.LastIndex(line, ", ") + 1
		if at < 2*width/3 {
			at = strings.LastIndexByte(line, ' ')
		}
		if at < width/2 {
			at = len(string([]rune(line)[:width]))
		}
		out, s = append(out, line[:at]), strings.TrimPrefix(s[at:], " ")
	}
	return append(out, s)
}

// shorten cuts a long text in the middle.
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return string(r[:limit/2]) + " ... " + string(r[len(r)-limit/2+5:])
}
