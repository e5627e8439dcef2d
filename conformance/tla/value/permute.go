// Permutations of a value's parts, for symmetry.

package value

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// Orbits tells what the permutations of a group make of values: the hashes of the images, not the images themselves. A
// hash of a value is made of the hashes of its parts, so that nothing has to be built; what is known of parts is kept in a table
// in which newer entries take the place of older ones. Any number of goroutines may use it.
type Orbits struct {
	group []Value // functions on the values that they move; the identity, which moves none, is the first
	slots []atomic.Pointer[Orbit]
	parts bool              // a hash can be made of the parts': only model values are moved
	mu    sync.Mutex        // of memos
	memos []map[Value]Value // where it cannot: what each permutation makes of values
}

// Orbit is what the group makes of a value.
type Orbit struct {
	of       Value
	Hashes   []uint64                 // by permutation; nil where every permutation leaves the value as it is
	Least    uint64                   // of the hashes
	At       []int32                  // the permutations with the least hash
	elements atomic.Pointer[[]uint64] // what the value adds to the hash of a set, by permutation, once it was asked for
}

// NewOrbits makes the table for a group without its identity.
func NewOrbits(group []Value) *Orbits {
	const memory = 1 << 23
	n := max(64, min(1<<14, memory/(16*len(group)+64)))
	o := &Orbits{group: append([]Value{emptyTuple}, group...), slots: make([]atomic.Pointer[Orbit], 1<<bits.Len(uint(n-1))), parts: true}
	for _, p := range group {
		for _, x := range p.Domain() {
			o.parts = o.parts && x.tag() == tagModel
		}
	}
	if !o.parts {
		o.memos = make([]map[Value]Value, len(o.group))
		for i := range o.memos {
			o.memos[i] = map[Value]Value{}
		}
	}
	return o
}

// Of is a value's orbit.
func (o *Orbits) Of(v Value) *Orbit {
	at := uint64(v) * 0x9e3779b97f4a7c15 >> 40 & uint64(len(o.slots)-1)
	if k := o.slots[at].Load(); k != nil && k.of == v {
		return k
	}
	k := &Orbit{of: v, Hashes: o.hashes(v)}
	if k.Hashes != nil {
		k.choose()
	}
	o.slots[at].Store(k)
	return k
}

// choose finds the least of the hashes; where they are all the same, there is no choice.
func (k *Orbit) choose() {
	k.Least = k.Hashes[0]
	n := 0
	for _, h := range k.Hashes {
		if h < k.Least {
			k.Least, n = h, 0
		}
		if h == k.Least {
			n++
		}
	}
	if n == len(k.Hashes) {
		k.Hashes = nil // such as the set of all that is moved
		return
	}
	k.At = make([]int32, 0, n)
	for i, h := range k.Hashes {
		if h == k.Least {
			k.At = append(k.At, int32(i))
		}
	}
}

// hashes are those of a value's images, nil where all are the value's own.
func (o *Orbits) hashes(v Value) []uint64 {
	if !o.parts {
		return o.hashesOfImages(v)
	}
	switch v.tag() {
	case tagModel:
		return o.hashesOfImages(v)
	case tagTuple:
		return o.hashesOfTuple(items(v))
	case tagRecord, tagFunc:
		domain, values := fields(v)
		return o.hashesOfFunction(domainElems(domain), values)
	case tagSet, tagBig:
		return o.hashesOfSet(v)
	}
	return nil
}

func (o *Orbits) hashesOfImages(v Value) []uint64 {
	if !o.parts {
		o.mu.Lock()
		defer o.mu.Unlock()
	}
	out := make([]uint64, len(o.group))
	for i, p := range o.group {
		var memo map[Value]Value
		if !o.parts {
			if memo = o.memos[i]; len(memo) > 1<<15 {
				clear(memo)
			}
		}
		out[i] = permute(v, p, memo).Hash()
	}
	return out
}

func (o *Orbits) hashesOfTuple(elems []Value) []uint64 {
	orbits, moved := o.all(elems)
	if !moved {
		return nil
	}
	out := make([]uint64, len(o.group))
	for i := range out {
		h := tupleSeed(len(elems))
		for _, k := range orbits {
			h = addToTuple(h, k.hash(i))
		}
		out[i] = h
	}
	return out
}

func (o *Orbits) hashesOfFunction(domain, values []Value) []uint64 {
	keys, moved := o.all(domain)
	orbits, moved2 := o.all(values)
	if !moved && !moved2 {
		return nil
	}
	out := make([]uint64, len(o.group))
	for i := range out {
		var sum uint64
		for j, k := range keys {
			sum += pairHash(k.hash(i), orbits[j].hash(i))
		}
		out[i] = functionHash(sum)
	}
	return out
}

func (o *Orbits) hashesOfSet(v Value) []uint64 {
	out := make([]uint64, len(o.group))
	var common uint64 // of the elements that no permutation moves
	moved := false
	visitAll(v, func(e Value) bool {
		k := o.Of(e)
		if k.Hashes == nil {
			common += elementHash(e)
			return true
		}
		moved = true
		for i, h := range k.asElement() {
			out[i] += h
		}
		return true
	})
	if !moved {
		return nil
	}
	n := setLen(v)
	for i := range out {
		out[i] = setHash(out[i]+common, n)
	}
	return out
}

// asElement is what a value that is moved adds to the hash of a set, by permutation.
func (k *Orbit) asElement() []uint64 {
	if known := k.elements.Load(); known != nil {
		return *known
	}
	elements := make([]uint64, len(k.Hashes))
	for i, h := range k.Hashes {
		elements[i] = mix(h + seedSet)
	}
	k.elements.Store(&elements)
	return elements
}

// all are the orbits of several values, and whether one of them is moved.
func (o *Orbits) all(list []Value) (orbits []*Orbit, moved bool) {
	orbits = make([]*Orbit, len(list))
	for i, v := range list {
		orbits[i] = o.Of(v)
		moved = moved || orbits[i].Hashes != nil
	}
	return orbits, moved
}

func (k *Orbit) hash(i int) uint64 {
	if k.Hashes == nil {
		return k.of.Hash()
	}
	return k.Hashes[i]
}

// permute replaces in v every value that is in the domain of the function p by its image, at any depth. memo keeps results for
// one p.
func permute(v, p Value, memo map[Value]Value) Value {
	switch v.tag() {
	case tagNone, tagLazy, tagClosure:
		return v
	case tagBool, tagInt, tagString, tagModel:
		if w, ok := p.Apply(v); ok {
			return w
		}
		return v
	}
	if w, ok := memo[v]; ok {
		return w
	}
	w := permuteObject(v, p, memo)
	memo[v] = w
	return w
}

func permuteObject(v, p Value, memo map[Value]Value) Value {
	switch v.tag() {
	case tagTuple:
		return Tuple(permuteList(items(v), p, memo))
	case tagRecord:
		d, values := fields(v)
		return Record(d, permuteList(values, p, memo))
	case tagFunc:
		d, values := fields(v)
		f, _ := FuncOf(permuteList(domainElems(d), p, memo), permuteList(values, p, memo))
		return f
	}
	s, _ := Set(permuteList(setElems(v), p, memo))
	return s
}

func permuteList(list []Value, p Value, memo map[Value]Value) []Value {
	out := make([]Value, len(list))
	for i, x := range list {
		out[i] = permute(x, p, memo)
	}
	return out
}
