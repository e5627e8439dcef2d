// Bugs: each switch makes a real server do what it must not, and without it the server does not.

package server_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// withAndWithout runs a test twice and tells it whether the bug is switched on.
func withAndWithout(t *testing.T, bug paxos.Bugs, test func(t *testing.T, c *cluster, broken bool)) {
	for _, broken := range []bool{false, true} {
		name := "correct"
		if broken {
			name = bug.String()
		}
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, 3, 2)
			c.timeout = 100 * time.Millisecond
			if broken {
				for _, id := range c.all() {
					c.bugs[id] = bug
				}
			}
			test(t, c, broken)
		})
	}
}

func TestBugAcceptBelowPromise(t *testing.T) {
	withAndWithout(t, paxos.AcceptBelowPromise, func(t *testing.T, c *cluster, broken bool) {
		c.start("a1")
		x := c.probe("a1")
		defer x.peer.Close()
		require.Equal(t, paxos.KindPromise, x.prepare("k", 33).Kind)
		want := paxos.KindRefusedAccept
		if broken {
			want = paxos.KindAccepted
		}
		require.Equal(t, want, x.accept("k", 17, "5").Kind)
	})
}

func TestBugPromiseNotPersisted(t *testing.T) {
	withAndWithout(t, paxos.PromiseNotPersisted, func(t *testing.T, c *cluster, broken bool) {
		c.start("a1")
		x := c.probe("a1")
		require.Equal(t, paxos.KindAccepted, x.accept("k", 1, "5").Kind)
		require.Equal(t, paxos.KindPromise, x.prepare("k", 33).Kind)
		x.peer.Close()
		c.crash("a1")
		c.start("a1")
		x = c.probe("a1")
		defer x.peer.Close()
		want := paxos.KindRefusedAccept
		if broken {
			want = paxos.KindAccepted
		}
		require.Equal(t, want, x.accept("k", 17, "6").Kind)
	})
}

func TestBugIgnoreReportedValue(t *testing.T) {
	withAndWithout(t, paxos.IgnoreReportedValue, func(t *testing.T, c *cluster, broken bool) {
		c.start(c.all()...)
		satisfied(t, c.client("p1"), "k", register.Set(5))
		want := int64(6)
		if broken {
			want = 1
		}
		require.Equal(t, want, satisfied(t, c.client("p2"), "k", register.Add(1)).State)
	})
}

func TestBugQuorumOfOne(t *testing.T) {
	withAndWithout(t, paxos.QuorumOfOne, func(t *testing.T, c *cluster, broken bool) {
		c.start(c.all()...)
		satisfied(t, c.client("p1"), "other", register.Set(1)) // it has heard from a quorum that it is new
		c.stop("a1", "a3")
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		r, err := c.client("p1").Change(ctx, "k", register.Set(5))
		require.NoError(t, err)
		want := paxos.Rejected
		if broken {
			want = paxos.Satisfied
		}
		require.Equal(t, want, r.Outcome)
	})
}

func TestBugBallotReused(t *testing.T) {
	withAndWithout(t, paxos.BallotReused, func(t *testing.T, c *cluster, broken bool) {
		puppets := c.puppets()
		for _, p := range puppets {
			p.set(loseAccepts)
		}
		c.start("p1")
		x := c.client("p1")
		once := make(chan struct{})
		go func() {
			defer close(once)
			satisfied(t, x, "k", register.Set(5)) // by the second round or, with the bug, the third
		}()
		c.await("p1", func(s *transport.Status) bool { return s.Steps >= 3 })
		for _, p := range puppets {
			p.set(loseNothing)
		}
		<-once
		c.stop("p1")
		var ballots []string
		for _, e := range c.traceOf("p1") {
			if b, ok := e.Args.Get("b"); ok && e.Action == "Prepare" {
				ballots = append(ballots, b)
			}
		}
		require.Equal(t, "1", ballots[0])
		require.Equal(t, broken, ballots[1] == "1", ballots)
	})
}
