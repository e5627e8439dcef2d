// The heap: where structures live, once each.

package value

import (
	"sync"
	"sync/atomic"
)

// An object is a run of words in a chunk:
//
//	0         its content hash
//	1         low 24 bits: number of elements; the rest: its type code
//	2         functions and records: the domain, a canonical set; symbolic sets: their form
//	2 or 3..  the elements
//
// Chunks hold no pointers, so that the garbage collector does not look into them. Chunks are numbered as they come. A
// number's place in the table is given out again once what was there has been released (see Mark), and the number itself
// only when most have been used: 4 TB are taken and released until then. An object that is too large for a chunk has memory
// of its own, and an address from a range of its own.
const (
	chunkBits  = 16
	chunkWords = 1 << chunkBits
	maxChunks  = 1 << 17 // at one time
	maxNumber  = 1 << (addrBits - 1 - chunkBits)
	blockWords = 1 << 12
	lenBits    = 24
	lenMask    = 1<<lenBits - 1
	ownMemory  = 1 << (addrBits - 1) // addresses from here on
)

// A chunk is a little longer than what addresses reach, so that an object's first words need no bounds check.
type chunk [chunkWords + 4]Value

var heap struct {
	chunks  [maxChunks]*chunk
	numbers [maxChunks]uint64         // by place: the number of the chunk that is there
	own     atomic.Pointer[[][]Value] // objects with memory of their own
	mu      sync.Mutex
	n       uint64   // the number of the next chunk
	used    int      // words in use of the last one
	free    []*chunk // that were released
	words   int64
}

// allocate takes n words; the address is that of the first.
func allocate(n int) uint64 {
	heap.mu.Lock()
	defer heap.mu.Unlock()
	if n > blockWords {
		heap.words += int64(n)
		list := ownList()
		list = append(list[:len(list):len(list)], make([]Value, n))
		heap.own.Store(&list)
		return ownMemory + uint64(len(list)-1)
	}
	if heap.n == 0 || heap.used+n > chunkWords {
		nextChunk()
	}
	addr := (heap.n-1)<<chunkBits + uint64(heap.used)
	heap.used += n
	return addr
}

// nextChunk begins a chunk; heap.mu is held.
func nextChunk() {
	for i := 0; i < maxChunks && heap.chunks[heap.n&(maxChunks-1)] != nil; i++ {
		heap.n++
	}
	at := heap.n & (maxChunks - 1)
	if heap.n >= maxNumber || heap.chunks[at] != nil {
		panic(&Fault{Msg: "too many values: the memory for them is exhausted"})
	}
	if last := len(heap.free) - 1; last >= 0 {
		heap.chunks[at], heap.free = heap.free[last], heap.free[:last]
	} else {
		heap.chunks[at] = new(chunk)
	}
	heap.numbers[at] = heap.n
	heap.words += chunkWords
	heap.n++
	heap.used = 0
}

func ownList() [][]Value {
	if p := heap.own.Load(); p != nil {
		return *p
	}
	return nil
}

// chunkOf finds an object: the chunk, and where in it the object begins. An object with memory of its own has no chunk.
func chunkOf(addr uint64) (*chunk, uint64) {
	return heap.chunks[addr>>chunkBits&(maxChunks-1)], addr & (chunkWords - 1)
}

// wordsAt are an object's words and perhaps others behind them.
func wordsAt(addr uint64) []Value {
	if addr >= ownMemory {
		return (*heap.own.Load())[addr-ownMemory]
	}
	c, at := chunkOf(addr)
	return c[at:]
}

// header is an object's words from the first on.
func header(v Value) []Value { return wordsAt(v.addr()) }

// hashWord and sizeWord are an object's first two words.
func hashWord(v Value) Value {
	if v.addr() >= ownMemory {
		return header(v)[0]
	}
	c, at := chunkOf(v.addr())
	return c[at]
}

func sizeWord(v Value) Value {
	if v.addr() >= ownMemory {
		return header(v)[1]
	}
	c, at := chunkOf(v.addr())
	return c[at+1]
}

// items are the elements of a tuple or a small set.
func items(v Value) []Value {
	if v.addr() >= ownMemory {
		w := header(v)
		n := 2 + int(w[1]&lenMask)
		return w[2:n:n]
	}
	c, at := chunkOf(v.addr())
	n := at + 2 + uint64(c[at+1]&lenMask)
	return c[at+2 : n : n]
}

// fields are the domain and the values of a function or record, or the form and the operands of a symbolic set.
func fields(v Value) (Value, []Value) {
	if v.addr() >= ownMemory {
		w := header(v)
		n := 3 + int(w[1]&lenMask)
		return w[2], w[3:n:n]
	}
	c, at := chunkOf(v.addr())
	n := at + 3 + uint64(c[at+1]&lenMask)
	return c[at+2], c[at+3 : n : n]
}

