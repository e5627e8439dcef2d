// The tables of the specifications' README and the manifest agree.

package tidy

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/models"
)

// A row of the README's tables: of a model that must hold, with its counts, and of one that must fail, with its length.
var (
	holds = regexp.MustCompile("(?m)^\\| `([\\w/.-]+)`( \\(nightly\\))? \\|.*\\| ([\\d,]+) \\| ([\\d,]+) \\| (\\d+) \\|$")
	fails = regexp.MustCompile("(?m)^\\| `([\\w/.-]+)` \\|.*\\| `(\\w+)` \\| (\\d+) \\|$")
)

// figures writes those that the manifest has, and a dash for each that it leaves out.
func figures(numbers ...*int64) string {
	var words []string
	for _, n := range numbers {
		if n == nil {
			words = append(words, "-")
			continue
		}
		words = append(words, strconv.FormatInt(*n, 10))
	}
	return strings.Join(words, " ")
}

// disagreements are the rows of a text that say something else than the manifest, and those of no model.
func disagreements(text string, known map[string]models.Model) []string {
	var wrong []string
	for _, row := range holds.FindAllStringSubmatch(text, -1) {
		m, ok := known[row[1]]
		counts := strings.ReplaceAll(strings.Join(row[3:], " "), ",", "")
		if !ok || counts != figures(m.Generated, m.Distinct, m.Depth) || (row[2] == "") != (m.Time == "quick") {
			wrong = append(wrong, row[0])
		}
	}
	for _, row := range fails.FindAllStringSubmatch(text, -1) {
		m, ok := known[row[1]]
		if !ok || row[2] != m.Violates || row[3] != figures(m.Length) {
			wrong = append(wrong, row[0])
		}
	}
	return wrong
}

func TestTheTablesOfTheSpecificationsAgreeWithTheManifest(t *testing.T) {
	spec := filepath.Join(root(t), "spec")
	manifest, err := models.Read(filepath.Join(spec, "manifest.json"))
	require.NoError(t, err)
	known := map[string]models.Model{}
	for _, m := range manifest.Models {
		name, err := filepath.Rel(spec, m.Config)
		require.NoError(t, err)
		known[strings.TrimSuffix(filepath.ToSlash(name), ".cfg")] = m
	}
	text, err := os.ReadFile(filepath.Join(spec, "README.md"))
	require.NoError(t, err)
	require.Greater(t, len(holds.FindAllString(string(text), -1)), 40)
	require.Greater(t, len(fails.FindAllString(string(text), -1)), 10)
	require.Empty(t, disagreements(string(text), known))
}

func TestATableThatDisagreesIsRefused(t *testing.T) {
	generated, distinct, depth, length := int64(1234), int64(56), int64(7), int64(8)
	known := map[string]models.Model{
		"a/MCA": {Generated: &generated, Distinct: &distinct, Depth: &depth, Time: "quick"},
		"a/Bug": {Violates: "Safe", Length: &length},
	}
	require.Empty(t, disagreements("| `a/MCA` | 2 ballots | 1,234 | 56 | 7 |\n| `a/Bug` | a bug | `Safe` | 8 |\n", known))
	for _, row := range []string{
		"| `a/MCA` | 2 ballots | 1,234 | 56 | 8 |",
		"| `a/MCA` (nightly) | 2 ballots | 1,234 | 56 | 7 |",
		"| `a/MCB` | 2 ballots | 1,234 | 56 | 7 |",
		"| `a/Bug` | a bug | `Safe` | 9 |",
		"| `a/Bug` | a bug | `Other` | 8 |",
	} {
		require.Equal(t, []string{row}, disagreements(row+"\n", known))
	}
}
