// Sets that only grow: versions of one log of elements.

package value

import (
	"slices"
	"sync"
)

// A specification's set of all messages ever sent gains an element with every step and never loses one. Its versions share a
// grown: a version is its first elements, and a few more that the version has for itself (see big). Adding to the newest version
// costs an append instead of a path of trie nodes, the arrays hold no pointers for the garbage collector to follow, and old
// versions stay usable. Adding to a version that is not the newest makes a trie, unless few elements are added: what is tried and
// given up, as steps that may have been taken before a restart are, leaves the log as it was.
type grown struct {
	mu     sync.RWMutex
	log    []Value
	table  []uint32 // open-addressed: an element's place in log, and one
	fields []*grownIndex

	extremes [2]extreme // of the smallest and of the largest element, where it is a log of integers
}

// growTail is how many elements a version has for itself at most; the oldest growFlush of them go to the log when there is no room for
// another. So a branch of as many elements as stay puts nothing there but what the version that it branches off would.
const growTail, growFlush = 8, 4

// Growth is a set that only grows, as the order in which its elements came.
type Growth struct {
	log  *grown
	n    int // how many of the log's
	tail [growTail]Value
	more int // how many in tail
}

// GrowthOf gives the order in which a set's elements came; ok is false where that is not kept.
func GrowthOf(s Value) (g Growth, ok bool) {
	if s.tag() != tagBig {
		return Growth{}, false
	}
	b := bigOf(s)
	return Growth{b.grown, b.logged, b.tail, b.n - b.logged}, b.grown != nil
}

// SameLog reports whether both sets have most of their elements in common.
func (g *Growth) SameLog(h *Growth) bool { return g.log == h.log }

// Since are the elements that came after those of an earlier version, the same ones in the same order; ok is false where before
// is no earlier version. They may be appended to buffer.
func (g *Growth) Since(before *Growth, buffer []Value) (came []Value, ok bool) {
	if g.log != before.log || g.n < before.n {
		return nil, false
	}
	own := before.tail[:before.more]
	logged := g.log.first(g.n)[before.n:]
	both := min(len(own), len(logged))
	if !slices.Equal(own[:both], logged[:both]) {
		return nil, false
	}
	own, logged = own[both:], logged[both:]
	tail := g.tail[:g.more]
	if len(own) > len(tail) || !slices.Equal(own, tail[:len(own)]) {
		return nil, false
	}
	return append(append(buffer, logged...), tail[len(own):]...), true
}

// growFrom is the size from which on any set is tried as a grown; below it, sets are mostly those of model checking, of which
// many versions branch off each other.
const growFrom = 1 << 10

// growsAt reports whether a trie that has become as large as that is to be a grown: at every power of two, so that the
// copying is paid for by the elements added since, even where branches make it a trie again every time.
func growsAt(n int) bool { return n >= growFrom && n&(n-1) == 0 }

// growsInLine reports whether a trie that has got so many elements in line, without a version that branched off, is to be a
// grown: the history of one behaviour grows so. They are an eighth of it at least, and pay for the copying.
func growsInLine(n, line int) bool { return line >= growLine && 8*line >= n }

// growLine is how many elements in line make a small set a grown. Versions of a search branch off sooner.
const growLine = 32

// newGrown makes a log of distinct elements; the slice is not kept.
func newGrown(elems []Value) *grown {
	g := &grown{log: append(make([]Value, 0, len(elems)+len(elems)/4), elems...)}
	g.rehash()
	return g
}

func (g *grown) rehash() {
	size := 16
	for size*6 < cap(g.log)*10 {
		size *= 2
	}
	g.table = make([]uint32, size)
	for i, x := range g.log {
		g.table[g.slot(x)] = uint32(i + 1)
	}
}

// slot is where x is in the table, or would be.
func (g *grown) slot(x Value) uint64 {
	mask := uint64(len(g.table) - 1)
	i := mix(uint64(x)) & mask
	for p := g.table[i]; p != 0 && g.log[p-1] != x; p = g.table[i] {
		i = (i + 1) & mask
	}
	return i
}

// has reports whether x is among the first n elements.
func (g *grown) has(x Value, n int) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	p := g.table[g.slot(x)]
	return p != 0 && int(p) <= n
}

// first are the first n elements; they never change.
func (g *grown) first(n int) []Value {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.log[:n:n]
}

// add makes x the element behind the first n, which do not have it; false where another element is there already.
func (g *grown) add(x Value, n int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.log) > n {
		return g.log[n] == x
	}
	if len(g.log) == 1<<31 {
		return false
	}
	g.log = append(g.log, x)
	if len(g.log)*10 > len(g.table)*7 {
		g.rehash()
	} else {
		g.table[g.slot(x)] = uint32(len(g.log))
	}
	for _, f := range g.fields {
		f.add(x)
	}
	return true
}

// grownIndex sorts records by the value of one field: for each value a chain through the log, the newest element first.
// Elements that lack the field are on the chain of the zero Value.
type grownIndex struct {
	name   Value
	chains map[Value]chain
	next   []int32 // by place: the place of the element before on the same chain, -1 for none
}

type chain struct{ newest, n int32 }

func (f *grownIndex) add(x Value) {
	v, ok := fieldOf(x, f.name)
	if !ok {
		v = 0
	}
	c, some := f.chains[v]
	if !some {
		c.newest = -1
	}
	f.next = append(f.next, c.newest)
	f.chains[v] = chain{int32(len(f.next) - 1), c.n + 1}
}

// index gives the log's index over a field, building it if there is none.
func (g *grown) index(name Value) *grownIndex {
	find := func() *grownIndex {
		for _, f := range g.fields {
			if f.name == name {
				return f
			}
		}
		return nil
	}
	g.mu.RLock()
	f := find()
	g.mu.RUnlock()
	if f != nil {
		return f
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if f = find(); f == nil {
		f = &grownIndex{name: name, chains: map[Value]chain{}}
		for _, x := range g.log {
			f.add(x)
		}
		g.fields = append(g.fields[:len(g.fields):len(g.fields)], f)
	}
	return f
}

// narrow lists those of the first n elements, and of some more, that have one of the values in its field, and those that lack the
// field; it takes the field for which they are fewest.
func (g *grown) narrow(names, values []Value, n int, more []Value, most int) (candidates []Value, count int, ok bool) {
	var indexes []*grownIndex
	for i, name := range names {
		if !values[i].IsSymbolic() {
			indexes = append(indexes, g.index(name))
		} else {
			indexes = append(indexes, nil)
		}
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	best, fewest := -1, int32(0)
	for i, f := range indexes {
		if f == nil {
			continue
		}
		if count := f.chains[values[i]].n + f.chains[0].n; best < 0 || count < fewest {
			best, fewest = i, count
		}
	}
	if best < 0 {
		return nil, 0, false
	}
	if count = int(fewest); count > most {
		return nil, count, true
	}
	f := indexes[best]
	for _, v := range [...]Value{values[best], 0} {
		c, some := f.chains[v]
		if !some || v == 0 && values[best] == 0 {
			continue
		}
		for at := c.newest; at >= 0; at = f.next[at] {
			if int(at) < n {
				candidates = append(candidates, g.log[at])
			}
		}
	}
	for _, x := range more {
		if v, ok := fieldOf(x, names[best]); !ok || v == values[best] {
			candidates = append(candidates, x)
		}
	}
	return candidates, count, true
}
