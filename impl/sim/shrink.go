// Shrinking: a smaller schedule that fails in the same way.

package sim

import "slices"

// Shrink drops operations and faults, and then kinds of network trouble, for as long as fails says yes. Some chances
// of the run fall differently in a smaller schedule, so that a few seeds for them are tried each time.
func Shrink(s Schedule, fails func(Schedule) bool) Schedule {
	try := func(smaller Schedule) bool {
		for extra := range uint64(4) {
			smaller.Seed = s.Seed + extra<<32
			if fails(smaller) {
				s = smaller
				return true
			}
		}
		return false
	}
	for progress := true; progress; {
		progress = false
		for size := max(len(s.Operations), len(s.Faults)) / 2; size > 0; size /= 2 {
			for i := 0; i+size <= len(s.Operations); {
				smaller := s
				smaller.Operations = slices.Delete(slices.Clone(s.Operations), i, i+size)
				if len(smaller.Operations) > 0 && try(smaller) {
					progress = true
				} else {
					i += size
				}
			}
			for i := 0; i+size <= len(s.Faults); {
				smaller := s
				smaller.Faults = slices.Delete(slices.Clone(s.Faults), i, i+size)
				if try(smaller) {
					progress = true
				} else {
					i += size
				}
			}
		}
	}
	for _, milder := range []func(*Network){
		func(n *Network) { n.Loss = 0 }, func(n *Network) { n.Duplicate = 0 }, func(n *Network) { n.Late = 0 },
	} {
		smaller := s
		milder(&smaller.Network)
		if smaller.Network != s.Network {
			try(smaller)
		}
	}
	return s
}
