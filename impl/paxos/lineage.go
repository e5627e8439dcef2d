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

// seal makes the state that is proposed with the given parent: the ballots that it comes from, the parent first, and
// then what the register holds. ancestors are those of the parent's state.
func seal(parent Ballot, ancestors []Ballot, payload string) State {
	n := min(len(ancestors), lineageLength-1)
	b := make([]byte, 0, 1+binary.MaxVarintLen32*lineageLength)
	b = append(b, byte(1+n))
	b = binary.AppendUvarint(b, uint64(parent))
	last := parent
	for _, x := range ancestors[:n] {
		b = binary.AppendUvarint(b, uint64(last-x))
		last = x
	}
	var s strings.Builder
	s.Grow(len(b) + len(payload))
	s.Write(b)
	s.WriteString(payload)
	return s.String()
}

// unseal takes a state apart. One that no proposer has made has no ancestors, and all of it is payload.
func unseal(s State) (ancestors []Ballot, payload string) {
	if s == "" || s[0] == 0 || s[0] > lineageLength {
		return nil, s
	}
	ancestors = make([]Ballot, s[0])
	at := 1
	for i := range ancestors {
		n, size := uvarint(s[at:])
		if size <= 0 || i > 0 && n > uint64(ancestors[i-1]) {
			return nil, s
		}
		ancestors[i] = Ballot(n)
		if i > 0 {
			ancestors[i] = ancestors[i-1] - Ballot(n)
		}
		at += size
	}
	return ancestors, s[at:]
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

// descent says whether the state of ballot latest, whose ancestors are given, descends from ballot b or is b's. It
// cannot be told if b is older than all that are named.
func descent(latest Ballot, ancestors []Ballot, b Ballot) (descends, known bool) {
	if latest == b || slices.Contains(ancestors, b) {
		return true, true
	}
	oldest := latest
	if n := len(ancestors); n > 0 {
		oldest = ancestors[n-1]
	}
	return false, oldest < b
}
