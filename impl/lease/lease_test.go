// Leases on three real replicas: one holder at a time, over the loss of a leader, and never longer than granted.

package lease_test

import (
	"context"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/lease"
	"synod/impl/lock"
	"synod/impl/log/sim"
	"synod/impl/replica"
)

var ids = []string{"r1", "r2", "r3"}

// cluster is three replicas of locks before a counter.
type cluster map[string]*replica.Replica

func newCluster(t *testing.T) cluster {
	addresses := map[string]string{}
	for _, id := range ids {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		addresses[id] = l.Addr().String()
		require.NoError(t, l.Close())
	}
	c, folder := cluster{}, t.TempDir()
	for _, id := range ids {
		r, err := replica.Start(replica.Config{
			ID: id, Cluster: replica.Cluster{Name: "test", Replicas: map[string]uint32{"r1": 1, "r2": 2, "r3": 3}},
			Addresses: addresses, Listen: addresses[id], DataDir: filepath.Join(folder, id), Machine: lock.NewClocked(&sim.Counter{}),
		})
		require.NoError(t, err)
		c[id] = r
	}
	t.Cleanup(func() {
		for _, id := range ids {
			c.stop(t, id)
		}
	})
	return c
}

func (c cluster) stop(t *testing.T, id string) {
	if r := c[id]; r != nil {
		delete(c, id)
		require.NoError(t, r.Stop())
	}
}

// any is some replica that runs.
func (c cluster) any() *replica.Replica {
	for _, id := range ids {
		if r := c[id]; r != nil {
			return r
		}
	}
	return nil
}

// leader waits until there is one.
func (c cluster) leader(t *testing.T) string {
	var leader string
	require.Eventually(t, func() bool {
		leader = c.any().Status().Leader
		return leader != ""
	}, time.Minute, time.Millisecond)
	return leader
}

func background(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestOneHoldsTheLock(t *testing.T) {
	c, ctx := newCluster(t), background(t)
	o := lease.Options{Wait: 5 * time.Millisecond, Owner: "test"}
	first, err := lease.Lock(ctx, c["r1"], "a", o)
	require.NoError(t, err)
	require.True(t, first.Held())
	other, err := lease.Lock(ctx, c["r2"], "b", o)
	require.NoError(t, err)
	require.Greater(t, other.Token(), first.Token())

	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = lease.Lock(short, c["r2"], "a", o)
	require.ErrorIs(t, err, lease.ErrHeld)
	held, ok, err := lease.Look(ctx, c["r3"], "a")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, first.Token(), held.Token)
	require.Contains(t, held.Owner, "test#")

	require.NoError(t, first.Release(ctx))
	require.NoError(t, first.Release(ctx))
	require.False(t, first.Held())
	_, ok, err = lease.Look(ctx, c["r3"], "a")
	require.NoError(t, err)
	require.False(t, ok)
	second, err := lease.Lock(ctx, c["r2"], "a", o)
	require.NoError(t, err)
	require.Greater(t, second.Token(), other.Token())
}

// TestHoldersTakeTurns lets many count under a lock what only one at a time may count.
func TestHoldersTakeTurns(t *testing.T) {
	c, ctx := newCluster(t), background(t)
	n, inside := 0, 0
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			l, err := lease.Lock(ctx, c[ids[i%3]], "turn", lease.Options{Wait: time.Millisecond})
			if err != nil {
				return
			}
			inside++ // the race detector watches, too
			n += inside
			inside--
			_ = l.Release(ctx)
		})
	}
	group.Wait()
	require.Equal(t, 8, n)
}

func TestALeaseOutlivesALeader(t *testing.T) {
	c, ctx := newCluster(t), background(t)
	leader, asked := c.leader(t), "r1"
	if leader == asked {
		asked = "r2"
	}
	l, err := lease.Lock(ctx, c[asked], "a", lease.Options{Term: 3 * time.Second, Wait: 10 * time.Millisecond})
	require.NoError(t, err)
	token := l.Token()
	c.stop(t, leader)
	until := l.Until()
	require.Eventually(t, func() bool { return l.Until().After(until) }, time.Minute, time.Millisecond, "it is renewed")
	require.Equal(t, token, l.Token())
	select {
	case <-l.Lost():
		t.Fatal("the lease was lost")
	default:
	}
	require.NoError(t, l.Release(ctx))
}

func TestALeaseOfOneWhoStopsExpires(t *testing.T) {
	c, ctx := newCluster(t), background(t)
	dead, cancel := context.WithCancel(ctx)
	l, err := lease.Lock(dead, mute{c["r1"], dead}, "a", lease.Options{Term: 300 * time.Millisecond, Margin: 50 * time.Millisecond})
	require.NoError(t, err)
	cancel() // nothing that it asks from now on is performed
	next, err := lease.Lock(ctx, c["r2"], "a", lease.Options{Wait: time.Millisecond})
	require.NoError(t, err)
	require.Greater(t, next.Token(), l.Token())
	select {
	case <-l.Lost():
	default:
		t.Fatal("it was not told in time")
	}
	require.False(t, l.Held())
	stored, err := c["r1"].Submit(ctx, lock.Command{Kind: lock.Fetch, Name: "n", Token: next.Token(), Body: "add 0"}.String())
	require.NoError(t, err)
	require.Contains(t, stored, string(lock.Done))
	late, err := c["r1"].Submit(ctx, lock.Command{Kind: lock.Store, Name: "n", Token: l.Token(), Body: "set 5"}.String())
	require.NoError(t, err)
	require.Contains(t, late, string(lock.Fenced))
}

// mute is a connection that ends.
type mute struct {
	*replica.Replica
	until context.Context
}

func (m mute) Submit(ctx context.Context, command string) (string, error) {
	if m.until.Err() != nil {
		return "", m.until.Err()
	}
	return m.Replica.Submit(ctx, command)
}

func TestATermMustLeaveSomething(t *testing.T) {
	_, err := lease.Lock(t.Context(), nil, "a", lease.Options{Term: time.Second, Margin: time.Second})
	require.ErrorContains(t, err, "nothing is left")
	_, err = lease.Lock(t.Context(), nil, "a", lease.Options{Term: -time.Second})
	require.ErrorContains(t, err, "negative")
}
