// The largest and the smallest of a set of numbers.

package value

// An extreme is the largest or the smallest of the first n elements of a log of integers. The log's next version needs to
// look only at the elements that came since.
type extreme struct {
	n    int
	best int64
}

// end is where a grown keeps its largest or smallest element.
func end(largest bool) int {
	if largest {
		return 1
	}
	return 0
}

// Extreme is the largest, or the smallest, element of a set of integers. ok is false for the empty set, for one that has
// anything but integers in it, and where finding out would take as long as going through a large set in order.
func Extreme(s Value, largest bool) (best int64, ok bool) {
	switch s.tag() {
	case tagSet:
		return extremeOf(items(s), largest)
	case tagBig:
		b := bigOf(s)
		if b.code != setCodeOf(codeInt) {
			return 0, false
		}
		if b.grown != nil {
			best = b.grown.extreme(b.logged, largest)
			if own, some := extremeOf(b.own(), largest); some && own > best == largest {
				best = own
			}
			return best, true
		}
		first := true
		b.each(func(x Value) bool {
			if n := x.Num(); first || n > best == largest {
				best, first = n, false
			}
			return true
		})
		return best, true
	}
	lo, hi, ok := s.IntervalBounds()
	if largest {
		return hi, ok
	}
	return lo, ok
}

// extremeOf is Extreme for a list.
func extremeOf(list []Value, largest bool) (best int64, ok bool) {
	for i, x := range list {
		if !x.IsInt() {
			return 0, false
		}
		if n := x.Num(); i == 0 || n > best == largest {
			best = n
		}
	}
	return best, len(list) > 0
}

// extreme is the largest or the smallest of the first n elements, which are integers.
func (g *grown) extreme(n int, largest bool) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.extremes[end(largest)]
	if known.n == 0 || known.n > n {
		known = extreme{1, g.log[0].Num()}
	}
	for _, x := range g.log[known.n:n] {
		if m := x.Num(); m > known.best == largest {
			known.best = m
		}
	}
	known.n = n
	g.extremes[end(largest)] = known
	return known.best
}
