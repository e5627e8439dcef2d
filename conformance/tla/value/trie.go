// Persistent hash tries: maps from values to anything, of which every version stays usable.

package value

import "math/bits"

// A trie node is a leaf with up to leafSize entries, or has up to sixteen children chosen by four bits of the key's hash.
// Adding or removing a key copies the nodes on the way to it and shares the rest.
type trie[T any] struct {
	bitmap uint16
	kids   []*trie[T]
	keys   []Value
	vals   []T
}

const (
	leafSize  = 16
	trieShift = 4
	maxShift  = 60 // below it the hash has no bits left: leaves take any number of entries
)

func (t *trie[T]) kid(h uint64, shift uint) (bit uint16, at int) {
	bit = 1 << (h >> shift & 15)
	return bit, bits.OnesCount16(t.bitmap & (bit - 1))
}

// get is the value under a key with hash h.
func (t *trie[T]) get(k Value, h uint64, shift uint) (v T, ok bool) {
	for t != nil {
		if t.kids == nil {
			for i, e := range t.keys {
				if e == k {
					return t.vals[i], true
				}
			}
			return v, false
		}
		bit, at := t.kid(h, shift)
		if t.bitmap&bit == 0 {
			return v, false
		}
		t, shift = t.kids[at], shift+trieShift
	}
	return v, false
}

func (t *trie[T]) has(k Value, h uint64, shift uint) bool {
	for t != nil {
		if t.kids == nil {
			for _, e := range t.keys {
				if e == k {
					return true
				}
			}
			return false
		}
		bit, at := t.kid(h, shift)
		if t.bitmap&bit == 0 {
			return false
		}
		t, shift = t.kids[at], shift+trieShift
	}
	return false
}

// put is the trie with v under k.
func (t *trie[T]) put(k Value, v T, h uint64, shift uint) *trie[T] {
	if t == nil {
		return &trie[T]{keys: []Value{k}, vals: []T{v}}
	}
	if t.kids == nil {
		return t.putLeaf(k, v, shift)
	}
	bit, at := t.kid(h, shift)
	n := &trie[T]{bitmap: t.bitmap | bit}
	if t.bitmap&bit != 0 {
		n.kids = append([]*trie[T](nil), t.kids...)
		n.kids[at] = t.kids[at].put(k, v, h, shift+trieShift)
		return n
	}
	n.kids = make([]*trie[T], len(t.kids)+1)
	copy(n.kids, t.kids[:at])
	n.kids[at] = (*trie[T])(nil).put(k, v, h, shift+trieShift)
	copy(n.kids[at+1:], t.kids[at:])
	return n
}

func (t *trie[T]) putLeaf(k Value, v T, shift uint) *trie[T] {
	for i, e := range t.keys {
		if e == k {
			n := &trie[T]{keys: t.keys, vals: append([]T(nil), t.vals...)}
			n.vals[i] = v
			return n
		}
	}
	n := &trie[T]{keys: make([]Value, len(t.keys)+1), vals: make([]T, len(t.vals)+1)}
	copy(n.keys, t.keys)
	copy(n.vals, t.vals)
	n.keys[len(t.keys)], n.vals[len(t.vals)] = k, v
	if len(n.keys) <= leafSize || shift > maxShift {
		return n
	}
	return n.split(shift)
}

// split makes a full leaf an inner node; n is new, so that nobody else sees it change.
func (t *trie[T]) split(shift uint) *trie[T] {
	var kids [16]*trie[T]
	for i, k := range t.keys {
		at := k.Hash() >> shift & 15
		if kids[at] == nil {
			kids[at] = &trie[T]{}
		}
		kids[at].keys = append(kids[at].keys, k)
		kids[at].vals = append(kids[at].vals, t.vals[i])
	}
	n := &trie[T]{}
	for i, kid := range kids {
		if kid != nil {
			n.bitmap |= 1 << i
			if len(kid.keys) > leafSize && shift+trieShift <= maxShift {
				kid = kid.split(shift + trieShift)
			}
			n.kids = append(n.kids, kid)
		}
	}
	return n
}

// remove is the trie without k, which is in it; nil if it was the last.
func (t *trie[T]) remove(k Value, h uint64, shift uint) *trie[T] {
	if t.kids == nil {
		if len(t.keys) == 1 {
			return nil
		}
		n := &trie[T]{}
		for i, e := range t.keys {
			if e != k {
				n.keys, n.vals = append(n.keys, e), append(n.vals, t.vals[i])
			}
		}
		return n
	}
	bit, at := t.kid(h, shift)
	if t.bitmap&bit == 0 {
		return t
	}
	n := &trie[T]{bitmap: t.bitmap, kids: append([]*trie[T](nil), t.kids...)}
	if n.kids[at] = t.kids[at].remove(k, h, shift+trieShift); n.kids[at] == nil {
		n.bitmap &^= bit
		n.kids = append(n.kids[:at], n.kids[at+1:]...)
		if len(n.kids) == 0 {
			return nil
		}
	}
	return n
}

// each visits the keys until visit returns false; the order follows the keys' hashes.
func (t *trie[T]) each(visit func(Value) bool) bool {
	if t == nil {
		return true
	}
	for _, k := range t.keys {
		if !visit(k) {
			return false
		}
	}
	for _, kid := range t.kids {
		if !kid.each(visit) {
			return false
		}
	}
	return true
}

// buildTrie makes a trie of keys without going through every version of it.
func buildTrie(keys []Value) *trie[struct{}] {
	t := &trie[struct{}]{keys: append([]Value(nil), keys...), vals: make([]struct{}, len(keys))}
	if len(keys) > leafSize {
		return t.split(0)
	}
	return t
}
