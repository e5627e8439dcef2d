// A shard in its groups: what each does with it, and how it moves, is found, and is read back from text.

package shard

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cell holds the last command, which is the answer as well.
type cell struct{ text string }

func (c *cell) Apply(command string) string {
	c.text += command
	return c.text
}

func (c *cell) Snapshot() string { return c.text }

func (c *cell) Restore(text string) error {
	c.text = text
	return nil
}

// newGroups makes two groups, the first of which has the shard "s" and the map.
func newGroups() map[string]*Machine {
	groups := map[string]*Machine{}
	for _, id := range []string{"g1", "g2"} {
		groups[id] = New(id, "g1", []string{"s"}, func() Content { return &cell{} })
	}
	return groups
}

func ask(t *testing.T, m *Machine, c Command) Result {
	t.Helper()
	c.Shard = "s"
	r, err := ParseResult(m.Apply(c.String()))
	require.NoError(t, err)
	return r
}

func serve(number uint64, body string) Command {
	return Command{Kind: Serve, Client: "c", Number: number, Body: body}
}

func TestAShardMovesWithItsRequests(t *testing.T) {
	g := newGroups()
	require.Equal(t, "a", ask(t, g["g1"], serve(1, "a")).Body)
	require.Equal(t, Elsewhere, ask(t, g["g2"], serve(2, "b")).Outcome)

	v := Mover{Shard: "s", To: "g2", Map: "g1"}
	var steps []string
	for at, c := v.Ask(); at != ""; at, c = v.Ask() {
		steps = append(steps, at+" "+string(c.Kind))
		v.Answered(ask(t, g[at], c))
		if c.Kind == Freeze {
			require.Equal(t, Result{Outcome: Elsewhere, Group: "g2", Epoch: 1}, ask(t, g["g1"], serve(2, "b")), "nobody serves it now")
			require.Equal(t, Elsewhere, ask(t, g["g2"], serve(2, "b")).Outcome)
		}
	}
	require.Equal(t, []string{"g1 locate", "g1 freeze", "g1 handover", "g2 activate", "g1 publish", "g1 drop"}, steps)
	require.Equal(t, Result{Outcome: Already, Body: "a"}, ask(t, g["g2"], serve(1, "a")), "asked again, elsewhere")
	require.Equal(t, "ab", ask(t, g["g2"], serve(2, "b")).Body)
	require.Equal(t, Result{Outcome: Done, Group: "g2", Epoch: 2}, ask(t, g["g1"], Command{Kind: Locate}))
	status, epoch := g["g1"].Status("s")
	require.Equal(t, Away, status)
	require.Equal(t, uint64(1), epoch)
}

func TestAMoverGoesOnWhereAnotherStopped(t *testing.T) {
	for stop := range 7 {
		g := newGroups()
		for _, left := range []int{stop, 100} {
			v := Mover{Shard: "s", To: "g2", Map: "g1"}
			for at, c := v.Ask(); at != "" && left > 0; at, c = v.Ask() {
				v.Answered(ask(t, g[at], c))
				left--
			}
		}
		require.Equal(t, "a", ask(t, g["g2"], serve(1, "a")).Body)
		require.Equal(t, Elsewhere, ask(t, g["g1"], serve(2, "b")).Outcome)
		require.Equal(t, "g2", ask(t, g["g1"], Command{Kind: Locate}).Group)
	}
}

func TestWhatComesLateChangesNothing(t *testing.T) {
	g := newGroups()
	require.Equal(t, Elsewhere, ask(t, g["g1"], Command{Kind: HandOver}).Outcome, "it is not frozen")
	require.Equal(t, Invalid, ask(t, g["g1"], Command{Kind: Freeze, Group: "g1"}).Outcome)
	require.Equal(t, Done, ask(t, g["g1"], Command{Kind: Freeze, Group: "g2"}).Outcome)
	require.Equal(t, Already, ask(t, g["g1"], Command{Kind: Freeze, Group: "g3"}).Outcome)
	handed := ask(t, g["g1"], Command{Kind: HandOver})
	require.Equal(t, "g2", handed.Group)
	arrive := Command{Kind: Activate, Epoch: handed.Epoch, Body: handed.Body}
	require.Equal(t, Done, ask(t, g["g2"], arrive).Outcome)
	require.Equal(t, "x", ask(t, g["g2"], serve(1, "x")).Body)
	require.Equal(t, Already, ask(t, g["g2"], arrive).Outcome, "what was served since is not lost")
	require.Equal(t, "xy", ask(t, g["g2"], serve(2, "y")).Body)
	require.Equal(t, Already, ask(t, g["g1"], Command{Kind: Drop, Epoch: 3}).Outcome)
	require.Equal(t, Done, ask(t, g["g1"], Command{Kind: Drop, Epoch: 2}).Outcome)
	require.Equal(t, Done, ask(t, g["g1"], Command{Kind: Publish, Group: "g2", Epoch: 2}).Outcome)
	require.Equal(t, Already, ask(t, g["g1"], Command{Kind: Publish, Group: "g1", Epoch: 2}).Outcome)
	require.Equal(t, Invalid, ask(t, g["g2"], Command{Kind: Activate, Epoch: 9, Body: "no shard"}).Outcome)
}

