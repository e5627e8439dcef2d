// Ballots: natural numbers, each owned by one proposer at most (spec/register/Ballots.tla).

package paxos

import (
	"errors"
	"fmt"
)

// Ballot orders the rounds of all proposers. 0 is no ballot.
type Ballot uint64

// MaxBallot is the largest ballot that a proposer uses. Traces and answers to operators have ballots as JSON's numbers,
// of which many readers keep no more than 53 bits. A million rounds a second reach it in 285 years.
const MaxBallot Ballot = 1<<53 - 1

// ErrBallotsExhausted says that a proposer owns no ballot below MaxBallot that is large enough.
var ErrBallotsExhausted = errors.New("ballots are exhausted: none is left below 2^53")

// Scheme says which ballots a proposer owns. Two proposers of one cluster never own the same ballot, and each
// finds one of its own above every other.
type Scheme interface {
	// Next gives the smallest ballot of its own above after, or ErrBallotsExhausted.
	Next(after Ballot) (Ballot, error)
	// Owns reports whether b is a ballot of this proposer.
	Owns(b Ballot) bool
}

// Pair is the scheme of (counter, id) pairs, ordered by counter, then id. A pair is written as the one number
// counter*Stride + ID. Proposers of one cluster have the same stride and distinct ids.
type Pair struct {
	ID     uint32 // 1 to Stride
	Stride uint32
}

// NewPair checks the numbers of a Pair.
func NewPair(id, stride uint32) (Pair, error) {
	if id < 1 || id > stride {
		return Pair{}, fmt.Errorf("scheme pair: id %d is not between 1 and the stride %d", id, stride)
	}
	return Pair{ID: id, Stride: stride}, nil
}

// Next implements Scheme.
func (s Pair) Next(after Ballot) (Ballot, error) {
	if after >= MaxBallot {
		return 0, ErrBallotsExhausted
	}
	b := uint64(s.ID)
	if uint64(after) >= b {
		counter := (uint64(after)-b)/uint64(s.Stride) + 1
		b += counter * uint64(s.Stride)
	}
	return bounded(b)
}

// Owns implements Scheme.
func (s Pair) Owns(b Ballot) bool {
	return b > 0 && (uint64(b)-1)%uint64(s.Stride) == uint64(s.ID)-1
}

// Coprime is the scheme in which a proposer owns the multiples of its id that no other proposer's id divides. The
// ids of one cluster are larger than 1 and no two have a common factor. Next to 5, proposer 3 owns 3, 6, 9, 12, 18.
type Coprime struct {
	ID     uint32
	Others []uint32 // the ids of all other proposers
}

// NewCoprime checks that ids are those of a Coprime. The first is the proposer's own.
func NewCoprime(id uint32, others ...uint32) (Coprime, error) {
	ids := append([]uint32{id}, others...)
	for i, x := range ids {
		if x < 2 {
			return Coprime{}, fmt.Errorf("scheme coprime: id %d is not larger than 1", x)
		}
		for _, y := range ids[:i] {
			if gcd(x, y) != 1 {
				return Coprime{}, fmt.Errorf("scheme coprime: ids %d and %d have a common factor", y, x)
			}
		}
	}
	return Coprime{ID: id, Others: others}, nil
}

// Next implements Scheme. The step from one own ballot to the next is short: of any product of all other ids
// consecutive multiples of ID, at least one is divisible by none of them.
func (s Coprime) Next(after Ballot) (Ballot, error) {
	if after >= MaxBallot {
		return 0, ErrBallotsExhausted
	}
	b := (uint64(after)/uint64(s.ID) + 1) * uint64(s.ID)
	for b <= uint64(MaxBallot) && !s.Owns(Ballot(b)) {
		b += uint64(s.ID)
	}
	return bounded(b)
}

// Owns implements Scheme.
func (s Coprime) Owns(b Ballot) bool {
	if b == 0 || uint64(b)%uint64(s.ID) != 0 {
		return false
	}
	for _, other := range s.Others {
		if uint64(b)%uint64(other) == 0 {
			return false
		}
	}
	return true
}

func bounded(b uint64) (Ballot, error) {
	if b > uint64(MaxBallot) {
		return 0, ErrBallotsExhausted
	}
	return Ballot(b), nil
}

func gcd(a, b uint32) uint32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
