// Indexes over the fields of the records in a large set that is a trie.

package value

import "slices"

// A fieldIndex sorts a set's records by the value of one field. It is built when a look-up first asks for it, and every
// set made from this one by adding or removing an element gets it brought up to date, in logarithmic time.
type fieldIndex struct {
	name    Value
	buckets *trie[*bucket]
	rest    *bucket // elements that are no records or lack the field: every look-up must see them
}

type bucket struct {
	n    int
	root *trie[struct{}]
}

type fieldIndexes struct{ list []*fieldIndex }

func (b *bucket) with(x Value) *bucket {
	if b == nil {
		return &bucket{1, (*trie[struct{}])(nil).put(x, struct{}{}, x.Hash(), 0)}
	}
	return &bucket{b.n + 1, b.root.put(x, struct{}{}, x.Hash(), 0)}
}

func (b *bucket) without(x Value) *bucket {
	return &bucket{b.n - 1, b.root.remove(x, x.Hash(), 0)}
}

func (b *bucket) len() int {
	if b == nil {
		return 0
	}
	return b.n
}

func fieldOf(x, name Value) (Value, bool) {
	if x.tag() != tagRecord {
		return 0, false
	}
	return x.Apply(name)
}

func (f *fieldIndex) with(x Value) *fieldIndex {
	v, ok := fieldOf(x, f.name)
	if !ok {
		return &fieldIndex{f.name, f.buckets, f.rest.with(x)}
	}
	h := v.Hash()
	b, _ := f.buckets.get(v, h, 0)
	return &fieldIndex{f.name, f.buckets.put(v, b.with(x), h, 0), f.rest}
}

func (f *fieldIndex) without(x Value) *fieldIndex {
	v, ok := fieldOf(x, f.name)
	if !ok {
		return &fieldIndex{f.name, f.buckets, f.rest.without(x)}
	}
	h := v.Hash()
	b, _ := f.buckets.get(v, h, 0)
	return &fieldIndex{f.name, f.buckets.put(v, b.without(x), h, 0), f.rest}
}

func (f *fieldIndexes) with(x Value) *fieldIndexes {
	g := &fieldIndexes{list: make([]*fieldIndex, len(f.list))}
	for i, x1 := range f.list {
		g.list[i] = x1.with(x)
	}
	return g
}

func (f *fieldIndexes) without(x Value) *fieldIndexes {
	g := &fieldIndexes{list: make([]*fieldIndex, len(f.list))}
	for i, x1 := range f.list {
		g.list[i] = x1.without(x)
	}
	return g
}

// index gives the set's index over a field, building it if there is none.
func (b *big) fieldIndex(name Value) *fieldIndex {
	for {
		old := b.fields.Load()
		next := &fieldIndexes{}
		if old != nil {
			for _, f := range old.list {
				if f.name == name {
					return f
				}
			}
			next.list = slices.Clip(old.list)
		}
		f := &fieldIndex{name: name}
		b.each(func(x Value) bool { f = f.with(x); return true })
		next.list = append(next.list, f)
		if b.fields.CompareAndSwap(old, next) {
			return f
		}
	}
}

// Narrow lists candidates for the elements of s whose fields have these values: every element that has them, every
// element that lacks one of the fields, and perhaps others, in no particular order. Where there are more than most, only their
// number is told, about. ok is false where s is too small for an index to pay.
func Narrow(s Value, names, values []Value, most int) (candidates []Value, count int, ok bool) {
	if s.tag() != tagBig {
		return nil, 0, false
	}
	b := bigOf(s)
	if b.grown != nil {
		return b.grown.narrow(names, values, b.logged, b.own(), most)
	}
	var best, rest *bucket
	found := false
	for i, name := range names {
		if values[i].IsSymbolic() {
			continue
		}
		f := b.fieldIndex(name)
		hit, _ := f.buckets.get(values[i], values[i].Hash(), 0)
		if !found || hit.len()+f.rest.len() < best.len()+rest.len() {
			best, rest, found = hit, f.rest, true
		}
	}
	if count = best.len() + rest.len(); !found || count > most {
		return nil, count, found
	}
	candidates = make([]Value, 0, count)
	collect := func(x Value) bool { candidates = append(candidates, x); return true }
	if best != nil {
		best.root.each(collect)
	}
	if rest != nil {
		rest.root.each(collect)
	}
	return candidates, count, true
}
