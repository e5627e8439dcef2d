// Memory of what code gave for the same inputs.

package eval

import (
	"synod/conformance/tla/resolve"
	"synod/conformance/tla/value"
)

// Most of what a checker evaluates it has evaluated before: a step changes one or two variables, and an expression that
// reads others has the value that it had. Code that reads few things and takes some time keeps a small table of results,
// by the handles of what it read. An entry is overwritten by the next one that falls into its place, and a table that does not
// help is switched off.
//
// An entry is a result, 0 where there is none, and behind it the handles, as many as there are: looking at entries waits for
// memory, and smaller ones share cache lines.
type memo struct {
	entries []value.Value
	mask    int // how many entries there are, less one
	lookups int
	hits    int
	off     bool
	trade   trade // with other workers
}

const (
	maxMemoKeys  = 4
	minMemoCost  = 12
	smallMemo    = 1 << 6
	largeMemo    = 1 << 12
	memoJudgment = 1 << 10 // look-ups between two judgments of whether a table helps

	costOfMaking = 8 // of a value that is looked up among those that exist, as a cost of code
)

// memoKey says what a result depends on.
type memoKey struct {
	cur, nxt, slots []int32
	n               int // how many they are
	memo            int // the number of the memo
}

// remember makes code keep its results where that may pay.
func (c *compiler) remember(k *code) *code {
	n := len(k.reads.cur) + len(k.reads.nxt) + len(k.reads.slots)
	if k.cached || k.cheap || k.lit != 0 || k.remembers || !k.reads.pure() || n == 0 || n > maxMemoKeys || k.cost < minMemoCost {
		return k
	}
	id := c.newMemo()
	key := memoKey{k.reads.cur, k.reads.nxt, k.reads.slots, n, id}
	out := &code{reads: k.reads, cost: 3, remembers: true}
	if test := k.test; test != nil {
		val := k.value()
		out.test = func(w *Worker) bool {
			m := &w.memos[id]
			if m.off {
				return test(w)
			}
			return m.look(w, &key, val) == value.True
		}
		return out
	}
	val := k.val
	out.val = func(w *Worker) value.Value {
		m := &w.memos[id]
		if m.off {
			return val(w)
		}
		return m.look(w, &key, val)
	}
	return out
}

// worthRemembering reports whether expressions of this kind go through something.
func worthRemembering(e resolve.Expr) bool {
	switch e := e.(type) {
	case *resolve.Quant, *resolve.Filter, *resolve.MapSet, *resolve.Choose, *resolve.Func, *resolve.Call:
		return true
	case *resolve.Apply:
		switch e.Op {
		case resolve.OpIn, resolve.OpNotin, resolve.OpSubseteq, resolve.OpUnion, resolve.OpEnabled, resolve.OpSubset, resolve.OpCup, resolve.OpCap, resolve.OpSetminus:
			return true
		}
	}
	return false
}

func (m *memo) look(w *Worker, key *memoKey, val valueFn) value.Value {
	var k [maxMemoKeys]value.Value
	h, ok := key.gather(w, &k)
	if !ok {
		return val(w)
	}
	if m.entries == nil {
		m.resize(smallMemo, key.n)
	}
	m.lookups++
	if e := m.entry(h, key.n); e[0] != 0 && matches(e[1:], &k) {
		m.hits++
		return e[0]
	}
	if m.lookups >= memoJudgment {
		m.judge(key.n)
	}
	v := m.trade.result(w, key, h, &k, val)
	if m.off || isClosure(v) {
		return v
	}
	e := m.entry(h, key.n)
	e[0] = v
	copy(e[1:], k[:])
	return v
}

// entry is the place of a result that depends on n handles with this hash.
func (m *memo) entry(h uint64, n int) []value.Value {
	at := (int(h) & m.mask) * (n + 1)
	return m.entries[at : at+n+1]
}

func matches(entry []value.Value, k *[maxMemoKeys]value.Value) bool {
	for i, v := range entry {
		if v != k[i&(maxMemoKeys-1)] {
			return false
		}
	}
	return true
}

// resize makes the table empty, with room for a power of two of entries with n handles.
func (m *memo) resize(entries, n int) {
	m.entries, m.mask = make([]value.Value, entries*(n+1)), entries-1
}

func isClosure(v value.Value) bool { _, ok := v.ClosureID(); return ok }

// gather collects the handles that the result depends on; ok is false where one of them is not there yet.
func (key *memoKey) gather(w *Worker, k *[maxMemoKeys]value.Value) (h uint64, ok bool) {
	n := 0
	add := func(v value.Value) bool {
		k[n&(maxMemoKeys-1)] = v
		n++
		h = (h ^ uint64(v)) * 0x9fb21c651e98df25
		h ^= h >> 32
		return !v.IsNone() && !isClosure(v)
	}
	for _, i := range key.cur {
		if !add(w.cur[i]) {
			return 0, false
		}
	}
	for _, i := range key.nxt {
		if !add(w.nxt[i]) {
			return 0, false
		}
	}
	for _, i := range key.slots {
		if !add(w.slots[i]) {
			return 0, false
		}
	}
	return h, true
}

// judge switches a table off that hits too rarely, and enlarges one that is worth it.
func (m *memo) judge(n int) {
	rate, entries := float64(m.hits)/float64(m.lookups), m.mask+1
	switch {
	case rate < 0.25 && entries < largeMemo:
		m.resize(entries*8, n)
	case rate < 0.1:
		m.off = true
		m.entries = nil
	case rate < 0.9 && entries < largeMemo:
		m.resize(entries*4, n)
	}
	m.lookups, m.hits = 0, 0
	m.trade.judge()
}
