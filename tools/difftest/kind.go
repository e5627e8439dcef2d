// The types that random expressions are built by.

package main

import "math/rand/v2"

// kind is what a value is at its top.
type kind uint8

const (
	boolean kind = iota
	integer
	text
	model
	set
	sequence
	tuple
	record
	function
)

// typ is a type with bounds: sets and sequences of at most max elements, so that no expression grows beyond what can
// be enumerated.
type typ struct {
	kind  kind
	max   int      // of a set, a sequence, a function's domain
	elem  *typ     // of a set, a sequence; a function's range
	dom   *typ     // of a function: the type of its arguments
	items []*typ   // of a tuple or a record
	names []string // of a record's fields
}

var (
	booleans = &typ{kind: boolean}
	integers = &typ{kind: integer}
	texts    = &typ{kind: text}
	models   = &typ{kind: model}
)

// fieldNames are the names that records' fields have, in no particular order: TLC orders strings by who came first.
var fieldNames = []string{"fb", "fa", "fc"}

func setOf(elem *typ, max int) *typ      { return &typ{kind: set, elem: elem, max: max} }
func sequenceOf(elem *typ, max int) *typ { return &typ{kind: sequence, elem: elem, max: max} }
func tupleOf(items ...*typ) *typ         { return &typ{kind: tuple, items: items} }

// functionFrom is the type of functions from at most max arguments.
func functionFrom(dom, elem *typ, max int) *typ {
	return &typ{kind: function, dom: dom, elem: elem, max: max}
}

// fits reports whether every value of type t is one of type want.
func (t *typ) fits(want *typ) bool {
	if t.kind != want.kind || t.max > want.max || len(t.items) != len(want.items) {
		return false
	}
	if t.elem != nil && !t.elem.fits(want.elem) || t.dom != nil && !t.dom.fits(want.dom) {
		return false
	}
	for i, item := range t.items {
		if !item.fits(want.items[i]) || t.names != nil && t.names[i] != want.names[i] {
			return false
		}
	}
	return true
}

// randomType draws a type of at most the given depth.
func randomType(rng *rand.Rand, depth int) *typ {
	simple := []*typ{integers, integers, integers, booleans, texts, models}
	if depth <= 0 || rng.IntN(5) < 2 {
		return simple[rng.IntN(len(simple))]
	}
	switch rng.IntN(10) {
	case 0, 1, 2, 3:
		return setOf(randomType(rng, depth-1), 2+rng.IntN(4))
	case 4, 5:
		return sequenceOf(randomType(rng, depth-1), 2+rng.IntN(3))
	case 6:
		items := make([]*typ, 1+rng.IntN(3))
		for i := range items {
			items[i] = randomType(rng, depth-1)
		}
		return tupleOf(items...)
	case 7:
		return randomRecord(rng, depth)
	default:
		return functionFrom(randomType(rng, depth-2), randomType(rng, depth-1), 2+rng.IntN(2))
	}
}

func randomRecord(rng *rand.Rand, depth int) *typ {
	t := &typ{kind: record}
	for _, name := range fieldNames {
		if rng.IntN(3) > 0 || t.names == nil && name == fieldNames[len(fieldNames)-1] {
			t.names = append(t.names, name)
			t.items = append(t.items, randomType(rng, depth-1))
		}
	}
	return t
}
