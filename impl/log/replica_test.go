// Scenarios of a few replicas, told step by step, and what a caller may rely on.

package log

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

// tally is a machine that counts: the result of a command is how many came before it.
type tally struct{ n int }

func (m *tally) Apply(string) string { m.n++; return fmt.Sprint(m.n - 1) }

func (m *tally) Snapshot() string { return fmt.Sprint(m.n) }

func (m *tally) Restore(snapshot string) error {
	_, err := fmt.Sscan(snapshot, &m.n)
	return err
}

// group is a few replicas whose messages arrive at once, unless their receiver is down.
type group struct {
	t       *testing.T
	ids     []string
	replica map[string]*Replica
	disk    map[string]*Disk
	run     map[string]uint64
	down    map[string]bool
	answers []Answer
	change  func(*Config)
}

func newGroup(t *testing.T, n int, change func(*Config)) *group {
	g := &group{t: t, replica: map[string]*Replica{}, disk: map[string]*Disk{}, run: map[string]uint64{}, down: map[string]bool{}, change: change}
	for i := range n {
		g.ids = append(g.ids, fmt.Sprintf("r%d", i+1))
	}
	for _, id := range g.ids {
		g.disk[id] = &Disk{}
		g.start(id)
	}
	return g
}

func (g *group) config(id string) Config {
	c := Config{
		ID: id, Replicas: g.ids, Window: 4, BatchSize: 2, ElectionTicks: 10, HeartbeatTicks: 2, Run: g.run[id],
	}
	for i, other := range g.ids {
		if other == id {
			c.Scheme = paxos.Pair{ID: uint32(i + 1), Stride: uint32(len(g.ids))}
		}
	}
	if g.change != nil {
		g.change(&c)
	}
	return c
}

// start makes a replica of what is on its disk.
func (g *group) start(id string) {
	g.run[id]++
	replica, effects, err := New(g.config(id), &tally{}, *g.disk[id])
	require.NoError(g.t, err)
	g.replica[id], g.down[id] = replica, false
	g.do(id, effects)
}

// do has the effects of an input, and of all that follow.
func (g *group) do(id string, e Effects) {
	for _, r := range e.Persist {
		g.disk[id].Write(r)
	}
	g.answers = append(g.answers, e.Answers...)
	if e.Save != nil {
		g.disk[id].Save(*e.Save)
		g.do(id, g.replica[id].SnapshotSaved(*e.Save))
	}
	for _, m := range e.Send {
		if !g.down[m.To] {
			g.do(m.To, g.replica[m.To].Receive(m))
		}
	}
}

// tick lets time pass for some replicas.
func (g *group) tick(n int, ids ...string) {
	for range n {
		for _, id := range ids {
			g.do(id, g.replica[id].Tick(0))
		}
	}
}

// submit asks a replica, and returns what it answers at once.
func (g *group) submit(id, client string, number uint64) []Answer {
	g.answers = nil
	g.do(id, g.replica[id].Submit(Command{Client: client, Number: number}))
	return g.answers
}

func TestALeaderIsElectedAndServes(t *testing.T) {
	g := newGroup(t, 3, nil)
	g.tick(10, "r2")
	require.Equal(t, Leader, g.replica["r2"].Status().Role)
	require.Equal(t, "0", g.submit("r2", "c", 1)[0].Result)
	require.Equal(t, "1", g.submit("r2", "c", 2)[0].Result)
	require.Equal(t, "1", g.submit("r2", "c", 2)[0].Result, "asked again it is answered, and not performed again")
	g.tick(2, g.ids...)
	for _, id := range g.ids {
		require.Equal(t, Status{Role: g.replica[id].Status().Role, Promised: 2, Applied: 2, Leader: "r2"}, g.replica[id].Status())
	}
	answer := g.submit("r1", "c", 3)[0]
	require.True(t, answer.Unknown)
	require.Equal(t, "r2", answer.Leader)
}

func TestAMinorityMayBeDownAndCatchesUp(t *testing.T) {
	g := newGroup(t, 3, nil)
	g.tick(10, "r1")
	g.down["r3"] = true
	for i := range uint64(9) {
		require.Equal(t, fmt.Sprint(i), g.submit("r1", "c", i+1)[0].Result)
	}
	g.start("r3")
	g.tick(8, "r1", "r3")
	require.EqualValues(t, 9, g.replica["r3"].Status().Applied)
}

func TestASnapshotReplacesForgottenSlots(t *testing.T) {
	g := newGroup(t, 3, func(c *Config) { c.SnapshotEvery, c.Keep = 3, 1 })
	g.tick(10, "r1")
	g.down["r3"] = true
	for i := range uint64(10) {
		g.submit("r1", "c", i+1)
	}
	require.LessOrEqual(t, len(g.disk["r1"].Accepted), 4, "the log is cut")
	g.start("r3")
	g.tick(8, "r1", "r3")
	require.EqualValues(t, 10, g.replica["r3"].Status().Applied)
	require.EqualValues(t, 9, g.disk["r3"].Snapshot.Slot)
}

