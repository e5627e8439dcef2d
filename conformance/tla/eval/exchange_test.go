package eval

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla/value"
)

func keysOf(a, b int64) *[maxMemoKeys]value.Value {
	return &[maxMemoKeys]value.Value{value.Int(a), value.Int(b)}
}

func TestExchangeGivesWhatWasPut(t *testing.T) {
	x := &exchange{make([]exchanged, exchangeEntries)}
	require.Zero(t, x.get(0, 0, keysOf(0, 0)))
	x.put(3, 77, keysOf(1, 2), value.True)
	require.Equal(t, value.True, x.get(3, 77, keysOf(1, 2)))
	x.put(3, 77, keysOf(5, 6), value.False)
	require.Equal(t, value.False, x.get(3, 77, keysOf(5, 6)))
	require.Zero(t, x.get(3, 77, keysOf(1, 2)), "a newer result has its place")
}

func TestExchangeGivesNothingElse(t *testing.T) {
	x := &exchange{make([]exchanged, exchangeEntries)}
	x.put(3, 77, keysOf(1, 2), value.True)
	require.Zero(t, x.get(3, 77, keysOf(1, 3)), "another key")
	e := x.at(3, 77)
	e.memo.Store(4)
	require.Zero(t, x.get(3, 77, keysOf(1, 2)), "another memo")
	e.memo.Store(3)
	e.turn.Add(1) // a worker is writing
	require.Zero(t, x.get(3, 77, keysOf(1, 2)), "an entry that is being written")
	x.put(3, 77, keysOf(1, 2), value.False)
	e.turn.Add(1)
	require.Equal(t, value.True, x.get(3, 77, keysOf(1, 2)), "of two writers the second one gives way")
}

// All results fall into one place: a reader that took parts of two would give one key's result for another.
func TestExchangeNeverMixesTwoResults(t *testing.T) {
	x := &exchange{make([]exchanged, exchangeEntries)}
	var wg sync.WaitGroup
	for worker := range int64(4) {
		wg.Go(func() {
			for i := range int64(5_000) {
				n := (i*7 + worker) % 5
				if v := x.get(1, 9, keysOf(n, n+1)); v != 0 && v != value.Int(100*n) {
					t.Errorf("for %d it gave %s", n, v)
					return
				}
				x.put(1, 9, keysOf(n, n+1), value.Int(100*n))
			}
		})
	}
	wg.Wait()
}
