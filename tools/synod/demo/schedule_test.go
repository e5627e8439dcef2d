// Schedules come from their seed, and have the shape that the known bugs need.

package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheSameSeedDrawsTheSame(t *testing.T) {
	first := func(seed int64, client int) []draw {
		p := newPen(seed, client)
		var out []draw
		for range 50 {
			out = append(out, p.next())
		}
		return out
	}
	require.Equal(t, first(7, 3), first(7, 3))
	require.NotEqual(t, first(7, 3), first(7, 4), "clients differ")
	require.NotEqual(t, first(7, 3), first(8, 3), "seeds differ")
	require.Equal(t, newFaults(7, time.Second), newFaults(7, time.Second))
}

func TestEveryChangeFunctionIsDrawn(t *testing.T) {
	p := newPen(1, 0)
	counts := make(map[string]int)
	for n := range 1000 {
		d := p.next()
		require.Less(t, d.slot, slots)
		counts[d.change(n%operationsPerKey+1, 3).name]++
	}
	for _, name := range []string{"read", "set", "add", "cas"} {
		require.Greater(t, counts[name], 100, name)
	}
}

func TestValuesAreUniqueAndSmall(t *testing.T) {
	written := make(map[int64]bool)
	sum := int64(0)
	for n := 1; n <= operationsPerKey; n++ {
		value := draw{kind: 3}.change(n, 0).value
		require.False(t, written[value])
		written[value] = true
		sum += draw{kind: 5}.change(n, 0).value
		require.Less(t, value+sum, int64(1)<<31)
	}
	require.Less(t, sum, int64(step), "sums of additions do not reach the next value that is set")
}

func TestFaultsOverlap(t *testing.T) {
	victims := make(map[[2]int]bool)
	for seed := range int64(200) {
		length := 10 * time.Second
		f := newFaults(seed, length)
		require.Less(t, length/10, f.split)
		require.Less(t, f.split+length/10, f.kill, "promises pile up at the victim before it is killed")
		require.Less(t, f.kill, f.restart)
		require.Less(t, f.restart, f.heal, "the network is still split when the victim is back")
		require.Less(t, f.heal, length*6/10, "there is load after the last fault")
		victims[[2]int{f.proposer, f.victim}] = true
	}
	require.Len(t, victims, proposers*acceptors, "every pair is drawn")
}
