// A search with hardly any memory finds the same; what it puts out of memory is gone afterwards, and a storage that fails ends it.

package check_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/conformance/tla"
)

// chest is a storage in memory that counts, and can fail or forget.
type chest struct {
	mu    sync.Mutex
	kept  map[string][]byte
	put   map[byte]int // by the first byte of the keys
	fails int          // the so-many-th call from now on fails; 0 is none
	lossy bool         // what is put is lost
}

func newChest() *chest { return &chest{kept: map[string][]byte{}, put: map[byte]int{}} }

func (c *chest) call() error {
	if c.fails--; c.fails == 0 {
		return errors.New("the disk is full")
	}
	return nil
}

func (c *chest) Get(key []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[string(key)], c.call()
}

func (c *chest) Put(keys, values [][]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, k := range keys {
		c.put[k[0]]++
		if !c.lossy {
			c.kept[string(k)] = append([]byte{}, values[i]...)
		}
	}
	return c.call()
}

func (c *chest) Delete(keys ...[]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range keys {
		delete(c.kept, string(k))
	}
	return c.call()
}

const manyStates = `---- MODULE Many ----
EXTENDS Naturals
VARIABLES x, y, z
Init == x \in 0..40 /\ y \in 0..10 /\ z = 0
Next == \/ x < 40 /\ x' = x + 1 /\ UNCHANGED <<y, z>>
        \/ y < 10 /\ y' = y + 1 /\ UNCHANGED <<x, z>>
        \/ z < 20 /\ z' = z + 1 /\ UNCHANGED <<x, y>>
Fine == x + y + z < 71
Broken == ~(x = 40 /\ y = 10 /\ z = 20)
====
`

func TestASearchWithHardlyAnyMemoryFindsTheSame(t *testing.T) {
	for _, invariant := range []string{"Fine", "Broken"} {
		m := loadText(t, "Many", manyStates, "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\nINVARIANT "+invariant+"\n")
		whole := check(t, m, tla.CheckOptions{})
		for _, workers := range []int{1, 3} {
			c := newChest()
			r := check(t, m, tla.CheckOptions{Workers: workers, Memory: 1, Storage: c})
			require.Equal(t, whole.Verdict, r.Verdict)
			require.Equal(t, whole.Property, r.Property)
			require.Equal(t, whole.Depth, r.Depth)
			require.Len(t, r.Behavior, len(whole.Behavior))
			if workers == 1 || invariant == "Fine" {
				require.Equal(t, [2]int64{whole.Generated, whole.Distinct}, [2]int64{r.Generated, r.Distinct})
			}
			if workers == 1 {
				for i, step := range whole.Behavior {
					require.Equal(t, step.State.String(), r.Behavior[i].State.String())
				}
			}
			for _, kind := range "fhqr" {
				require.Positive(t, c.put[byte(kind)], "nothing of %c was put out of memory", kind)
			}
			for key := range c.kept {
				require.NotContains(t, "r", key[:1], "taken back and not deleted")
			}
		}
	}
}

func TestWithMemoryEnoughNothingIsPutOutOfIt(t *testing.T) {
	c := newChest()
	m := loadText(t, "Many", manyStates, "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\nINVARIANT Fine\n")
	require.Equal(t, tla.OK, check(t, m, tla.CheckOptions{Memory: 1 << 30, Storage: c}).Verdict)
	require.Empty(t, c.put)
}

func TestAStorageThatFailsEndsTheSearch(t *testing.T) {
	m := loadText(t, "Many", manyStates, "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\nINVARIANT Broken\n")
	for _, fails := range []int{1, 2, 5, 100, 1000} {
		c := newChest()
		c.fails = fails
		_, err := m.Check(t.Context(), tla.CheckOptions{Workers: 2, Memory: 1, Storage: c})
		require.ErrorContains(t, err, "the disk is full", "at call %d", fails)
	}
	c := newChest()
	c.lossy = true
	_, err := m.Check(t.Context(), tla.CheckOptions{Memory: 1, Storage: c})
	require.ErrorContains(t, err, "no longer there")
}
