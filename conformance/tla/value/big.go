// Large sets: a trie or a grown log, the hash of its elements, and indexes over records' fields that move along from
// version to version.

package value

import (
	"slices"
	"sync"
	"sync/atomic"
)

// big is a set of bigThreshold elements or more.
type big struct {
	n        int
	sum, mix uint64                         // sums over the elements, of content hashes and of hashed handles
	code     uint64                         // type code; 0 where the elements differ in theirs
	trie     atomic.Pointer[trie[struct{}]] // nil where only grown has been needed so far
	grown    *grown                         // of which it has the first elements; nil for a trie alone
	logged   int                            // how many these are; the others are in tail
	tail     [growTail]Value
	shrinks  bool        // it came about by taking an element out: it does not become a grown
	line     int         // how many elements came one by one, each to the newest version
	extended atomic.Bool // a version with one element more was made of it
	order    atomic.Pointer[ordered]
	fields   atomic.Pointer[fieldIndexes]
}

// ordered is what is computed once somebody asks for a large set's elements in order.
type ordered struct {
	elems []Value
	once  sync.Once
	at    map[Value]int32 // an element's place; for domains of functions
}

// newBig is a large set of these elements, which are in order.
func newBig(elems []Value) *big {
	b := unordered(elems, len(elems) >= growFrom)
	b.order.Store(&ordered{elems: slices.Clone(elems)})
	return b
}

// unordered is a large set of distinct elements in any order. grows tells that it is expected to go on growing.
func unordered(elems []Value, grows bool) *big {
	b := &big{n: len(elems), code: setCode(elems)}
	if grows {
		b.grown, b.logged = newGrown(elems), len(elems)
	} else {
		b.trie.Store(buildTrie(elems))
	}
	for _, e := range elems {
		b.sum += elementHash(e)
		b.mix += mix(uint64(e))
	}
	return b
}

func (b *big) hash() uint64 { return setHash(b.sum, b.n) }

// root is the set as a trie.
func (b *big) root() *trie[struct{}] {
	if t := b.trie.Load(); t != nil {
		return t
	}
	t := buildTrie(b.list())
	b.trie.Store(t)
	return t
}

// own are the elements that it has beside those of its log.
func (b *big) own() []Value { return b.tail[:b.n-b.logged] }

func (b *big) has(x Value) bool {
	if b.grown != nil {
		return slices.Contains(b.own(), x) || b.grown.has(x, b.logged)
	}
	return b.root().has(x, x.Hash(), 0)
}

// each visits the elements until visit returns false.
func (b *big) each(visit func(Value) bool) {
	if b.grown == nil {
		b.root().each(visit)
		return
	}
	for _, list := range [...][]Value{b.grown.first(b.logged), b.own()} {
		for _, x := range list {
			if !visit(x) {
				return
			}
		}
	}
}

// list are the elements in no particular order; the slice is the caller's.
func (b *big) list() []Value {
	out := make([]Value, 0, b.n)
	b.each(func(x Value) bool { out = append(out, x); return true })
	return out
}

// with is b and x, which is not in b.
func (b *big) with(x Value) *big {
	c := &big{n: b.n + 1, sum: b.sum + elementHash(x), mix: b.mix + mix(uint64(x))}
	if setCodeOf(codeOf(x)) == b.code {
		c.code = b.code
	}
	if b.grown != nil && c.extend(b, x) {
		return c
	}
	c.shrinks = b.shrinks
	if b.extended.CompareAndSwap(false, true) {
		c.line = b.line + 1
	}
	if !c.shrinks && (growsAt(c.n) || growsInLine(c.n, c.line)) {
		c.grown, c.logged = newGrown(append(b.list(), x)), c.n
		return c
	}
	c.trie.Store(b.root().put(x, struct{}{}, x.Hash(), 0))
	if f := b.fields.Load(); f != nil {
		c.fields.Store(f.with(x))
	}
	return c
}

