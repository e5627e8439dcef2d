// Bugs: names and switches belong together.

package paxos_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

func TestBugsHaveTheirNames(t *testing.T) {
	for bug, name := range map[paxos.Bugs]string{
		paxos.AcceptBelowPromise: "accept-below-promise",
		paxos.BallotReused:       "ballot-reused",
		paxos.PromiseAnyBallot:   "promise-any-ballot",
		paxos.StaleRefusal:       "stale-refusal",
		paxos.BallotOverflow:     "ballot-overflow",
		paxos.UnknownAsRejected:  "unknown-as-rejected",
		paxos.PromiseNotSynced:   "promise-not-synced",
		paxos.ReplyBeforeSync:    "reply-before-sync",
	} {
		require.Equal(t, name, bug.String())
		parsed, err := paxos.ParseMutants(name)
		require.NoError(t, err)
		require.Equal(t, bug, parsed)
	}
	seen := map[paxos.Bugs]bool{}
	for _, name := range paxos.MutantNames() {
		bug, err := paxos.ParseMutants(name)
		require.NoError(t, err)
		require.False(t, seen[bug], name)
		seen[bug] = true
	}
}

// A server that ignored a bug it was started with would make people believe that the bug does no harm.
func TestServersRefuseTheBugsOfTheSimulator(t *testing.T) {
	for _, name := range paxos.BugNames() {
		_, err := paxos.ParseBugs(name)
		require.NoError(t, err)
	}
	_, err := paxos.ParseBugs("accept-below-promise,reply-before-sync")
	require.ErrorContains(t, err, `unknown bug "reply-before-sync"`)
}
