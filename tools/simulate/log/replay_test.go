// The traces of simulated replicas are behaviours of spec/log/Log.tla, and each known bug is caught.

package log_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/log"
	"synod/impl/log/sim"
	"synod/tools/simulate/linear"
	"synod/trace"
)

const (
	specification          = "../../../spec/log/Log.tla"
	leaseSpecification     = "../../../spec/log/LeaderLease.tla"
	lossSpecification      = "../../../spec/log/Readmission.tla"
	leaseLossSpecification = "../../../spec/log/LeaseReadmission.tla"
)

// judge keeps the specification loaded: all runs of as many replicas have the same constants.
type judge struct {
	path string // "" is specification
	spec *conformance.Spec
}

// replay puts the nodes' files in one order and replays them.
func (j *judge) replay(t *testing.T, r *sim.Result) *conformance.Report {
	t.Helper()
	events, err := trace.Merge(r.Files)
	require.NoError(t, err)
	headers := trace.Headers(r.Files)
	if j.spec == nil {
		j.spec, err = conformance.LoadSpec(cmp.Or(j.path, specification), conformance.SpecOptions{Headers: headers})
		require.NoError(t, err)
	}
	report, err := conformance.Replay(context.Background(), j.spec, headers, events, conformance.Options{Workers: 1})
	require.NoError(t, err)
	return report
}

func text(t *testing.T, report *conformance.Report) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, report.WriteText(&b))
	return b.String()
}

func TestTracesConform(t *testing.T) {
	var j judge
	hidden := 0
	for seed := range uint64(40) {
		r := sim.Run(sim.Options{Seed: seed})
		require.Empty(t, r.Broken)
		report := j.replay(t, r)
		require.Equal(t, conformance.Conforms, report.Verdict, "seed %d: %s", seed, text(t, report))
		hidden += report.Hidden
	}
	require.Positive(t, hidden, "some crash came between the disk and the trace")
}

func TestTracesOfLeasesConform(t *testing.T) {
	j := judge{path: leaseSpecification}
	reads, confirmed, hidden := 0, 0, 0
	for seed := range uint64(30) {
		r := sim.Run(sim.Options{Seed: seed, Leases: true, Inquiries: seed%3 == 0, Brisk: 1})
		require.Empty(t, r.Broken, "seed %d", seed)
		require.True(t, linear.Linearizable(counter, r.History), "seed %d", seed)
		report := j.replay(t, r)
		require.Equal(t, conformance.Conforms, report.Verdict, "seed %d: %s", seed, text(t, report))
		reads, confirmed, hidden = reads+r.Reads, confirmed+r.Confirmed, hidden+report.Hidden
	}
	t.Logf("%d reads from leaders' copies under a lease, %d confirmed by a quorum", reads, confirmed)
	require.Greater(t, reads, 100)
	require.Positive(t, confirmed)
	require.Positive(t, hidden)
}

func TestTracesOfLostDisksConform(t *testing.T) {
	lostDisks(t, &judge{path: lossSpecification}, false)
}

func TestTracesOfLostDisksBesideLeasesConform(t *testing.T) {
	j := judge{path: leaseLossSpecification}
	lostDisks(t, &j, true)
	for seed := range uint64(100) {
		r := sim.Run(sim.Options{Seed: seed, Losses: true, Leases: true, Steps: 1200, Replicas: 3, Bugs: log.NothingSettled})
		if j.replay(t, r).Verdict == conformance.Violates {
			return
		}
	}
	require.Fail(t, "a leader that names nothing that it has inherited is not caught")
}

func lostDisks(t *testing.T, j *judge, leases bool) {
	losses, readmitted, reads := 0, 0, 0
	for seed := range uint64(15) {
		r := sim.Run(sim.Options{Seed: seed, Losses: true, Leases: leases, Steps: 1200, Replicas: 3})
		require.Empty(t, r.Broken, "seed %d", seed)
		require.True(t, linear.Linearizable(counter, r.History), "seed %d", seed)
		report := j.replay(t, r)
		require.Equal(t, conformance.Conforms, report.Verdict, "seed %d: %s", seed, text(t, report))
		losses, reads = losses+r.Losses, reads+r.Reads
		for _, f := range r.Files {
			for _, e := range f.Events {
				if e.Action == "Readmit" {
					readmitted++
				}
			}
		}
	}
	t.Logf("%d disks were lost, %d replicas took part again, %d reads under a lease", losses, readmitted, reads)
	require.Positive(t, readmitted)
	require.Equal(t, leases, reads > 0)
}

// opaque is a machine of which a trace shows only which commands were performed.
type opaque struct{ log.Machine }

