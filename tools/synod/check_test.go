// Model checking from the command line: figures, behaviours, exit codes, and manifests.

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var counter = filepath.Join("testdata", "Counter.tla")

func TestCheckPrintsFigures(t *testing.T) {
	code, stdout, stderr := invoke("check", counter)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "11 states generated, 5 distinct states found, 0 states left on queue.")
	require.Contains(t, stdout, "The depth of the complete state graph search is 3.")
}

func TestCheckPrintsTheBehaviour(t *testing.T) {
	code, stdout, _ := invoke("check", "-workers", "1", "-config", "CounterSmall.cfg", counter)
	require.Equal(t, 12, code)
	require.Contains(t, stdout, "Small")
	require.Contains(t, stdout, "State 1: <Initial predicate>\n/\\ n = 0\n")
	require.Contains(t, stdout, "State 2: <Up(2) line 6, col 11 to line 6, ")
	require.Contains(t, stdout, "State 3:")
	require.NotContains(t, stdout, "State 4:")
}

func TestCheckKeepsOnDiskWhatDoesNotFit(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
	}
	write("Wide.tla", "---- MODULE Wide ----\nEXTENDS Naturals\nVARIABLE x\nInit == x \\in 0..3000\nNext == x' = (x + 3001) % 9003\nSmall == x < 9002\n====\n")
	write("Wide.cfg", "INIT Init\nNEXT Next\n")
	write("Small.cfg", "INIT Init\nNEXT Next\nINVARIANT Small\n")
	disk := t.TempDir()
	bound := []string{"-memory", "1", "-disk", disk}
	for _, config := range []string{"Wide.cfg", "Small.cfg"} {
		args := []string{"-workers", "1", "-config", config, filepath.Join(folder, "Wide.tla")}
		code, want, stderr := invoke(append([]string{"check"}, args...)...)
		require.Contains(t, []int{0, 12}, code, stderr)
		again, stdout, stderr := invoke(append(append([]string{"check"}, bound...), args...)...)
		require.Equal(t, code, again, stderr)
		require.Equal(t, want, stdout)
	}
	left, err := os.ReadDir(disk)
	require.NoError(t, err)
	require.Empty(t, left)

	spec := filepath.Join(folder, "Wide.tla")
	code, _, stderr := invoke("check", "-memory", "1MB", "-disk", filepath.Join(disk, "none"), spec)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "none")
	code, _, stderr = invoke("check", "-memory", "much", spec)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "much")
}

func TestCheckFindsDeadlocks(t *testing.T) {
	code, stdout, _ := invoke("check", "-config", filepath.Join("testdata", "CounterDown.cfg"), counter)
	require.Equal(t, 11, code, stdout)
	code, stdout, _ = invoke("check", "-deadlock", "-config", filepath.Join("testdata", "CounterDown.cfg"), counter)
	require.Zero(t, code, stdout)
}

func TestCheckTellsWhereASpecificationIsWrong(t *testing.T) {
	folder := t.TempDir()
	spec := filepath.Join(folder, "Bad.tla")
	require.NoError(t, os.WriteFile(spec, []byte("---- MODULE Bad ----\nVARIABLE x\nInit == y = 1\n====\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Bad.cfg"), []byte("INIT Init\nNEXT Init\n"), 0o644))
	code, stdout, stderr := invoke("check", spec)
	require.GreaterOrEqual(t, code, 150)
	require.Empty(t, stdout)
	require.Contains(t, stderr, spec+":3:9: ")
}

// manifestOf writes a manifest whose only model is the counter, with the given number of distinct states.
func manifestOf(t *testing.T, distinct string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"Counter.tla", "Counter.cfg"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o644))
	}
	path := filepath.Join(folder, "manifest.json")
	text := `{"models": [{"name": "Counter", "spec": "Counter.tla", "config": "Counter.cfg", "result": "ok",
		"generated": 11, "distinct": ` + distinct + `, "depth": 3, "time": "quick", "shows": "counting"}]}`
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func TestAManifestThatAgrees(t *testing.T) {
	code, stdout, stderr := invoke("check", "-manifest", manifestOf(t, "5"))
	require.Zero(t, code, stderr)
	require.Regexp(t, `(?m)^Counter +ok .*11 generated .*5 distinct depth +3 .*as expected$`, stdout)
	require.Contains(t, stdout, "1 of 1 models are as")
}

