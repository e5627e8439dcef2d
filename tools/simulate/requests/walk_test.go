// Walks conform, and every mutant is caught.

package requests

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func newJudge(t *testing.T) *Judge {
	j, err := New("../../../spec/register/Requests.tla")
	require.NoError(t, err)
	return j
}

func TestWalksConform(t *testing.T) {
	j := newJudge(t)
	for seed := range uint64(40) {
		found, err := j.Walk(t.Context(), seed, 0)
		require.NoError(t, err)
		require.Empty(t, found, "seed %d", seed)
	}
}

func TestEveryMutantIsCaught(t *testing.T) {
	j := newJudge(t)
	for _, m := range Mutants {
		t.Run(m.Bug.String(), func(t *testing.T) {
			caught, err := j.Hunt(t.Context(), m, 1, 400)
			require.NoError(t, err)
			require.Empty(t, m.Missing(caught), "by seed %v", caught)
			t.Log(caught)
		})
	}
}
