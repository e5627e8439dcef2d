// Enumerating sets: every form yields its elements in TLC's order, so that what is enumerated is sorted already.

package value

import (
	"fmt"
	"math/bits"
	"slices"
	"sync/atomic"
)

// mostElements is how many elements a sequence, a function, or a set that is written out can have.
const mostElements = lenMask

// largest bounds the sets that are written out element by element.
var largest atomic.Int64

func init() { largest.Store(mostElements) }

// Largest is how many elements a set may have that is written out, and how long a sequence may become.
func Largest() int64 { return largest.Load() }

// SetLargest bounds the sets that are written out, for all of the process, as TLC's -maxSetSize does; 0 is the usual bound
// of 2^24 - 1. It gives what the bound was.
func SetLargest(n int64) (was int64) {
	if n <= 0 || n > mostElements {
		n = mostElements
	}
	return largest.Swap(n)
}

// Canonical is the form in which a value may stand inside of others: a finite symbolic set is enumerated. An infinite set stays
// as it is; such sets are equal only where they are built alike.
func Canonical(v Value) (Value, *Fault) {
	if v.tag() != tagLazy {
		return v, nil
	}
	n, finite := size(v)
	if !finite {
		return v, nil
	}
	if n > Largest() {
		return 0, &Fault{Msg: "the set " + Brief(v) + " has too many elements to enumerate"}
	}
	list := make([]Value, 0, n)
	if f := Each(v, func(x Value) bool { list = append(list, x); return true }); f != nil {
		return 0, f
	}
	return SortedSet(list), nil
}

// CanonicalAll replaces the elements of a slice by their canonical forms.
func CanonicalAll(list []Value) *Fault {
	for i, v := range list {
		if v.tag() == tagLazy {
			c, f := Canonical(v)
			if f != nil {
				return f
			}
			list[i] = c
		}
	}
	return nil
}

// Elements lists a finite set's elements in order. The slice must not be modified.
func Elements(s Value) ([]Value, *Fault) {
	if s.tag() == tagLazy {
		c, f := Canonical(s)
		if f != nil {
			return nil, f
		}
		s = c
	}
	if !enumerated(s) {
		return nil, notEnumerable(s)
	}
	return setElems(s), nil
}

func notEnumerable(s Value) *Fault {
	if !s.IsSet() {
		return &Fault{Msg: describe(s) + " is not a set"}
	}
	hint := ""
	if name := Brief(s); name == "Nat" || name == "Int" {
		hint = "; a finite set may stand for it: CONSTANT " + name + " <- Small in the configuration, and Small == 0..9 in the module"
	}
	return &Fault{Msg: "the set " + Brief(s) + " is infinite: it cannot be enumerated" + hint}
}

// partFault is what is wrong with a set of which a part cannot be enumerated: that it is infinite, or what is wrong with the part.
func partFault(s Value, part *Fault) *Fault {
	if _, finite := size(s); finite {
		return part
	}
	return notEnumerable(s)
}

// Elems are the elements of a finite set in TLC's order, or of a tuple; nil for anything else.
func (v Value) Elems() []Value {
	if v.tag() == tagTuple {
		return items(v)
	}
	if !v.IsSet() {
		return nil
	}
	list, _ := Elements(v)
	return list
}

// Each visits a set's elements in order until visit returns false. Large symbolic sets are not written out for it.
func Each(s Value, visit func(Value) bool) *Fault {
	if enumerated(s) {
		for _, x := range setElems(s) {
			if !visit(x) {
				break
			}
		}
		return nil
	}
	if s.tag() != tagLazy {
		return notEnumerable(s)
	}
	f, ops := fields(s)
	switch f {
	case formInterval:
		for i := ops[0].Num(); i <= ops[1].Num() && visit(Int(i)); i++ {
		}
		return nil
	case formSubset:
		return eachSubset(ops[0], visit)
	case formFuncSet:
		return eachFunction(s, ops[0], ops[1], visit)
	case formRecordSet:
		return eachRow(s, ops[1:], func(row []Value) bool { return visit(Record(ops[0], row)) })
	case formProduct:
		return eachRow(s, ops, func(row []Value) bool { return visit(Tuple(row)) })
	case formSeq:
		if _, finite := size(s); finite {
			visit(emptyTuple)
			return nil
		}
	case formCup, formUnion:
		return eachOfUnion(s, ops, visit)
	case formCap:
		if _, finite := size(ops[0]); !finite {
			ops = []Value{ops[1], ops[0]}
		}
		return eachSifted(ops[0], ops[1], true, visit)
	case formDiff:
		return eachSifted(ops[0], ops[1], false, visit)
	case formMixed:
		return mixedFault(ops)
	}
	return notEnumerable(s)
}

