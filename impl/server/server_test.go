// What clients see of a healthy cluster, of one with a node down, and after restarts.

package server_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
)

func TestChangesTakeEffectInOrder(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3", "p1")
	p := c.client("p1")
	for _, step := range []struct {
		change        register.Change
		before, after int64
	}{
		{register.Read(), 0, 0},
		{register.Set(5), 0, 5},
		{register.Add(-7), 5, -2},
		{register.CAS(-2, 9), -2, 9},
		{register.CAS(1, 2), 9, 9},
		{register.Read(), 9, 9},
	} {
		r, err := p.Change(context.Background(), "k", step.change)
		require.NoError(t, err)
		require.Equal(t, paxos.Satisfied, r.Outcome, r.Reason)
		require.Equal(t, step.before, r.Before, step.change)
		require.Equal(t, step.after, r.State, step.change)
	}
}
