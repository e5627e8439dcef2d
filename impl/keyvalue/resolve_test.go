package keyvalue

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
)

// What an UNKNOWN says can be asked as it stands there.
func TestUnknownSaysHowToResolveIt(t *testing.T) {
	s := newServer(t)
	c := s.client(t)
	s.outcome, s.proposed = paxos.Unknown, []paxos.Ballot{17, 33}
	require.Equal(t, "(error) UNKNOWN the change may have taken effect, or may yet: ask RESOLVE stock 17 33", do(t, c, "SET stock 5"))
	require.Equal(t, "(error) "+replyTryAgain.Text, do(t, c, "GET stock"))
	require.Equal(t, "(error) "+partly+"; RESOLVE a 17 33; RESOLVE b 17 33", do(t, c, "MSET a 1 b 2"))
	require.Equal(t, `RESOLVE "a b" 5`, advice("a b", []paxos.Ballot{5}))
	require.Equal(t, `RESOLVE "a\r\nb" 5`, advice("a\r\nb", []paxos.Ballot{5}))

	for fate, want := range map[paxos.Outcome]string{paxos.Satisfied: "SATISFIED", paxos.Rejected: "REJECTED", paxos.Unknown: "UNKNOWN"} {
		s.fate, s.proposed = fate, nil
		require.Equal(t, want, do(t, c, "RESOLVE stock 17 33"))
		require.Equal(t, []paxos.Ballot{17, 33}, s.proposed)
	}
	s.failure = register.ErrNoRound
	require.Equal(t, "(error) "+replyTryAgain.Text, do(t, c, "RESOLVE stock 17"))
	s.failure = register.ErrNotProposed
	require.Contains(t, do(t, c, "RESOLVE stock 17"), "(error) ERR nothing was proposed")
	for _, words := range []string{"RESOLVE stock x", "RESOLVE stock 0", "RESOLVE stock -1", "RESOLVE stock 9007199254740992", "RESOLVE stock" + strings.Repeat(" 1", maxResolved+1)} {
		require.Contains(t, do(t, c, words), "(error) ERR the ballots are 1 to", words)
	}
	require.Contains(t, do(t, c, "RESOLVE stock"), "(error) ERR wrong number of arguments")
}