// extend makes c the version of b's log with x more; false where the log has gone on with other elements than b's own.
func (c *big) extend(b *big, x Value) bool {
	c.grown, c.logged, c.tail = b.grown, b.logged, b.tail
	own := len(b.own())
	if own == growTail {
		for _, y := range b.tail[:growFlush] {
			if !c.grown.add(y, c.logged) {
				c.grown, c.logged, c.tail = nil, 0, [growTail]Value{}
				return false
			}
			c.logged++
		}
		own = copy(c.tail[:], b.tail[growFlush:])
	}
	c.tail[own] = x
	return true
}

// without is b less x, which is in b.
func (b *big) without(x Value) *big {
	c := &big{n: b.n - 1, sum: b.sum - elementHash(x), mix: b.mix - mix(uint64(x)), code: b.code, shrinks: true}
	c.trie.Store(b.root().remove(x, x.Hash(), 0))
	if f := b.fields.Load(); f != nil {
		c.fields.Store(f.without(x))
	}
	return c
}

func (b *big) ordered() *ordered {
	if o := b.order.Load(); o != nil {
		return o
	}
	list := b.list()
	slices.SortFunc(list, Value.Compare)
	o := &ordered{elems: list}
	if !b.order.CompareAndSwap(nil, o) {
		return b.order.Load()
	}
	return o
}

// elems lists the elements in order.
func (b *big) elems() []Value { return b.ordered().elems }

// index is an element's place in elems, -1 if it is none.
func (b *big) index(x Value) int {
	o := b.ordered()
	o.once.Do(func() {
		o.at = make(map[Value]int32, len(o.elems))
		for i, e := range o.elems {
			o.at[e] = int32(i)
		}
	})
	if i, ok := o.at[x]; ok {
		return int(i)
	}
	return -1
}

// The table of large sets. They are found again by their size and two sums of 64 bits, not by comparing elements:
// one of the sums is over handles, which are exact, so that two different sets agree with a chance of 2^-64.
const bigPage = 1 << 10

type bigKey struct {
	n        int
	sum, mix uint64
}

var bigs struct {
	mu    sync.RWMutex
	ids   map[bigKey]uint64
	pages atomic.Pointer[[]*[bigPage]*big]
	n     uint64
	bytes int64 // that they take, about
}

func bigOf(v Value) *big {
	id := v.addr()
	return (*bigs.pages.Load())[id/bigPage][id%bigPage]
}

func internBig(b *big) Value {
	key := bigKey{b.n, b.sum, b.mix}
	bigs.mu.RLock()
	id, ok := bigs.ids[key]
	bigs.mu.RUnlock()
	if ok {
		return Value(id<<tagBits | tagBig)
	}
	bigs.mu.Lock()
	defer bigs.mu.Unlock()
	if bigs.ids == nil {
		bigs.ids = map[bigKey]uint64{}
	}
	if id, ok := bigs.ids[key]; ok {
		return Value(id<<tagBits | tagBig)
	}
	id = bigs.n
	bigs.n++
	var pages []*[bigPage]*big
	if p := bigs.pages.Load(); p != nil {
		pages = *p
	}
	if id/bigPage == uint64(len(pages)) {
		pages = append(slices.Clip(pages), new([bigPage]*big))
		bigs.pages.Store(&pages)
	}
	pages[id/bigPage][id%bigPage] = b
	bigs.bytes += b.bytes()
	bigs.ids[key] = id
	return Value(id<<tagBits | tagBig)
}

// bytes is about what a set takes that differs from one that is there already in one element.
func (b *big) bytes() int64 {
	if b.grown != nil {
		return 420 // this struct, its place in the tables, its share of the log and of the indexes
	}
	return 2000 // and a path of nodes in the trie and in each index
}

// IsLarge reports whether v is a set that is kept as a trie: putting its elements in order costs time.
func (v Value) IsLarge() bool { return v.tag() == tagBig }
