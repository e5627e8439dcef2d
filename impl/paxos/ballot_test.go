// Ballots are owned once, grow, and end before the checkers' integers do.

package paxos_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"synod/impl/paxos"
)

// first lists a scheme's smallest ballots.
func first(t *testing.T, s paxos.Scheme, n int) []paxos.Ballot {
	var list []paxos.Ballot
	var b paxos.Ballot
	for range n {
		next, err := s.Next(b)
		require.NoError(t, err)
		list = append(list, next)
		b = next
	}
	return list
}

func TestSchemesOwnWhatTheSpecificationSays(t *testing.T) {
	pair, err := paxos.NewPair(3, 16)
	require.NoError(t, err)
	require.Equal(t, []paxos.Ballot{3, 19, 35}, first(t, pair, 3))
	last, err := paxos.NewPair(16, 16)
	require.NoError(t, err)
	require.Equal(t, []paxos.Ballot{16, 32, 48}, first(t, last, 3))
	three, err := paxos.NewCoprime(3, 5)
	require.NoError(t, err)
	require.Equal(t, []paxos.Ballot{3, 6, 9, 12, 18}, first(t, three, 5))
	five, err := paxos.NewCoprime(5, 3)
	require.NoError(t, err)
	require.Equal(t, []paxos.Ballot{5, 10, 20, 25, 35}, first(t, five, 5))
}

func TestUnsuitableIdsAreRefused(t *testing.T) {
	_, err := paxos.NewPair(0, 16)
	require.EqualError(t, err, "scheme pair: id 0 is not between 1 and the stride 16")
	_, err = paxos.NewPair(17, 16)
	require.EqualError(t, err, "scheme pair: id 17 is not between 1 and the stride 16")
	_, err = paxos.NewCoprime(1, 5)
	require.EqualError(t, err, "scheme coprime: id 1 is not larger than 1")
	_, err = paxos.NewCoprime(4, 5, 6)
	require.EqualError(t, err, "scheme coprime: ids 4 and 6 have a common factor")
}

func TestBallotsEndWhereJSONsNumbersDo(t *testing.T) {
	pair, _ := paxos.NewPair(15, 16)
	b, err := pair.Next(paxos.MaxBallot - 16)
	require.NoError(t, err)
	require.Equal(t, paxos.MaxBallot, b)
	coprime, _ := paxos.NewCoprime(2, 3)
	for _, s := range []paxos.Scheme{pair, coprime} {
		_, err := s.Next(paxos.MaxBallot)
		require.ErrorIs(t, err, paxos.ErrBallotsExhausted)
		_, err = s.Next(1<<64 - 1)
		require.ErrorIs(t, err, paxos.ErrBallotsExhausted)
		b, err := s.Next(1 << 40)
		require.NoError(t, err)
		require.True(t, s.Owns(b))
		require.Less(t, b, paxos.Ballot(1<<40+17))
	}
}

// schemes draws the schemes of the proposers of one cluster.
func schemes(t *rapid.T) []paxos.Scheme {
	if rapid.Bool().Draw(t, "pair") {
		stride := rapid.Uint32Range(2, 40).Draw(t, "stride")
		ids := rapid.SliceOfNDistinct(rapid.Uint32Range(1, stride), 2, 2, rapid.ID[uint32]).Draw(t, "ids")
		return []paxos.Scheme{paxos.Pair{ID: ids[0], Stride: stride}, paxos.Pair{ID: ids[1], Stride: stride}}
	}
	ids := rapid.SliceOfNDistinct(rapid.SampledFrom([]uint32{2, 3, 5, 7, 11, 13}), 3, 3, rapid.ID[uint32]).Draw(t, "ids")
	return []paxos.Scheme{
		paxos.Coprime{ID: ids[0], Others: []uint32{ids[1], ids[2]}},
		paxos.Coprime{ID: ids[1], Others: []uint32{ids[0], ids[2]}},
		paxos.Coprime{ID: ids[2], Others: []uint32{ids[0], ids[1]}},
	}
}

func TestEveryBallotHasOneOwnerAtMostAndNextIsTheSmallestOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := schemes(t)
		after := paxos.Ballot(rapid.Uint32Range(0, 1<<31-5000).Draw(t, "after"))
		for i, s := range all {
			next, err := s.Next(after)
			if err != nil || next <= after || !s.Owns(next) {
				t.Fatalf("scheme %+v: the ballot after %d is %d (%v)", s, after, next, err)
			}
			for b := after + 1; b < next; b++ {
				if s.Owns(b) {
					t.Fatalf("scheme %+v: Next(%d) = %d passes over %d", s, after, next, b)
				}
			}
			for j, other := range all {
				if i != j && other.Owns(next) {
					t.Fatalf("schemes %+v and %+v both own %d", s, other, next)
				}
			}
		}
	})
}
