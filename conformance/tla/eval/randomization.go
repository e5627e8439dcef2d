// Randomization: random elements of sets that are too large to go through.

package eval

import (
	"math"
	"math/rand/v2"

	"synod/conformance/tla/value"
)

func init() {
	register("Randomization", map[string]*builtin{
		"RandomSubset":           {fn: randomSubset, impure: true, settles: true},
		"RandomSetOfSubsets":     {fn: randomSetOfSubsets, impure: true, settles: true},
		"TestRandomSetOfSubsets": {fn: testRandomSetOfSubsets, impure: true, settles: true},
	})
}

const fewElements = 1 << 12 // the size up to which a set is listed to draw from it

// randomSubset gives a number of different elements of a set.
func randomSubset(w *Worker, s *site, a []value.Value) value.Value {
	k, ok := a[0].AsInt()
	if !ok || k < 0 {
		w.fail(s, "the first argument of RandomSubset must be a number that is not negative, but it is %s", value.Brief(a[0]))
	}
	drawable := value.Drawable(a[1])
	n, fault := value.Cardinality(a[1])
	if fault != nil && drawable {
		n, fault = math.MaxInt64, nil // it is finite, and too large to count
	}
	switch {
	case fault != nil:
		w.fault(s, fault)
	case n <= k:
		return w.canon(s, a[1]) // TLC draws as many as there are
	case k > value.Largest():
		w.fail(s, "RandomSubset draws no more than %d elements, and is asked for %d", value.Largest(), k)
	case n <= max(fewElements, 2*k) || !drawable:
		list := append([]value.Value(nil), w.elements(s, a[1])...)
		for i := range k { // the first k of a shuffled list
			j := i + w.random().Int64N(int64(len(list))-i)
			list[i], list[j] = list[j], list[i]
		}
		return w.setFrom(s, list[:k])
	}
	seen := make(map[value.Value]bool, k)
	list := make([]value.Value, 0, k)
	for int64(len(list)) < k {
		if v := value.Draw(a[1], w.random()); !seen[v] {
			seen[v] = true
			list = append(list, v)
		}
	}
	return w.setFrom(s, list)
}

// setFrom is the set of values that may be compared.
func (w *Worker) setFrom(s *site, list []value.Value) value.Value {
	set, fault := value.Set(list)
	if fault != nil {
		w.fault(s, fault)
	}
	return set
}

// randomSetOfSubsets draws k subsets of a set, in each of which an element is with a probability of n in the set's size.
func randomSetOfSubsets(w *Worker, s *site, a []value.Value) value.Value {
	k, isCount := a[0].AsInt()
	n, isSize := a[1].AsInt()
	if !isCount || k < 0 || k > value.Largest() || !isSize || n < 0 {
		w.fail(s, "the first two arguments of RandomSetOfSubsets must be numbers, not negative and not too large, but they are %s and %s",
			value.Brief(a[0]), value.Brief(a[1]))
	}
	elems := w.elements(s, a[2])
	if n > int64(len(elems)) {
		w.fail(s, "RandomSetOfSubsets cannot draw subsets with %d of %d elements", n, len(elems))
	}
	subsets := make([]value.Value, k)
	for i := range subsets {
		subsets[i] = w.setFrom(s, someOf(elems, float64(n)/float64(max(len(elems), 1)), w.random()))
	}
	return w.setFrom(s, subsets)
}

// someOf takes each element with a probability.
func someOf(elems []value.Value, p float64, random *rand.Rand) []value.Value {
	var some []value.Value
	for _, v := range elems {
		if random.Float64() < p {
			some = append(some, v)
		}
	}
	return some
}

// testRandomSetOfSubsets says of five draws how many subsets each gives.
func testRandomSetOfSubsets(w *Worker, s *site, a []value.Value) value.Value {
	counts := make([]value.Value, 5)
	for i := range counts {
		counts[i] = value.Int(int64(randomSetOfSubsets(w, s, a).Len()))
	}
	return value.Tuple(counts)
}
