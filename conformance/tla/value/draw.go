// Drawing: a random element of a set, without going through the set.

package value

import "math/rand/v2"

// Drawable reports whether Draw can take an element of a set: it has some, is finite, and is listed or made of such sets by
// an interval, SUBSET, [S -> T], a product or a set of records.
func Drawable(s Value) bool {
	if !s.IsSet() {
		return false
	}
	if s.tag() != tagLazy {
		return setLen(s) > 0
	}
	f, ops := fields(s)
	switch f {
	case formInterval:
		return ops[0].Num() <= ops[1].Num()
	case formSubset:
		return listable(ops[0])
	case formFuncSet:
		return listable(ops[0]) && Drawable(ops[1])
	case formRecordSet:
		ops = ops[1:]
	case formProduct:
	default:
		return false
	}
	for _, part := range ops {
		if !Drawable(part) {
			return false
		}
	}
	return true
}

// listable reports whether the elements of a set can be listed.
func listable(s Value) bool {
	_, f := Elements(s)
	return f == nil
}

// Draw takes a random element of a set that is Drawable; each is as likely as any other. What SUBSET and the domain of
// [S -> T] range over is listed.
func Draw(s Value, random *rand.Rand) Value {
	if s.tag() != tagLazy {
		elems := setElems(s)
		return elems[random.IntN(len(elems))]
	}
	f, ops := fields(s)
	switch f {
	case formInterval:
		lo, hi := ops[0].Num(), ops[1].Num()
		return Int(lo + random.Int64N(hi-lo+1))
	case formSubset:
		var some []Value
		for _, x := range ops[0].Elems() {
			if random.IntN(2) == 0 {
				some = append(some, x)
			}
		}
		return SortedSet(some)
	case formFuncSet:
		domain, _ := Canonical(ops[0])
		values := make([]Value, domain.Len())
		for i := range values {
			values[i] = Draw(ops[1], random)
		}
		return Func(domain, values)
	case formRecordSet:
		return Record(ops[0], drawEach(ops[1:], random))
	}
	return Tuple(drawEach(ops, random))
}

func drawEach(sets []Value, random *rand.Rand) []Value {
	values := make([]Value, len(sets))
	for i, s := range sets {
		values[i] = Draw(s, random)
	}
	return values
}
