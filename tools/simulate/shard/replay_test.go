// The traces of simulated groups are behaviours of spec/shard/Shard.tla, their histories are linearizable over moves, and
// each bug is caught.

package shard_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/shard"
	"synod/impl/shard/sim"
	paxossim "synod/impl/sim"
	"synod/tools/simulate/linear"
	"synod/trace"
)

var spec *conformance.Spec

// replay puts the groups' files in one order and replays them.
func replay(t *testing.T, r *sim.Result) *conformance.Report {
	t.Helper()
	events, err := trace.Merge(r.Files)
	require.NoError(t, err)
	headers := trace.Headers(r.Files)
	if spec == nil {
		spec, err = conformance.LoadSpec("../../../spec/shard/Shard.tla", conformance.SpecOptions{Headers: headers})
		require.NoError(t, err)
	}
	report, err := conformance.Replay(context.Background(), spec, headers, events, conformance.Options{Workers: 1})
	require.NoError(t, err)
	return report
}

// counter is what a shard is to its clients: each change is answered with how many there are.
var counter = porcupine.Model{
	Init: func() any { return 0 },
	Step: func(state, _, output any) (bool, any) {
		n := state.(int) + 1
		return output == "" || output == strconv.Itoa(n), n
	},
}

func allLinearizable(r *sim.Result) bool {
	for _, h := range r.History {
		if !linear.Linearizable(counter, h) {
			return false
		}
	}
	return true
}

func TestTracesConform(t *testing.T) {
	served, moved, again := 0, 0, 0
	for seed := range uint64(15) {
		r := sim.Run(sim.Options{Seed: seed})
		require.Empty(t, r.Broken, "seed %d", seed)
		require.True(t, allLinearizable(r), "seed %d", seed)
		report := replay(t, r)
		var text strings.Builder
		require.NoError(t, report.WriteText(&text))
		require.Equal(t, conformance.Conforms, report.Verdict, "seed %d: %s", seed, text.String())
		served, moved, again = served+r.Served, moved+r.Moved, again+r.Again
	}
	t.Logf("%d requests served, %d moves, %d requests asked again", served, moved, again)
	require.Greater(t, served, 500)
	require.Greater(t, moved, 50)
	require.Greater(t, again, 10)
}

// The same seed gives the same traces, byte for byte, and another seed others.
func TestTheSameSeedGivesTheSameTraces(t *testing.T) {
	traces := func(seed uint64) (text []byte) {
		for _, f := range sim.Run(sim.Options{Seed: seed}).Files {
			text = append(text, paxossim.Lines(f)...)
		}
		return text
	}
	require.True(t, bytes.Equal(traces(3), traces(3)))
	require.False(t, bytes.Equal(traces(3), traces(4)))
}

// mutants are the known bugs, and who must notice each: C is the replay, I what the simulator watches, L porcupine.
var mutants = []struct {
	bug  shard.Bugs
	must string
}{
	{shard.HandOverUnfrozen, "CIL"},
	{shard.ServeFrozen, "CIL"},
	{shard.ActivateAgain, "C"},
	{shard.DropWhenSent, "C"},
	{shard.PublishEarly, "C"},
	{shard.SessionsLeftBehind, "L"},
}

func TestEachBugIsCaught(t *testing.T) {
	require.Len(t, mutants, len(shard.BugNames()))
	for _, m := range mutants {
		t.Run(m.bug.String(), func(t *testing.T) {
			found := map[rune]uint64{} // after how many seeds
			missing := func(checker rune) bool { return found[checker] == 0 }
			note := func(checker rune, seeds uint64, caught func() bool) {
				if missing(checker) && caught() {
					found[checker] = seeds
				}
			}
			for n := uint64(1); n <= 100 && strings.ContainsFunc(m.must, missing); n++ {
				r := sim.Run(sim.Options{Seed: n - 1, Bugs: m.bug})
				note('I', n, func() bool { return len(r.Broken) > 0 })
				note('L', n, func() bool { return !allLinearizable(r) })
				note('C', n, func() bool { return replay(t, r).Verdict != conformance.Conforms })
			}
			t.Logf("seeds until it is caught: C %d, I %d, L %d", found['C'], found['I'], found['L'])
			require.False(t, strings.ContainsFunc(m.must, missing), "not caught by all of %s", m.must)
		})
	}
}
