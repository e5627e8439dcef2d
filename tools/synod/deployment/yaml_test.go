// Files in YAML say what those in TOML say, and what is wrong in one is told with its line.

package deployment

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/pelletier/go-toml/v2"
)

// read reads a file of that name with that text.
func read(t *testing.T, name, text string) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	f, err := Read(path, "log.level=debug")
	if err == nil {
		f.folder, f.place = "", nil
	}
	return f, err
}

func TestAFileInYAMLSaysTheSame(t *testing.T) {
	dir := initialised(t, Plan{Name: "test"})
	for _, machine := range []string{"node1", "client", "operator"} {
		text, err := os.ReadFile(filepath.Join(dir, machine, "synod.toml"))
		require.NoError(t, err)
		var tree map[string]any
		require.NoError(t, toml.Unmarshal(text, &tree))
		translated, err := yaml.Marshal(tree)
		require.NoError(t, err)
		want, err := read(t, "synod.toml", string(text))
		require.NoError(t, err)
		got, err := read(t, "synod.yaml", string(translated))
		require.NoError(t, err, string(translated))
		require.Equal(t, want, got)
	}
}

func TestWhatIsWrongInYAML(t *testing.T) {
	for text, want := range map[string]string{
		"cluster:\n  name: x\n  bogus: 1\n":        "synod.yaml:3:1: there is no setting cluster.bogus",
		"\n\nacceptor: {id: a1, listens: here}\n":  "synod.yaml:4:1: there is no setting acceptor.listens",
		"acceptor:\n  trace_sample: many\n":        "synod.yaml:2:",
		"- a\n- b\n":                               "synod.yaml:1:1: settings with names were expected",
		"cluster:\n name: x\n  scheme: y\n":        "synod.yaml:3:",
		"cluster:\n  name: &n x\n  scheme: *n\n":   "synod.yaml:3:11: cluster.scheme: aliases have no place here",
		"cluster:\n  name:\n":                      "synod.yaml:2:8: cluster.name: there is no value",
		"cluster:\n  name: x\n  name: y\n":         "synod.yaml:3:",
		"cluster:\n  {}: x\n":                      "synod.yaml:2:3: this is no name of a setting",
		"cluster:\n  name: \"x\n":                  "synod.yaml:",
		"cluster:\n  acceptors:\n    a1: [1, 2]\n": "synod.yaml:3:",
	} {
		path := filepath.Join(t.TempDir(), "synod.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := Read(path)
		require.ErrorContains(t, err, want, text)
	}
	_, err := read(t, "synod.yml", "")
	require.NoError(t, err, "nothing is set")
}