func TestTracesOfAnyMachineConform(t *testing.T) {
	var j judge
	for seed := range uint64(10) {
		r := sim.Run(sim.Options{Seed: seed, Machine: func() log.Machine { return opaque{&sim.Counter{}} }})
		require.Empty(t, r.Broken)
		report := j.replay(t, r)
		require.Equal(t, conformance.Conforms, report.Verdict, "seed %d: %s", seed, text(t, report))
	}
}

// counter is a number that one adds to and sets, as clients see it: nothing of the implementation is in it.
var counter = porcupine.Model{
	Init: func() any { return 0 },
	Step: func(state, input, output any) (bool, any) {
		var name string
		var n int
		if _, err := fmt.Sscan(input.(string), &name, &n); err != nil {
			return false, state
		}
		if name == "add" {
			n += state.(int)
		}
		return output == "" || output == fmt.Sprint(n), n
	},
}

func TestHistoriesAreLinearizable(t *testing.T) {
	for seed := range uint64(100) {
		require.True(t, linear.Linearizable(counter, sim.Run(sim.Options{Seed: seed}).History), "seed %d", seed)
	}
}

// mutants are the known bugs, and who must notice each: C is the replay, I the properties that the simulator watches.
// Where the first seeds do not meet what shows the bug, first is one from which it does not take long.
var mutants = []struct {
	bug   log.Bugs
	must  string
	first uint64
}{
	{log.ApplyPastGap, "CI", 0},
	{log.HoleDespiteReport, "CI", 0},
	{log.ReportFirstOpenSlot, "CI", 0},
	{log.TruncatedTakenForFree, "C", 0},
	{log.DeposedLeaderCounts, "C", 160},
	{log.FollowAnyVote, "C", 0},
	{log.TruncateBeforeSaved, "C", 0},
	{log.SnapshotOffByOne, "CI", 0},
	{log.SnapshotLowersPromise, "C", 0},
	{log.SnapshotWithoutSessions, "CI", 0},
	{log.ApplyInAnyOrder, "CI", 0},
	{log.PerformAgain, "C", 0},
	{log.PromiseNotPersisted, "C", 0},
	{log.AcceptBelowPromise, "C", 0},
	{log.PromiseWhileBound, "CIL", 0},
	{log.ForgottenOverRestart, "C", 0},
	{log.GrantToAnother, "C", 0},
	{log.CountFromAnswer, "C", 0},
	{log.HoldWithoutQuorum, "C", 0},
	{log.LeaseErrorIgnored, "C", 0},
	{log.ReadBeforeSettled, "CI", 0},
	{log.ReadBeforeInherited, "CL", 0},
	{log.ConfirmAny, "C", 0},
	{log.ReadUnconfirmed, "C", 0},
	{log.StartEmpty, "CI", 0},
	{log.AboveOne, "C", 0},
	{log.NothingSettled, "C", 0},
	{log.OldCopy, "CI", 0},
}

func TestEachBugIsCaught(t *testing.T) {
	require.Len(t, mutants, len(log.BugNames()))
	plain, leased, lossy := &judge{}, &judge{path: leaseSpecification}, &judge{path: lossSpecification}
	for _, m := range mutants {
		j, options := plain, sim.Options{Bugs: m.bug}
		if m.bug >= log.StartEmpty {
			j, options.Losses, options.Steps = lossy, true, 1500
		} else if m.bug >= log.PromiseWhileBound {
			j, options.Leases, options.Brisk, options.Steps = leased, true, 1, 1500
			options.Inquiries = m.bug >= log.ReadBeforeInherited
		}
		t.Run(m.bug.String(), func(t *testing.T) {
			found := map[rune]uint64{} // after how many seeds
			note := func(checker rune, seeds uint64, caught func() bool) {
				if found[checker] == 0 && caught() {
					found[checker] = seeds
				}
			}
			content := func(checker rune) bool { return found[checker] == 0 }
			for n := uint64(1); n <= 400 && strings.ContainsFunc(m.must, content); n++ {
				options.Seed = m.first + n - 1
				r := sim.Run(options)
				note('I', n, func() bool { return len(r.Broken) > 0 })
				note('L', n, func() bool { return !linear.Linearizable(counter, r.History) })
				note('C', n, func() bool { return j.replay(t, r).Verdict != conformance.Conforms })
			}
			t.Logf("seeds from %d until it is caught: C %d, I %d, L %d", m.first, found['C'], found['I'], found['L'])
			require.False(t, strings.ContainsFunc(m.must, content), "not caught by all of %s", m.must)
		})
	}
}
