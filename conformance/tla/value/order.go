// Equality and order: TLC's, with its refusals to compare.

package value

// Type codes let two different values be told unequal without looking inside them. TLC refuses to compare 1 with "a",
// also deep inside of two tuples, so that inequality of handles is not yet an answer. Values with the same code are
// built alike, and no comparison of theirs can meet such a pair. The code 0 promises nothing.
const codeMask = 1<<40 - 1

const (
	codeBool   = 1
	codeInt    = 2
	codeString = 3
	codeModel  = 16 // plus the letter of a typed model value
)

func codeOf(v Value) uint64 {
	switch v.tag() {
	case tagBool:
		return codeBool
	case tagInt:
		return codeInt
	case tagString:
		return codeString
	case tagModel:
		return codeModel + uint64(modelType(v))
	case tagTuple, tagRecord, tagFunc, tagSet:
		return uint64(sizeWord(v)) >> lenBits
	case tagBig:
		return bigOf(v).code
	}
	return 0
}

func typeCode(tag uint64, extra Value, elems []Value) uint64 {
	if tag == tagLazy {
		return 0
	}
	if tag == tagSet {
		return setCode(elems)
	}
	h := tag*seedTuple ^ uint64(extra)
	for _, e := range elems {
		c := codeOf(e)
		if c == 0 {
			return 0
		}
		h = mix(h ^ c)
	}
	return nonzero(h & codeMask)
}

func setCode(elems []Value) uint64 {
	if len(elems) == 0 {
		return nonzero(seedSet & codeMask)
	}
	c := codeOf(elems[0])
	for _, e := range elems[1:] {
		if codeOf(e) != c {
			return 0
		}
	}
	return setCodeOf(c)
}

// setCodeOf is the code of a non-empty set whose elements all have code c.
func setCodeOf(c uint64) uint64 {
	if c == 0 {
		return 0
	}
	return nonzero(mix(seedSet^c) & codeMask)
}

func nonzero(c uint64) uint64 {
	if c == 0 {
		return 1 << 39
	}
	return c
}

// Same decides a = b as TLC does; the Fault is for values that TLC refuses to compare.
func Same(a, b Value) (bool, *Fault) {
	if a == b && a.tag() != tagLazy {
		return true, nil
	}
	if c := codeOf(a); c != 0 && c == codeOf(b) {
		return false, nil
	}
	return sameSlow(a, b)
}

func sameSlow(a, b Value) (bool, *Fault) {
	if a.IsSymbolic() || b.IsSymbolic() {
		if a == b && !isMixed(a) {
			return true, nil
		}
		if !a.IsSet() && !b.IsSet() {
			return false, clash(a, b)
		}
		if a.tag() == tagModel || b.tag() == tagModel {
			return false, nil
		}
		if !a.IsSet() || !b.IsSet() {
			return false, clash(a, b)
		}
		return sameSets(a, b)
	}
	c, ok := compare(a, b)
	if !ok {
		return false, clash(a, b)
	}
	return c == 0, nil
}

// sameSets compares sets of which one at least is symbolic. Infinite ones are equal only where they are built alike.
func sameSets(a, b Value) (bool, *Fault) {
	if isAtom(a) && isAtom(b) {
		return false, nil // Nat and Int
	}
	ca, f := Canonical(a)
	if f != nil {
		return false, f
	}
	cb, f := Canonical(b)
	if f != nil {
		return false, f
	}
	if ca.IsSymbolic() || cb.IsSymbolic() {
		return false, &Fault{Msg: "cannot compare the set " + Brief(a) + " with the set " + Brief(b) + ": an infinite set is not enumerated"}
	}
	return Same(ca, cb)
}

// isAtom reports whether a is one of the infinite sets that have a name.
func isAtom(a Value) bool {
	return a == Nat || a == Integers || a == Reals || a == StringSet || a == Anything
}

func clash(a, b Value) *Fault {
	return &Fault{Msg: "cannot compare " + describe(a) + " with " + describe(b)}
}

// Compare orders values as TLC does, and unlike TLC it orders any two of them.
func (v Value) Compare(w Value) int {
	c, _ := compare(v, w)
	return c
}

// rank orders values of different kinds among each other; TLC orders no two of them but model values.
var rank = [16]int{0, 2, 3, 4, 1, 5, 5, 5, 6, 6, 7, 8}

// compare orders two values; ok is false where TLC refuses to. Symbolic sets come last, by handle.
func compare(a, b Value) (c int, ok bool) {
	if a == b {
		return 0, true
	}
	ra, rb := rank[a.tag()], rank[b.tag()]
	if ra != rb {
		ok = a.tag() == tagModel && modelType(a) == 0 || b.tag() == tagModel && modelType(b) == 0
		return ra - rb, ok
	}
	switch a.tag() {
	case tagInt:
		return order(a.Num(), b.Num()), true
	case tagModel:
		ta, tb := modelType(a), modelType(b)
		return order(a.addr(), b.addr()), ta == tb || ta == 0 || tb == 0
	case tagTuple, tagRecord, tagFunc:
		return compareFuncs(a, b)
	case tagSet, tagBig:
		return compareSets(a, b)
	}
	return order(uint64(a), uint64(b)), true
}

func order[T int | int64 | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareFuncs orders functions by the size of the domain, the domain and the values.
func compareFuncs(a, b Value) (int, bool) {
	da, ea := function(a)
	db, eb := function(b)
	if len(ea) != len(eb) {
		return order(len(ea), len(eb)), true
	}
	if da != db || a.tag() != b.tag() {
		if c, ok := compareLists(functionDomain(a), functionDomain(b)); c != 0 || !ok {
			return c, ok
		}
	}
	return compareLists(ea, eb)
}

// functionDomain lists a function's domain in order.
func functionDomain(v Value) []Value {
	if v.tag() == tagTuple {
		return upTo(len(items(v)))
	}
	d, _ := fields(v)
	return domainElems(d)
}

// upTo is the list 1, .., n.
func upTo(n int) []Value {
	list := make([]Value, n)
	for i := range list {
		list[i] = Int(int64(i + 1))
	}
	return list
}

func compareSets(a, b Value) (int, bool) {
	if na, nb := setLen(a), setLen(b); na != nb {
		return order(na, nb), true
	}
	return compareLists(setElems(a), setElems(b))
}

func compareLists(a, b []Value) (int, bool) {
	for i, x := range a {
		if x != b[i] {
			if c, ok := compare(x, b[i]); c != 0 || !ok {
				return c, ok
			}
		}
	}
	return 0, true
}
