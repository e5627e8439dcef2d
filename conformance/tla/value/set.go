// Sets that are enumerated: sorted arrays below 64 elements, tries above.

package value

import "slices"

// bigThreshold is the size from which on a set is a trie. Every set of that size is one, so that a set has one form.
const bigThreshold = 64

// Empty is {}.
var Empty = intern(tagSet, 0, nil)

// BooleanSet is {FALSE, TRUE}.
var BooleanSet = intern(tagSet, 0, []Value{False, True})

// Set is the set of these elements, in any order and with repetitions; the slice is reordered. The Fault is for elements that
// TLC refuses to compare with each other.
func Set(elems []Value) (Value, *Fault) {
	if f := CanonicalAll(elems); f != nil {
		return 0, f
	}
	if len(elems) > 1 {
		if f := sortSet(elems); f != nil {
			return 0, f
		}
		elems = slices.Compact(elems)
	}
	return SortedSet(elems), nil
}

// SortedSet is the set of elements that are in order, without repetition, and canonical.
func SortedSet(elems []Value) Value {
	if len(elems) < bigThreshold {
		return intern(tagSet, 0, elems)
	}
	return internBig(newBig(elems))
}

func sortSet(elems []Value) *Fault {
	sorted, ints := true, elems[0].IsInt()
	for i := 1; i < len(elems); i++ {
		ints = ints && elems[i].IsInt()
		if ints {
			sorted = sorted && int64(elems[i-1]) < int64(elems[i])
			continue
		}
		c, ok := compare(elems[i-1], elems[i])
		if !ok {
			return clash(elems[i-1], elems[i])
		}
		sorted = sorted && c < 0
	}
	if sorted {
		return nil
	}
	if ints {
		slices.SortFunc(elems, func(a, b Value) int { return order(int64(a), int64(b)) })
		return nil
	}
	var fault *Fault
	slices.SortFunc(elems, func(a, b Value) int {
		c, ok := compare(a, b)
		if !ok && fault == nil {
			fault = clash(a, b)
		}
		return c
	})
	return fault
}

// setLen is the number of elements of a canonical set.
func setLen(s Value) int {
	if s.tag() == tagSet {
		return int(sizeWord(s) & lenMask)
	}
	return bigOf(s).n
}

// setElems lists the elements of a canonical set in TLC's order.
func setElems(s Value) []Value {
	if s.tag() == tagSet {
		return items(s)
	}
	return bigOf(s).elems()
}

// enumerated reports whether a set is canonical and not infinite, that is, has setElems.
func enumerated(s Value) bool { return s.tag() == tagSet || s.tag() == tagBig }

// has is membership in a canonical set, by handle.
func has(s, x Value) bool {
	if s.tag() == tagBig {
		return bigOf(s).has(x)
	}
	for _, e := range items(s) {
		if e == x {
			return true
		}
	}
	return false
}

// askable checks that x, which is no element of s, may be asked for in s: TLC compares it with elements.
func askable(s, x Value) *Fault {
	c := codeOf(x)
	if c != 0 && setCodeOf(c) == codeOf(s) || s.tag() == tagBig {
		return nil
	}
	for _, e := range items(s) {
		if c != 0 && codeOf(e) == c {
			continue
		}
		if _, ok := compare(e, x); !ok {
			return clash(x, e)
		}
	}
	return nil
}

// Insert is S \cup {x} for a canonical set and a canonical element.
func Insert(s, x Value) (Value, *Fault) {
	if has(s, x) {
		return s, nil
	}
	if s.tag() == tagBig {
		return internBig(bigOf(s).with(x)), nil
	}
	elems := items(s)
	var buf [bigThreshold]Value
	i, f := insertionPoint(elems, x)
	if f != nil {
		return 0, f
	}
	list := append(append(append(buf[:0], elems[:i]...), x), elems[i:]...)
	return SortedSet(list), nil
}

// insertionPoint is where x belongs among sorted elements that it is not one of.
func insertionPoint(elems []Value, x Value) (int, *Fault) {
	lo, hi := 0, len(elems)
	for lo < hi {
		m := (lo + hi) / 2
		c, ok := compare(elems[m], x)
		if !ok {
			return 0, clash(elems[m], x)
		}
		if c < 0 {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo, nil
}

// union is S \cup T for canonical sets.
func union(s, t Value) (Value, *Fault) {
	if s == t || t == Empty {
		return s, nil
	}
	if s == Empty {
		return t, nil
	}
	if setLen(s) < setLen(t) {
		s, t = t, s
	}
	if setLen(t) == 1 && enumerated(t) {
		return Insert(s, setElems(t)[0])
	}
	if s.tag() == tagBig {
		return unionBig(s, t), nil
	}
	return mergeSmall(items(s), items(t))
}

// unionBig adds the smaller set's elements to a trie one by one; they need no order for that.
func unionBig(s, t Value) Value {
	b := bigOf(s)
	add := func(x Value) bool {
		if !b.has(x) {
			b = b.with(x)
		}
		return true
	}
	if t.tag() == tagBig {
		bigOf(t).each(add)
	} else {
		for _, x := range items(t) {
			add(x)
		}
	}
	if b == bigOf(s) {
		return s
	}
	return internBig(b)
}

func mergeSmall(a, b []Value) (Value, *Fault) {
	var buf [2 * bigThreshold]Value
	list := buf[:0]
	for len(a) > 0 && len(b) > 0 {
		c, ok := compare(a[0], b[0])
		switch {
		case !ok:
			return 0, clash(a[0], b[0])
		case c < 0:
			list, a = append(list, a[0]), a[1:]
		case c > 0:
			list, b = append(list, b[0]), b[1:]
		default:
			list, a, b = append(list, a[0]), a[1:], b[1:]
		}
	}
	list = append(append(list, a...), b...)
	return SortedSet(list), nil
}

// intersect is S \cap T, and subtract S \ T, for a canonical S and any T that can be asked for membership.
func intersect(s, t Value) (Value, *Fault) { return sift(s, t, true) }
func subtract(s, t Value) (Value, *Fault)  { return sift(s, t, false) }

func sift(s, t Value, keep bool) (Value, *Fault) {
	if s.tag() == tagBig && !keep && enumerated(t) && setLen(t) < setLen(s)/2 {
		return removeBig(s, t), nil
	}
	elems := setElems(s)
	list := make([]Value, 0, bigThreshold)
	for _, x := range elems {
		in, f := In(x, t)
		if f != nil {
			return 0, f
		}
		if in == keep {
			list = append(list, x)
		}
	}
	if len(list) == len(elems) {
		return s, nil
	}
	return SortedSet(list), nil
}

// removeBig takes few elements out of a trie.
func removeBig(s, t Value) Value {
	b := bigOf(s)
	for _, x := range setElems(t) {
		if b.has(x) {
			b = b.without(x)
		}
	}
	if b.n < bigThreshold {
		return SortedSet(b.elems())
	}
	return internBig(b)
}