func hasExtra(tag uint64) bool { return tag == tagRecord || tag == tagFunc || tag == tagLazy }

// The intern table is cut into shards. A look-up that hits takes no lock; a miss locks its shard.
const shardCount = 64

type shard struct {
	table atomic.Pointer[table]
	mu    sync.Mutex
	count int
	block uint64 // address of the free part of the shard's block
	left  int    // its words
	_     [64]byte
}

// table is open-addressed. A slot holds a handle in its low 44 bits and 20 bits of the hash above.
type table struct {
	slots []atomic.Uint64
}

var shards [shardCount]shard

// intern gives the handle of the object with this content, making it if there is none.
func intern(tag uint64, extra Value, elems []Value) Value {
	h := wordHash(tag, extra, elems)
	s := &shards[h%shardCount]
	if t := s.table.Load(); t != nil {
		if v := t.find(h, tag, extra, elems); v != 0 {
			return v
		}
	}
	return s.insert(h, tag, extra, elems)
}

// wordHash hashes handles, not contents: it needs to hold for one process only, and reads no memory.
func wordHash(tag uint64, extra Value, elems []Value) uint64 {
	h := tag*0x9e3779b97f4a7c15 ^ uint64(extra)*0xc2b2ae3d27d4eb4f
	for _, e := range elems {
		h = (h ^ uint64(e)) * 0x9fb21c651e98df25
		h ^= h >> 31
	}
	return mix(h + uint64(len(elems)))
}

func (t *table) find(h, tag uint64, extra Value, elems []Value) Value {
	mask := uint64(len(t.slots) - 1)
	for i := h >> 6 & mask; ; i = (i + 1) & mask {
		e := t.slots[i].Load()
		if e == 0 {
			return 0
		}
		if e>>handleBits == h>>handleBits && e&tagMask == tag {
			if v := Value(e & (1<<handleBits - 1)); same(v, extra, elems) {
				return v
			}
		}
	}
}

// same compares an object's words with a content of the same tag.
func same(v, extra Value, elems []Value) bool {
	w := header(v)
	if int(w[1]&lenMask) != len(elems) {
		return false
	}
	w = w[2:]
	if hasExtra(v.tag()) {
		if w[0] != extra {
			return false
		}
		w = w[1:]
	}
	for i, e := range elems {
		if w[i] != e {
			return false
		}
	}
	return true
}

func (s *shard) insert(h, tag uint64, extra Value, elems []Value) Value {
	if len(elems) > lenMask {
		panic(&Fault{Msg: "a value with more than 16 million elements"})
	}
	hash, code := contentHash(tag, extra, elems), typeCode(tag, extra, elems)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.table.Load()
	if t == nil {
		t = newTable(64)
		s.table.Store(t)
	}
	if v := t.find(h, tag, extra, elems); v != 0 {
		return v
	}
	if (s.count+1)*10 > len(t.slots)*7 {
		t = s.grow(t)
	}
	v := s.write(tag, extra, elems, hash, code)
	t.put(h, v)
	s.count++
	return v
}

func (t *table) put(h uint64, v Value) {
	mask := uint64(len(t.slots) - 1)
	i := h >> 6 & mask
	for t.slots[i].Load() != 0 {
		i = (i + 1) & mask
	}
	t.slots[i].Store(h>>handleBits<<handleBits | uint64(v))
}

func newTable(size int) *table { return &table{slots: make([]atomic.Uint64, size)} }

func (s *shard) grow(old *table) *table {
	t := newTable(2 * len(old.slots))
	for i := range old.slots {
		if e := old.slots[i].Load(); e != 0 {
			v := Value(e & (1<<handleBits - 1))
			t.put(rehash(v), v)
		}
	}
	s.table.Store(t)
	return t
}

func rehash(v Value) uint64 {
	if hasExtra(v.tag()) {
		extra, elems := fields(v)
		return wordHash(v.tag(), extra, elems)
	}
	return wordHash(v.tag(), 0, items(v))
}

// write puts the object into the shard's block; s.mu is held.
func (s *shard) write(tag uint64, extra Value, elems []Value, hash, code uint64) Value {
	n := 2 + len(elems)
	if hasExtra(tag) {
		n++
	}
	var addr uint64
	switch {
	case n <= s.left:
		addr = s.block
		s.block += uint64(n)
		s.left -= n
	case n > blockWords/8:
		addr = allocate(n)
	default:
		addr = allocate(blockWords)
		s.block, s.left = addr+uint64(n), blockWords-n
	}
	w := wordsAt(addr)
	w[0] = Value(hash)
	w[1] = Value(code<<lenBits | uint64(len(elems)))
	w = w[2:]
	if hasExtra(tag) {
		w[0] = extra
		w = w[1:]
	}
	copy(w, elems)
	return Value(addr<<tagBits | tag)
}
