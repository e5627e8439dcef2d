// The cache: the registers that a node has in memory, the latest used in any case.

package server

// cacheBytes is how much a node's cache holds before it drops registers that it can find again.
var cacheBytes = 128 << 20

// registerBytes is about what a register takes in memory beside its key and its state.
const registerBytes = 512

// cache holds registers by key, in two generations: who is used is in the young one or gets there. When that holds half
// of what the cache may, turn makes it the old one, and what was old is dropped. So to drop costs little for each register,
// and a register used often is never dropped.
type cache[R any] struct {
	young, old map[string]R
	size       int // bytes of the young, about
}

func newCache[R any]() cache[R] { return cache[R]{young: map[string]R{}} }

// get finds a register. Its size, beside registerBytes, counts where it gets young by that.
func (c *cache[R]) get(key string, size func(R) int) (r R, ok bool) {
	if r, ok = c.young[key]; ok {
		return r, true
	}
	if r, ok = c.old[key]; ok {
		delete(c.old, key)
		c.put(key, r, size(r))
	}
	return r, ok
}

// put adds a register.
func (c *cache[R]) put(key string, r R, size int) {
	c.young[key] = r
	c.size += registerBytes + len(key) + size
}

// grow takes note that a young register's state has become larger, or smaller.
func (c *cache[R]) grow(bytes int) { c.size += bytes }

// full reports whether it is time for a turn.
func (c *cache[R]) full() bool { return c.size > cacheBytes/2 }

// turn drops the old registers, but not those of which busy reports true, and makes the young ones old.
func (c *cache[R]) turn(busy func(string, R) bool) {
	kept := map[string]R{}
	for key, r := range c.old {
		if busy(key, r) {
			kept[key] = r
		}
	}
	c.old, c.young, c.size = c.young, kept, registerBytes*len(kept)
}

// all calls f for every register.
func (c *cache[R]) all(f func(string, R)) {
	for key, r := range c.young {
		f(key, r)
	}
	for key, r := range c.old {
		f(key, r)
	}
}
