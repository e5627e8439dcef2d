// What clients were told of is found after every change of the members, whichever quorums answer; and is not, where a step
// is left out.

package membership_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/register"
)

// members is one register on acceptors that come and go, with one proposer; who answers is chosen.
type members struct {
	acceptors map[string]paxos.AcceptorState
	round     paxos.Round
}

// change runs a round in a stage: those of ask promise, those of tell accept. It gives what the round found.
func (m *members) change(t *testing.T, s membership.Stage, ask, tell []string, c paxos.Change) string {
	t.Helper()
	p := paxos.Proposer{ID: "p1", Scheme: paxos.Pair{ID: 1, Stride: 1}}.In(paxos.Configuration{Ask: s.Ask, Tell: s.Tell})
	e, err := p.Prepare(m.round)
	require.NoError(t, err)
	m.send(p, &e, ask)
	require.True(t, e.After.Ready())
	e = p.Propose(e.After, []paxos.Change{c}, false)
	found := e.After.Current
	m.send(p, &e, tell)
	require.Equal(t, paxos.Satisfied, e.Outcome)
	m.round = e.After
	return found
}

// send brings the message to some acceptors and their answers back.
func (m *members) send(p paxos.Proposer, e *paxos.ProposerEffects, to []string) {
	sent := e.Send
	for _, a := range to {
		effects, answers := paxos.Acceptor{ID: a}.Receive(m.acceptors[a], sent)
		if answers {
			m.acceptors[a] = effects.After
			*e = p.Receive(e.After, effects.Reply)
		}
	}
}

// majorities are the smallest quorums of a set.
func majorities(of []string) (out [][]string) {
	for bits := range 1 << len(of) {
		var q []string
		for i, a := range of {
			if bits>>i&1 == 1 {
				q = append(q, a)
			}
		}
		if len(q) == len(of)/2+1 {
			out = append(out, q)
		}
	}
	return out
}

// lost goes through a plan in every way: one quorum accepts a change in the first stage, any write the register anew where
// the plan asks for it, and any is asked in the end. It counts the ways in which the change is not found, of all.
func lost(t *testing.T, plan membership.Plan) (misses, ways int) {
	t.Helper()
	var level []members
	first := plan.Stages[0]
	for _, q := range majorities(first.Tell) {
		m := members{acceptors: map[string]paxos.AcceptorState{}}
		m.change(t, first, first.Ask[:len(first.Ask)/2+1], q, register.Set(7))
		level = append(level, m)
	}
	for _, s := range plan.Stages[1:] {
		if !s.Rewrite {
			continue
		}
		var next []members
		for _, c := range level {
			for _, ask := range majorities(s.Ask) {
				for _, tell := range majorities(s.Tell) {
					m := members{maps.Clone(c.acceptors), c.round}
					m.change(t, s, ask, tell, register.Read())
					next = append(next, m)
				}
			}
		}
		level = next
	}
	last, _ := plan.Last()
	for _, c := range level {
		for _, ask := range majorities(last.Ask) {
			m := members{maps.Clone(c.acceptors), c.round}
			ways++
			if m.change(t, last, ask, last.Tell[:len(last.Tell)/2+1], register.Read()) == "" {
				misses++
			}
		}
	}
	return misses, ways
}

func TestNoQuorumMissesWhatWasAcknowledgedBeforeAChange(t *testing.T) {
	founders := []string{"a1", "a2", "a3"}
	changes := []membership.Change{
		{Kind: membership.Add, Name: "a4"}, {Kind: membership.Remove, Name: "a1"},
		{Kind: membership.Replace, Name: "a1", By: "a4"}, {Kind: membership.Replace, Name: "a3", By: "a0"},
	}
	for _, c := range changes {
		plan, err := membership.NewPlan(membership.Founding(founders), c, 0)
		require.NoError(t, err)
		require.NoError(t, plan.Validate())
		misses, ways := lost(t, plan)
		require.Zero(t, misses, plan.What)
		require.Positive(t, ways, plan.What)
	}

	for _, bug := range []membership.Bugs{membership.OneStep, membership.NoRewrite} {
		total := 0
		for _, c := range changes {
			plan, err := membership.NewPlan(membership.Founding(founders), c, bug)
			require.NoError(t, err)
			require.NoError(t, plan.Validate(), fmt.Sprint(bug, " ", plan.What))
			misses, _ := lost(t, plan)
			total += misses
		}
		require.Positive(t, total, "%s: what was acknowledged is never missed", bug)
	}
}

// New members that are in force at once: what a quorum of the founders has accepted is missed by one that has a new member,
// which every invariant of one chain of changes refuses.
func TestMembersInForceAtOnceLoseWhatWasAcknowledged(t *testing.T) {
	plan, err := membership.NewPlan(membership.Founding([]string{"a1", "a2", "a3"}),
		membership.Change{Kind: membership.Replace, Name: "a1", By: "a4"}, membership.OneStep)
	require.NoError(t, err)
	require.Len(t, plan.Stages, 2)
	last, number := plan.Last()
	require.Equal(t, []string{"a2", "a3", "a4"}, last.Ask)
	require.Equal(t, number, last.Members["a4"].Since)
	require.False(t, slices.ContainsFunc(plan.Stages, func(s membership.Stage) bool { return s.Rewrite }))
	misses, ways := lost(t, plan)
	require.Equal(t, 9, ways)
	require.Equal(t, 2, misses, "a1 and a2 accepted, a3 and a4 are asked; a1 and a3, then a2 and a4")
}
