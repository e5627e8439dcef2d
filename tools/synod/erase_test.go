// Erasure on real processes: what Redis clients delete is erased while nodes are killed, and does not return.

package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"synod/trace"
)

// Acceptors and the proposer that erases are killed in the middle of it. Afterwards the keys that were deleted are gone for
// all clients, those that were set again are there, every acceptor has erased, and what the processes did is what the
// specification says.
func TestWhatClientsDeleteIsErasedUnderKills(t *testing.T) {
	t.Parallel()
	s := newService(t)
	clients := map[string]*redis.Client{}
	for _, p := range []string{"p1", "p2"} {
		clients[p] = redis.NewClient(&redis.Options{Addr: s.addresses["resp "+p], ReadTimeout: 10 * time.Second})
		defer clients[p].Close()
	}
	ctx := t.Context()
	const keys, again = 60, 20
	key := func(i int) string { return fmt.Sprint("k", i) }
	for i := range keys {
		require.NoError(t, clients["p1"].Set(ctx, key(i), "old", 0).Err())
	}
	s.kill("a3")
	for i := range keys {
		require.Equal(t, int64(1), clients["p2"].Del(ctx, key(i)).Val())
	}
	s.start("a3") // with the old values
	for _, victim := range []string{"a1", "p2", "a2", "p1"} {
		time.Sleep(60 * time.Millisecond) // a sweep or so; whatever the kill meets must be right
		s.kill(victim)
		s.start(victim)
	}
	for i := range again {
		require.Eventually(t, func() bool { return clients["p2"].Set(ctx, key(i), "new", 0).Err() == nil }, 20*time.Second, time.Millisecond)
	}
	erased := func(acceptor string) int {
		f, err := trace.ReadFile(s.trace(acceptor))
		require.NoError(t, err)
		n := 0
		for i := range f.Events {
			if f.Events[i].Action == "Erase" {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool {
		return erased("a1") > 0 && erased("a2") > 0 && erased("a3") >= keys-again
	}, 30*time.Second, 10*time.Millisecond)
	for i := range keys {
		got, err := clients["p1"].Get(ctx, key(i)).Result()
		if i < again {
			require.NoError(t, err)
			require.Equal(t, "new", got)
			continue
		}
		require.ErrorIs(t, err, redis.Nil, "%s: %q", key(i), got)
	}
	require.Equal(t, int64(again), clients["p1"].DBSize(ctx).Val())
	s.replays()
}
