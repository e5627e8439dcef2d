// The traces of simulated locks are behaviours of spec/lease/LogLease.tla and spec/lock/Lock.tla, and each bug is caught.

package lock_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/lock"
	"synod/impl/lock/sim"
	paxossim "synod/impl/sim"
	"synod/trace"
)

// judge keeps a specification loaded: all runs have the same constants.
type judge struct {
	path string
	spec *conformance.Spec
}

var (
	leases = judge{path: "../../../spec/lease/LogLease.tla"}
	locks  = judge{path: "../../../spec/lock/Lock.tla"}
	logs   = judge{path: "../../../spec/log/Log.tla"}
)

// replay puts the nodes' files in one order and replays them.
func (j *judge) replay(t *testing.T, files []*trace.File) *conformance.Report {
	t.Helper()
	events, err := trace.Merge(files)
	require.NoError(t, err)
	headers := trace.Headers(files)
	if j.spec == nil {
		j.spec, err = conformance.LoadSpec(j.path, conformance.SpecOptions{Headers: headers})
		require.NoError(t, err)
	}
	report, err := conformance.Replay(context.Background(), j.spec, headers, events, conformance.Options{Workers: 1})
	require.NoError(t, err)
	return report
}

func conforms(t *testing.T, j *judge, seed uint64, files []*trace.File) {
	t.Helper()
	report := j.replay(t, files)
	var b strings.Builder
	require.NoError(t, report.WriteText(&b))
	require.Equal(t, conformance.Conforms, report.Verdict, "seed %d: %s", seed, b.String())
}

func TestTracesConform(t *testing.T) {
	var sum sim.Result
	for seed := range uint64(8) {
		r := sim.Run(sim.Options{Seed: seed})
		require.Empty(t, r.Broken, "seed %d", seed)
		conforms(t, &leases, seed, r.Lease)
		conforms(t, &locks, seed, r.Lock)
		if seed == 0 {
			conforms(t, &logs, seed, r.Log)
		}
		sum.Grants, sum.Renewed, sum.Expired = sum.Grants+r.Grants, sum.Renewed+r.Renewed, sum.Expired+r.Expired
		sum.Acts, sum.Stored, sum.Fenced = sum.Acts+r.Acts, sum.Stored+r.Stored, sum.Fenced+r.Fenced
	}
	t.Logf("%d grants, %d renewals, %d expired, %d acts, %d writes stored, %d fenced",
		sum.Grants, sum.Renewed, sum.Expired, sum.Acts, sum.Stored, sum.Fenced)
	for _, n := range []int{sum.Grants, sum.Renewed, sum.Expired, sum.Acts, sum.Stored, sum.Fenced} {
		require.Positive(t, n, "the runs met everything")
	}
}

// The same seed gives the same traces, byte for byte, and another seed others.
func TestTheSameSeedGivesTheSameTraces(t *testing.T) {
	traces := func(seed uint64) (text []byte) {
		r := sim.Run(sim.Options{Seed: seed})
		for _, f := range slices.Concat(r.Lease, r.Lock, r.Log) {
			text = append(text, paxossim.Lines(f)...)
		}
		return text
	}
	require.True(t, bytes.Equal(traces(3), traces(3)))
	require.False(t, bytes.Equal(traces(3), traces(4)))
}

// mutants are the known bugs, and who must notice each: C is the replay, I what the simulator watches.
var mutants = []struct {
	bug  lock.Bugs
	must string
}{
	{lock.CountedFromAnswer, "CI"},
	{lock.WallClock, "CI"},
	{lock.ErrorAdded, "CI"},
	{lock.ErrorIgnored, "C"},
	{lock.NotCheckedAgain, "CI"},
	{lock.GrantedTwice, "CI"},
	{lock.RenewalIgnored, "C"},
	{lock.TokenIgnored, "C"},
	{lock.ForgottenOverRestart, "CI"},
	{lock.NoToken, "CI"},
	{lock.FetchWithoutToken, "CI"},
	{lock.LastTokenKept, "CI"},
	{lock.TokenGivenAgain, "CI"},
}

func TestEachBugIsCaught(t *testing.T) {
	require.Len(t, mutants, len(lock.BugNames()))
	for _, m := range mutants {
		t.Run(m.bug.String(), func(t *testing.T) {
			found := map[rune]uint64{} // after how many seeds
			missing := func(checker rune) bool { return found[checker] == 0 }
			for n := uint64(1); n <= 300 && strings.ContainsFunc(m.must, missing); n++ {
				r := sim.Run(sim.Options{Seed: n - 1, Bugs: m.bug})
				if missing('I') && len(r.Broken) > 0 {
					found['I'] = n
				}
				if missing('C') && (leases.replay(t, r.Lease).Verdict != conformance.Conforms ||
					locks.replay(t, r.Lock).Verdict != conformance.Conforms) {
					found['C'] = n
				}
			}
			t.Logf("seeds until it is caught: C %d, I %d", found['C'], found['I'])
			require.False(t, strings.ContainsFunc(m.must, missing), "not caught by all of %s", m.must)
		})
	}
}
