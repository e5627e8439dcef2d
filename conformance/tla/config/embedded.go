// Configurations that stand in the file of a module: between a line ---- CONFIG Name ---- and a line ====, before or behind
// the module.

package config

import (
	"regexp"
	"strings"
)

var (
	configBegins = regexp.MustCompile(`^\s*-{4,}\s*CONFIG\s+\w+\s*-{4,}\s*$`)
	configEnds   = regexp.MustCompile(`^\s*={4,}\s*$`)
)

// Embedded is the text with everything blanked but the configuration in it, so that places stay what they are.
func Embedded(src []byte) (config []byte, found bool) {
	inside := false
	lines := strings.SplitAfter(string(src), "\n")
	for i, line := range lines {
		switch {
		case !inside && !found && configBegins.MatchString(line):
			inside, found = true, true
		case inside && configEnds.MatchString(line):
			inside = false
		case inside:
			continue
		}
		lines[i] = strings.Repeat("\n", strings.Count(line, "\n"))
	}
	return []byte(strings.Join(lines, "")), found
}
