// Symbolic sets: SUBSET S, [S -> T], Nat and the like, kept as what they are.

package value

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
	case enumerated(s):
		return intersect(s, t)
	case enumerated(t):
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
