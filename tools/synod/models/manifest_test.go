// Manifests that are read, compared, and refused.

package models

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// manifest writes a manifest beside two models and reads it.
func manifest(t *testing.T, text string) (*Manifest, error) {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "reg"), 0o755))
	for name, content := range map[string]string{"m.json": text, "reg/MC.tla": "", "reg/MC.cfg": "", "reg/MCBig.cfg": ""} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644))
	}
	return Read(filepath.Join(folder, "m.json"))
}

const (
	good = `{"name": "MC", "spec": "reg/MC.tla", "config": "reg/MC.cfg", "time": "quick", "result": "ok", "generated": 10, "distinct": 4, "depth": 3, "shows": "that it holds"}`
	bad  = `{"name": "MCBig", "spec": "reg/MC.tla", "config": "reg/MCBig.cfg", "time": "nightly", "result": "invariant", "violates": "Inv", "length": 5, "shows": "that it breaks"}`
)

func TestReadAndChoose(t *testing.T) {
	m, err := manifest(t, `{"models": [`+good+`, `+bad+`]}`)
	require.NoError(t, err)
	require.Len(t, m.Models, 2)
	require.FileExists(t, m.Models[0].Spec)
	require.FileExists(t, m.Models[0].Config)
	require.Len(t, m.Choose(false, ""), 1)
	require.Len(t, m.Choose(true, ""), 2)
	require.Len(t, m.Choose(false, "Big"), 1)
	require.Len(t, m.Choose(false, "reg/"), 2)
	require.Empty(t, m.Choose(false, "Small"))
}

func TestManifestsThatAreRefused(t *testing.T) {
	cases := []struct{ name, text, says string }{
		{"no JSON", "{\n\"models\": [}\n", "m.json:2:"},
		{"more behind it", `{"models": []} {}`, "more after"},
		{"a field that is none", alter(good, `"spec"`, `"specification"`), "specification"},
		{"no name", alter(good, `"name": "MC", `, ``), "name"},
		{"no configuration", alter(good, `"config": "reg/MC.cfg", `, ``), "config"},
		{"a module that is nowhere", alter(good, `MC.tla`, `None.tla`), "None.tla"},
		{"a configuration that is nowhere", alter(good, `MC.cfg`, `None.cfg`), "None.cfg"},
		{"a result that is none", alter(good, `"ok"`, `"fine"`), `"fine"`},
		{"a time that is none", alter(good, `"quick"`, `"soon"`), `"soon"`},
		{"a good model without figures", alter(good, `"depth": 3, `, ``), "figures"},
		{"a bad model without a length", alter(bad, `"length": 5, `, ``), "length"},
		{"no purpose", alter(good, `, "shows": "that it holds"`, ``), "shows"},
		{"a model twice", `{"models": [` + good + `, ` + good + `]}`, "twice"},
		{"a configuration twice", `{"models": [` + good + `, ` + strings.Replace(good, `"MC"`, `"Other"`, 1) + `]}`, "twice"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := manifest(t, c.text)
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "m.json")
		})
	}
}

// alter makes a manifest of one model with one thing about it changed.
func alter(model, from, to string) string {
	return `{"models": [` + strings.Replace(model, from, to, 1) + `]}`
}

func TestCompare(t *testing.T) {
	number := func(n int64) *int64 { return &n }
	holds := Model{Result: "ok", Generated: number(10), Distinct: number(4), Depth: number(3)}
	breaks := Model{Result: "invariant", Violates: "Inv", Length: number(5)}
	empty := Model{Result: "ok", Generated: number(0), Distinct: number(0), Depth: number(0)}
	cases := []struct {
		name  string
		model Model
		found Finding
		says  []string
	}{
		{"all agrees", holds, Finding{Result: "ok", Generated: 10, Distinct: 4, Depth: 3}, nil},
		{"no states, as it should be", empty, Finding{Result: "ok"}, nil},
		{"states where there should be none", empty, Finding{Result: "ok", Generated: 1}, []string{"generated 1, expected 0"}},
		{"another count", holds, Finding{Result: "ok", Generated: 11, Distinct: 4, Depth: 3}, []string{"generated 11, expected 10"}},
		{"other counts", holds, Finding{Result: "ok", Generated: 10, Distinct: 5, Depth: 2}, []string{"distinct 5, expected 4", "depth 2, expected 3"}},
		{"it breaks", holds, Finding{Result: "invariant", Message: "Invariant Inv is violated."}, []string{"result invariant, expected ok (Invariant Inv is violated.)"}},
		{"it breaks as it should", breaks, Finding{Result: "invariant", Violated: "Inv", Generated: 99, Length: 5}, nil},
		{"something else breaks", breaks, Finding{Result: "invariant", Violated: "Other", Length: 5}, []string{"Other is violated, expected Inv"}},
		{"it breaks elsewhere", breaks, Finding{Result: "invariant", Violated: "Inv", Length: 6}, []string{"length 6, expected 5"}},
		{"it no longer breaks", breaks, Finding{Result: "ok"}, []string{"result ok, expected invariant"}},
		{"the judge does not say what breaks", breaks, Finding{Result: "invariant", Length: 5}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.says, c.model.Compare(c.found))
		})
	}
}

func TestResults(t *testing.T) {
	cases := []struct {
		code    int
		message string
		result  string
	}{
		{0, "", "ok"},
		{10, "Assumption line 3, col 8 to line 3, col 12 of module A is false.", "assumption"},
		{11, "Deadlock reached.", "deadlock"},
		{12, "Invariant Inv is violated.", "invariant"},
		{13, "Action property line 5, col 3 to line 5, col 9 of module A is violated.", "property"},
		{13, "Temporal properties were violated.", "property"},
		{75, "In evaluation, the identifier x is either undefined or not an operator.", "error"},
		{150, "Parsing or semantic analysis failed.", "error"},
	}
	for _, c := range cases {
		require.Equal(t, c.result, resultOf(c.code, c.message), c.message)
		require.Contains(t, results, c.result)
	}
}

func TestNamesInTLCsMessages(t *testing.T) {
	require.Equal(t, "OneChain", violatedName("Invariant OneChain is violated."))
	require.Equal(t, "OneChain", violatedName("Invariant OneChain is violated by the initial state:"))
	require.Equal(t, "Forever", violatedName("Action property Forever is violated."))
	require.Empty(t, violatedName("Action property line 5, col 3 to line 5, col 9 of module A is violated."))
	require.Empty(t, violatedName("Temporal properties were violated."))
}
