// Records: what an acceptor keeps of each register.

package storage

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/cockroachdb/pebble/v2"

	"synod/impl/paxos"
)

// Record is what an acceptor keeps of one register. With the state go the ids of the traced steps that sent the
// prepare and the accept it came from. A killed acceptor may have kept a step that its trace does not show; what
// caused the step is then known from here. Both are "" where no trace is kept.
type Record struct {
	Key        string
	State      paxos.AcceptorState
	PromisedBy string
	AcceptedBy string
}

// recordVersion is the first byte of a stored record.
const recordVersion = 1

// Commit makes the records durable, all in one synced batch. One with the zero State is erased; what has caused that, its
// PromisedBy, is kept until the next batch that erases. floor, if it is not 0, is reserved with them: see Reserve. It must
// not be called twice at once.
func (s *Store) Commit(records []Record, floor paxos.Ballot) error {
	b := s.db.NewBatch()
	defer b.Close()
	var key, value []byte
	var erased map[string]string // few batches have any
	for i := range records {
		key = append(append(key[:0], prefixRegister...), records[i].Key...)
		if records[i].State == (paxos.AcceptorState{}) {
			b.Delete(key, nil)
			if records[i].PromisedBy != "" {
				if erased == nil {
					erased = map[string]string{}
				}
				erased[records[i].Key] = records[i].PromisedBy
			}
			continue
		}
		value = records[i].append(value[:0])
		b.Set(key, value, nil)
	}
	if len(erased) > 0 {
		text, _ := json.Marshal(erased) // strings always have an encoding
		b.Set(keyErased, text, nil)
	}
	if floor != 0 {
		b.Set(keyReserved, binary.AppendUvarint(nil, uint64(floor)), nil)
	}
	return s.commitCounted(b, len(records))
}

// Load finds the record of a register. Of one that was erased in the last batch of an earlier run that did so, it tells
// what has caused that.
func (s *Store) Load(key string) (r Record, found bool, err error) {
	v, err := s.get([]byte(prefixRegister + key))
	if v == nil || err != nil {
		r.PromisedBy = s.erased[key]
		return r, false, err
	}
	r, err = parseRecord(v)
	if err != nil {
		return r, false, fmt.Errorf("register %q: %w", key, err)
	}
	r.Key = key
	return r, true, nil
}

// Keys lists the registers that have accepted a state: those with a key above after, in order, at most limit, and
// whether there are more.
func (s *Store) Keys(after string, limit int) (keys []string, more bool, err error) {
	_, more, err = s.look(after, math.MaxInt, func(key string, _ paxos.State) bool {
		if len(keys) == limit {
			return false
		}
		keys = append(keys, key)
		return true
	})
	return keys, more, err
}

// Pick lists those registers that have accepted a state which is wanted. It looks at so many registers at most, from the
// first above after on, and tells the last of them and whether there are more.
func (s *Store) Pick(after string, limit int, wanted func(paxos.State) bool) (keys []string, last string, more bool, err error) {
	last, more, err = s.look(after, limit, func(key string, state paxos.State) bool {
		if wanted(state) {
			keys = append(keys, key)
		}
		return true
	})
	return keys, last, more, err
}

// look shows registers that have accepted a state to visit, in order, until there are no more, or it has seen limit of
// them, or visit does not want this one. last is the last that it has shown.
func (s *Store) look(after string, limit int, visit func(key string, state paxos.State) bool) (last string, more bool, err error) {
	err = s.records(after, func(r Record) bool {
		if r.State.AcceptedBallot == 0 {
			return true
		}
		if limit--; limit < 0 || !visit(r.Key, r.State.AcceptedState) {
			more = true
			return false
		}
		last = r.Key
		return true
	})
	return last, more, err
}

// Promised gives the largest ballot that was promised for any register. It looks at all of them.
func (s *Store) Promised() (largest paxos.Ballot, err error) {
	if largest, err = s.Reserved(); err != nil {
		return 0, err
	}
	err = s.records("", func(r Record) bool {
		largest = max(largest, r.State.Promised)
		return true
	})
	return largest, err
}

// records shows the records of registers with a key above after to visit, in order, as long as it wants them.
func (s *Store) records(after string, visit func(Record) bool) (err error) {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	first := []byte(prefixRegister)
	if after != "" {
		first = append(append(first, after...), 0)
	}
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: first, UpperBound: endRegister})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for valid := it.First(); valid; valid = it.Next() {
		key := string(it.Key()[len(prefixRegister):])
		r, err := parseRecord(it.Value())
		if err != nil {
			return fmt.Errorf("register %q: %w", key, err)
		}
		r.Key = key
		if !visit(r) {
			return nil
		}
	}
	return it.Error()
}

// endRegister is behind the keys of all registers.
var endRegister = []byte(prefixRegister[:len(prefixRegister)-1] + "0")

func (r *Record) append(b []byte) []byte {
	b = append(b, recordVersion)
	b = binary.AppendUvarint(b, uint64(r.State.Promised))
	b = binary.AppendUvarint(b, uint64(r.State.AcceptedBallot))
	for _, s := range []string{r.State.AcceptedState, r.PromisedBy, r.AcceptedBy} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

func parseRecord(b []byte) (Record, error) {
	if len(b) == 0 || b[0] != recordVersion {
		return Record{}, fmt.Errorf("the stored record is not of version %d", recordVersion)
	}
	b = b[1:]
	ok := true
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			ok, b = false, nil
			return 0
		}
		b = b[size:]
		return n
	}
	text := func() string {
		n := number()
		if n > uint64(len(b)) {
			ok = false
			return ""
		}
		s := string(b[:n])
		b = b[n:]
		return s
	}
	var r Record
	r.State.Promised = paxos.Ballot(number())
	r.State.AcceptedBallot = paxos.Ballot(number())
	r.State.AcceptedState, r.PromisedBy, r.AcceptedBy = text(), text(), text()
	if !ok || len(b) > 0 {
		return Record{}, fmt.Errorf("the stored record is damaged")
	}
	return r, nil
}
