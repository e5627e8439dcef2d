// Orders: what a search over them remembers.

package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A search that takes two places for the same one leaves out an order, and refuses a trace that is legal.
func TestCountsOfTakenStepsHaveDifferentHashes(t *testing.T) {
	seen := map[uint64][3]int{}
	for a := range 64 {
		for b := range 64 {
			for c := range 64 {
				h := hashCounts([]int{a, b, c})
				other, known := seen[h]
				require.False(t, known, "%v and %v", other, [3]int{a, b, c})
				seen[h] = [3]int{a, b, c}
			}
		}
	}
}
