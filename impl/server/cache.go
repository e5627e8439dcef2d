// The cache: the registers that a node has in memory, the latest used in any case.

package server

// DefaultCache is how many bytes of registers a node has in memory at most, about, unless it is told otherwise. A register
// of 256 bytes takes an acceptor some 800 and a proposer some 1,600, so that 100,000 of either have room.
const DefaultCache = 256 << 20

// registerBytes is about what a register takes in memory beside its key and its state.
const registerBytes = 512

// cache holds registers by key. When they are more than it may hold, evict drops such as were not used since its hand last
// passed them: the hand goes round all of them, so that what is used often stays, and to drop costs little for each.
type cache[R any] struct {
	limit   int // bytes
	size    int // bytes of all registers, about
	entries map[string]*entry[R]
	ring    []*entry[R]
	hand    int // in the ring
}

// entry is a register's place in a cache.
type entry[R any] struct {
	key  string
	r    R
	size int
	used bool // since the hand passed
}

func newCache[R any](limit int) cache[R] {
	if limit <= 0 {
		limit = DefaultCache
	}
	return cache[R]{limit: limit, entries: map[string]*entry[R]{}}
}

// get finds a register.
func (c *cache[R]) get(key string) (r R, ok bool) {
	e := c.entries[key]
	if e == nil {
		return r, false
	}
	e.used = true
	return e.r, true
}

// put adds a register that is not there.
func (c *cache[R]) put(key string, r R) *entry[R] {
	e := &entry[R]{key: key, r: r, size: registerBytes + len(key), used: true}
	c.entries[key] = e
	c.ring = append(c.ring, e)
	c.size += e.size
	return e
}

// grow takes note that a register's state has become so much larger, or smaller.
func (c *cache[R]) grow(e *entry[R], bytes int) {
	e.size += bytes
	c.size += bytes
}

// evict drops registers until there is room, but not those of which busy reports true. It goes round twice at most.
func (c *cache[R]) evict(busy func(R) bool) {
	for passed := 2 * len(c.ring); c.size > c.limit && passed > 0; passed-- {
		if c.hand >= len(c.ring) {
			c.hand = 0
		}
		e := c.ring[c.hand]
		if e.used || busy(e.r) {
			e.used = false
			c.hand++
			continue
		}
		delete(c.entries, e.key)
		c.size -= e.size
		last := len(c.ring) - 1
		c.ring[c.hand] = c.ring[last]
		c.ring[last] = nil
		c.ring = c.ring[:last]
	}
}

// all calls f for every register.
func (c *cache[R]) all(f func(R)) {
	for _, e := range c.ring {
		f(e.r)
	}
}
