// The screen at the end.

package demo

import (
	"fmt"
	"path/filepath"
	"strings"

	"synod/conformance"
	"synod/tools/synod/console"
)

// print shows what was done, what was counted and what the judges say, the verdict last.
func (j *judged) print(out *console.Console, r *run) {
	row := func(label, format string, args ...any) {
		fmt.Fprintf(out.Stdout, "%s %s\n", out.Paint(console.Bold, fmt.Sprintf("%-10s", label)), fmt.Sprintf(format, args...))
	}
	broken := ""
	if r.Bugs != "" {
		broken = "; with the bug " + r.Bugs
	}
	row("demo", "%d acceptors, %d proposers, %d clients, seed %d%s", acceptors, proposers, r.Clients, r.Seed, broken)
	for i, e := range r.diary {
		row(first(i, "faults"), "%4.1f s  %s", e.at.Seconds(), e.text)
	}
	counts := r.history.count()
	total := counts[satisfied] + counts[rejected] + counts[unknown]
	row("operations", "%s in %.1f s (%.0f a second): %s satisfied, %s rejected, %s unknown", console.Grouped(total), r.length.Seconds(),
		float64(total)/r.length.Seconds(), console.Grouped(counts[satisfied]), console.Grouped(counts[rejected]), console.Grouped(counts[unknown]))
	row("messages", "%.1f for a satisfied round (expected: %d to %d, 2f+4 in one trip to 8f+6 in two with f = %d); %.1f with those that failed",
		j.messages.each(), fewMessages, allMessages, f, j.messages.overall())
	row("answers", "%s", j.answers.describe())
	for i, key := range j.missing {
		row(first(i, "missing"), "%s: its clients were told of more changes than its traces propose", key)
	}
	for i, path := range j.torn {
		row(first(i, "torn"), "%s: a last line without its end, left out", path)
	}
	row("files", "%s: trace/*.ndjson, history.ndjson (what clients saw), log/*.log", r.Folder)
	row("replay", "%s events in %.1f s on %s", console.Grouped(j.report.Events), j.took.Seconds(), r.Spec)
	text, _, _ := strings.Cut(j.replay.String(), "\nverdict ") // both judges' verdict stands below
	fmt.Fprintf(out.Stdout, "\n%s\n\n", strings.TrimRight(text, "\n"))
	if j.shrunk != "" {
		row("rerun", "synod replay -spec %s %s", r.Spec, j.shrunk)
	}
	colour := console.Red
	if j.verdict == conformance.Conforms {
		colour = console.Green
	}
	row("verdict", "%s", out.Paint(colour, string(j.verdict)))
}

func first(i int, label string) string {
	if i == 0 {
		return label
	}
	return ""
}

// describe is porcupine's answer in one line.
func (l linearizability) describe() string {
	base := fmt.Sprintf("%s operations on %d keys, by porcupine in %.1f s", console.Grouped(l.operations), l.keys, l.elapsed.Seconds())
	switch {
	case len(l.illegal) > 0:
		return fmt.Sprintf("not linearizable: %s; %s (see %s)", strings.Join(few(l.illegal), ", "), base, filepath.Base(l.picture))
	case len(l.undecided) > 0:
		return fmt.Sprintf("not decided: %s; %s", strings.Join(few(l.undecided), ", "), base)
	default:
		return "linearizable: " + base
	}
}

// few shortens a list to what fits into a line.
func few(names []string) []string {
	const most = 5
	if len(names) <= most {
		return names
	}
	return append(append([]string{}, names[:most]...), fmt.Sprintf("and %d more", len(names)-most))
}
