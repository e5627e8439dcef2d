// Storage: where a search puts what does not fit into memory.

package check

import (
	"encoding/binary"
	"errors"
	"slices"

	"synod/conformance/tla/value"
)

// Storage keeps bytes under keys, outside of memory; several goroutines use it at once. A breadth-first search puts there the
// fingerprints of states seen, the states to explore, and who their parents are. Nothing of it means anything to another
// process, so that it should be gone when the search is over: who gave it removes it.
type Storage interface {
	// Get gives a copy of what is kept under a key; nil where nothing is.
	Get(key []byte) ([]byte, error)
	// Put keeps values under keys, in the order given.
	Put(keys, values [][]byte) error
	// Delete forgets keys.
	Delete(keys ...[]byte) error
}

// What the first byte of a key says of it.
const (
	keyPrint   = 'f' // a fingerprint that was seen
	keyHistory = 'h' // a stretch of the history
	keyStates  = 'q' // states to explore
	keyFound   = 'r' // their fingerprints and parents, until they are numbered
)

func storageKey(kind byte, n uint64) []byte { return binary.BigEndian.AppendUint64([]byte{kind}, n) }

// overflow is a search's use of a Storage: the storage, and how much of what may stay in memory.
type overflow struct {
	Storage
	slots  int // of the table of fingerprints
	states int // of a worker that are found and not yet numbered
	past   int // entries of the history
}

// newOverflow shares the memory out: up to half of it for the table of fingerprints, which takes half as much again while it
// grows, and an eighth each for new states and the history. The least that a search needs is a few batches of successors.
func newOverflow(opts Options, variables int) *overflow {
	if opts.Storage == nil || opts.Memory <= 0 {
		return nil
	}
	workers := int64(max(opts.Workers, 1))
	o := &overflow{Storage: opts.Storage}
	least := 4 * batchStates * workers
	for o.slots = 1; int64(o.slots) < least || int64(o.slots)*16 <= opts.Memory/3; o.slots *= 2 {
	}
	o.states = int(max(batchStates, opts.Memory/8/workers/int64(8*variables+12)))
	o.past = int(max(stretch, opts.Memory/8/12))
	return o
}

// part is states to explore that are kept outside of memory.
type part struct {
	key   uint64
	count int
}

var errLost = errors.New("what was put out of memory is no longer there")

// writeOut puts a worker's new states out of memory.
func (x *explorer) writeOut() error {
	key := x.partKeys.Add(1)
	count := x.found.count
	found := make([]byte, 0, 12*count)
	states := make([]byte, 0, 8*x.n*count)
	state := make([]value.Value, x.n)
	for _, b := range x.found.take() {
		for i := range b.count() {
			found = binary.LittleEndian.AppendUint64(found, b.births.prints[i])
			found = binary.LittleEndian.AppendUint32(found, b.births.parents[i])
			for _, v := range b.state(i, state) {
				states = binary.LittleEndian.AppendUint64(states, uint64(v))
			}
		}
		x.found.recycle(b)
	}
	err := x.overflow.Put([][]byte{storageKey(keyFound, key), storageKey(keyStates, key)}, [][]byte{found, states})
	x.written = append(x.written, part{key, count})
	return err
}

// take gets something from outside of memory and forgets it there.
func (o *overflow) take(kind byte, n uint64) ([]byte, error) {
	key := storageKey(kind, n)
	data, err := o.Get(key)
	if err == nil && data == nil {
		err = errLost
	}
	if err != nil {
		return nil, err
	}
	return data, o.Delete(key)
}

// found are the fingerprints and parents of states that were written out.
func (o *overflow) found(p part) (prints []uint64, parents []uint32, err error) {
	data, err := o.take(keyFound, p.key)
	for ; len(data) >= 12; data = data[12:] {
		prints = append(prints, binary.LittleEndian.Uint64(data))
		parents = append(parents, binary.LittleEndian.Uint32(data[8:]))
	}
	return prints, parents, err
}

// load gets states of n variables that were written out back; first is the number of the first of them.
func (o *overflow) load(p part, n, first int) ([]*block, error) {
	data, err := o.take(keyStates, p.key)
	var f found
	state := make([]value.Value, n)
	for ; len(data) >= 8*n; data = data[8*n:] {
		for i := range state {
			state[i] = value.Value(binary.LittleEndian.Uint64(data[8*i:]))
		}
		f.put(state)
	}
	for i, b := range f.blocks {
		b.first = first + i*blockStates
	}
	return f.blocks, err
}

// stretch is how many entries of the history are kept under one key.
const stretch = 1 << 10

// history is the fingerprints and parents of states, by their numbers. An initial state is its own parent.
type history struct {
	overflow *overflow // nil keeps everything in memory
	count    int
	first    int        // how many stretches are out of memory
	kept     []*origins // the stretches behind them
}

// origins are a stretch of the history.
type origins struct {
	prints  [stretch]uint64
	parents [stretch]uint32
}

func (h *history) add(prints []uint64, parents []uint32) error {
	for i, fp := range prints {
		at := h.count % stretch
		if at == 0 {
			h.kept = append(h.kept, new(origins))
		}
		o := h.kept[len(h.kept)-1]
		o.prints[at], o.parents[at] = fp, parents[i]
		h.count++
	}
	if h.overflow == nil || len(h.kept) <= h.overflow.past/stretch+1 {
		return nil
	}
	return h.writeOut()
}

// writeOut puts the stretches that are complete out of memory.
func (h *history) writeOut() error {
	var keys, values [][]byte
	full := len(h.kept) - 1
	for i, o := range h.kept[:full] {
		data := make([]byte, 0, 12*stretch)
		for j, fp := range o.prints {
			data = binary.LittleEndian.AppendUint64(data, fp)
			data = binary.LittleEndian.AppendUint32(data, o.parents[j])
		}
		keys, values = append(keys, storageKey(keyHistory, uint64(h.first+i))), append(values, data)
	}
	h.first += full
	h.kept = slices.Delete(h.kept, 0, full)
	return h.overflow.Put(keys, values)
}

// at is a state's fingerprint and its parent's number.
func (h *history) at(i int) (fp uint64, parent int, err error) {
	if n := i/stretch - h.first; n >= 0 {
		o := h.kept[n]
		return o.prints[i%stretch], int(o.parents[i%stretch]), nil
	}
	data, err := h.overflow.Get(storageKey(keyHistory, uint64(i/stretch)))
	if err != nil {
		return 0, i, err
	}
	if len(data) != 12*stretch {
		return 0, i, errLost
	}
	data = data[i%stretch*12:]
	return binary.LittleEndian.Uint64(data), int(binary.LittleEndian.Uint32(data[8:])), nil
}
