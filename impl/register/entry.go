// Entries: what one key of the service holds, and its form as a register's state.

package register

import (
	"encoding/binary"
	"errors"

	"synod/impl/paxos"
)

// Entry is what a key holds. The zero Entry is that of a key which was never written, or was deleted.
type Entry struct {
	Exists  bool
	Value   []byte // is never changed in place: entries share it
	Expires int64  // Unix time in milliseconds after which the key counts as absent; 0 is never
}

// Function changes an entry. It is pure, does not keep or change what it is given, and may be called more than once:
// a proposer calls it when it knows the state, and again under another ballot.
type Function func(Entry) Entry

// Done is told how a change ended, once. before and after are meaningful if the outcome is Satisfied. It must not
// block: it runs in the goroutine that serves all registers.
type Done func(before, after Entry, outcome paxos.Outcome)

// Registers is what a front needs of a proposer: to change a key and to read it, for many connections at once.
type Registers interface {
	// Change applies f to the key's latest entry. It returns at once.
	Change(key string, f Function, done Done)
	// Get reads the key's latest entry, linearizably. It returns at once.
	Get(key string, done Done)
}

// errEntry says that a state is no entry: it was written by something else, or damaged.
var errEntry = errors.New("the state is no entry")

// An entry's state begins with one byte of these, but that of an absent entry is empty.
const (
	entryExists  = 1 << iota // always
	entryExpires             // the time follows
)

// State gives the form in which acceptors keep the entry.
func (e Entry) State() paxos.State {
	if !e.Exists {
		return ""
	}
	b := make([]byte, 1, 1+binary.MaxVarintLen64+len(e.Value))
	b[0] = entryExists
	if e.Expires != 0 {
		b[0] |= entryExpires
		b = binary.AppendVarint(b, e.Expires)
	}
	return string(append(b, e.Value...))
}

// ParseEntry reads what State wrote.
func ParseEntry(s paxos.State) (Entry, error) {
	if s == "" {
		return Entry{}, nil
	}
	if s[0] != entryExists && s[0] != entryExists|entryExpires {
		return Entry{}, errEntry
	}
	e := Entry{Exists: true, Value: []byte(s[1:])}
	if s[0]&entryExpires != 0 {
		expires, n := binary.Varint(e.Value)
		if n <= 0 || expires == 0 {
			return Entry{}, errEntry
		}
		e.Expires, e.Value = expires, e.Value[n:]
	}
	return e, nil
}