func eachSifted(s, t Value, keep bool, visit func(Value) bool) *Fault {
	var inner *Fault
	outer := Each(s, func(x Value) bool {
		in, f := In(x, t)
		if f != nil {
			inner = f
			return false
		}
		return in != keep || visit(x)
	})
	if inner != nil {
		return inner
	}
	return outer
}

// eachOfUnion writes the union out: its members may overlap and must be put in order.
func eachOfUnion(s Value, ops []Value, visit func(Value) bool) *Fault {
	if _, finite := size(s); !finite {
		return notEnumerable(s)
	}
	if len(ops) == 1 {
		members, f := Elements(ops[0])
		if f != nil {
			return f
		}
		ops = members
	}
	var all []Value
	for _, m := range ops {
		list, f := Elements(m)
		if f != nil {
			return f
		}
		if all = append(all, list...); int64(len(all)) > Largest() {
			return &Fault{Msg: "the set " + Brief(s) + " has too many elements to enumerate"}
		}
	}
	set, f := Set(all)
	if f != nil {
		return f
	}
	return Each(set, visit)
}

// eachSubset visits the subsets by size, and those of one size in order of their elements.
func eachSubset(s Value, visit func(Value) bool) *Fault {
	elems, f := Elements(s)
	if f != nil {
		return f
	}
	if len(elems) >= bits.UintSize-2 {
		return &Fault{Msg: fmt.Sprintf("SUBSET of a set with %d elements has too many elements to enumerate", len(elems))}
	}
	pick := make([]Value, 0, len(elems))
	for k := 0; k <= len(elems); k++ {
		if !combinations(elems, k, pick, visit) {
			return nil
		}
	}
	return nil
}

// combinations visits the ways to add k of elems to pick.
func combinations(elems []Value, k int, pick []Value, visit func(Value) bool) bool {
	if k == 0 {
		return visit(SortedSet(pick))
	}
	for i := 0; i+k <= len(elems); i++ {
		if !combinations(elems[i+1:], k-1, append(pick, elems[i]), visit) {
			return false
		}
	}
	return true
}

// EachSubsetOfSize visits the subsets with k elements of a finite set.
func EachSubsetOfSize(s Value, k int, visit func(Value) bool) *Fault {
	elems, f := Elements(s)
	if f != nil || k < 0 || k > len(elems) {
		return f
	}
	combinations(elems, k, make([]Value, 0, k), visit)
	return nil
}

func eachFunction(s, domain, rng Value, visit func(Value) bool) *Fault {
	d, f := Canonical(domain)
	if f != nil {
		return f
	}
	if n, finite := size(d); finite && n == 0 {
		visit(emptyTuple)
		return nil
	}
	if !enumerated(d) {
		return notEnumerable(s)
	}
	if n, finite := size(rng); finite && n == 0 {
		return nil
	}
	list, f := Elements(rng)
	if f != nil {
		return partFault(s, f)
	}
	lists := make([][]Value, setLen(d))
	for i := range lists {
		lists[i] = list
	}
	odometer(lists, func(row []Value) bool { return visit(Func(d, row)) })
	return nil
}

func eachRow(s Value, sets []Value, visit func([]Value) bool) *Fault {
	if n, finite := size(s); finite && n == 0 {
		i := slices.IndexFunc(sets, func(set Value) bool { return set == Empty || isMixed(set) })
		if i < 0 || !isMixed(sets[i]) {
			return nil
		}
	}
	lists := make([][]Value, len(sets))
	for i, set := range sets {
		list, f := Elements(set)
		if f != nil {
			return partFault(s, f)
		}
		lists[i] = list
	}
	odometer(lists, visit)
	return nil
}

// odometer visits every choice of one element of each list, the last one turning fastest.
func odometer(lists [][]Value, visit func([]Value) bool) {
	at := make([]int, len(lists))
	row := make([]Value, len(lists))
	for i, l := range lists {
		if len(l) == 0 {
			return
		}
		row[i] = l[0]
	}
	for visit(row) {
		i := len(lists) - 1
		for ; i >= 0; i-- {
			if at[i]++; at[i] < len(lists[i]) {
				row[i] = lists[i][at[i]]
				break
			}
			at[i], row[i] = 0, lists[i][0]
		}
		if i < 0 {
			return
		}
	}
}

// List gives the elements of a set that is kept enumerated, in order; ok is false for symbolic sets and what is no set.
// The slice must not be modified.
func (v Value) List() (elems []Value, ok bool) {
	switch v.tag() {
	case tagSet:
		return items(v), true
	case tagBig:
		return bigOf(v).elems(), true
	}
	return nil, false
}
