// What a proposer makes of what operators tell it, where the order in which they speak is odd.

package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/membership"
)

// through takes a proposer through a plan, and gives it as it is when the operator has finished.
func through(t *testing.T, c membership.Configuration, plan membership.Plan, saw func(membership.Configuration)) membership.Configuration {
	t.Helper()
	for o := membership.NewOperator(plan, []string{"p1"}, 0); ; {
		switch o.Task() {
		case membership.TaskAdopt:
			var err error
			c, err = c.Adopt(o.Target(), 0)
			require.NoError(t, err)
			saw(c)
			o.Confirmed("p1", 0)
		case membership.TaskRewrite:
			o.Written()
		case membership.TaskAdvance:
			o.Advance()
		case membership.TaskFinish:
			return c
		}
	}
}

func TestAConfigurationSettlesWhenAllAreInIt(t *testing.T) {
	founders := membership.Beginning([]string{"a1", "a2", "a3"})
	require.True(t, founders.Settled)
	plan, err := membership.NewPlan(founders.Plan, membership.Change{Kind: membership.Add, Name: "a4"}, 0)
	require.NoError(t, err)
	last, number := plan.Last()
	var settled []bool
	after := through(t, founders, plan, func(c membership.Configuration) { settled = append(settled, c.Settled) })
	require.Equal(t, []bool{false, false, false, true}, settled, "from the first word of the plan to its end")
	require.Equal(t, number, after.Number())
	require.Equal(t, last, after.Stage())

	// Another operator goes on with the same plan from the front: nothing changes.
	require.Equal(t, after, through(t, after, plan, func(c membership.Configuration) { require.True(t, c.Settled) }))

	// The next plan has begun. Whoever is late with the one before does not settle anything.
	done := plan
	done.Done = true
	next, err := membership.NewPlan(done, membership.Change{Kind: membership.Remove, Name: "a1"}, 0)
	require.NoError(t, err)
	begun, err := after.Adopt(membership.NewOperator(next, []string{"p1"}, 0).Target(), 0)
	require.NoError(t, err)
	require.Equal(t, number, begun.Number())
	require.False(t, begun.Settled)
	require.Equal(t, begun, through(t, begun, plan, func(c membership.Configuration) { require.False(t, c.Settled) }))
}
