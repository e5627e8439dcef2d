// The traces of simulated replicas are behaviours of spec/log/Log.tla, and each known bug is caught.

package log_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/log"
	"synod/impl/log/sim"
	"synod/trace"
)

const specification = "../../../spec/log/Log.tla"

// judge keeps the specification loaded: all runs of as many replicas have the same constants.
type judge struct{ spec *conformance.Spec }

// replay puts the nodes' files in one order and replays them.
func (j *judge) replay(t *testing.T, r *sim.Result) *conformance.Report {
	t.Helper()
	events, err := trace.Merge(r.Files)
	require.NoError(t, err)
	var headers []trace.Header
	for _, f := range r.Files {
		headers = append(headers, f.Headers...)
	}
	if j.spec == nil {
		j.spec, err = conformance.LoadSpec(specification, conformance.SpecOptions{Headers: headers})
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

// mutants are the known bugs, and who must notice each: C is the replay, I the properties that the simulator watches.
var mutants = map[log.Bugs]string{
	log.ApplyPastGap:            "CI",
	log.HoleDespiteReport:       "CI",
	log.ReportFirstOpenSlot:     "CI",
	log.TruncatedTakenForFree:   "C",
	log.DeposedLeaderCounts:     "C",
	log.FollowAnyVote:           "C",
	log.TruncateBeforeSaved:     "C",
	log.SnapshotOffByOne:        "CI",
	log.SnapshotLowersPromise:   "C",
	log.SnapshotWithoutSessions: "CI",
	log.ApplyInAnyOrder:         "CI",
	log.PerformAgain:            "C",
	log.PromiseNotPersisted:     "C",
	log.AcceptBelowPromise:      "C",
}

func TestEachBugIsCaught(t *testing.T) {
	require.Len(t, mutants, len(log.BugNames()))
	var j judge
	for bug, must := range mutants {
		t.Run(bug.String(), func(t *testing.T) {
			found := map[string]uint64{}
			for seed := range uint64(400) {
				r := sim.Run(sim.Options{Seed: seed, Bugs: bug})
				if _, done := found["I"]; !done && len(r.Broken) > 0 {
					found["I"] = seed + 1
				}
				if _, done := found["C"]; !done && j.replay(t, r).Verdict != conformance.Conforms {
					found["C"] = seed + 1
				}
				if len(found) == 2 || len(found) == len(must) && strings.Contains(must, "C") && found["C"] > 0 {
					break
				}
			}
			t.Logf("seeds until it is caught: %v", found)
			for _, checker := range must {
				require.Contains(t, found, string(checker))
			}
		})
	}
}
