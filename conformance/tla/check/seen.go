// The set of states seen: eight bytes each.

package check

import (
	"sync"
	"sync/atomic"
)

// seen is a set of fingerprints that several workers add to. It is open-addressed; a slot is taken by compare-and-swap.
// Workers hold the lock for reading while they add a batch, so that the table can grow between batches.
type seen struct {
	mu    sync.RWMutex
	slots []atomic.Uint64
	count atomic.Int64
}

func newSeen() *seen { return &seen{slots: make([]atomic.Uint64, 1<<12)} }

// acquire locks the set for adding n fingerprints, for which it makes room. The caller unlocks it for reading.
func (s *seen) acquire(n int) {
	s.mu.RLock()
	for !s.fits(n) {
		s.mu.RUnlock()
		s.mu.Lock()
		if !s.fits(n) {
			s.grow()
		}
		s.mu.Unlock()
		s.mu.RLock()
	}
}

func (s *seen) fits(n int) bool { return (int(s.count.Load())+n)*10 <= len(s.slots)*6 }

func (s *seen) grow() {
	bigger := make([]atomic.Uint64, 2*len(s.slots))
	mask := uint64(len(bigger) - 1)
	for i := range s.slots {
		fp := s.slots[i].Load()
		if fp == 0 {
			continue
		}
		at := spread(fp) & mask
		for bigger[at].Load() != 0 {
			at = (at + 1) & mask
		}
		bigger[at].Store(fp)
	}
	s.slots = bigger
}

// spread takes the bits of a fingerprint that choose a slot.
func spread(fp uint64) uint64 { return fp * 0x9e3779b97f4a7c15 >> 20 }

// touch fetches the memory that add will look at.
func (s *seen) touch(fp uint64) uint64 {
	return s.slots[spread(fp)&uint64(len(s.slots)-1)].Load()
}

// add puts a fingerprint into the set and reports whether it was new. The caller has acquired it.
func (s *seen) add(fp uint64) bool {
	if fp == 0 {
		fp = 1
	}
	mask := uint64(len(s.slots) - 1)
	for at := spread(fp) & mask; ; at = (at + 1) & mask {
		switch s.slots[at].Load() {
		case fp:
			return false
		case 0:
			if s.slots[at].CompareAndSwap(0, fp) {
				s.count.Add(1)
				return true
			}
			if s.slots[at].Load() == fp {
				return false
			}
		}
	}
}
