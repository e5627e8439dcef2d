// What TLC was found to give, expression by expression and model by model: a corpus that needs no Java to run.

package tla_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// diffEntry is a block of a corpus file: an expression, and TLC's value ("= value") or error ("! error") on the last line.
type diffEntry struct {
	file       string
	line       int // of the expression
	expression string
	value      string
	fails      bool
	unreadable bool // TLC does not even read a module with it
}

func diffEntries(t *testing.T) []diffEntry {
	t.Helper()
	files, err := filepath.Glob("testdata/diff_*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []diffEntry
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		line := 1
		for block := range strings.SplitSeq(strings.TrimRight(string(data), "\n"), "\n\n") {
			at := strings.LastIndexByte(block, '\n')
			require.Positive(t, at, "%s:%d: a block without an outcome", file, line)
			e := diffEntry{file: file, line: line, expression: block[:at]}
			value, isValue := strings.CutPrefix(block[at+1:], "= ")
			require.True(t, isValue || strings.HasPrefix(block[at+1:], "! "), "%s:%d: no outcome", file, line)
			e.value, e.fails, e.unreadable = value, !isValue, value == "! cannot be read"
			all = append(all, e)
			line += strings.Count(block, "\n") + 2
		}
	}
	return all
}

// diffModule is the module with which the corpus was made, and a definition E1, E2, .. for each expression.
func diffModule(t *testing.T, entries []diffEntry) string {
	t.Helper()
	prelude, err := os.ReadFile("testdata/diff_prelude.tla")
	require.NoError(t, err)
	module, found := strings.CutSuffix(string(prelude), "====\n")
	require.True(t, found)
	for i, e := range entries {
		module += fmt.Sprintf("E%d ==\n    %s\n", i+1, strings.ReplaceAll(e.expression, "\n", "\n    "))
	}
	return module + "====\n"
}

func diffLoad(t *testing.T, entries []diffEntry) (*tla.Model, error) {
	t.Helper()
	config, err := os.ReadFile("testdata/diff_prelude.cfg")
	require.NoError(t, err)
	files := fstest.MapFS{
		"Batch.tla": {Data: []byte(diffModule(t, entries))},
		"Batch.cfg": {Data: config},
	}
	return tla.Load("Batch.tla", tla.Options{FS: files, Config: "Batch.cfg"})
}

// knownBetter are expressions that TLC fails on because it would enumerate a set, and the engine compares by structure.
var knownBetter = map[string]bool{`Nat \subseteq Int`: true, `Nat \subseteq Nat`: true}

func diffEval(t *testing.T, m *tla.Model, name string) (tla.Value, error) {
	t.Helper()
	state, err := m.NewState(map[string]tla.Value{"unused": tla.Int(0)})
	require.NoError(t, err)
	return m.NewMachine().Eval(name, state)
}

func TestExpressionsAreWorthWhatTLCSays(t *testing.T) {
	var entries []diffEntry
	for _, e := range diffEntries(t) {
		m, err := diffLoad(t, []diffEntry{e})
		if e.unreadable && err == nil { // what TLC cannot read may be an error of evaluation here
			_, err = diffEval(t, m, "E1")
		}
		switch {
		case e.unreadable && err == nil:
			t.Errorf("%s:%d: TLC cannot read this\n%s", e.file, e.line, e.expression)
		case !e.unreadable && err != nil:
			t.Errorf("%s:%d: %v\n%s", e.file, e.line, err, e.expression)
		case err == nil:
			entries = append(entries, e)
		}
	}
	m, err := diffLoad(t, entries)
	require.NoError(t, err)
	for i, e := range entries {
		v, err := diffEval(t, m, fmt.Sprintf("E%d", i+1))
		switch {
		case knownBetter[e.expression]:
			require.NoError(t, err)
		case e.fails && err == nil:
			t.Errorf("%s:%d: an error for TLC, here %s\n%s", e.file, e.line, v, e.expression)
		case !e.fails && err != nil:
			t.Errorf("%s:%d: for TLC %s, here an error: %v\n%s", e.file, e.line, e.value, err, e.expression)
		case !e.fails && v.String() != e.value:
			t.Errorf("%s:%d: for TLC %s, here %s\n%s", e.file, e.line, e.value, v, e.expression)
		}
	}
}

func TestModelsGiveWhatTLCGives(t *testing.T) {
	configs, err := filepath.Glob("testdata/diff_spec_*.cfg")
	require.NoError(t, err)
	for _, config := range configs {
		t.Run(filepath.Base(config), func(t *testing.T) {
			data, err := os.ReadFile(config)
			require.NoError(t, err)
			var code int
			var generated, distinct int64
			var depth int
			_, err = fmt.Sscanf(string(data), `\* TLC: code %d, generated %d, distinct %d, depth %d`, &code, &generated, &distinct, &depth)
			require.NoError(t, err, "the first line says what TLC gives")
			m, err := tla.Load(strings.TrimSuffix(config, ".cfg")+".tla", tla.Options{Config: config})
			require.NoError(t, err)
			r, err := m.Check(context.Background(), tla.CheckOptions{Workers: 1})
			require.NoError(t, err)
			require.Equal(t, code, min(r.Code, 75), "%s %v", r.Message, r.Err)
			if code == 0 {
				require.Equal(t, []int64{generated, distinct, int64(depth)}, []int64{r.Generated, r.Distinct, int64(r.Depth)})
			}
		})
	}
}
