// Reading several traces as one, and refusing what does not fit together.

package merged

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/synthetic"
	"synod/trace"
)

// nodes writes a synthetic trace as one file for each node.
func nodes(t *testing.T) map[string]string {
	t.Helper()
	headers, events, err := synthetic.Trace(200, 1, 1)
	require.NoError(t, err)
	folder := t.TempDir()
	paths := make(map[string]string)
	for _, h := range headers {
		var own []trace.Event
		for _, e := range events {
			if e.ID.Node == h.Node {
				own = append(own, e)
			}
		}
		paths[h.Node] = filepath.Join(folder, h.Node+".ndjson")
		require.NoError(t, (&Trace{Headers: []trace.Header{h}, Events: own}).Save(paths[h.Node]))
	}
	return paths
}

func TestReadMergesAndWriteCanBeReadAgain(t *testing.T) {
	paths := nodes(t)
	all, err := Read([]string{paths["p2"], paths["a3"], paths["a1"], paths["p1"], paths["a2"]})
	require.NoError(t, err)
	require.Len(t, all.Headers, 5)
	seen := make(map[trace.ID]bool)
	for _, e := range all.Events {
		for _, cause := range e.Causes {
			require.True(t, seen[cause], "%s stands before its cause %s", e.ID, cause)
		}
		seen[e.ID] = true
	}
	path := filepath.Join(t.TempDir(), "all.ndjson")
	require.NoError(t, all.Save(path))
	again, err := Read([]string{path})
	require.NoError(t, err)
	require.Len(t, again.Events, len(all.Events))
}

func TestAMissingNodeIsAnErrorWithItsPlace(t *testing.T) {
	paths := nodes(t)
	_, err := Read([]string{paths["p1"], paths["a1"], paths["a2"]})
	var bad *trace.Error
	require.ErrorAs(t, err, &bad)
	require.NotZero(t, bad.Line)
}

func TestATornLineIsTold(t *testing.T) {
	paths := nodes(t)
	text, err := os.ReadFile(paths["p1"])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(paths["p1"], append(text, `{"node":"p1","ru`...), 0o644))
	all, err := Read([]string{paths["p1"], paths["p2"], paths["a1"], paths["a2"], paths["a3"]})
	require.NoError(t, err)
	require.Equal(t, []string{paths["p1"]}, all.Torn)
}
