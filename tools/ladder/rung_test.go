// The ladder's manifest, and the modules that it lists.

package ladder

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryModuleIsARung(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range readLadder(t).Rungs {
		listed[r.module()] = true
	}
	modules, err := filepath.Glob(filepath.Join(specs, "ladder", "*.tla"))
	require.NoError(t, err)
	require.Len(t, modules, len(listed))
	for _, m := range modules {
		require.True(t, listed[strings.TrimSuffix(filepath.Base(m), ".tla")], m)
	}
}

func TestABrokenRungIsMendedByTheNext(t *testing.T) {
	ladder := readLadder(t)
	for i, r := range ladder.Rungs {
		next, ok := ladder.Next(r)
		require.Equal(t, r.Breaks(), ok, r.ID)
		if ok {
			require.Equal(t, ladder.Rungs[i+1].ID, next.ID)
		}
	}
}

var extends = regexp.MustCompile(`(?m)^EXTENDS (.*)$`)

// unreadable says what makes a module hard to read or to check: what is not a standard module, lines that are too
// long, too little prose, too many lines.
func unreadable(module string) []string {
	var wrong []string
	standard := map[string]bool{"Naturals": true, "Integers": true, "Sequences": true, "FiniteSets": true, "TLC": true}
	for _, m := range extends.FindAllStringSubmatch(module, -1) {
		for _, name := range strings.Split(m[1], ", ") {
			if !standard[name] {
				wrong = append(wrong, name+" is no standard module")
			}
		}
	}
	lines := strings.Split(strings.TrimRight(module, "\n"), "\n")
	prose := 0
	for _, line := range lines {
		if len(line) > 77 {
			wrong = append(wrong, "too long: "+line)
		}
		if strings.HasPrefix(line, "(*") {
			prose++
		}
	}
	if 10*prose < 3*len(lines) {
		wrong = append(wrong, "less than a third is prose")
	}
	if len(lines) > 230 {
		wrong = append(wrong, "more than 230 lines")
	}
	return wrong
}

func TestModulesAreReadable(t *testing.T) {
	for _, r := range readLadder(t).Rungs {
		text, err := os.ReadFile(r.Model.Spec)
		require.NoError(t, err)
		require.Empty(t, unreadable(string(text)), r.ID)
		require.GreaterOrEqual(t, len(argument(string(text))), 3, "rung %s says what it is, why, and what is wrong", r.ID)
	}
}

func TestUnreadableModulesAreRefused(t *testing.T) {
	prose := strings.Repeat("(* prose *)\n", 10)
	require.Empty(t, unreadable(prose+"EXTENDS Naturals, TLC\n"))
	require.Len(t, unreadable(prose+"EXTENDS Naturals, Synod\n"), 1)
	require.Len(t, unreadable(prose+strings.Repeat("x", 78)), 1)
	require.Len(t, unreadable(strings.Repeat("x\n", 10)), 1)
	require.Len(t, unreadable(strings.Repeat(prose, 30)), 1)
}

func TestBadManifestsAreRefused(t *testing.T) {
	const broken = `{"rung": "1", "model": "Breaks", "title": "t"}`
	const holding = `{"rung": "2", "model": "Holds", "title": "t"}`
	for name, c := range map[string]struct{ manifest, want string }{
		"not JSON":              {`{"rungs": [`, "manifest.json:1"},
		"an unknown field":      {`{"rungs": [{"rang": "1"}]}`, "rang"},
		"more after the end":    {`{"rungs": [` + holding + `]} {}`, "end"},
		"no number":             {`{"rungs": [{"rung": "one", "model": "Holds", "title": "t"}]}`, "no number"},
		"a rung twice":          {`{"rungs": [` + holding + `, ` + holding + `]}`, "twice"},
		"no title":              {`{"rungs": [{"rung": "1", "model": "Holds"}]}`, "title"},
		"no such model":         {`{"rungs": [{"rung": "1", "model": "Missing", "title": "t"}]}`, "Missing"},
		"it holds, but ends":    {`{"rungs": [{"rung": "1", "model": "Holds", "title": "t", "final": [{"x": "1"}]}]}`, "holds"},
		"nothing mends the end": {`{"rungs": [` + holding + `, ` + broken + `]}`, "last rung"},
		"no rung":               {`{"rungs": []}`, "last rung"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(folderWith(t, c.manifest))
			require.ErrorContains(t, err, c.want)
		})
	}
	ladder, err := Read(folderWith(t, `{"rungs": [`+broken+`, `+holding+`]}`))
	require.NoError(t, err)
	require.Len(t, ladder.Rungs, 2)
}

// folderWith makes a folder of specifications with two models and the given ladder.
func folderWith(t *testing.T, manifest string) string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	write("ladder/M.tla", "")
	write("ladder/A.cfg", "")
	write("ladder/B.cfg", "")
	write("ladder/manifest.json", manifest)
	write("manifest.json", `{"models": [
{"name": "Breaks", "spec": "ladder/M.tla", "config": "ladder/A.cfg", "result": "invariant", "violates": "Inv", "length": 2, "time": "quick", "shows": "s"},
{"name": "Holds", "spec": "ladder/M.tla", "config": "ladder/B.cfg", "result": "ok", "violates": "", "generated": 1, "distinct": 1, "depth": 1, "time": "quick", "shows": "s"}]}`)
	return folder
}
