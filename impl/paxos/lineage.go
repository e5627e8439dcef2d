// Lineages: of which ballots a state is made.

package paxos

import (
	"encoding/binary"
	"slices"
	"strings"
)

// lineageLength is how many of its ancestors a state names. A proposer whose accept got no answer can tell whether it
// took effect as long as no more rounds than this have come after it.
const lineageLength = 16

// lineage is what a state tells of where it comes from.
type lineage struct {
	ancestors []Ballot // of its parent, the latest first; 0, the register's first state, is the last if it is there
	// erased bounds what was forgotten: where the first state may be a deletion that was erased, its ballot and those
	// before it are no larger. It says something only of a lineage that goes back to 0.
	erased Ballot
}

// unseal takes the state apart which the promise reports, as its parent would.
func (m Message) unseal() (l lineage, payload string) {
	l, payload = unseal(m.State)
	if m.AcceptedBallot == 0 {
		l.erased = m.Promised
	}
	return l, payload
}

// seal makes the state that is proposed with the given parent: the ballots that it comes from, the parent first, and
// then what the register holds. l is the parent's. Behind the ballot 0 comes the bound of what was erased, if there is
// one.
func seal(parent Ballot, l lineage, payload string) State {
	var list [lineageLength]Ballot
	list[0] = parent
	n := 1 + copy(list[1:], l.ancestors)
	erased := l.erased != 0 && list[n-1] == 0
	if erased && n == lineageLength {
		n, erased = n-1, false
	}
	b := make([]byte, 0, 1+binary.MaxVarintLen64*lineageLength)
	b = append(b, byte(n))
	b = binary.AppendUvarint(b, uint64(parent))
	for i := 1; i < n; i++ {
		b = binary.AppendUvarint(b, uint64(list[i-1]-list[i]))
	}
	if erased {
		b[0]++
		b = binary.AppendUvarint(b, uint64(l.erased))
	}
	var s strings.Builder
	s.Grow(len(b) + len(payload))
	s.Write(b)
	s.WriteString(payload)
	return s.String()
}

// unseal takes a state apart. One that no proposer has made has no ancestors, and all of it is payload.
func unseal(s State) (l lineage, payload string) {
	if s == "" || s[0] == 0 || s[0] > lineageLength {
		return lineage{}, s
	}
	at := 1
	for i := range int(s[0]) {
		n, size := uvarint(s[at:])
		if size <= 0 {
			return lineage{}, s
		}
		at += size
		switch {
		case i == 0:
			l.ancestors = append(make([]Ballot, 0, s[0]), Ballot(n))
		case l.ancestors[len(l.ancestors)-1] == 0:
			if l.erased != 0 {
				return lineage{}, s
			}
			l.erased = Ballot(n)
		case n > uint64(l.ancestors[i-1]):
			return lineage{}, s
		default:
			l.ancestors = append(l.ancestors, l.ancestors[i-1]-Ballot(n))
		}
	}
	return l, s[at:]
}

// Payload gives what the register holds in a state.
func Payload(s State) string {
	if s == "" || s[0] == 0 || s[0] > lineageLength {
		return s
	}
	at := 1
	for range s[0] {
		_, size := uvarint(s[at:])
		if size <= 0 {
			return s
		}
		at += size
	}
	return s[at:]
}

// uvarint is binary.Uvarint for strings.
func uvarint(s string) (n uint64, size int) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}

// descent says whether the state of ballot latest, whose lineage is given, descends from ballot b or is b's. It cannot be
// told if b is older than all that are named, or may have been erased.
func (l lineage) descent(latest, b Ballot) (descends, known bool) {
	if latest == b || slices.Contains(l.ancestors, b) {
		return true, true
	}
	oldest := latest
	if n := len(l.ancestors); n > 0 {
		oldest = l.ancestors[n-1]
	}
	if oldest == 0 {
		oldest = l.erased
	}
	return false, oldest < b
}
