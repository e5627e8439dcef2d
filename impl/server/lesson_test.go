package server

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

// A quorum has to have told; and where the acceptors are in use, one that holds nothing has told nothing.
func TestWhatLessonsAreEnough(t *testing.T) {
	for name, x := range map[string]struct {
		heard        []lesson
		largest      paxos.Ballot
		late, enough bool
	}{
		"nobody":                   {nil, 0, false, false},
		"one of three":             {[]lesson{{acceptor: "a1", promised: 7, used: true}}, 7, true, false},
		"two of three":             {[]lesson{{acceptor: "a1", promised: 7, used: true}, {acceptor: "a2", promised: 9, used: true}}, 9, true, true},
		"one of two holds nothing": {[]lesson{{acceptor: "a1", promised: 7, used: true}, {acceptor: "a2"}}, 7, true, false},
		"a new cluster":            {[]lesson{{acceptor: "a1"}, {acceptor: "a2"}}, 0, false, true},
		"one of a new cluster":     {[]lesson{{acceptor: "a1"}}, 0, false, false},
		"all, of which one holds nothing": {[]lesson{
			{acceptor: "a1", promised: 7, used: true}, {acceptor: "a2"}, {acceptor: "a3", promised: 8, used: true},
		}, 8, true, true},
	} {
		heard := map[string]lesson{}
		for _, l := range x.heard {
			heard[l.acceptor] = l
		}
		largest, late, enough := learned(heard, 3)
		require.Equal(t, x.enough, enough, name)
		require.Equal(t, x.largest, largest, name)
		require.Equal(t, x.late, late, name)
	}
}
