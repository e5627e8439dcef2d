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
type memo struct {
	entries []memoEntry
	lookups int
	hits    int
	off     bool
}

// memoEntry is one result; a free entry has none.
type memoEntry struct {
	key    [maxMemoKeys]value.Value
	result value.Value
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
type memoKey struct{ cur, nxt, slots []int32 }

// remember makes code keep its results where that may pay.
func (c *compiler) remember(k *code) *code {
	n := len(k.reads.cur) + len(k.reads.nxt) + len(k.reads.slots)
	if k.cached || k.cheap || k.lit != 0 || k.remembers || !k.reads.pure() || n == 0 || n > maxMemoKeys || k.cost < minMemoCost {
		return k
	}
	id := c.newMemo()
	key := memoKey{k.reads.cur, k.reads.nxt, k.reads.slots}
	out := &code{reads: k.reads, cost: 3, remembers: true}
	if test := k.test; test != nil {
		out.test = func(w *Worker) bool {
			m := &w.memos[id]
			if m.off {
				return test(w)
			}
			return m.look(w, &key, func(w *Worker) value.Value { return value.Bool(test(w)) }) == value.True
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
		m.entries = make([]memoEntry, smallMemo)
	}
	m.lookups++
	if e := &m.entries[int(h)&(len(m.entries)-1)]; e.key == k && e.result != 0 {
		m.hits++
		return e.result
	}
	if m.lookups >= memoJudgment {
		m.judge()
	}
	v := val(w)
	if m.off || isClosure(v) {
		return v
	}
	m.entries[int(h)&(len(m.entries)-1)] = memoEntry{k, v}
	return v
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
func (m *memo) judge() {
	rate := float64(m.hits) / float64(m.lookups)
	switch {
	case rate < 0.25 && len(m.entries) < largeMemo:
		m.entries = make([]memoEntry, len(m.entries)*8)
	case rate < 0.1:
		m.off = true
		m.entries = nil
	case rate < 0.9 && len(m.entries) < largeMemo:
		m.entries = make([]memoEntry, len(m.entries)*4)
	}
	m.lookups, m.hits = 0, 0
}
