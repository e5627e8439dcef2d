package check_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// testdata/Live.txt has a line for each specification and property of Live.tla, and whether TLC finds it violated.
func TestLivenessIsTLCs(t *testing.T) {
	table, err := os.ReadFile("testdata/Live.txt")
	require.NoError(t, err)
	holds := 0
	for line := range strings.Lines(string(table)) {
		f := strings.Fields(line)
		t.Run(f[0]+"/"+f[1], func(t *testing.T) {
			r := live(t, f[0], f[1])
			want := tla.Liveness
			if f[2] == "holds" {
				holds++
				want = tla.OK
			}
			require.Equal(t, want, r.Verdict, r.Message)
			if want == tla.Liveness {
				require.Equal(t, 13, r.Code)
				require.Equal(t, f[1], r.Property)
				require.Less(t, r.Loop, len(r.Behavior))
			}
		})
	}
	require.NotZero(t, holds)
}

// Each pair is fair where its two differ: what is constant in a temporal formula is no choice of the behaviour's.
func TestFairnessUnderAConstantCondition(t *testing.T) {
	for spec, want := range map[string]tla.CheckVerdict{"PairsFair": tla.OK, "PairsUnfair": tla.Liveness} {
		require.Equal(t, want, live(t, spec, "Leaves").Verdict, spec)
	}
}

func live(t *testing.T, spec, property string) *tla.Result {
	source, err := os.ReadFile("testdata/Live.tla")
	require.NoError(t, err)
	files := fstest.MapFS{"Live.tla": {Data: source}, "Live.cfg": {Data: []byte("SPECIFICATION " + spec + "\nPROPERTY " + property + "\n")}}
	m, err := tla.Load("Live.tla", tla.Options{FS: files, Config: "Live.cfg"})
	require.NoError(t, err)
	r, err := m.Check(context.Background(), tla.CheckOptions{NoDeadlock: true})
	require.NoError(t, err)
	return r
}

// Strong fairness is met by a cycle that never takes the action only if the action is disabled on all of it.
func TestLassoOfAnUnfairExit(t *testing.T) {
	r := live(t, "WeakGrab", "Leaves")
	require.Equal(t, tla.Liveness, r.Verdict)
	require.GreaterOrEqual(t, r.Loop, 0)
	switched := map[string]bool{}
	for _, step := range r.Behavior[r.Loop:] {
		x, _ := step.State.Get("x")
		require.Equal(t, "0", x.String(), "the cycle stays where it must leave from")
		on, _ := step.State.Get("on")
		switched[on.String()] = true
	}
	require.Len(t, switched, 2, "the switch goes on and off: the exit is never open for ever")
}

// A formula and its negation: an equivalence, which the reference checker does not take, is taken apart.
func TestEquivalenceOfTemporalFormulas(t *testing.T) {
	require.Equal(t, tla.OK, live(t, "Free", "Same").Verdict)
}