func TestARouterBelievesTheLatest(t *testing.T) {
	var r Router
	_, known := r.Place("s")
	require.False(t, known)
	r.Learn("s", Place{"g1", 3})
	r.Learn("s", Place{"g2", 2})
	at, known := r.Place("s")
	require.True(t, known)
	require.Equal(t, "g1", at)
	r.Moved("s", Result{Outcome: Elsewhere, Group: "g2", Epoch: 3})
	at, _ = r.Place("s")
	require.Equal(t, "g2", at)
	r.Moved("s", Result{Outcome: Elsewhere, Group: "g1", Epoch: 2})
	_, known = r.Place("s")
	require.False(t, known, "it has to ask the map")
}

func TestASnapshotIsTheWholeState(t *testing.T) {
	m := newGroups()["g1"]
	ask(t, m, serve(1, "a\n\"b\""))
	ask(t, m, Command{Kind: Freeze, Group: "g 2"})
	other := newGroups()["g2"]
	require.NoError(t, other.Restore(m.Snapshot()))
	require.Equal(t, m.Snapshot(), other.Snapshot())
	for _, damaged := range []string{"", "x", "1 1\n", "1 0\n\"s\" frozen 1 \"g2\" \"x\"\n", strings.Replace(m.Snapshot(), "frozen", "", 1)} {
		require.Error(t, newGroups()["g2"].Restore(damaged), strconv.Quote(damaged))
	}
}

func TestTheMapIsCutIntoRanges(t *testing.T) {
	m := New("g1", "g1", []string{"a", "b", "c"}, func() Content { return &cell{} })
	do := func(c Command) Result {
		r, err := ParseResult(m.Apply(c.String()))
		require.NoError(t, err)
		return r
	}
	require.Equal(t, Done, do(Command{Kind: Split, Shard: "c"}).Outcome)
	require.Equal(t, Already, do(Command{Kind: Split, Shard: "c"}).Outcome)
	require.Equal(t, Invalid, do(Command{Kind: Split, Shard: "d"}).Outcome)
	require.Equal(t, Invalid, do(Command{Kind: Assign, Shard: "b", Group: "g2"}).Outcome)
	require.Equal(t, Invalid, do(Command{Kind: Assign, Shard: "c"}).Outcome)
	require.Equal(t, Done, do(Command{Kind: Assign, Shard: "c", Group: "g2"}).Outcome)
	require.Equal(t, Done, do(Command{Kind: Split, Shard: "b"}).Outcome)
	require.NoError(t, m.Restore(m.Snapshot()))
	text := do(Command{Kind: Chart}).Body
	p, err := ParseMap(text)
	require.NoError(t, err)
	ranges := p.Ranges()
	require.Len(t, ranges, 3)
	require.Equal(t, "b", ranges[1].First())
	require.Equal(t, "g1", ranges[1].Wanted)
	require.Equal(t, 0, ranges[1].Away())
	require.Equal(t, 1, ranges[2].Away())
	for _, damaged := range []string{"", "x\n", strings.Replace(text, " 1 ", " x ", 1), "\"a\" \"g1\" 1 \"\"\n"} {
		_, err := ParseMap(damaged)
		require.Error(t, err, damaged)
	}
	require.Equal(t, Done, do(Command{Kind: Freeze, Shard: "c", Group: "g2"}).Outcome)
	held, err := ParseHoldings(do(Command{Kind: Holdings}).Body)
	require.NoError(t, err)
	require.Equal(t, []Holding{{"a", Serving, ""}, {"b", Serving, ""}, {"c", Frozen, "g2"}}, held)
	_, err = ParseHoldings("x")
	require.Error(t, err)
}

// A shard knows so many clients at most. It forgets the one that was quiet for longest.
func TestAShardForgetsItsOldestClient(t *testing.T) {
	m := newGroups()["g1"]
	for i := range maxSessions + 1 {
		c := serve(1, "x")
		c.Client = strconv.Itoa(i)
		require.Equal(t, Done, ask(t, m, c).Outcome)
		c.Client = "0"
		if i > 0 {
			c.Number = uint64(i + 1)
			require.Equal(t, Done, ask(t, m, c).Outcome)
		}
	}
	c := serve(1, "x")
	c.Client = strconv.Itoa(maxSessions)
	require.Equal(t, Already, ask(t, m, c).Outcome)
	c.Client = "1"
	require.Equal(t, Done, ask(t, m, c).Outcome, "it was forgotten")
	c.Client = ""
	require.Equal(t, Done, ask(t, m, c).Outcome)
	require.Equal(t, Done, ask(t, m, c).Outcome, "who has no name asks once")
}

func FuzzParseCommand(f *testing.F) {
	f.Add(serve(1, "a").String())
	f.Add(newGroups()["g1"].Snapshot())
	f.Fuzz(func(t *testing.T, text string) {
		m := newGroups()["g1"]
		if c, err := Parse(text); err == nil {
			again, err := Parse(c.String())
			require.NoError(t, err)
			require.Equal(t, c, again)
		} else {
			require.Contains(t, m.Apply(text), string(Invalid))
		}
		if m.Restore(text) == nil {
			again := newGroups()["g1"]
			require.NoError(t, again.Restore(m.Snapshot()))
			require.Equal(t, m.Snapshot(), again.Snapshot())
		}
	})
}
