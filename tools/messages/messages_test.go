// What the implementation sends is what the specification's MessageCount says, and the counting refuses what it must.

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/trace"
)

func TestOneChange(t *testing.T) {
	for f := 1; f <= 3; f++ {
		two, one, err := OneChange(2*f + 1)
		require.NoError(t, err)
		require.Equal(t, 4*f+6, two.Needed+2, "f = %d: what the answer needed", f)
		require.Equal(t, 8*f+6, two.Sent+2, "f = %d: what was sent", f)
		require.Equal(t, 2*f+4, one.Needed+2, "f = %d: what the answer needed, in one trip", f)
		require.Equal(t, 4*f+4, one.Sent+2, "f = %d: what was sent, in one trip", f)
	}
}

func TestEverybody(t *testing.T) {
	apart, err := Everybody(3, 2, 2000)
	require.NoError(t, err)
	require.Equal(t, 3*14.0, apart, "nobody is in the way of another")
	together, err := Everybody(3, 2, 0)
	require.NoError(t, err)
	require.Greater(t, together, apart, "all are in the way of each other")
}

// The formulas are those of spec/log/Log.tla.
func TestOneDecree(t *testing.T) {
	for f := 1; f <= 3; f++ {
		stable, elected, err := OneDecree(2*f + 1)
		require.NoError(t, err)
		require.Equal(t, Decree{Needed: 2*f + 2, Sent: 4*f + 2, Beats: 2 * f}, stable, "f = %d: the leader is there", f)
		require.Equal(t, Decree{Needed: 4*f + 2, Sent: 8*f + 2, Beats: 4 * f}, elected, "f = %d: it is elected for it", f)
	}
}

func TestEveryPeer(t *testing.T) {
	apart, err := EveryPeer(3, 2, 2000)
	require.NoError(t, err)
	require.Equal(t, 3*14.0, apart, "each is elected, and decides: 12f + 2")
	together, err := EveryPeer(3, 20, 0)
	require.NoError(t, err)
	require.Greater(t, together, apart, "they depose each other")
}

func TestCountLogRefuses(t *testing.T) {
	lead := trace.Event{ID: trace.ID{Node: "r1", Run: 1, Seq: 1}, Action: "Lead", Causes: []trace.ID{{Node: "r2", Run: 1, Seq: 4}}}
	_, err := CountLog([]trace.Event{lead}, 3)
	require.ErrorContains(t, err, "r1/1/1 names r2/1/4, which is not in the trace before")
}

func TestCountRefuses(t *testing.T) {
	id := trace.ID{Node: "a1", Run: 1, Seq: 1}
	promise := trace.Event{ID: id, Action: "Promise", Args: trace.Fields{{Name: "b", JSON: "5"}}}
	_, err := Count([]trace.Event{promise})
	require.ErrorContains(t, err, "ballot 5 was not prepared")

	acknowledge := trace.Event{ID: trace.ID{Node: "p1", Run: 1, Seq: 1}, Action: "Acknowledge", Causes: []trace.ID{id}}
	_, err = Count([]trace.Event{acknowledge})
	require.ErrorContains(t, err, "names a1/1/1, which is no accept with a cause")

	accept := trace.Event{ID: id, Action: "Accept", Args: trace.Fields{{Name: "b", JSON: "5"}}, Causes: []trace.ID{{Node: "p1", Run: 1, Seq: 9}}}
	prepare := trace.Event{ID: trace.ID{Node: "p1", Run: 1, Seq: 2}, Action: "Prepare", Args: trace.Fields{{Name: "b", JSON: "5"}}}
	_, err = Count([]trace.Event{prepare, accept, acknowledge})
	require.ErrorContains(t, err, "names p1/1/9, which is not in the trace")
}

func TestDraw(t *testing.T) {
	picture := string(Draw([]Point{{1, 5, 5}, {2, 20, 35}}))
	require.Contains(t, picture, `points="345.0,301.4 620.0,40.0 "`)
	require.Contains(t, picture, ">all at once</text>")
}
