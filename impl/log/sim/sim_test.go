// Runs under faults keep the specification's properties, come to an end, and are the same for the same seed.

package sim

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/log"
)

func TestRunsKeepTheProperties(t *testing.T) {
	answered := 0
	for seed := range uint64(300) {
		r := Run(Options{Seed: seed, Calm: 3000})
		require.Empty(t, r.Broken, "seed %d", seed)
		require.Positive(t, r.Answered, "seed %d", seed)
		require.GreaterOrEqual(t, r.Behind+6, r.Applied, "seed %d: all catch up when nothing fails", seed)
		answered += r.Answered
	}
	require.Greater(t, answered, 20_000)
}

func TestTheSameSeedGivesTheSameRun(t *testing.T) {
	lines := func() []byte {
		var b []byte
		for _, f := range Run(Options{Seed: 7}).Files {
			for i := range f.Events {
				b = f.Events[i].AppendJSON(b)
			}
		}
		return b
	}
	require.True(t, bytes.Equal(lines(), lines()))
}

func TestACounterIsAMachine(t *testing.T) {
	var c Counter
	require.Equal(t, "3", c.Apply("add 3"))
	require.Equal(t, "5", c.Apply("set 5"))
	require.Equal(t, "5", c.Apply("nonsense"))
	var d Counter
	require.NoError(t, d.Restore(c.Snapshot()))
	require.Equal(t, "6", d.Apply("add 1"))
	require.Error(t, d.Restore("five"))
	var _ log.Traced = &c
}
