// A leader reads from its own copy while replicas are bound, and not after.

package log_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/log"
	"synod/impl/paxos"
)

// trio is three replicas between which messages arrive at once, but for those to and from one who is cut off.
type trio struct {
	replicas map[string]*log.Replica
	cut      string
}

func newTrio(t *testing.T, term time.Duration) *trio {
	c := &trio{replicas: map[string]*log.Replica{}}
	ids := []string{"r1", "r2", "r3"}
	for i, id := range ids {
		r, _, err := log.New(log.Config{
			ID: id, Replicas: ids, Scheme: paxos.Pair{ID: uint32(i + 1), Stride: 3}, Window: 8, BatchSize: 8,
			ElectionTicks: 10, HeartbeatTicks: 2, Run: 1, LeaseTerm: term, ClockError: 2, Now: 1,
		}, bank{}, log.Disk{})
		require.NoError(t, err)
		c.replicas[id] = r
	}
	return c
}

func (c *trio) do(e log.Effects) {
	for _, m := range e.Send {
		if m.From != c.cut && m.To != c.cut || m.From == m.To {
			c.do(c.replicas[m.To].Receive(m))
		}
	}
}

// pass lets time pass everywhere, a tick at each replica that is named.
func (c *trio) pass(now time.Duration, ids ...string) {
	for _, r := range c.replicas {
		r.At(now)
	}
	for _, id := range ids {
		c.do(c.replicas[id].Tick(0))
	}
}

func (c *trio) mayRead(id string) bool {
	_, may := c.replicas[id].Read()
	return may
}

func TestALeaderReadsWhileOthersAreBound(t *testing.T) {
	c := newTrio(t, 20)
	for range 10 {
		c.pass(1, "r1")
	}
	require.Equal(t, log.Leader, c.replicas["r1"].Status().Role)
	require.True(t, c.mayRead("r1"))
	require.False(t, c.mayRead("r2"), "it does not lead")

	c.cut = "r1"
	c.pass(16)
	require.True(t, c.mayRead("r1"), "1 + 20 - 4 is later")
	c.pass(17)
	require.False(t, c.mayRead("r1"))
	for range 30 {
		c.pass(20, "r2", "r3")
	}
	require.Equal(t, log.Follower, c.replicas["r2"].Status().Role, "it is bound and does not even ask")
	for range 30 {
		c.pass(21, "r2", "r3")
	}
	require.True(t, c.replicas["r2"].Status().Role == log.Leader || c.replicas["r3"].Status().Role == log.Leader)
	require.False(t, c.mayRead("r1"))
}

func TestALeaderAloneHasNoLease(t *testing.T) {
	c := newTrio(t, 20)
	for range 10 {
		c.pass(1, "r1")
	}
	c.cut = "r1"
	for now := time.Duration(2); now < 60; now++ {
		c.pass(now, "r1")
	}
	require.Equal(t, log.Leader, c.replicas["r1"].Status().Role)
	require.False(t, c.mayRead("r1"), "a quorum must grant it")
	c.cut = ""
	c.pass(70, "r1")
	require.True(t, c.mayRead("r1"))
}

func TestWithoutATermThereAreNoLeases(t *testing.T) {
	c := newTrio(t, 0)
	for range 10 {
		c.pass(1, "r1")
	}
	require.Equal(t, log.Leader, c.replicas["r1"].Status().Role)
	require.False(t, c.mayRead("r1"))
	_, _, err := log.New(log.Config{
		ID: "r1", Replicas: []string{"r1"}, Scheme: paxos.Pair{ID: 1, Stride: 1}, Window: 1, BatchSize: 1,
		ElectionTicks: 1, HeartbeatTicks: 1, Run: 1, LeaseTerm: 4, ClockError: 2,
	}, bank{}, log.Disk{})
	require.ErrorContains(t, err, "twice the error")
}
