// Suggestions for names that are nearly right.

package resolve

import (
	"sort"
	"strings"

	"synod/conformance/tla/syntax"
)

// suggest gives "; did you mean X?" with the name nearest to an unknown one, or nothing where none is near.
func suggest(unknown string, names []string) string {
	sort.Strings(names)
	best, least := "", max(len(unknown)/3, 1)+1
	for _, name := range names {
		if name == unknown || isSymbol(name) != isSymbol(unknown) {
			continue
		}
		d := distance(unknown, name)
		longer := d == least && best != "" && len(name) > len(best) // a letter is left out more often than changed
		if (d < least || longer) && (d < len(unknown) || strings.EqualFold(name, unknown)) {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// isSymbol reports whether a name is an operator symbol and no word.
func isSymbol(name string) bool { return syntax.LookupOperator(name) != nil }

// distance is the number of insertions, deletions, changes and swaps of neighbours that turn a into b; a difference
// in case alone counts as one.
func distance(a, b string) int {
	if strings.EqualFold(a, b) {
		return 1
	}
	if abs(len(a)-len(b)) > len(a)/2+1 {
		return len(a) + len(b)
	}
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
