// Showing: states and functions as traces have them.

package register

import (
	"math/bits"
	"strconv"

	"synod/impl/paxos"
)

// Show gives a state as a number, which is what a state is in the specification: 0 for an absent entry, the integer for
// one that holds an integer of 32 bits, never expires and remembers nothing, and a digest for any other. Equal states show equal numbers,
// so that a correct system's trace conforms; that two different states of one key show the same number has a chance of
// one in two thousand million, and would at worst hide that one was taken for the other.
func Show(s paxos.State) string { return string(AppendShow(nil, s)) }

// AppendShow appends what Show gives.
func AppendShow(b []byte, s paxos.State) []byte {
	if s == "" {
		return append(b, '0')
	}
	if s[0] == entryExists && len(s) <= 1+len("-2147483648") {
		if n, err := strconv.ParseInt(s[1:], 10, 32); err == nil && strconv.FormatInt(n, 10) == s[1:] {
			return append(b, s[1:]...)
		}
	}
	return strconv.AppendUint(b, digest(s)>>33, 10)
}

// digest mixes eight bytes at a time: states are shown for every step that is traced.
func digest(s string) uint64 {
	const odd = 0x9e3779b97f4a7c15
	mix := func(h, word uint64) uint64 {
		high, low := bits.Mul64(h^word, odd)
		return high ^ low
	}
	h := mix(odd, uint64(len(s))<<1|1)
	for ; len(s) >= 8; s = s[8:] {
		h = mix(h, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56) + odd
	}
	var tail uint64
	for i := range len(s) {
		tail |= uint64(s[i]) << (8 * i)
	}
	return mix(mix(h, tail), odd)
}

// Sweep is the change that leaves nothing of an entry which is absent, or has expired at a time in Unix ms. What it
// remembers of requests goes as well.
type Sweep struct{ Now int64 }

// Apply implements paxos.Change.
func (c Sweep) Apply(s paxos.State) (paxos.State, error) {
	e, err := ParseEntry(s)
	if err != nil || e.Live(c.Now).Exists {
		return s, err
	}
	return "", nil
}

// AppendTrace implements paxos.Change.
func (c Sweep) AppendTrace(b []byte, before, after paxos.State) []byte {
	return appendMap(b, before, after)
}

// Map makes a Function a change of states.
func Map(f Function) paxos.Change { return function{f} }

type function struct{ f Function }

// Apply implements paxos.Change. The error is that s is no entry.
func (c function) Apply(s paxos.State) (paxos.State, error) {
	e, err := ParseEntry(s)
	if err != nil {
		return "", err
	}
	next := c.f(e)
	next.Memory = e.Memory
	return next.State(), nil
}

// AppendTrace implements paxos.Change. A function is shown where it was applied.
func (c function) AppendTrace(b []byte, before, after paxos.State) []byte {
	return appendMap(b, before, after)
}

func appendMap(b []byte, before, after paxos.State) []byte {
	b = AppendShow(append(b, `{"name":"map","at":`...), before)
	b = AppendShow(append(b, `,"to":`...), after)
	return append(b, '}')
}