func TestAManifestThatDiffers(t *testing.T) {
	code, stdout, stderr := invoke("check", "-manifest", manifestOf(t, "6"))
	require.Equal(t, 1, code)
	require.Contains(t, stdout, "DIFFERS: distinct 5, expected 6")
	require.Contains(t, stderr, "1 of 1 models differ")
	require.Equal(t, 1, strings.Count(stdout, "\n"))
}

func TestAManifestWithoutTheModelAskedFor(t *testing.T) {
	code, _, stderr := invoke("check", "-only", "Other", "-manifest", manifestOf(t, "5"))
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "no model that fits")
}

func TestCheckWritesForOtherPrograms(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.itf.json")
	code, stdout, _ := invoke("check", "-dump-itf", file, "-format", "json", "-config", "CounterSmall.cfg", counter)
	require.Equal(t, 12, code)
	require.Contains(t, stdout, `"verdict": "safety"`)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), `"format": "ITF"`)

	code, _, stderr := invoke("check", "-format", "xml", counter)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "text, json or itf")
	code, _, _ = invoke("check", "-dfs", "-workers", "2", counter)
	require.Equal(t, exitUsage, code)
}

func TestCheckGoesOnAfterViolations(t *testing.T) {
	args := []string{"-workers", "1", "-config", "CounterSmall.cfg", counter}
	code, stdout, stderr := invoke(append([]string{"check", "-continue"}, args...)...)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "Error: the invariant Small is violated, found ")
	require.Contains(t, stdout, "State 3:")
	require.Contains(t, stdout, " 0 states left on queue.")
	require.Contains(t, stdout, "the exit code is then TLC's, 0")
}

func TestCheckTakesInvariantsFromTheCommandLine(t *testing.T) {
	code, stdout, _ := invoke("check", "-workers", "1", "-inv", "n < 100", "-inv", "n # 2", counter)
	require.Equal(t, 12, code)
	require.Contains(t, stdout, "the invariant n # 2 is violated")
	code, stdout, _ = invoke("check", "-workers", "1", "-invlevel", "3", counter)
	require.Equal(t, 12, code)
	require.Contains(t, stdout, "State 3:")
	require.NotContains(t, stdout, "State 4:")
	code, _, stderr := invoke("check", "-inv", "n +", counter)
	require.Equal(t, 150, code)
	require.Contains(t, stderr, "expression:1:4: ")
	code, _, stderr = invoke("check", "-inv", "n' = 1", counter)
	require.Equal(t, 76, code)
	require.Contains(t, stderr, "an invariant is at most a state function")
}

func TestCheckSaysWhyNoActionIsEnabled(t *testing.T) {
	folder := t.TempDir()
	spec := filepath.Join(folder, "Stuck.tla")
	text := "---- MODULE Stuck ----\nEXTENDS Naturals\nVARIABLE n\nInit == n = 0\nUp(by) == n < 2 /\\ n' = n + by\n" +
		"Down == n > 5 /\\ n' = 0\nNext == Up(1) \\/ Down\nEver == <>(n = 9)\n====\n"
	require.NoError(t, os.WriteFile(spec, []byte(text), 0o644))
	check := func(config string, flags ...string) (int, string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "Stuck.cfg"), []byte("INIT Init\nNEXT Next\n"+config), 0o644))
		code, stdout, stderr := invoke(append(append([]string{"check"}, flags...), spec)...)
		require.Empty(t, stderr)
		return code, stdout
	}
	code, stdout := check("")
	require.Equal(t, 11, code)
	require.Contains(t, stdout, "In the last state no action is enabled:")
	require.Contains(t, stdout, "n < 2 is false: 2 < 2")
	require.Contains(t, stdout, "n > 5 is false: 2 > 5")

	code, stdout = check("PROPERTY Ever\n", "-deadlock")
	require.Equal(t, 13, code)
	require.Contains(t, stdout, "n < 2 is false: 2 < 2", "it stutters where it can do nothing else")
	_, stdout = check("INVARIANT Init\n")
	require.NotContains(t, stdout, "no action is enabled")
}

func TestCheckSaysWhichConjunctOfAnInvariantIsFalse(t *testing.T) {
	code, stdout, stderr := invoke("check", "-workers", "1", "-config", "CounterSmall.cfg", counter)
	require.Equal(t, 12, code, stderr)
	require.Regexp(t, `In the last state, of Small\n  .*Counter.tla:10:10: n < 4 is false: \d < 4\n`, stdout)
	code, stdout, _ = invoke("check", "-workers", "1", "-inv", "n < 3", counter)
	require.Equal(t, 12, code)
	require.NotContains(t, stdout, "In the last state", "an expression has no conjuncts with places")
}
