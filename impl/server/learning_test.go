// Proposers that have lost their disks, and come back under their names.

package server_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// proposed gives the ballots under which a proposer has proposed for a key, by run. None stands twice.
func (c *cluster) proposed(id, key string) map[uint64][]paxos.Ballot {
	c.t.Helper()
	runs, seen := map[uint64][]paxos.Ballot{}, map[paxos.Ballot]bool{}
	accepts := map[string]string{}
	for _, e := range c.trace() {
		switch {
		case e.Instance != key:
		case e.Action == "Accept":
			for _, cause := range e.Causes {
				b, _ := e.Args.Get("b")
				accepts[cause.String()] = b
			}
		}
	}
	for _, e := range c.traceOf(id) {
		b, ok := accepts[e.ID.String()]
		if e.Instance != key || e.Action != "Propose" || !ok {
			continue
		}
		n, err := strconv.ParseUint(b, 10, 64)
		require.NoError(c.t, err)
		require.False(c.t, seen[paxos.Ballot(n)], "ballot %d was proposed twice", n)
		seen[paxos.Ballot(n)] = true
		runs[e.Run] = append(runs[e.Run], paxos.Ballot(n))
	}
	return runs
}

// A proposer that comes back on an empty disk goes on above all that it has proposed, by itself where the acceptors are the
// founders still.
func TestAProposerWithoutItsDiskUsesNoBallotAgain(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.start("a1", "a2", "a3", "p1", "p2")
	for i := range int64(20) {
		c.set([]string{"p1", "p2"}[i%2], "k", i)
	}
	c.stop("p1")
	delete(c.disks, "p1") // but for its trace
	c.start("p1")
	c.set("p1", "other", 1)
	c.set("p1", "k", 100)
	c.stopAll()
	runs := c.proposed("p1", "k")
	require.NotEmpty(t, runs[1])
	require.NotEmpty(t, runs[2])
	require.Greater(t, runs[2][0], runs[1][len(runs[1])-1])
	c.conforms()
}

// Without a quorum nobody can tell what it has used: then it proposes nothing, and says so in time.
func TestAProposerWithoutItsDiskWaitsForAQuorum(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3")
	c.stop("a2", "a3")
	c.start("p1")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	r, err := c.client("p1").Change(ctx, "k", register.Set(1))
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, r.Outcome)
	c.start("a2")
	c.set("p1", "k", 2)
	c.stopAll()
	c.conforms()
}

// Once acceptors have been exchanged, a proposer without its disk is refused by them until an operator restores it. It is in
// the others' configuration then, and a change of the acceptors goes through it again.
func TestAProposerWithoutItsDiskIsRestored(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.timeout = 100 * time.Millisecond
	c.start("a1", "a2", "a3", "p1", "p2")
	o := c.operators()
	for i := range int64(10) {
		c.set([]string{"p1", "p2"}[i%2], "k", i)
	}
	c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a2", By: "a4", New: c.newcomer(o, "a4")})
	c.stop("a2")
	c.set("p1", "k", 11)
	c.stop("p1")
	delete(c.disks, "p1")
	c.start("p1")
	o = c.operators()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	r, err := c.client("p1").Change(ctx, "k", register.Set(-1))
	require.NoError(t, err)
	require.NotEqual(t, paxos.Satisfied, r.Outcome, "the acceptors have to refuse it")

	require.ErrorContains(t, o.Restore(t.Context(), "p3", false), `there is no proposer "p3"`)
	require.NoError(t, o.Restore(t.Context(), "p1", false))
	found, errs := o.Configurations(t.Context())
	require.Empty(t, errs)
	require.Equal(t, found["p2"].Number(), found["p1"].Number())
	require.Equal(t, found["p2"].Stage(), found["p1"].Stage())
	c.set("p1", "k", 12)
	c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a3", By: "a5", New: c.newcomer(o, "a5")})
	c.stop("a3")
	c.set("p1", "k", 13)
	c.set("p2", "k", 14)
	c.stopAll()
	c.proposed("p1", "k")
	c.conforms()
}

// A change that is under way when a proposer loses its disk stops there. It is restored only where the operator says that
// nobody else goes on with the change, and then that comes to its end.
func TestAProposerIsRestoredInTheMiddleOfAChange(t *testing.T) {
	c := newCluster(t, 3, 3)
	c.timeout = 100 * time.Millisecond
	c.start("a1", "a2", "a3", "p1", "p2", "p3")
	o := c.operators()
	c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a3", By: "a5", New: c.newcomer(o, "a5")})
	c.stop("a3")
	c.set("p2", "k", 1)
	change := membership.Change{Kind: membership.Replace, Name: "a2", By: "a4", New: c.newcomer(o, "a4")}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	steps := 0
	o.Report = func(text string) {
		t.Log(text)
		if steps++; steps == 5 {
			stop()
		}
	}
	require.Error(t, o.Change(ctx, change))
	stop()
	c.stop("p2")
	delete(c.disks, "p2")
	c.start("p2")
	o = c.operators()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.ErrorIs(t, o.Restore(ctx, "p2", false), membership.ErrUnderWay)
	require.NoError(t, o.Restore(ctx, "p2", true))
	require.NoError(t, o.Resume(ctx))
	c.set("p2", "k", 2)
	c.stopAll()
	c.proposed("p2", "k")
	c.conforms()
}

// A machine that has lost its disk had an acceptor and a proposer. Neither remembers the other, and so the one must not make a
// quorum with the other: what it holds no more may be what the third acceptor lacks.
func TestAProposerWithoutItsDiskUsesNoEmptyAcceptor(t *testing.T) {
	for _, joins := range []bool{false, true} {
		t.Run("join="+strconv.FormatBool(joins), func(t *testing.T) {
			c := newCluster(t, 3, 2)
			c.timeout = 50 * time.Millisecond
			c.start("a1", "a2", "a3", "p1", "p2")
			c.set("p2", "k", 1)
			c.await("a1", func(s *transport.Status) bool { return s.Commits > 0 }) // a quorum may have been the others
			c.stop("a1")
			c.set("p2", "k", 2) // held by a2 and a3
			c.stop("a2", "a3", "p1", "p2")
			delete(c.disks, "a3")
			delete(c.disks, "p1")
			if joins {
				c.joins["a3"] = true
			}
			c.start("a1", "a3", "p1")
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			r, err := c.client("p1").Change(ctx, "k", register.Read())
			require.NoError(t, err)
			require.NotEqual(t, paxos.Satisfied, r.Outcome)
			c.start("a2")
			require.Equal(t, int64(2), c.get64("p1", "k"))
			s, err := c.client("a3").Status(t.Context())
			require.NoError(t, err)
			require.Zero(t, s.Commits, "nobody has used it")
			c.stopAll()
		})
	}
}

// get64 reads an integer, and again until somebody knows it.
func (c *cluster) get64(proposer, key string) int64 {
	for {
		r, err := c.client(proposer).Change(c.t.Context(), key, register.Read())
		require.NoError(c.t, err)
		if r.Outcome == paxos.Satisfied {
			return r.State
		}
	}
}