func TestWithoutAMajorityNothingIsAnswered(t *testing.T) {
	g := newGroup(t, 3, nil)
	g.tick(10, "r1")
	g.down["r2"], g.down["r3"] = true, true
	require.Empty(t, g.submit("r1", "c", 1))
}

func TestTheNextLeaderFinishesWhatWasBegun(t *testing.T) {
	g := newGroup(t, 3, nil)
	g.tick(10, "r1")
	require.Equal(t, "0", g.submit("r1", "c", 1)[0].Result)
	g.down["r1"] = true
	g.tick(10, "r3")
	require.Equal(t, Leader, g.replica["r3"].Status().Role)
	require.EqualValues(t, 1, g.replica["r3"].Status().Applied)
	require.Equal(t, "0", g.submit("r3", "c", 1)[0].Result, "performed once, by whichever leader")
}

// A replica that is elected while it is behind the snapshots of those who elect it has to learn what it must not
// propose. Found by the simulator: it waited for ever.
func TestALeaderThatIsBehindCatchesUp(t *testing.T) {
	g := newGroup(t, 3, func(c *Config) { c.SnapshotEvery = 5 })
	g.tick(10, "r1")
	g.down["r2"] = true
	for i := range uint64(12) {
		g.submit("r1", "c", i+1)
	}
	g.start("r2")
	g.down["r1"] = true
	g.tick(10, "r2")
	require.Equal(t, Leader, g.replica["r2"].Status().Role)
	g.tick(4, "r2")
	require.EqualValues(t, 12, g.replica["r2"].Status().Applied)
	require.Equal(t, "12", g.submit("r2", "c", 13)[0].Result)
}

func TestFlexibleQuorums(t *testing.T) {
	g := newGroup(t, 4, func(c *Config) { c.PrepareSize, c.AcceptSize = 3, 2 })
	g.tick(10, "r1")
	g.down["r3"], g.down["r4"] = true, true
	require.Equal(t, "0", g.submit("r1", "c", 1)[0].Result, "two of four accept")
	g.down["r1"], g.down["r3"] = true, false
	g.tick(10, "r2")
	require.Equal(t, Candidate, g.replica["r2"].Status().Role, "two of four do not elect")
}

func TestBatches(t *testing.T) {
	g := newGroup(t, 3, func(c *Config) { c.Window = 1 })
	g.tick(10, "r1")
	g.down["r2"], g.down["r3"] = true, true
	for i := range 5 {
		g.submit("r1", fmt.Sprintf("c%d", i), 1)
	}
	g.answers = nil
	g.down["r2"] = false
	g.tick(8, "r1")
	require.Len(t, g.answers, 5)
	require.EqualValues(t, 3, g.replica["r1"].Status().Applied, "one, two and two in a slot")
}

func TestConfigurationsAreChecked(t *testing.T) {
	good := newGroup(t, 3, nil).config("r1")
	for name, change := range map[string]func(*Config){
		"a stranger":           func(c *Config) { c.ID = "r9" },
		"no ballots":           func(c *Config) { c.Scheme = nil },
		"quorums that miss":    func(c *Config) { c.PrepareSize, c.AcceptSize = 1, 2 },
		"a quorum of too many": func(c *Config) { c.PrepareSize = 4 },
		"no window":            func(c *Config) { c.Window = 0 },
		"no patience":          func(c *Config) { c.ElectionTicks = 0 },
		"a negative number":    func(c *Config) { c.Keep = -1 },
		"no run":               func(c *Config) { c.Run = 0 },
	} {
		bad := good
		change(&bad)
		_, _, err := New(bad, &tally{}, Disk{})
		require.Error(t, err, name)
	}
}

func TestDamagedSnapshotsAreRefused(t *testing.T) {
	c := newGroup(t, 3, nil).config("r1")
	for _, data := range []string{"", "x\n", "1\n", "1\nc 1 2\n", "1\n\"c\" one \"r\"\n0", "0\nnonsense"} {
		_, _, err := New(c, &tally{}, Disk{Snapshot: Snapshot{Slot: 1, Data: data}})
		require.Error(t, err, "%q", data)
	}
	g := newGroup(t, 3, nil)
	g.do("r1", g.replica["r1"].Receive(Message{Kind: KindSnapshot, From: "r2", To: "r1", Slot: 7, Data: "x"}))
	require.Zero(t, g.replica["r1"].Status().Applied, "from a peer it is as good as lost")
}

func TestBugsHaveNames(t *testing.T) {
	for i, name := range BugNames() {
		b, err := ParseBugs(name)
		require.NoError(t, err)
		require.Equal(t, Bugs(1)<<i, b)
		require.Equal(t, name, b.String())
	}
	_, err := ParseBugs("apply-past-gap,none")
	require.Error(t, err)
}
