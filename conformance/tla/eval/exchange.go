// Results that workers give each other.

package eval

import (
	"sync/atomic"

	"synod/conformance/tla/value"
)

// exchange is a table of results for workers that explore states of the same kind: what one has computed the others need not. It
// stands behind each worker's own memos, which are faster to look into, and like them forgets what newer entries take the place of.
type exchange struct{ entries []exchanged }

// exchanged is a result: that of a memo for what it read. turn is odd while a worker writes; a reader that sees another one after
// reading than before has read parts of two results. An entry has a line of the cache for itself.
type exchanged struct {
	turn, memo, result atomic.Uint64
	keys               [maxMemoKeys]atomic.Uint64
	_                  [8]byte
}

const exchangeEntries = 1 << 15

// Exchange makes workers of the same program give each other results.
func Exchange(workers ...*Worker) {
	x := &exchange{make([]exchanged, exchangeEntries)}
	for _, w := range workers {
		w.exchange = x
	}
}

// trade is what a worker has of the exchange for one of its memos.
type trade struct {
	asked, given int
	off          bool // it is worth nothing
}

// result gives what code computes, from another worker where that has it.
func (t *trade) result(w *Worker, key *memoKey, h uint64, k *[maxMemoKeys]value.Value, val valueFn) value.Value {
	x := w.exchange
	if x == nil || t.off {
		return val(w)
	}
	t.asked++
	if v := x.get(key.memo, h, k); v != 0 {
		t.given++
		return v
	}
	v := val(w)
	if !isClosure(v) {
		x.put(key.memo, h, k, v)
	}
	return v
}

// judge ends the trade if too little came of it.
func (t *trade) judge() {
	if t.asked >= memoJudgment/4 {
		t.off = t.given*32 < t.asked
		t.asked, t.given = 0, 0
	}
}

// at is the place of a memo's result for handles with this hash.
func (x *exchange) at(memo int, h uint64) *exchanged {
	return &x.entries[(h^uint64(memo)*0x9e3779b97f4a7c15)>>16%exchangeEntries]
}

// get gives a result; 0 where it is not there.
func (x *exchange) get(memo int, h uint64, k *[maxMemoKeys]value.Value) value.Value {
	e := x.at(memo, h)
	turn := e.turn.Load()
	if turn%2 != 0 || e.memo.Load() != uint64(memo) {
		return 0
	}
	for i := range k {
		if e.keys[i].Load() != uint64(k[i]) {
			return 0
		}
	}
	if v := e.result.Load(); e.turn.Load() == turn {
		return value.Value(v)
	}
	return 0
}

// put keeps a result, unless another worker is writing in the same place.
func (x *exchange) put(memo int, h uint64, k *[maxMemoKeys]value.Value, v value.Value) {
	e := x.at(memo, h)
	turn := e.turn.Load()
	if turn%2 != 0 || !e.turn.CompareAndSwap(turn, turn+1) {
		return
	}
	e.memo.Store(uint64(memo))
	e.result.Store(uint64(v))
	for i := range k {
		e.keys[i].Store(uint64(k[i]))
	}
	e.turn.Store(turn + 2)
}
