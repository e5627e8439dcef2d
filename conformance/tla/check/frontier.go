// The frontier: states that are found and not yet explored, in blocks.

package check

import "synod/conformance/tla/value"

// blockStates is how many states a block has room for. Blocks are small so that a frontier takes little more memory than its
// states do, and are used again so that a growing frontier copies nothing.
const blockStates = 64

// block is states that were found one after the other: their values, one state behind the other, their fingerprints, and the
// numbers of the states they were found from.
type block struct {
	values  []value.Value
	prints  []uint64
	parents []uint32
	first   int // the number of the first of them, once they are numbered
}

func (b *block) count() int { return len(b.prints) }

// state is the i-th state of a block, of n variables.
func (b *block) state(i, n int) []value.Value { return b.values[i*n : (i+1)*n] }

// found collects a worker's new states.
type found struct {
	blocks []*block
	count  int
	free   []*block // to be used again
}

func (f *found) add(state []value.Value, print uint64, parent uint32) {
	last := len(f.blocks) - 1
	if last < 0 || f.blocks[last].count() == blockStates {
		f.blocks = append(f.blocks, f.fresh(len(state)))
		last++
	}
	b := f.blocks[last]
	b.values, b.prints, b.parents = append(b.values, state...), append(b.prints, print), append(b.parents, parent)
	f.count++
}

// fresh is an empty block for states of n variables.
func (f *found) fresh(n int) *block {
	if last := len(f.free) - 1; last >= 0 {
		b := f.free[last]
		f.free = f.free[:last]
		return b
	}
	return &block{values: make([]value.Value, 0, n*blockStates), prints: make([]uint64, 0, blockStates), parents: make([]uint32, 0, blockStates)}
}

// take hands over what was found.
func (f *found) take() []*block {
	blocks := f.blocks
	f.blocks, f.count = nil, 0
	return blocks
}

// recycle keeps a block whose states nobody needs any more.
func (f *found) recycle(b *block) {
	b.values, b.prints, b.parents = b.values[:0], b.prints[:0], b.parents[:0]
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
