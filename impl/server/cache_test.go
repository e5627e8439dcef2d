package server

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// named is a register for tests.
type named struct{ place }

// What is used stays, what is not goes, and what is busy is never dropped; all of it within the limit.
func TestCacheKeepsWhatIsUsed(t *testing.T) {
	const room = 100
	c := newCache[*named](room * (registerBytes + 4))
	busy := func(r *named) bool { return r.key == "k003" }
	for i := range 10 * room {
		key := fmt.Sprintf("k%03d", i)
		c.put(key, &named{}, 0)
		_, ok := c.get("k001")
		require.Equal(t, i > 0, ok)
		c.evict(busy)
		require.LessOrEqual(t, c.size, c.limit)
		require.Len(t, c.entries, len(c.ring))
	}
	r, ok := c.get("k003")
	require.True(t, ok)
	require.Equal(t, "k003", r.key)
	_, ok = c.get("k002")
	require.False(t, ok)
	last := fmt.Sprintf("k%03d", 10*room-1)
	_, ok = c.get(last)
	require.True(t, ok)

	c.grow(c.entries[last], c.limit)
	c.evict(busy)
	require.Less(t, c.size, c.limit, "the register that has become too large is gone, sooner or later")
	var left []string
	c.all(func(r *named) { left = append(left, r.key) })
	require.NotContains(t, left, last)
	require.Contains(t, left, "k003")
}

// Where all that it holds is busy, a cache holds more than it should, and evict ends.
func TestCacheOfBusyRegisters(t *testing.T) {
	c := newCache[*named](1)
	for i := range 10 {
		c.put(fmt.Sprint(i), &named{}, 0)
		c.evict(func(*named) bool { return true })
	}
	require.Len(t, c.ring, 10)
	c.evict(func(*named) bool { return false })
	require.Empty(t, c.ring)
	require.Empty(t, c.entries)
	require.Zero(t, c.size)
}
