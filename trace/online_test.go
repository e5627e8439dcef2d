package trace_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/trace"
)

// merging feeds an Online by hand, with a clock of its own.
type merging struct {
	trace.Online
	t   *testing.T
	now time.Time
}

func newMerging(t *testing.T, nodes ...string) *merging {
	m := &merging{t: t, Online: trace.Online{Delay: time.Second}}
	for i, node := range nodes {
		require.NoError(t, m.Header(i, &trace.Header{Node: node, Run: 1}))
	}
	return m
}

func (m *merging) add(stream int, e trace.Event) { require.NoError(m.t, m.Add(stream, &e, m.now)) }

// all gives what can be given.
func (m *merging) all(caughtUp bool) (out []string) {
	for {
		e, err := m.Next(m.now, caughtUp)
		require.NoError(m.t, err)
		if e == nil {
			return out
		}
		out = append(out, e.ID.String())
	}
}

func TestOnlineWaitsForOtherNodesThenGivesTheSmallestClock(t *testing.T) {
	m := newMerging(t, "a", "b")
	m.add(0, event("a/1/1", 5))
	m.add(0, event("a/1/2", 9))
	require.Empty(t, m.all(true), "b may still write something earlier")
	m.add(1, event("b/1/1", 3))
	require.Equal(t, []string{"b/1/1"}, m.all(true))
	m.add(1, event("b/1/2", 7))
	require.Equal(t, []string{"a/1/1", "b/1/2"}, m.all(true))
	m.now = m.now.Add(time.Second)
	require.Empty(t, m.all(false), "what has not been read yet may still be earlier")
	require.Equal(t, []string{"a/1/2"}, m.all(true), "a second is long enough")
	require.Zero(t, m.Late())
	m.add(1, event("b/1/3", 8))
	require.Equal(t, []string{"b/1/3"}, m.all(true), "late, but in its turn")
	require.Equal(t, 1, m.Late())
}

func TestOnlineHoldsAnEventUntilItsCauseIsGiven(t *testing.T) {
	m := newMerging(t, "a", "b")
	m.add(0, event("a/1/1", 5, "b/1/1", "c/1/1"))
	m.now = m.now.Add(time.Minute)
	require.Empty(t, m.all(true))
	m.add(1, event("b/1/1", 2))
	m.now = m.now.Add(time.Minute)
	require.Equal(t, []string{"b/1/1"}, m.all(true))
	waiting := m.Waiting()
	require.Len(t, waiting, 1)
	require.Equal(t, "c/1/1", waiting[0].Cause.String())
	require.Equal(t, 1, m.Held())
	require.NoError(t, m.Header(2, &trace.Header{Node: "c", Run: 1}))
	m.add(2, event("c/1/1", 1))
	require.Equal(t, []string{"c/1/1", "a/1/1"}, m.all(true))
}

func TestOnlineRefusesACauseThatCanNeverCome(t *testing.T) {
	m := newMerging(t, "a", "b")
	m.add(1, event("b/1/1", 1))
	m.add(1, event("b/2/1", 2))
	m.now = m.now.Add(time.Minute)
	m.all(true)
	m.add(0, event("a/1/1", 3, "b/1/2"))
	_, err := m.Next(m.now, true)
	require.ErrorContains(t, err, "event a/1/1 is caused by b/1/2, which no trace has")
}

func TestOnlineTakesANodesConnectionsOneAfterTheOther(t *testing.T) {
	m := newMerging(t, "a")
	require.NoError(t, m.Header(1, &trace.Header{Node: "a", Run: 2}))
	m.add(1, event("a/2/1", 2))
	m.now = m.now.Add(time.Minute)
	require.Empty(t, m.all(true), "the first connection has not ended")
	m.add(0, event("a/1/1", 1))
	m.Close(0)
	require.Equal(t, []string{"a/1/1", "a/2/1"}, m.all(true))

	m = newMerging(t, "a")
	m.add(0, event("a/2/1", 2))
	m.Close(0)
	require.Equal(t, []string{"a/2/1"}, m.all(true))
	require.NoError(t, m.Header(1, &trace.Header{Node: "a", Run: 1}))
	m.add(1, event("a/1/1", 1))
	_, err := m.Next(m.now, true)
	require.ErrorContains(t, err, "event a/1/1 does not follow event a/2/1")
}

// Whatever the pieces in which files arrive, once they are closed Online has given what Merge gives of the same files, if
// nothing was given before the last of them ended.
func TestOnlineAgreesWithMerge(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		files := []*trace.File{{}, {}, {}}
		names := []string{"a", "b", "c"}
		var ids []trace.ID
		clocks := map[string]uint64{}
		for range 40 {
			i := random.IntN(3)
			e := trace.Event{Action: "A"}
			e.ID = trace.ID{Node: names[i], Run: 1, Seq: uint64(len(files[i].Events) + 1)}
			clocks[e.Node]++
			if len(ids) > 0 && random.IntN(2) == 0 {
				cause := ids[random.IntN(len(ids))]
				e.Causes = []trace.ID{cause}
				clocks[e.Node] = max(clocks[e.Node], clocks[cause.Node]+1)
			}
			e.Clock = clocks[e.Node]
			files[i].Events = append(files[i].Events, e)
			ids = append(ids, e.ID)
		}
		want, err := trace.Merge(files)
		require.NoError(t, err)
		m := newMerging(t, names...)
		for i := range files {
			for _, e := range files[i].Events {
				m.add(i, e)
			}
			m.Close(i)
		}
		var expected []string
		for _, e := range want {
			expected = append(expected, e.ID.String())
		}
		require.Equal(t, expected, m.all(false))
		require.Zero(t, m.Held())
	}
}

func TestTailReadsWhatIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	tail := trace.NewTail(path)
	defer tail.Close()
	var got []string
	poll := func() {
		for {
			n, err := tail.Poll(100, func(h *trace.Header, e *trace.Event) error {
				if h != nil {
					got = append(got, "header")
				} else {
					got = append(got, e.ID.String())
				}
				return nil
			})
			require.NoError(t, err)
			if n == 0 {
				return
			}
		}
	}
	poll()
	require.Empty(t, got, "there is no file yet")
	write(t, path, header("a1", 1), "Promise", "Accept")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for n := range whole {
		require.NoError(t, os.WriteFile(path, whole[:n], 0o644))
		poll()
	}
	require.Equal(t, []string{"header", "a1/1/1"}, got)
	require.True(t, tail.Torn(), "the last line has no end")
	write(t, path, header("a1", 2), "RestartAcceptor") // cuts the torn line off
	poll()
	require.Equal(t, []string{"header", "a1/1/1", "header", "a1/2/1"}, got)
	require.False(t, tail.Torn())

	require.NoError(t, os.Truncate(path, 10))
	_, err = tail.Poll(100, func(*trace.Header, *trace.Event) error { return nil })
	require.ErrorContains(t, err, "was cut to 10 bytes")
}

func TestPiecesOfALine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	write(t, path, header("a1", 1), "Promise", "Accept")
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for size := 1; size < 400; size += 37 {
		p := trace.NewPieces("stream")
		n := 0
		visit := func(*trace.Header, *trace.Event) error { n++; return nil }
		for rest := whole; len(rest) > 0; rest = rest[min(size, len(rest)):] {
			require.NoError(t, p.Write(rest[:min(size, len(rest))], visit))
		}
		require.Equal(t, 3, n)
		require.False(t, p.Torn())
		require.EqualError(t, p.Write([]byte("{}\n"), visit), `stream:4:1: an event needs the field "node"`)
	}
}
