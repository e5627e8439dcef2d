// Searches that go on after violations.

package check_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

func TestASearchGoesOnAfterViolations(t *testing.T) {
	const lines = "INVARIANT NeverThree\nINVARIANT NeverTwo\nPROPERTY NeverDown\n"
	whole := check(t, liveModel(t, ""), tla.CheckOptions{})
	for _, opts := range []tla.CheckOptions{{Continue: true}, {Continue: true, Workers: 4}, {Continue: true, DepthFirst: true}} {
		r := check(t, liveModel(t, lines), opts)
		require.Equal(t, whole.Generated, r.Generated)
		require.Equal(t, whole.Distinct, r.Distinct)
		require.Zero(t, r.Queue)
		require.Equal(t, tla.Safety, r.Verdict)
		require.Zero(t, r.Code, "as TLC's")
		counts := map[string]int64{}
		for _, v := range r.Violations {
			counts[v.Property] = v.Count
			require.Greater(t, len(v.Behavior), 1)
		}
		require.Equal(t, map[string]int64{"NeverThree": 2, "NeverTwo": 2, "NeverDown": 2}, counts)
		require.Equal(t, r.Violations[0].Property, r.Property)
		require.Contains(t, r.Notes[len(r.Notes)-1], "went on after violations")
	}
	one := check(t, liveModel(t, lines), tla.CheckOptions{})
	require.Equal(t, 12, one.Code)
	require.Empty(t, one.Violations)
	require.Less(t, one.Distinct, whole.Distinct)
}

func TestWhatEndsASearchThatGoesOn(t *testing.T) {
	r := check(t, liveModel(t, "INVARIANT NeverTwo\nPROPERTY ReachesOne\n"), tla.CheckOptions{Continue: true})
	require.Equal(t, tla.Liveness, r.Verdict)
	require.Equal(t, 13, r.Code)
	require.Len(t, r.Violations, 1)

	r = check(t, liveModel(t, "INVARIANT NeverTwo\nPOSTCONDITION Wrong\n"), tla.CheckOptions{Continue: true})
	require.Equal(t, 10, r.Code)
	require.Empty(t, r.Behavior)
	require.Len(t, r.Violations, 1)

	r = check(t, liveModel(t, "INVARIANT NeverTwo\n"), tla.CheckOptions{Continue: true, Simulation: &tla.Simulation{Behaviors: 50, Depth: 20, Seed: 1}})
	require.Equal(t, int64(50), r.Behaviors)
	require.NotEmpty(t, r.Violations[0].Behavior)

	var text bytes.Buffer
	require.NoError(t, r.WriteJSON(&text))
	var written struct{ Violations []struct{ Property string } }
	require.NoError(t, json.Unmarshal(text.Bytes(), &written))
	require.Equal(t, "NeverTwo", written.Violations[0].Property)
}
