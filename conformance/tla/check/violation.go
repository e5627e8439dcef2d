// Violations after which a search goes on.

package check

import (
	"cmp"
	"slices"
)

// Violation is a property that a search with Options.Continue found violated.
type Violation struct {
	Property string
	Message  string
	Count    int64  // in how many states, or by how many steps
	Behavior []Step // to the first of them
}

// violation is one that a search under way found: the first finding, and how many there are.
type violation struct {
	*finding
	count int64
}

// violated ends the search because a property is violated, or notes it where the search is to go on, which is reported. As in TLC,
// only invariants and properties of steps are gone on after: a deadlock leaves nothing to explore, an error may come again
// everywhere, and temporal properties are judged on whole behaviours.
func (x *explorer) violated(f *finding) (goOn bool) {
	if !x.opts.Continue {
		x.end(f)
		return false
	}
	x.withPath(f)
	s := x.search
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.violations {
		v := &s.violations[i]
		if v.property == f.property {
			v.count++
			if f.order < v.order {
				v.finding = f
			}
			return true
		}
	}
	s.violations = append(s.violations, violation{f, 1})
	return true
}

// violated lists the properties that were gone on after, in the order in which one worker finds them.
func (s *search) violated() []Violation {
	slices.SortStableFunc(s.violations, func(a, b violation) int { return cmp.Compare(a.order, b.order) })
	var list []Violation
	for _, v := range s.violations {
		list = append(list, Violation{v.property, v.message, v.count, s.leading(v.finding)})
	}
	return list
}
