// Files: a disk made of bytes, which can be torn and can rot.

package sim

import (
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"

	"synod/impl/paxos"
)

// file is a Disk that keeps each write as bytes: a head with the body's length and two checksums, of the length and of
// the body, then the body. A power failure may leave the first bytes of a write that was not synced: what is incomplete
// at the end was never answered for, and is cut off. Whatever is complete and does not match its checksums was damaged
// later, and a node that finds such a thing does not start: to cut it off would be to forget what others were told.
type file struct {
	memory
	bugs   paxos.Bugs
	data   []byte
	states table
	ids    table
}

// table holds texts, which the bytes name by their place in it.
type table struct {
	texts []string
	at    map[string]uint64
}

const (
	headSize = 12
	bodySize = 7 * 8
)

func newFile(bugs paxos.Bugs) *file {
	return &file{memory: memory{records: map[int]record{}}, bugs: bugs}
}

func (f *file) keep(writes []write, n int) {
	for _, w := range writes[:n] {
		f.data = append(f.data, f.bytes(w)...)
	}
	f.memory.keep(writes, n)
}

// bytes gives a write its form.
func (f *file) bytes(w write) []byte {
	body := make([]byte, 0, bodySize)
	for _, n := range []uint64{
		uint64(w.key + 1), uint64(w.ballot), uint64(w.record.state.Promised), uint64(w.record.state.AcceptedBallot),
		f.states.place(w.record.state.AcceptedState), f.ids.place(w.record.promisedBy), f.ids.place(w.record.acceptedBy),
	} {
		body = binary.LittleEndian.AppendUint64(body, n)
	}
	var b []byte
	b = binary.LittleEndian.AppendUint32(b, bodySize)
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(body))
	return append(b, body...)
}

// place finds a text in the table, or puts it there.
func (t *table) place(text string) uint64 {
	at, known := t.at[text]
	if !known {
		if t.at == nil {
			t.at = map[string]uint64{}
		}
		at = uint64(len(t.texts))
		t.texts = append(t.texts, text)
		t.at[text] = at
	}
	return at
}

// text is what a place names. A damaged place names something else.
func (t *table) text(place uint64) string { return t.texts[place%uint64(len(t.texts))] }

// tear leaves the first bytes of a write, not all.
func (f *file) tear(w write, random *rand.Rand) {
	b := f.bytes(w)
	f.data = append(f.data, b[:random.IntN(len(b))]...)
}

// rot flips some bits, most of them in what was written last: what a later write has replaced is not read for its value.
func (f *file) rot(random *rand.Rand) {
	for range 1 + random.IntN(4) {
		if n := len(f.data); n > 0 {
			f.data[n-1-random.IntN(1+random.IntN(n))] ^= 1 << random.IntN(8)
		}
	}
}

// restart reads the bytes again, and reports false where they are damaged.
func (f *file) restart() bool {
	f.memory = memory{records: map[int]record{}}
	for at := 0; at < len(f.data); {
		rest := f.data[at:]
		size := headSize + bodySize
		if len(rest) < size {
			if !f.bugs.Has(paxos.TornTailKept) {
				f.data = f.data[:at]
				return true
			}
			rest = append(rest[:len(rest):len(rest)], make([]byte, size-len(rest))...)
			f.data = append(f.data[:at:at], rest...)
		} else if !intact(rest[:size]) && !f.bugs.Has(paxos.ChecksumIgnored) {
			if f.bugs.Has(paxos.CorruptionTruncated) {
				f.data = f.data[:at]
				return true
			}
			return false
		}
		f.recover(rest[headSize:size])
		at += size
	}
	return true
}

// intact compares the checksums of a complete write.
func intact(b []byte) bool {
	return binary.LittleEndian.Uint32(b) == bodySize &&
		binary.LittleEndian.Uint32(b[4:]) == crc32.ChecksumIEEE(b[:4]) &&
		binary.LittleEndian.Uint32(b[8:]) == crc32.ChecksumIEEE(b[headSize:])
}

// recover takes a body over into memory. Of a register never accepted for, the state is the initial one.
func (f *file) recover(body []byte) {
	var n [bodySize / 8]uint64
	for i := range n {
		n[i] = binary.LittleEndian.Uint64(body[8*i:])
	}
	w := write{key: int(n[0]) - 1, ballot: paxos.Ballot(n[1])}
	w.record.state = paxos.AcceptorState{Promised: paxos.Ballot(n[2]), AcceptedBallot: paxos.Ballot(n[3])}
	if n[3] != 0 {
		w.record.state.AcceptedState = f.states.text(n[4])
	}
	w.record.promisedBy, w.record.acceptedBy = f.ids.text(n[5]), f.ids.text(n[6])
	f.memory.keep([]write{w}, 1)
}
