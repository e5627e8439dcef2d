// The difference between two modules, line by line.

package ladder

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// edit is one line of a difference.
type edit struct {
	sign byte // ' ' in both, '-' only in the old one, '+' only in the new one
	line string
}

// difference is a shortest list of edits that turns old into new; of equally short ones the one that removes first.
func difference(old, new []string) []edit {
	// common[i][j] is the length of the longest common subsequence of old[i:] and new[j:].
	common := make([][]int, len(old)+1)
	for i := range common {
		common[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			if old[i] == new[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var edits []edit
	i, j := 0, 0
	for i < len(old) || j < len(new) {
		switch {
		case i < len(old) && j < len(new) && old[i] == new[j]:
			edits = append(edits, edit{' ', old[i]})
			i++
			j++
		case j == len(new) || i < len(old) && common[i+1][j] >= common[i][j+1]:
			edits = append(edits, edit{'-', old[i]})
			i++
		default:
			edits = append(edits, edit{'+', new[j]})
			j++
		}
	}
	return edits
}

// hunk is a stretch of changed lines with a little of what surrounds them.
type hunk struct {
	heading string // the definition in which the first change stands; "" before all definitions
	edits   []edit
}

// defines matches the first line of a definition.
var defines = regexp.MustCompile(`^([A-Za-z]\w*)(?:\([^)]*\))? ==`)

// hunks cuts the edits into stretches, each with up to context unchanged lines around its changes.
func hunks(edits []edit, context int) []hunk {
	near := make([]bool, len(edits))
	for i, e := range edits {
		if e.sign != ' ' {
			for j := max(0, i-context); j <= min(len(edits)-1, i+context); j++ {
				near[j] = true
			}
		}
	}
	var all []hunk
	heading := ""
	for i, e := range edits {
		if m := defines.FindStringSubmatch(e.line); m != nil {
			heading = m[1]
		}
		if !near[i] {
			continue
		}
		if i == 0 || !near[i-1] {
			all = append(all, hunk{})
		}
		last := &all[len(all)-1]
		if e.sign != ' ' && !last.changed() {
			last.heading = heading
		}
		last.edits = append(last.edits, e)
	}
	for i := range all {
		all[i].trim()
	}
	return all
}

func (h *hunk) changed() bool {
	return slices.ContainsFunc(h.edits, func(e edit) bool { return e.sign != ' ' })
}

// trim takes away blank lines that only surround the changes.
func (h *hunk) trim() {
	blank := func(e edit) bool { return e == edit{' ', ""} }
	for blank(h.edits[0]) {
		h.edits = h.edits[1:]
	}
	for blank(h.edits[len(h.edits)-1]) {
		h.edits = h.edits[:len(h.edits)-1]
	}
}

// formulas are a module's lines without its comments, its first and last line, and repeated blank lines.
func formulas(module string) []string {
	var lines []string
	for _, line := range strings.Split(strings.TrimRight(module, "\n"), "\n") {
		text := strings.TrimRight(line, " ")
		isProse := strings.HasPrefix(text, "(*") || strings.HasPrefix(text, "----") || strings.HasPrefix(text, "====")
		afterBlank := len(lines) == 0 || lines[len(lines)-1] == ""
		if !isProse && !(text == "" && afterBlank) {
			lines = append(lines, text)
		}
	}
	return lines
}

// argument is the prose at a module's beginning: its paragraphs, each on one line.
func argument(module string) []string {
	var paragraphs []string
	var words []string
	flush := func() {
		if len(words) > 0 {
			paragraphs = append(paragraphs, strings.Join(words, " "))
			words = nil
		}
	}
	for _, line := range strings.Split(module, "\n") {
		inner, isProse := strings.CutPrefix(line, "(*")
		if !isProse {
			if len(paragraphs)+len(words) > 0 {
				break
			}
			continue
		}
		inner = strings.Trim(strings.TrimSuffix(inner, "*)"), " *")
		if inner == "" {
			flush()
			continue
		}
		words = append(words, strings.Fields(inner)...)
	}
	flush()
	return paragraphs
}

// printDifference writes how the new module differs from the old one.
func printDifference(p *printer, old, new string, prose bool) {
	linesOf := formulas
	if prose {
		linesOf = func(module string) []string { return strings.Split(strings.TrimRight(module, "\n"), "\n") }
	}
	for _, h := range hunks(difference(linesOf(old), linesOf(new)), 2) {
		p.line(p.faint(strings.TrimRight(fmt.Sprintf("  @@ %s", h.heading), " ")))
		for _, e := range h.edits {
			text := strings.TrimRight(fmt.Sprintf("  %c %s", e.sign, e.line), " ")
			switch e.sign {
			case '-':
				text = p.red(text)
			case '+':
				text = p.green(text)
			}
			p.line(text)
		}
	}
}
