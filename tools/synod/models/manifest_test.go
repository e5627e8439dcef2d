// Manifests that are read, compared, and refused.

package models

import (
	"os"
	"path/filepath"
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
	good = `{"spec": "reg/MC.tla", "config": "reg/MC.cfg", "quick": true, "result": "ok", "generated": 10, "distinct": 4, "depth": 3, "shows": "that it holds"}`
	bad  = `{"spec": "reg/MC.tla", "config": "reg/MCBig.cfg", "result": "safety", "violates": "Inv", "depth": 5, "shows": "that it breaks"}`
)

func TestReadAndChoose(t *testing.T) {
	m, err := manifest(t, `{"models": [`+good+`, `+bad+`]}`)
	require.NoError(t, err)
	require.Len(t, m.Models, 2)
	require.FileExists(t, m.Models[0].Spec)
	require.FileExists(t, m.Models[0].Config)
	require.Equal(t, "reg/MC.cfg", m.Models[0].Name())
	require.Len(t, m.Choose(false, ""), 1)
	require.Len(t, m.Choose(true, ""), 2)
	require.Len(t, m.Choose(false, "Big"), 1)
	require.Empty(t, m.Choose(false, "Small"))
}

func TestManifestsThatAreRefused(t *testing.T) {
	cases := []struct{ name, text, says string }{
		{"no JSON", "{\n\"models\": [}\n", "m.json:2:"},
		{"more behind it", `{"models": []} {}`, "more after"},
		{"a field that is none", `{"models": [{"specification": "x"}]}`, "specification"},
		{"a module that is nowhere", `{"models": [{"spec": "reg/None.tla", "config": "reg/MC.cfg", "result": "safety", "shows": "x"}]}`, "None.tla"},
		{"a configuration that is nowhere", `{"models": [{"spec": "reg/MC.tla", "config": "reg/None.cfg", "result": "safety", "shows": "x"}]}`, "None.cfg"},
		{"no configuration", `{"models": [{"spec": "reg/MC.tla", "result": "safety", "shows": "x"}]}`, "config"},
		{"a result that is none", `{"models": [{"spec": "reg/MC.tla", "config": "reg/MC.cfg", "result": "fine", "shows": "x"}]}`, `"fine"`},
		{"a good model without figures", `{"models": [{"spec": "reg/MC.tla", "config": "reg/MC.cfg", "result": "ok", "shows": "x"}]}`, "figures"},
		{"no purpose", `{"models": [{"spec": "reg/MC.tla", "config": "reg/MC.cfg", "result": "safety"}]}`, "shows"},
		{"a model twice", `{"models": [` + good + `, ` + good + `]}`, "twice"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := manifest(t, c.text)
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "m.json")
		})
	}
}

func TestCompare(t *testing.T) {
	holds := Model{Result: "ok", Generated: 10, Distinct: 4, Depth: 3}
	breaks := Model{Result: "safety", Violates: "Inv", Depth: 5}
	cases := []struct {
		name  string
		model Model
		found Finding
		says  []string
	}{
		{"all agrees", holds, Finding{Result: "ok", Generated: 10, Distinct: 4, Depth: 3}, nil},
		{"another count", holds, Finding{Result: "ok", Generated: 11, Distinct: 4, Depth: 3}, []string{"generated 11, expected 10"}},
		{"other counts", holds, Finding{Result: "ok", Generated: 10, Distinct: 5, Depth: 2}, []string{"distinct 5, expected 4", "depth 2, expected 3"}},
		{"it breaks", holds, Finding{Result: "safety", Message: "Invariant Inv is violated."}, []string{"result safety, expected ok (Invariant Inv is violated.)"}},
		{"it breaks as it should", breaks, Finding{Result: "safety", Violated: "Inv", Generated: 99, Depth: 5}, nil},
		{"something else breaks", breaks, Finding{Result: "safety", Violated: "Other", Depth: 5}, []string{"Other is violated, expected Inv"}},
		{"it breaks elsewhere", breaks, Finding{Result: "safety", Violated: "Inv", Depth: 6}, []string{"depth 6, expected 5"}},
		{"it no longer breaks", breaks, Finding{Result: "ok"}, []string{"result ok, expected safety"}},
		{"no depth is told", breaks, Finding{Result: "safety", Violated: "Inv"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.says, c.model.Compare(c.found))
		})
	}
}

func TestNamesInTLCsMessages(t *testing.T) {
	require.Equal(t, "OneChain", violatedName("Invariant OneChain is violated."))
	require.Equal(t, "OneChain", violatedName("Invariant OneChain is violated by the initial state:"))
	require.Empty(t, violatedName("Temporal properties were violated."))
}
