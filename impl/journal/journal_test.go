// Each step stands in a machine's journal once, and a process's runs follow each other.

package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/step"
	"synod/trace"
)

// A replica that starts again performs again what its journal has already. What a kill has torn off is written anew.
func TestAJournalHasEachStepOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "g1.ndjson")
	header := trace.Header{Spec: "shard/Shard.tla", Node: "g1"}
	run := func(steps int) {
		j, err := OpenMachine(path, header)
		require.NoError(t, err)
		c := step.Counter{Node: "g1", Record: j.Record}
		for n := range steps {
			require.Equal(t, step.Name("g1", 1, uint64(n+1)), c.Take(step.Cause{}, step.Step{Action: "Serve"}).Step)
		}
		require.NoError(t, j.Close())
	}
	run(0)
	run(3)
	run(2)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(string(text), "\n"), "%s", text)
	require.NoError(t, os.WriteFile(path, text[:len(text)-9], 0o644))
	run(5)
	f, err := trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, f.Events, 5)
	require.False(t, f.Torn)
	header.Node = "g2"
	_, err = OpenMachine(path, header)
	require.ErrorContains(t, err, "trace of g1")
	require.NoError(t, os.WriteFile(path, []byte("x\n"), 0o644))
	_, err = OpenMachine(path, header)
	require.Error(t, err)
}

// A replica that has taken over a snapshot has not seen all steps. Its file ends before them, and can be opened again.
func TestAJournalEndsBeforeAGap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "g1.ndjson")
	for range 2 {
		j, err := OpenMachine(path, trace.Header{Spec: "shard/Shard.tla", Node: "g1"})
		require.NoError(t, err)
		var ended []uint64
		j.Ended = func(n uint64) { ended = append(ended, n) }
		for _, n := range []uint64{1, 2, 5, 6} {
			j.Record(step.Step{Seq: n, Clock: n, Action: "Serve"})
		}
		require.Equal(t, []uint64{5}, ended)
		require.NoError(t, j.Close())
		f, err := trace.ReadFile(path)
		require.NoError(t, err)
		require.Len(t, f.Events, 2)
	}
}

func TestAProcessGoesOnInANewRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h1.ndjson")
	var last step.Cause
	for run := range uint64(2) {
		p, err := OpenProcess(path, trace.Header{Spec: "lease/LogLease.tla", Node: "h1"})
		require.NoError(t, err)
		last = p.Record(step.Cause{Step: "log/1/7", Clock: 20 * (run + 1)}, step.Step{Instance: "a", Action: "Hold"})
		require.Equal(t, step.Cause{Step: step.Name("h1", run+1, 2), Clock: 20*(run+1) + 1}, last)
		require.NoError(t, p.Close())
	}
	f, err := trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, f.Events, 4)
	require.Equal(t, "Start", f.Events[2].Action)
	require.Equal(t, trace.ID{Node: "log", Run: 1, Seq: 7}, f.Events[3].Causes[0])
	var none *Process
	require.Zero(t, none.Record(last, step.Step{}))
	require.NoError(t, none.Close())
}
