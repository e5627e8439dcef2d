// How many elements a set has, without enumerating it where that can be avoided.

package value

import "math"

// huge stands for any number of elements too large to count.
const huge = math.MaxInt64

// size is the number of elements, or an upper bound of it for unions; finite is false for infinite sets.
func size(s Value) (n int64, finite bool) {
	switch s.tag() {
	case tagSet, tagBig:
		return int64(setLen(s)), true
	case tagLazy:
		f, ops := fields(s)
		return sizeOf(f, ops)
	}
	return 0, true
}

func sizeOf(f form, ops []Value) (n int64, finite bool) {
	switch f {
	case formInterval:
		return ops[1].Num() - ops[0].Num() + 1, true
	case formSubset:
		n, finite = size(ops[0])
		return power(2, n), finite
	case formFuncSet:
		d, fd := size(ops[0])
		r, fr := size(ops[1])
		if fd && d == 0 {
			return 1, true
		}
		if fd && fr && r <= 1 {
			return r, true
		}
		return power(r, d), fd && fr // of an infinite domain not even [S -> {}] can be enumerated
	case formRecordSet:
		return product(ops[1:])
	case formProduct:
		return product(ops)
	case formSeq:
		n, finite = size(ops[0])
		return 1, finite && n == 0
	case formCup:
		a, fa := size(ops[0])
		b, fb := size(ops[1])
		return plus(a, b), fa && fb
	case formCap:
		a, fa := size(ops[0])
		b, fb := size(ops[1])
		if !fa || fb && b < a {
			return b, fb
		}
		return a, fa
	case formDiff:
		return size(ops[0])
	case formUnion:
		return sizeOfUnion(ops[0])
	case formMixed:
		return int64(len(ops)), true
	}
	return huge, false
}

func sizeOfUnion(s Value) (n int64, finite bool) {
	members, f := Elements(s)
	if f != nil {
		return huge, false
	}
	for _, m := range members {
		k, fin := size(m)
		if !fin {
			return huge, false
		}
		n = plus(n, k)
	}
	return n, true
}

// product is the size of a Cartesian product: empty if one factor is, infinite if another one is.
func product(sets []Value) (n int64, finite bool) {
	n, finite = 1, true
	for _, s := range sets {
		k, fin := size(s)
		if fin && k == 0 {
			return 0, true
		}
		n, finite = times(n, k), finite && fin
	}
	return n, finite
}

func plus(a, b int64) int64 {
	if a > huge-b {
		return huge
	}
	return a + b
}

func times(a, b int64) int64 {
	if a != 0 && b > huge/a {
		return huge
	}
	return a * b
}

func power(a, n int64) int64 {
	r := int64(1)
	for ; n > 0 && r != huge && a > 1; n-- {
		r = times(r, a)
	}
	if a == 0 && n > 0 {
		return 0
	}
	return r
}

// Finite reports whether v is a set with finitely many elements.
func Finite(v Value) bool {
	_, finite := size(v)
	return v.IsSet() && finite
}

// Cardinality is the number of elements of a finite set.
func Cardinality(v Value) (int64, *Fault) {
	if enumerated(v) {
		return int64(setLen(v)), nil
	}
	if !v.IsSet() {
		return 0, notSet("the argument of Cardinality", v)
	}
	n, finite := size(v)
	if !finite {
		return 0, &Fault{Msg: "the set " + Brief(v) + " is infinite: it has no cardinality"}
	}
	if exactSize(v) {
		if n == huge {
			return 0, &Fault{Msg: "the set " + Brief(v) + " has too many elements to count"}
		}
		return n, nil
	}
	c, f := Canonical(v)
	if f != nil {
		return 0, f
	}
	return int64(setLen(c)), nil
}

// exactSize reports whether size is exact for s: it is only a bound where sets may overlap.
func exactSize(s Value) bool {
	if s.tag() != tagLazy {
		return true
	}
	f, ops := fields(s)
	switch f {
	case formInterval:
		return true
	case formCup, formCap, formDiff, formUnion, formMixed:
		return false
	case formRecordSet:
		ops = ops[1:]
	}
	for _, o := range ops {
		if !exactSize(o) {
			return false
		}
	}
	return true
}

// Len is the number of elements of a finite set, of a function's domain, of a tuple; -1 for anything else.
func (v Value) Len() int {
	switch t := v.tag(); {
	case t >= tagTuple && t <= tagFunc:
		return int(sizeWord(v) & lenMask)
	case v.IsSet():
		if n, f := Cardinality(v); f == nil && n <= math.MaxInt {
			return int(n)
		}
	}
	return -1
}
