// Reads without a place in the log: when they are answered, and by whom they are not.

package log

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// readers asks a replica for a read, and gives who may read and who may not, as far as it is known at once.
func (g *group) read(id string, reader uint64) (ready, unready []uint64) {
	e := g.replica[id].Inquire(reader)
	ready, unready = e.Ready, e.Unready
	for len(e.Send) > 0 {
		m := e.Send[0]
		e.Send = e.Send[1:]
		if g.down[m.To] {
			continue
		}
		more := g.replica[m.To].Receive(m)
		for _, r := range more.Persist {
			g.disk[m.To].Write(r)
		}
		e.Send = append(e.Send, more.Send...)
		ready, unready = append(ready, more.Ready...), append(unready, more.Unready...)
	}
	return ready, unready
}

func TestALeaderReadsWhenAQuorumConfirms(t *testing.T) {
	g := newGroup(t, 3, nil)
	_, unready := g.read("r1", 1)
	require.Equal(t, []uint64{1}, unready, "nobody leads yet")
	g.tick(10, "r1")
	ready, _ := g.read("r1", 2)
	require.Equal(t, []uint64{2}, ready)
	g.down["r2"] = true
	ready, _ = g.read("r1", 3)
	require.Equal(t, []uint64{3}, ready, "two are a quorum")
	g.down["r3"] = true
	ready, unready = g.read("r1", 4)
	require.Empty(t, ready)
	require.Empty(t, unready, "it waits")
	g.down["r2"] = false
	g.tick(2, "r1")
	ready, _ = g.read("r1", 5)
	require.Equal(t, []uint64{5}, ready, "an inquiry that was lost is repeated, and the next serves those who came meanwhile")
}

// A leader who was deposed and does not know it reads nothing, and learns from the refusal.
func TestADeposedLeaderReadsNothing(t *testing.T) {
	g := newGroup(t, 3, nil)
	g.tick(10, "r1")
	g.down["r1"] = true
	g.tick(20, "r2")
	require.Equal(t, Leader, g.replica["r2"].Status().Role)
	require.Equal(t, "0", g.submit("r2", "c", 1)[0].Result)
	g.down["r1"] = false
	require.Equal(t, Leader, g.replica["r1"].Status().Role)
	ready, unready := g.read("r1", 1)
	require.Empty(t, ready)
	require.Equal(t, []uint64{1}, unready)
	require.Equal(t, Follower, g.replica["r1"].Status().Role)
}

// What was chosen before a leader's time may not have been applied by it: a read waits for that.
func TestAReadWaitsForWhatTheLeaderInherited(t *testing.T) {
	g := newGroup(t, 3, nil)
	g.tick(10, "r1")
	accept := Message{Kind: KindAccept, From: "r1", Ballot: 1, Slot: 1, Value: Batch{{"c", 1, "x"}}}
	for _, id := range []string{"r1", "r2"} {
		for _, r := range g.replica[id].Receive(accept).Persist { // it is chosen, and nobody has learned it
			g.disk[id].Write(r)
		}
	}
	g.down["r1"] = true
	var e Effects
	for range 20 {
		e = g.replica["r2"].Tick(0)
		if len(e.Persist) > 0 {
			break
		}
	}
	var promise Effects
	for _, m := range e.Send {
		if m.To == "r3" {
			promise = g.replica["r3"].Receive(m)
		}
	}
	lead := g.replica["r2"].Receive(promise.Send[0])
	require.Equal(t, Leader, g.replica["r2"].Status().Role)
	require.Zero(t, g.replica["r2"].Status().Applied)
	ready, _ := g.read("r2", 1)
	require.Empty(t, ready, "confirmed it is, but slot 1 is not applied")
	g.do("r2", lead)
	require.Equal(t, Slot(1), g.replica["r2"].Status().Applied)
	ready, _ = g.read("r2", 2)
	require.Equal(t, []uint64{2}, ready)
}
