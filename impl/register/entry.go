// Entries: what one key of the service holds, and its form as a register's state.

package register

import (
	"encoding/binary"
	"errors"
	"strings"

	"synod/impl/paxos"
)

// Entry is what a key holds. The zero Entry is that of a key which was never written, or was deleted.
type Entry struct {
	Exists  bool   `json:"exists,omitempty"`
	Value   []byte `json:"value,omitempty"`   // is never changed in place: entries share it
	Expires int64  `json:"expires,omitempty"` // Unix time in milliseconds after which the key counts as absent; 0 is never
	// Memory is what the entry remembers of requests, "" as long as there were none. A deleted entry may have one.
	// Functions need not care: what they make of an entry remembers what that does.
	Memory string `json:"-"`
}

// MaxValue is the size of the largest value, in bytes.
const MaxValue = 1 << 20

// Function changes an entry. It is pure, does not keep or change what it is given, and may be called more than once:
// a proposer calls it when it knows the state, and again under another ballot.
type Function func(Entry) Entry

// End is how a change ended.
type End struct {
	paxos.Outcome
	// Proposed are, of an Unknown outcome, the ballots by which Resolve can ask; none if the change has reached nobody, or it
	// is not known whom.
	Proposed []paxos.Ballot
}

// Done is told how a change ended, once. before and after are meaningful if the outcome is Satisfied. It must not
// block: it runs in the goroutine that serves all registers.
type Done func(before, after Entry, end End)

// Why Resolve has found nothing out.
var (
	ErrNoRound     = errors.New("no round succeeded in time")
	ErrNotProposed = errors.New("nothing was proposed under such a ballot")
)

// Registers is what a front needs of a proposer: to change a key and to read it, for many connections at once.
type Registers interface {
	// Change applies f to the key's latest entry. It returns at once.
	Change(key string, f Function, done Done)
	// Get reads the key's latest entry, linearizably. It returns at once.
	Get(key string, done Done)
	// Resolve finds out what became of a change whose outcome was Unknown: Satisfied if it took effect, Rejected if it had
	// none and never will, Unknown if it was too long ago to tell. It returns at once.
	Resolve(key string, proposed []paxos.Ballot, done func(fate paxos.Outcome, err error))
}

// errEntry says that a state is no entry: it was written by something else, or damaged.
var errEntry = errors.New("the state is no entry")

// An entry's state begins with one byte of these, but that of an absent entry without memory is empty.
const (
	entryExists    = 1 << iota
	entryExpires   // the time follows
	entryRemembers // its memory follows, behind its length
)

// State gives the form in which acceptors keep the entry.
func (e Entry) State() paxos.State {
	if !e.Exists && e.Memory == "" {
		return ""
	}
	head := make([]byte, 1, 1+2*binary.MaxVarintLen64)
	if e.Exists {
		head[0] = entryExists
	}
	if e.Exists && e.Expires != 0 {
		head[0] |= entryExpires
		head = binary.AppendVarint(head, e.Expires)
	}
	if e.Memory != "" {
		head[0] |= entryRemembers
		head = binary.AppendUvarint(head, uint64(len(e.Memory)))
	}
	var s strings.Builder
	s.Grow(len(head) + len(e.Memory) + len(e.Value))
	s.Write(head)
	s.WriteString(e.Memory)
	if e.Exists {
		s.Write(e.Value)
	}
	return s.String()
}

// ParseEntry reads what State wrote.
func ParseEntry(s paxos.State) (Entry, error) {
	if s == "" {
		return Entry{}, nil
	}
	flags := s[0]
	if flags&(entryExists|entryRemembers) == 0 || flags&^(entryExists|entryExpires|entryRemembers) != 0 ||
		flags&entryExpires != 0 && flags&entryExists == 0 {
		return Entry{}, errEntry
	}
	e := Entry{Exists: flags&entryExists != 0}
	rest := []byte(s[1:])
	if flags&entryExpires != 0 {
		expires, n := binary.Varint(rest)
		if n <= 0 || expires == 0 {
			return Entry{}, errEntry
		}
		e.Expires, rest = expires, rest[n:]
	}
	if flags&entryRemembers != 0 {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size == 0 || size > uint64(len(rest)-n) {
			return Entry{}, errEntry
		}
		e.Memory, rest = string(rest[n:n+int(size)]), rest[n+int(size):]
	}
	if !e.Exists {
		if len(rest) > 0 {
			return Entry{}, errEntry
		}
		return e, nil
	}
	e.Value = rest
	return e, nil
}
