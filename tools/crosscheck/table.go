// The table: a line for each model, and a summary.

package crosscheck

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
)

// printer prints rows as they come and counts them.
type printer struct {
	out      io.Writer
	json     bool
	tlc      bool
	counts   map[Status]int
	ratios   []float64 // TLC's time divided by the engine's
	exact    int       // models of which the counts were compared, and agree
	headings bool
}

func newPrinter(out io.Writer, o Options) *printer {
	return &printer{out: out, json: o.JSON, tlc: o.Jar != "", counts: map[Status]int{}}
}

func (p *printer) row(r Row) {
	p.counts[r.Status]++
	if r.Status == Same && r.Engine.Result == "success" {
		p.exact++
	}
	ratio := r.ratio()
	if ratio > 0 {
		p.ratios = append(p.ratios, ratio)
	}
	if p.json {
		json.NewEncoder(p.out).Encode(r) // where nobody listens there is nobody to tell
		return
	}
	if !p.headings {
		p.headings = true
		fmt.Fprintf(p.out, "%-8s %-58s %-18s %12s %12s %6s %9s", "", "model", "result", "generated", "distinct", "depth", "seconds")
		if p.tlc {
			fmt.Fprintf(p.out, " %9s %6s", "TLC", "ratio")
		}
		fmt.Fprintln(p.out)
	}
	fmt.Fprintln(p.out, strings.TrimRight(r.line(p.tlc), " "))
}

// line is a row of the table.
func (r Row) line(withTLC bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-8s %-58s ", r.Status, strings.TrimPrefix(r.Model, "specifications/"))
	if e := r.Engine; e != nil && r.Status != Skipped {
		fmt.Fprintf(&b, "%-18s %12d %12d %6d %9.2f", e.Result, e.Generated, e.Distinct, e.Depth, e.Seconds)
		if withTLC {
			fmt.Fprintf(&b, " %9s %6s", r.tlcTime(), ratioText(r.ratio()))
		}
		b.WriteString("  ")
	}
	b.WriteString(r.Reason)
	return b.String()
}

func (r Row) tlcTime() string {
	switch {
	case r.TLC == nil:
		return ""
	case r.TLC.TimedOut:
		return "timeout"
	case r.TLC.Result == "error":
		return "error"
	default:
		return fmt.Sprintf("%.2f", r.TLC.Seconds)
	}
}

// ratio is TLC's time divided by the engine's; 0 where one of them is not known.
func (r Row) ratio() float64 {
	if r.TLC == nil || r.Engine == nil || r.TLC.TimedOut || r.Engine.TimedOut || r.TLC.Result == "error" || r.Engine.Seconds <= 0 {
		return 0
	}
	return r.TLC.Seconds / r.Engine.Seconds
}

func ratioText(ratio float64) string {
	if ratio == 0 {
		return ""
	}
	return fmt.Sprintf("%.1fx", ratio)
}

// summary prints the last line and returns the exit code.
func (p *printer) summary() int {
	total := 0
	for _, n := range p.counts {
		total += n
	}
	text := fmt.Sprintf("%d models: %d the same (%d of them with counts), %d with the same verdict alone, %d differ, %d out of time, %d skipped",
		total, p.counts[Same], p.exact, p.counts[Verdict], p.counts[Differs], p.counts[TimedOut], p.counts[Skipped])
	if len(p.ratios) > 0 {
		sum := 0.0
		for _, r := range p.ratios {
			sum += math.Log(r)
		}
		text += fmt.Sprintf("; TLC's time is %.1f times the engine's (geometric mean of %d)", math.Exp(sum/float64(len(p.ratios))), len(p.ratios))
	}
	if p.json {
		json.NewEncoder(p.out).Encode(map[string]any{"summary": text, "counts": p.counts})
	} else {
		fmt.Fprintln(p.out, text)
	}
	if p.counts[Differs] > 0 {
		return 1
	}
	return 0
}
