// The log: what a replica of impl/log keeps, in the same kind of data folder.

package storage

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"synod/impl/log"
)

// Keys of the log. A vote has its slot behind the prefix, in eight bytes, so that votes lie in the order of their slots.
// A snapshot lies in parts behind its slot, and counts once keySnapshot tells of it.
var (
	keyPromised = []byte("log/promised")
	keyClock    = []byte("log/clock")
	keySnapshot = []byte("log/snapshot")
	keyLost     = []byte("log/lost")
)

const (
	prefixVote = "log/vote/"
	prefixPart = "log/part/"
	endVote    = "log/vote0"
)

// partBytes is the size of a snapshot's parts: votes are written between two of them.
const partBytes = 1 << 20

// AppendLog makes the records durable, all in one synced batch, which Generation counts. It is for one goroutine.
func (s *Store) AppendLog(records []log.Record) error {
	b := s.db.NewBatch()
	defer b.Close()
	if slices.ContainsFunc(records, func(r log.Record) bool { return r.Snapshot != nil }) {
		s.snapshots.Lock()
		defer s.snapshots.Unlock()
	}
	var value []byte
	var clock uint64
	var promised log.Ballot
	for i := range records {
		r := &records[i]
		promised, clock = max(promised, r.Promised), max(clock, r.Clock)
		if r.Vote != nil {
			value = log.AppendVote(value[:0], r.Vote)
			b.Set(slotKey(prefixVote, r.Vote.Slot), seal(value), nil)
		}
		if r.Snapshot != nil {
			for part, text := range parts(r.Snapshot.Data) {
				b.Set(partKey(r.Snapshot.Slot, part), []byte(text), nil)
			}
			s.replaceSnapshot(b, *r.Snapshot)
		}
		if r.Readmitted {
			b.Delete(keyLost, nil)
		}
		if r.Truncate > 0 {
			b.DeleteRange(slotKey(prefixVote, 0), slotKey(prefixVote, r.Truncate+1), nil)
		}
	}
	if promised > 0 { // the last promise is the largest
		b.Set(keyPromised, binary.AppendUvarint(nil, uint64(promised)), nil)
	}
	if clock > 0 {
		b.Set(keyClock, binary.AppendUvarint(nil, clock), nil)
	}
	return s.commitCounted(b, int(b.Count()))
}

// SaveSnapshot makes a snapshot durable, and forgets the one before. Other goroutines may append to the log meanwhile.
func (s *Store) SaveSnapshot(x log.Snapshot) error {
	for part, text := range parts(x.Data) {
		if err := s.write(partKey(x.Slot, part), []byte(text)); err != nil {
			return err
		}
	}
	s.snapshots.Lock()
	defer s.snapshots.Unlock()
	if uint64(x.Slot) <= s.newest {
		return s.Err() // another replica's has come meanwhile
	}
	b := s.db.NewBatch()
	defer b.Close()
	s.replaceSnapshot(b, x)
	return s.commit(b, int(b.Count()))
}

// replaceSnapshot has a snapshot count whose parts are written, and deletes the parts of those before it. s.snapshots is
// held.
func (s *Store) replaceSnapshot(b *pebble.Batch, x log.Snapshot) {
	value := binary.AppendUvarint(nil, uint64(x.Slot))
	value = binary.AppendUvarint(value, uint64(len(x.Data)))
	value = binary.AppendUvarint(value, uint64(crc32.Checksum([]byte(x.Data), table)))
	b.Set(keySnapshot, value, nil)
	b.DeleteRange([]byte(prefixPart), slotKey(prefixPart, x.Slot), nil)
	s.newest = max(s.newest, uint64(x.Slot))
}

// LoadLog reads what the log holds. What is there and cannot be read is a *log.DamagedError: the replica must then not
// run, because it has forgotten what it promised.
func (s *Store) LoadLog() (d log.Disk, err error) {
	promised, err := s.getNumber(keyPromised)
	if err != nil {
		return d, err
	}
	d.Promised = log.Ballot(promised)
	if d.Clock, err = s.getNumber(keyClock); err != nil {
		return d, err
	}
	if d.Snapshot, err = s.loadSnapshot(); err != nil {
		return d, err
	}
	lost, err := s.get(keyLost)
	if err != nil {
		return d, err
	}
	d.Lost = lost != nil
	d.Accepted = map[log.Slot]log.Vote{}
	if err := s.enter(); err != nil {
		return d, err
	}
	defer s.leave()
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte(prefixVote), UpperBound: []byte(endVote)})
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for valid := it.First(); valid; valid = it.Next() {
		text, ok := unseal(it.Value())
		if !ok {
			return d, &log.DamagedError{What: "vote"}
		}
		v, err := log.ParseVote(string(text))
		if err == nil && string(slotKey(prefixVote, v.Slot)) != string(it.Key()) || err == nil && v.Ballot > d.Promised {
			err = &log.DamagedError{What: "vote"}
		}
		if err != nil {
			return d, err
		}
		d.Accepted[v.Slot] = v
	}
	return d, it.Error()
}

func (s *Store) loadSnapshot() (x log.Snapshot, err error) {
	value, err := s.get(keySnapshot)
	if value == nil || err != nil {
		return x, err
	}
	damaged := &log.DamagedError{What: "snapshot"}
	var numbers [3]uint64
	for i := range numbers {
		n, size := binary.Uvarint(value)
		if size <= 0 {
			return x, damaged
		}
		numbers[i], value = n, value[size:]
	}
	x.Slot = log.Slot(numbers[0])
	var data []byte
	for part := 0; uint64(len(data)) < numbers[1]; part++ {
		text, err := s.get(partKey(x.Slot, part))
		if err != nil {
			return x, err
		}
		if len(text) == 0 {
			return x, damaged
		}
		data = append(data, text...)
	}
	if uint64(len(data)) != numbers[1] || uint64(crc32.Checksum(data, table)) != numbers[2] {
		return x, damaged
	}
	x.Data = string(data)
	s.newest = uint64(x.Slot)
	return x, nil
}

// parts cuts a snapshot. One of no bytes has no part.
func parts(data string) (list []string) {
	for len(data) > partBytes {
		list, data = append(list, data[:partBytes]), data[partBytes:]
	}
	if data != "" {
		list = append(list, data)
	}
	return list
}

func slotKey(prefix string, slot log.Slot) []byte {
	return binary.BigEndian.AppendUint64([]byte(prefix), uint64(slot))
}

func partKey(slot log.Slot, part int) []byte {
	return binary.BigEndian.AppendUint32(slotKey(prefixPart, slot), uint32(part))
}

var table = crc32.MakeTable(crc32.Castagnoli)

// seal puts a checksum behind a value: a disk that changes bits must not change a vote.
func seal(value []byte) []byte {
	return binary.BigEndian.AppendUint32(value, crc32.Checksum(value, table))
}

func unseal(value []byte) ([]byte, bool) {
	if len(value) < 4 {
		return nil, false
	}
	text, sum := value[:len(value)-4], value[len(value)-4:]
	return text, crc32.Checksum(text, table) == binary.BigEndian.Uint32(sum)
}
