// The frontier: states that are found and not yet explored, in blocks.

package check

import "synod/conformance/tla/value"

// blockStates is how many states a block has room for. Blocks are small so that a frontier takes little more memory than its
// states do, and are used again so that a growing frontier copies nothing.
const blockStates = 64

// block is states that were found one after the other: their values, one state behind the other.
type block struct {
	low    []uint32      // the values, as long as 32 bits are enough for each: see short
	wide   []value.Value // the values, once they are not
	states int
	births *births
	first  int // the number of the first of them, once they are numbered
}

// births are the fingerprints of a block's states and the numbers of the states they were found from. They are with the block until
// its states are numbered.
type births struct {
	prints  [blockStates]uint64
	parents [blockStates]uint32
}

func (b *block) count() int { return b.states }

// short reports whether 32 bits say which value it is. Handles of objects count up from 0, so that most are; small integers are,
// with their sign.
func short(v value.Value) bool { return long(uint32(v)) == v }

// long is the value that 32 bits stand for.
func long(bits uint32) value.Value { return value.Value(int64(int32(bits))) }

// add puts a state behind the others.
func (b *block) add(state []value.Value) {
	b.states++
	if b.wide == nil {
		for _, v := range state {
			if !short(v) {
				b.widen()
				break
			}
		}
	}
	if b.wide != nil {
		b.wide = append(b.wide, state...)
		return
	}
	for _, v := range state {
		b.low = append(b.low, uint32(v))
	}
}

// widen makes room for values of more bits. A block that was widened stays so when it is used again.
func (b *block) widen() {
	b.wide = make([]value.Value, len(b.low), cap(b.low))
	for i, bits := range b.low {
		b.wide[i] = long(bits)
	}
	b.low = nil
}

// state is the i-th state of a block, for which there is memory of the length of a state. It is good until that is used again.
func (b *block) state(i int, memory []value.Value) []value.Value {
	n := len(memory)
	if b.wide != nil {
		return b.wide[i*n : (i+1)*n]
	}
	for j, bits := range b.low[i*n : (i+1)*n] {
		memory[j] = long(bits)
	}
	return memory
}

// found collects a worker's new states.
type found struct {
	blocks []*block
	count  int
	free   []*block // to be used again
}

// add collects a state that is to be numbered.
func (f *found) add(state []value.Value, print uint64, parent uint32) {
	b := f.put(state)
	if b.births == nil {
		b.births = new(births)
	}
	b.births.prints[b.states-1], b.births.parents[b.states-1] = print, parent
}

// put collects a state, and gives the block it is in.
func (f *found) put(state []value.Value) *block {
	last := len(f.blocks) - 1
	if last < 0 || f.blocks[last].count() == blockStates {
		f.blocks = append(f.blocks, f.fresh(len(state)))
		last++
	}
	b := f.blocks[last]
	b.add(state)
	f.count++
	return b
}

// fresh is an empty block for states of n variables.
func (f *found) fresh(n int) *block {
	if last := len(f.free) - 1; last >= 0 {
		b := f.free[last]
		f.free = f.free[:last]
		return b
	}
	return &block{low: make([]uint32, 0, n*blockStates)}
}

// take hands over what was found.
func (f *found) take() []*block {
	blocks := f.blocks
	f.blocks, f.count = nil, 0
	return blocks
}

// recycle keeps a block whose states nobody needs any more.
func (f *found) recycle(b *block) {
	b.births = nil
	b.low, b.wide, b.states = b.low[:0], b.wide[:0], 0
	f.free = append(f.free, b)
}

// level is the states of one distance from the initial ones.
type level struct {
	blocks []*block
	first  int // the number of the first of them
	count  int // of those in blocks

	written []part // states that come before these and were put out of memory
}

// all is how many states there are in a level.
func (l *level) all() int {
	n := l.count
	for _, p := range l.written {
		n += p.count
	}
	return n
}

// recycle gives a level's blocks to the workers that will fill them.
func (l *level) recycle(workers []*explorer) {
	for i, b := range l.blocks {
		workers[i%len(workers)].found.recycle(b)
	}
	l.blocks = nil
}
