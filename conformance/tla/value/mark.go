// Marks: giving back the memory of values that nobody needs any more.

package value

import "slices"

// Mark is a moment in the heap's life. Values made before it stay; those made since can be released together. A checker
// that replays for days marks the heap once its specification is compiled, keeps what must outlive a release in packed form
// (see Pack), and releases whenever the heap has grown too much.
type Mark struct {
	chunks, own uint64
	bigs        uint64
	used        int64
	bigBytes    int64
}

// Used is how many bytes have been taken since the mark and not been released; for large sets it is an estimate.
func (m Mark) Used() int64 { return heapUse() - m.used }

func heapUse() int64 {
	heap.mu.Lock()
	defer heap.mu.Unlock()
	bigs.mu.RLock()
	defer bigs.mu.RUnlock()
	return 8*heap.words + bigs.bytes
}

// TakeMark marks this moment. What is made from now on has memory of its own.
func TakeMark() Mark {
	lockShards()
	defer unlockShards()
	m := Mark{used: heapUse()}
	heap.mu.Lock()
	defer heap.mu.Unlock()
	bigs.mu.Lock()
	defer bigs.mu.Unlock()
	for i := range shards {
		shards[i].left = 0
	}
	heap.used = chunkWords
	m.chunks, m.own, m.bigs, m.bigBytes = heap.n, uint64(len(ownList())), bigs.n, bigs.bytes
	return m
}

// Release forgets every structure made since the mark. Nobody in this process may use such a value afterwards, and nobody
// may evaluate anything meanwhile. Booleans, integers, strings and model values stay: they are no structures. A handle is
// not given out again for as long as there are others, so that a table that still holds one by mistake finds nothing under it
// rather than something else.
func (m Mark) Release() {
	lockShards()
	defer unlockShards()
	heap.mu.Lock()
	defer heap.mu.Unlock()
	for i := range shards {
		shards[i].left = 0
		shards[i].keep(m.has)
	}
	for at, c := range &heap.chunks {
		if c != nil && heap.numbers[at] >= m.chunks {
			heap.free = append(heap.free, c)
			heap.chunks[at] = nil
			heap.words -= chunkWords
		}
	}
	heap.used = chunkWords
	anew := heap.n-m.chunks > (maxNumber-m.chunks)/2
	if anew {
		heap.n = m.chunks
	}
	if list := ownList(); uint64(len(list)) > m.own {
		list = slices.Clone(list)
		for i := range list[m.own:] {
			heap.words -= int64(len(list[m.own+uint64(i)]))
			list[m.own+uint64(i)] = nil
		}
		if anew {
			list = list[:m.own]
		}
		heap.own.Store(&list)
	}
	m.releaseBigs(anew)
}

// releaseBigs releases the large sets; their numbers begin anew behind those of the mark if they are to.
func (m Mark) releaseBigs(anew bool) {
	bigs.mu.Lock()
	defer bigs.mu.Unlock()
	bigs.bytes = m.bigBytes
	for key, id := range bigs.ids {
		if id >= m.bigs {
			delete(bigs.ids, key)
		}
	}
	p := bigs.pages.Load()
	if p == nil {
		return
	}
	pages := slices.Clone(*p)
	for i := int(m.bigs / bigPage); i < len(pages); i++ {
		if uint64(i) > m.bigs/bigPage || pages[i] == nil {
			pages[i] = nil
			continue
		}
		kept := *pages[i]
		clear(kept[m.bigs%bigPage:])
		pages[i] = &kept
	}
	if anew {
		pages = pages[:min(len(pages), int((m.bigs+bigPage-1)/bigPage))]
		bigs.n = 0
	}
	// A page that was begun is not written to any more: the next id opens a new one.
	bigs.n = max(bigs.n, uint64(len(pages))*bigPage)
	bigs.pages.Store(&pages)
}

// has reports whether a structure was made before the mark.
func (m Mark) has(v Value) bool {
	switch a := v.addr(); {
	case v.tag() < tagTuple || v.tag() == tagClosure:
		return true
	case v.tag() == tagBig:
		return a < m.bigs
	case a >= ownMemory:
		return a-ownMemory < m.own
	default:
		return a>>chunkBits < m.chunks
	}
}

func lockShards() {
	for i := range shards {
		shards[i].mu.Lock()
	}
}

func unlockShards() {
	for i := range shards {
		shards[i].mu.Unlock()
	}
}

// keep makes the shard's table anew, of the values that are to stay; s.mu is held.
func (s *shard) keep(stays func(Value) bool) {
	old := s.table.Load()
	if old == nil {
		return
	}
	var kept []Value
	for i := range old.slots {
		if v := Value(old.slots[i].Load() & (1<<handleBits - 1)); v != 0 && stays(v) {
			kept = append(kept, v)
		}
	}
	size := 64
	for len(kept)*10 > size*7 {
		size *= 2
	}
	t := newTable(size)
	for _, v := range kept {
		t.put(rehash(v), v)
	}
	s.count = len(kept)
	s.table.Store(t)
}
