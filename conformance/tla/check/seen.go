// The set of states seen: eight bytes each.

package check

import (
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// seen is a set of fingerprints that several workers add to. It is open-addressed; a slot is taken by compare-and-swap. A
// worker holds its own seat while it adds a batch, and the table grows while all seats are held: so workers that add write to
// nothing that they share but the slots.
type seen struct {
	slots []atomic.Uint64

	overflow *overflow // where those go that do not fit; nil lets the table grow
	stored   bool      // some are there

	_        [64]byte
	mu       sync.Mutex // of what follows, and of making room
	seats    []*seat
	reserved int // slots that are taken, or promised to a worker
}

// seat is a worker's right to add so many fingerprints.
type seat struct {
	mu   sync.Mutex
	room int
	_    [64]byte
}

func newSeen() *seen { return &seen{slots: make([]atomic.Uint64, 1<<12)} }

// join gives a worker a seat.
func (s *seen) join() *seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := new(seat)
	s.seats = append(s.seats, own)
	return own
}

// acquire locks the worker's seat for adding n fingerprints, for which it makes room. The caller unlocks it.
func (s *seen) acquire(own *seat, n int) (err error) {
	own.mu.Lock()
	for own.room < n && err == nil {
		own.mu.Unlock()
		err = s.reserve(own, n)
		own.mu.Lock()
	}
	return err
}

// reserve gives a worker room for n fingerprints and some more.
func (s *seen) reserve(own *seat, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.seats {
		other.mu.Lock()
		defer other.mu.Unlock()
	}
	n += len(s.slots) / 64
	for (s.reserved+n)*10 > len(s.slots)*7 {
		if s.overflow == nil || len(s.slots) < s.overflow.slots {
			s.grow()
		} else if err := s.empty(); err != nil {
			return err
		}
	}
	s.reserved += n
	own.room += n
	return nil
}

// empty puts what is in the table out of memory.
func (s *seen) empty() error {
	prints := make([]uint64, 0, s.reserved)
	for i := range s.slots {
		if fp := s.slots[i].Swap(0); fp != 0 {
			prints = append(prints, fp)
		}
	}
	slices.Sort(prints)
	const batch = 1 << 14
	values := make([][]byte, batch)
	for some := range slices.Chunk(prints, batch) {
		keys := make([][]byte, len(some))
		for i, fp := range some {
			keys[i] = storageKey(keyPrint, fp)
		}
		if err := s.overflow.Put(keys, values[:len(keys)]); err != nil {
			return err
		}
	}
	for _, seat := range s.seats {
		seat.room = 0
	}
	s.reserved = 0
	s.stored = true
	return nil
}

// known tells which fingerprints are outside of memory; nil is none. The caller has acquired the set.
func (s *seen) known(prints []uint64, known []bool) ([]bool, error) {
	if !s.stored {
		return nil, nil
	}
	known = known[:0]
	for _, fp := range prints {
		if s.has(fp) {
			known = append(known, false) // add will tell
			continue
		}
		data, err := s.overflow.Get(storageKey(keyPrint, nonzero(fp)))
		if err != nil {
			return nil, err
		}
		known = append(known, data != nil)
	}
	return known, nil
}

// has reports whether a fingerprint is in the table.
func (s *seen) has(fp uint64) bool {
	fp = nonzero(fp)
	for at := slotOf(fp, len(s.slots)); ; at = after(at, len(s.slots)) {
		switch s.slots[at].Load() {
		case fp:
			return true
		case 0:
			return false
		}
	}
}

// nonzero is a fingerprint as it is kept: 0 marks a free slot.
func nonzero(fp uint64) uint64 { return max(fp, 1) }

func (s *seen) grow() {
	size := len(s.slots) / 2 * 3
	if s.overflow != nil {
		size = min(size, s.overflow.slots)
	}
	bigger := make([]atomic.Uint64, size)
	for i := range s.slots {
		fp := s.slots[i].Load()
		if fp == 0 {
			continue
		}
		at := slotOf(fp, size)
		for bigger[at].Load() != 0 {
			at = after(at, size)
		}
		bigger[at].Store(fp)
	}
	s.slots = bigger
}

// slotOf is where a table of so many slots begins to look for a fingerprint: as far into it as a hash of the fingerprint is into
// all hashes, so that the table can be of any size.
func slotOf(fp uint64, slots int) int {
	at, _ := bits.Mul64(fp*0x9e3779b97f4a7c15, uint64(slots))
	return int(at)
}

// after is the next slot.
func after(at, slots int) int {
	if at++; at == slots {
		return 0
	}
	return at
}

// touch fetches the memory that add will look at.
func (s *seen) touch(fp uint64) uint64 {
	return s.slots[slotOf(fp, len(s.slots))].Load()
}

// add puts a fingerprint into the set and reports whether it was new. The caller holds the seat, and has acquired room.
func (s *seen) add(own *seat, fp uint64) bool {
	fp = nonzero(fp)
	for at := slotOf(fp, len(s.slots)); ; at = after(at, len(s.slots)) {
		switch s.slots[at].Load() {
		case fp:
			return false
		case 0:
			if s.slots[at].CompareAndSwap(0, fp) {
				own.room--
				return true
			}
			if s.slots[at].Load() == fp {
				return false
			}
		}
	}
}
