// Counting lines and messages.

package demo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/synthetic"
	"synod/trace"
)

func TestTallyFollowsGrowingFiles(t *testing.T) {
	folder := t.TempDir()
	one, two := filepath.Join(folder, "one"), filepath.Join(folder, "two")
	counter := newTally([]string{one, two})
	require.Zero(t, counter.lines())
	require.NoError(t, os.WriteFile(one, []byte("a\nb\nc"), 0o644))
	require.Equal(t, 2, counter.lines())
	require.NoError(t, os.WriteFile(one, []byte("a\nb\nc\n"), 0o644))
	require.NoError(t, os.WriteFile(two, []byte("d\n"), 0o644))
	require.Equal(t, 4, counter.lines())
	require.Equal(t, 4, counter.lines())
}

// event is one of a hand-made trace.
func event(node string, seq uint64, action string, causes ...trace.ID) trace.Event {
	return trace.Event{ID: trace.ID{Node: node, Run: 1, Seq: seq}, Instance: "k", Action: action, Causes: causes}
}

func id(node string, seq uint64) trace.ID { return trace.ID{Node: node, Run: 1, Seq: seq} }

func TestMessagesOfARound(t *testing.T) {
	full := []trace.Event{
		event("p1", 1, "Prepare"),
		event("a1", 1, "Promise", id("p1", 1)),
		event("a2", 1, "Promise", id("p1", 1)),
		event("p1", 2, "Propose", id("a1", 1), id("a2", 1)),
		event("a3", 1, "Promise", id("p1", 1)),
		event("a1", 2, "Accept", id("p1", 2)),
		event("a2", 2, "Accept", id("p1", 2)),
		event("p1", 3, "Acknowledge", id("a1", 2), id("a2", 2)),
		event("a3", 2, "Accept", id("p1", 2)),
	}
	m := countMessages(full)
	require.Equal(t, messageCount{satisfied: 1, theirs: allMessages, all: allMessages}, m)
	require.EqualValues(t, allMessages, m.each())

	small := append([]trace.Event{}, full[:4]...)
	small = append(small, full[5:8]...)
	require.EqualValues(t, 4*f+6, countMessages(small).each(), "with one acceptor of three down")

	oneTrip := append([]trace.Event{}, small...)
	oneTrip = append(oneTrip,
		event("p1", 4, "Propose", id("a1", 2), id("a2", 2)),
		event("a1", 3, "Accept", id("p1", 4)),
		event("a2", 3, "Accept", id("p1", 4)),
		event("p1", 5, "Acknowledge", id("a1", 3), id("a2", 3)),
	)
	m = countMessages(oneTrip)
	require.Equal(t, messageCount{satisfied: 2, theirs: 4*f + 6 + fewMessages, all: 4*f + 6 + fewMessages}, m)

	failed := append(small, event("p2", 1, "Prepare"), event("a1", 3, "RefusePrepare", id("p2", 1)), event("p2", 2, "Abandon", id("a1", 3)))
	m = countMessages(failed)
	require.EqualValues(t, 4*f+6, m.each(), "a round that failed is not part of another's cost")
	require.EqualValues(t, 4*f+6+4, m.overall())
	require.Zero(t, countMessages(nil).each())
}

func TestMessagesOfRealCores(t *testing.T) {
	_, events, err := synthetic.Trace(5000, 1, 1)
	require.NoError(t, err)
	m := countMessages(events)
	require.Greater(t, m.satisfied, 300)
	require.GreaterOrEqual(t, m.each(), float64(fewMessages))
	require.LessOrEqual(t, m.each(), float64(allMessages))
	require.Greater(t, m.overall(), m.each())
}

func TestAHoleInATraceIsSeen(t *testing.T) {
	var h history
	h.add(done(0, 1, 0, set5, 5))
	require.Equal(t, []string{"k"}, h.unrecorded(nil))
	propose := event("p1", 3, "Propose")
	propose.Args = trace.Fields{{Name: "cs", JSON: `{"#tup":[]}`}}
	require.Equal(t, []string{"k"}, h.unrecorded([]trace.Event{propose}))
	propose.Args[0].JSON = `{"#tup":[{"name":"set","value":5}]}`
	require.Empty(t, h.unrecorded([]trace.Event{propose}))
}
