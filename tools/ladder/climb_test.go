// Climbing: the engine finds on each rung what the manifests say, and what it finds is a behaviour of the rung.

package ladder

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
	"synod/tools/synod/console"
)

// quiet is a printer whose output nobody sees.
var quiet = &printer{&console.Console{Stdout: io.Discard, Stderr: io.Discard}}

// TestBrokenRungsBreak checks the broken rungs only: those that hold take longer, and are checked with all other
// models of the manifest.
func TestBrokenRungsBreak(t *testing.T) {
	for _, r := range readLadder(t).Rungs {
		if !r.Breaks() {
			continue
		}
		t.Run(r.ID, func(t *testing.T) {
			model, result, err := check(context.Background(), quiet, r)
			require.NoError(t, err)
			wrong, err := r.differs(model, result)
			require.NoError(t, err)
			require.Empty(t, wrong)
			require.NotEmpty(t, r.Final, "the final state is pinned")
			requireBehavior(t, model, result)
		})
	}
}

// requireBehavior steps through a counterexample by hand: it begins in an initial state, each step is one of the action
// that it names, and only the last state violates the invariant.
func requireBehavior(t *testing.T, m *tla.Model, result *tla.Result) {
	t.Helper()
	machine := m.NewMachine()
	initial, err := machine.Init()
	require.NoError(t, err)
	require.True(t, contains(initial, result.Behavior[0].State), "the first state is initial")
	for i, step := range result.Behavior[1:] {
		action, ok := m.Action(step.Action)
		require.True(t, ok, step.Action)
		var args []tla.Value
		for _, a := range step.Args {
			args = append(args, a.Value)
		}
		next, err := machine.Step(result.Behavior[i].State, action, args)
		require.NoError(t, err)
		require.True(t, contains(next, step.State), "step %d is one of %s", i+1, step.Action)
	}
	if result.Verdict == tla.Safety && slices.Contains(m.Invariants(), result.Property) {
		for i, step := range result.Behavior {
			holds, err := machine.Holds(result.Property, step.State)
			require.NoError(t, err)
			require.Equal(t, i < len(result.Behavior)-1, holds, "state %d", i+1)
		}
	}
}

func contains(states []tla.State, s tla.State) bool {
	return slices.ContainsFunc(states, s.Equal)
}

func run(t *testing.T, f Flags, args ...string) (code int, stdout string, err error) {
	t.Helper()
	var out, progress bytes.Buffer
	if f.Spec == "" {
		f.Spec = specs
	}
	code, err = f.Run(context.Background(), &console.Console{Stdout: &out, Stderr: &progress}, args)
	return code, out.String(), err
}

func TestTheListNamesEveryRung(t *testing.T) {
	code, out, err := run(t, Flags{})
	require.NoError(t, err)
	require.Zero(t, code)
	for _, r := range readLadder(t).Rungs {
		require.Regexp(t, `(?m)^  `+r.ID+` .*(breaks `+r.Model.Violates+`|holds)`, out)
	}
}

func TestARungIsClimbed(t *testing.T) {
	code, out, err := run(t, Flags{}, "7")
	require.NoError(t, err)
	require.Zero(t, code)
	for _, want := range []string{
		"Rung 7a: ", "Rung 7b: ",
		"Agreement is violated in 10 steps",
		"But it promised ballot 2 in step ",
		"Two values are chosen: ",
		"Mended on rung 8: ",
		"  -   /\\ acceptedBallot[a] < b\n  +   /\\ promised[a] <= b\n",
	} {
		require.Contains(t, out, want)
	}
	require.NotContains(t, out, "NOT AS EXPECTED")
	for _, line := range strings.Split(out, "\n") {
		require.LessOrEqual(t, len(line), width, line)
	}
}

func TestStatesAreShownOnDemand(t *testing.T) {
	_, without, err := run(t, Flags{}, "3")
	require.NoError(t, err)
	_, with, err := run(t, Flags{States: true, Prose: true}, "3")
	require.NoError(t, err)
	require.NotContains(t, without, "acceptedBallot = (")
	require.Contains(t, with, "acceptedBallot = (")
	require.NotContains(t, without, "(* Adoption")
	require.Contains(t, with, "(* Adoption")
}

func TestWhatIsNoRungIsRefused(t *testing.T) {
	for _, args := range [][]string{{"77"}, {"7c"}, {""}, {"3", "4"}} {
		code, _, err := run(t, Flags{}, args...)
		require.Error(t, err, args)
		require.Equal(t, exitUsage, code)
	}
	_, _, err := run(t, Flags{Spec: t.TempDir()}, "3")
	require.Error(t, err)
}

func TestARungThatEndsOtherwiseIsReported(t *testing.T) {
	ladder := readLadder(t)
	found, err := ladder.Find("3")
	require.NoError(t, err)
	r := found[0]
	model, result, err := check(context.Background(), quiet, r)
	require.NoError(t, err)

	longer, other, elsewhere := r, r, r
	length := *r.Model.Length + 1
	longer.Model.Length = &length
	other.Model.Violates = "Stable"
	elsewhere.Final = []Final{{"acceptedBallot": "(a1 :> 2 @@ a2 :> 2 @@ a3 :> 2)"}}
	for want, bad := range map[string]Rung{"has 7 states": longer, "expected was Stable": other, "another state": elsewhere} {
		wrong, err := bad.differs(model, result)
		require.NoError(t, err)
		require.Len(t, wrong, 1)
		require.Contains(t, wrong[0], want)
	}
	holds, err := ladder.Find("11")
	require.NoError(t, err)
	wrong, err := holds[0].differs(model, result)
	require.NoError(t, err)
	require.Len(t, wrong, 1, "a rung that should hold and does not")
}
