// The cache: the registers that a node has in memory, the latest used in any case.

package server

// DefaultCache is how many bytes of registers a node has in memory at most, about, unless it is told otherwise. A register
// of 256 bytes takes an acceptor some 800 and a proposer some 1,600, so that 100,000 of either have room.
const DefaultCache = 256 << 20

// registerBytes is about what a register takes in memory beside its key and its state.
const registerBytes = 512

// cache holds registers by key. When they are more than it may hold, evict drops such as were not used since its hand last
// passed them: the hand goes round all of them, so that what is used often stays, and to drop costs little for each.
type cache[R cached] struct {
	limit   int // bytes
	size    int // bytes of all registers, about
	entries map[string]R
	ring    []R
	hand    int // in the ring
}

// cached is a register with a place in a cache, which is part of it: among many registers every further piece of memory is
// one that the processor has to wait for.
type cached interface{ in() *place }

type place struct {
	key  string
	size int
	used bool // since the hand passed
}

func (p *place) in() *place { return p }

func newCache[R cached](limit int) cache[R] {
	if limit <= 0 {
		limit = DefaultCache
	}
	return cache[R]{limit: limit, entries: map[string]R{}}
}

// get finds a register.
func (c *cache[R]) get(key string) (r R, ok bool) {
	if r, ok = c.entries[key]; ok {
		r.in().used = true
	}
	return r, ok
}

// put adds a register that is not there, whose state is so large.
func (c *cache[R]) put(key string, r R, bytes int) {
	p := r.in()
	*p = place{key: key, size: registerBytes + len(key) + bytes, used: true}
	c.entries[key] = r
	c.ring = append(c.ring, r)
	c.size += p.size
}

// grow takes note that a register's state has become so much larger, or smaller.
func (c *cache[R]) grow(r R, bytes int) {
	r.in().size += bytes
	c.size += bytes
}

// evict drops registers until there is room, but not those of which busy reports true. It goes round twice at most.
func (c *cache[R]) evict(busy func(R) bool) {
	for passed := 2 * len(c.ring); c.size > c.limit && passed > 0; passed-- {
		if c.hand >= len(c.ring) {
			c.hand = 0
		}
		r := c.ring[c.hand]
		p := r.in()
		if p.used || busy(r) {
			p.used = false
			c.hand++
			continue
		}
		delete(c.entries, p.key)
		c.size -= p.size
		last := len(c.ring) - 1
		c.ring[c.hand] = c.ring[last]
		clear(c.ring[last:])
		c.ring = c.ring[:last]
	}
}

// all calls f for every register.
func (c *cache[R]) all(f func(R)) {
	for _, r := range c.ring {
		f(r)
	}
}
