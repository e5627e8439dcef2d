// Sieves: going through the elements of a small set whose fields have the values asked for.

package eval

import (
	"math/bits"

	"synod/conformance/tla/value"
)

// A specification goes through one set of messages many times: for each acceptor, each ballot and each kind of message. Which
// elements have m.type = "1a" is worked out once for each set, and kept as a bit for each element. What narrowing does for
// large sets by an index, sieves do for small ones; the same elements are left out, for the same reason.

// sifted says what one look-up makes of a set: which elements have the value in the field, and which are odd: they lack the field, or
// TLC refuses to compare what they have there. Odd elements are never left out, so that their errors show.
type sifted struct {
	set, name, want value.Value
	hit, odd        uint64
}

// sieves is a worker's table of them; an entry is overwritten by the next one that falls into its place.
type sieves []sifted

const (
	sieveTable = 1 << 10
	minSifted  = 4  // fewer elements are gone through as quickly
	maxSifted  = 64 // a bit for each
)

// few are the elements of a small set that can matter, as bits of its list; ok is false where all are to be gone through.
func (n *narrow) few(w *Worker, set value.Value) (list []value.Value, some uint64, ok bool) {
	if n == nil || len(n.quick) == 0 || set.IsLarge() {
		return nil, 0, false
	}
	list, ok = set.List()
	if !ok || len(list) < minSifted || len(list) >= maxSifted {
		return nil, 0, false
	}
	some = 1<<len(list) - 1
	var odd uint64
	for _, q := range n.quick {
		if bits.OnesCount64(some) < minSifted {
			break
		}
		want := q.want(w)
		if want.IsSymbolic() || want.IsNone() {
			break
		}
		s := w.sift(set, list, q.name, want)
		odd |= some & s.odd
		some &= s.hit
	}
	return list, some | odd, true
}

// sift looks a look-up's result up, and works it out where it is not there.
func (w *Worker) sift(set value.Value, list []value.Value, name, want value.Value) *sifted {
	if w.sieves == nil {
		w.sieves = make(sieves, sieveTable)
	}
	h := (uint64(set)*0x9fb21c651e98df25 ^ uint64(name)*0xc2b2ae3d27d4eb4f ^ uint64(want)) * 0x9e3779b97f4a7c15
	s := &w.sieves[h>>(64-10)]
	if s.set == set && s.name == name && s.want == want {
		return s
	}
	*s = sifted{set: set, name: name, want: want}
	s.hit, s.odd = value.Sift(list, name, want)
	return s
}

// searchFew is searchList for some of a list's elements.
func (w *Worker) searchFew(list []value.Value, some uint64, b *bound, body boolFn, stop bool) bool {
	slot := b.slots[0]
	w.spend(b.at, bits.OnesCount64(some))
	for ; some != 0; some &= some - 1 {
		w.slots[slot] = list[bits.TrailingZeros64(some)]
		if body(w) == stop {
			return true
		}
	}
	return false
}
