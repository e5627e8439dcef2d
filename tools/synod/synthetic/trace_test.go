// Synthetic traces are real ones: they can be written, read and merged again.

package synthetic

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/trace"
)

func TestTraceIsOneBehaviourThatMerges(t *testing.T) {
	headers, events, err := Trace(2000, 1, 7)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(events), 2000)
	fired := make(map[string]int)
	for _, e := range events {
		require.Equal(t, "k0", e.Instance)
		fired[e.Action]++
	}
	for _, action := range []string{"Prepare", "Promise", "Propose", "Accept", "Acknowledge", "RefusePrepare", "Abandon"} {
		require.NotZero(t, fired[action], action)
	}

	path := filepath.Join(t.TempDir(), "all.ndjson")
	file, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, trace.Copy(file, headers, events))
	require.NoError(t, file.Close())
	back, err := trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, back.Headers, len(headers))
	merged, err := trace.Merge([]*trace.File{back})
	require.NoError(t, err)
	require.Len(t, merged, len(events))
}

func TestTheSameSeedGivesTheSameTrace(t *testing.T) {
	_, first, err := Trace(500, 4, 3)
	require.NoError(t, err)
	_, again, err := Trace(500, 4, 3)
	require.NoError(t, err)
	require.Equal(t, first, again)
	_, other, err := Trace(500, 4, 4)
	require.NoError(t, err)
	require.NotEqual(t, first, other)
}

func TestLogsMerge(t *testing.T) {
	for _, leases := range []bool{false, true} {
		files := Log(20_000, leases, 3)
		events, err := trace.Merge(files)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(events), 20_000)
		fired := make(map[string]int)
		for _, e := range events {
			fired[e.Action]++
		}
		for _, action := range []string{"Propose", "Accept", "Learn", "Apply", "Answer", "Restart"} {
			require.NotZero(t, fired[action], action)
		}
		require.Equal(t, leases, fired["Read"] > 0)
	}
}
