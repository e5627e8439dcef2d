// The search: inputs that reach an abstract state that none reached before are kept, and changed further.

package main

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"synod/impl/paxos"
	"synod/impl/sim"
)

// search goes from input to input.
type search struct {
	random *rand.Rand
	bugs   paxos.Bugs
	guided bool           // else every input is drawn anew
	seen   map[uint64]int // by abstract state, in how many runs
	kept   []keptInput    // in the order found
	runs   int
}

// keptInput reached an abstract state that none before had.
type keptInput struct {
	input []byte
	state uint64 // one that was new
}

func newSearch(seed uint64, bugs paxos.Bugs, guided bool) *search {
	return &search{random: rand.New(rand.NewPCG(seed, 0x6578)), bugs: bugs, guided: guided, seen: map[uint64]int{}}
}

// step runs one more input and gives it with what came of it.
func (s *search) step() (input []byte, r *sim.Result) {
	input = s.next()
	o := newObserver()
	r = sim.RunWatched(decode(input), s.bugs, o.watch)
	s.runs++
	var fresh []uint64
	for state := range o.seen {
		s.seen[state]++
		if s.seen[state] == 1 {
			fresh = append(fresh, state)
		}
	}
	if len(fresh) > 0 {
		s.kept = append(s.kept, keptInput{input, slices.Min(fresh)})
	}
	return input, r
}

// next draws an input: now and then a new one, else a kept one, changed. Of a few kept ones it takes that whose state
// the fewest runs have reached.
func (s *search) next() []byte {
	if !s.guided || len(s.kept) < 10 || s.random.IntN(10) == 0 {
		return random(s.random, 2+s.random.IntN(maxRecords-1))
	}
	best := s.kept[s.random.IntN(len(s.kept))]
	for range 4 {
		if other := s.kept[s.random.IntN(len(s.kept))]; s.seen[other.state] < s.seen[best.state] {
			best = other
		}
	}
	return s.change(slices.Clone(best.input))
}

// change makes a few small changes.
func (s *search) change(input []byte) []byte {
	for range 1 + s.random.IntN(4) {
		words := len(input) / wordSize
		records := (words - headWords) / recordWords
		at := (headWords + s.random.IntN(records)*recordWords) * wordSize
		end := at + recordWords*wordSize
		switch kind := s.random.IntN(8); {
		case kind < 3: // another choice
			binary.BigEndian.PutUint64(input[s.random.IntN(words)*wordSize:], s.random.Uint64())
		case kind < 5: // nearly the same choice
			w := input[s.random.IntN(words)*wordSize:]
			binary.BigEndian.PutUint64(w, binary.BigEndian.Uint64(w)+uint64(s.random.IntN(33))-16)
		case kind == 5 && records > 2:
			input = slices.Delete(input, at, end)
		case kind == 6 && records < maxRecords: // the same once more, a little later
			copied := slices.Clone(input[at:end])
			w := copied[wordSize:]
			binary.BigEndian.PutUint64(w, binary.BigEndian.Uint64(w)+uint64(s.random.IntN(100)))
			input = slices.Insert(input, end, copied...)
		default: // a part of another input
			other := s.kept[s.random.IntN(len(s.kept))].input
			from := (headWords + s.random.IntN((len(other)/wordSize-headWords)/recordWords)*recordWords) * wordSize
			copy(input[at:end], other[from:from+recordWords*wordSize])
		}
	}
	return input
}
