// Symbolic sets: SUBSET S, [S -> T], Nat and the like, kept as what they are.

package value

import "slices"

// form is what a symbolic set is made of; it is an object's extra word.
type form = Value

const (
	formNat form = iota + 1
	formInt
	formReal
	formString
	formAny       // everything: the range of an untyped Seq, an argument that is never looked at
	formInterval  // lo, hi with lo <= hi
	formSubset    // S
	formFuncSet   // S, T
	formRecordSet // the domain, then a set for each of its names
	formProduct   // the factors
	formSeq       // S
	formCup       // S, T
	formCap       // S, T
	formDiff      // S, T
	formUnion     // S
	formMixed     // elements that TLC refuses to compare with each other
)

func symbolic(f form, operands ...Value) Value { return intern(tagLazy, f, operands) }

// The infinite sets of the standard modules.
var (
	Nat       = symbolic(formNat)
	Integers  = symbolic(formInt)
	Reals     = symbolic(formReal)
	StringSet = symbolic(formString)
	Anything  = symbolic(formAny)
)

// Interval is lo..hi.
func Interval(lo, hi int64) Value {
	if lo > hi {
		return Empty
	}
	return intern(tagLazy, formInterval, []Value{Int(lo), Int(hi)})
}

// IntervalBounds gives the bounds of an interval that is kept as one.
func (v Value) IntervalBounds() (lo, hi int64, ok bool) {
	if v.tag() != tagLazy {
		return 0, 0, false
	}
	f, ops := fields(v)
	if f != formInterval {
		return 0, 0, false
	}
	return ops[0].Num(), ops[1].Num(), true
}

// Subset is SUBSET s.
func Subset(s Value) (Value, *Fault) {
	if !s.IsSet() {
		return 0, notSet("SUBSET", s)
	}
	return symbolic(formSubset, s), nil
}

// FuncSet is [s -> t].
func FuncSet(s, t Value) (Value, *Fault) {
	if !s.IsSet() {
		return 0, notSet("the domain of [S -> T]", s)
	}
	if !t.IsSet() {
		return 0, notSet("the range of [S -> T]", t)
	}
	return symbolic(formFuncSet, s, t), nil
}

// RecordSet is [name : set, ...]: the domain of the records, and a set for each field in the domain's order.
func RecordSet(domain Value, sets []Value) (Value, *Fault) {
	for i, s := range sets {
		if !s.IsSet() {
			return 0, notSet("the field "+nameOf(domainElems(domain)[i])+" of a set of records", s)
		}
	}
	return symbolic(formRecordSet, append([]Value{domain}, sets...)...), nil
}

// Product is S \X T \X ...
func Product(sets []Value) (Value, *Fault) {
	for _, s := range sets {
		if !s.IsSet() {
			return 0, notSet(`a factor of \X`, s)
		}
	}
	return symbolic(formProduct, sets...), nil
}

// Seq is Seq(s).
func Seq(s Value) (Value, *Fault) {
	if !s.IsSet() {
		return 0, notSet("the argument of Seq", s)
	}
	return symbolic(formSeq, s), nil
}

func notSet(role string, v Value) *Fault {
	return &Fault{Msg: role + " must be a set, but it is " + describe(v)}
}

// mixed is the set of elements that TLC refuses to compare with each other. As in TLC, one may ask what is in it; to count its
// elements, to go through them, or to put it into another value is an error.
func mixed(elems []Value) Value { return symbolic(formMixed, elems...) }

// Mixed is the set of these elements, as Set gives it, or a set of which only elements can be asked for.
func Mixed(elems []Value) (Value, *Fault) {
	if f := CanonicalAll(elems); f != nil {
		return 0, f
	}
	if s, f := Set(elems); f == nil {
		return s, nil
	}
	return mixed(elems), nil
}

// Unprintable is what is wrong with a value that would be printed by its elements, as far as they are at most enumBound: that they
// cannot be put in order.
func Unprintable(v Value) *Fault {
	if v.tag() != tagLazy {
		return nil
	}
	if n, finite := size(v); !finite || n > min(enumBound, Largest()) {
		return nil
	}
	_, f := Canonical(v)
	return f
}

func isMixed(v Value) bool {
	if v.tag() != tagLazy {
		return false
	}
	f, _ := fields(v)
	return f == formMixed
}

// mixedFault is the first comparison that TLC refuses among elements of a mixed set.
func mixedFault(elems []Value) *Fault { return sortSet(slices.Clone(elems)) }

// eagerLimit is the size up to which the union of a symbolic set is enumerated at once.
const eagerLimit = 256

// eager gives the canonical form of a set that is small, and any other set as it is.
func eager(s Value) Value {
	if s.tag() == tagLazy {
		if n, finite := size(s); finite && n <= eagerLimit {
			if c, f := Canonical(s); f == nil {
				return c
			}
		}
	}
	return s
}

// Union is s \cup t.
func Union(s, t Value) (Value, *Fault) {
	if enumerated(s) && enumerated(t) {
		return union(s, t)
	}
	if !s.IsSet() {
		return 0, notSet(`the left side of \cup`, s)
	}
	if !t.IsSet() {
		return 0, notSet(`the right side of \cup`, t)
	}
	if s, t = eager(s), eager(t); enumerated(s) && enumerated(t) {
		return union(s, t)
	}
	return symbolic(formCup, s, t), nil
}

// Intersect is s \cap t.
func Intersect(s, t Value) (Value, *Fault) {
	if !s.IsSet() {
		return 0, notSet(`the left side of \cap`, s)
	}
	if s = eager(s); s == Empty {
		return Empty, nil // as in TLC, whatever t is
	}
	if !t.IsSet() {
		return 0, notSet(`the right side of \cap`, t)
	}
	switch t = eager(t); {
	case t == Empty:
		return Empty, nil
	case enumerated(s):
		return intersect(s, t)
	case enumerated(t) && !isMixed(s):
		return intersect(t, s)
	}
	return symbolic(formCap, s, t), nil
}

// Subtract is s \ t.
func Subtract(s, t Value) (Value, *Fault) {
	if !s.IsSet() {
		return 0, notSet(`the left side of \`, s)
	}
	if s = eager(s); s == Empty {
		return Empty, nil // as in TLC, whatever t is
	}
	if !t.IsSet() {
		return 0, notSet(`the right side of \`, t)
	}
	if enumerated(s) {
		return subtract(s, t)
	}
	return symbolic(formDiff, s, t), nil
}

// BigUnion is UNION s.
func BigUnion(s Value) (Value, *Fault) {
	if !s.IsSet() {
		return 0, notSet("the argument of UNION", s)
	}
	members, f := Elements(s)
	if f != nil {
		return 0, f
	}
	result := Empty
	var list []Value
	for _, m := range members {
		switch m = eager(m); {
		case !m.IsSet():
			return 0, notSet("an element of the argument of UNION", m)
		case m.tag() == tagLazy:
			return symbolic(formUnion, s), nil
		case m.tag() == tagSet:
			list = append(list, items(m)...)
		default:
			if result, f = union(result, m); f != nil {
				return 0, f
			}
		}
	}
	rest, f := Set(list)
	if f != nil {
		return 0, f
	}
	return union(result, rest)
}
