// What clients see: of a healthy cluster, of one with nodes down, and of changes whose outcome is unknown.

package server_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/client"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// satisfied asks for a change that has to succeed.
func satisfied(t *testing.T, x *client.Client, key string, change register.Change) client.Result {
	t.Helper()
	r, err := x.Change(t.Context(), key, change)
	require.NoError(t, err)
	require.Equal(t, paxos.Satisfied, r.Outcome, r.Reason)
	return r
}

func TestChangesTakeEffectInOrder(t *testing.T) {
	for _, scheme := range []string{"pair", "coprime"} {
		t.Run(scheme, func(t *testing.T) {
			c := newCluster(t, 3, 2)
			c.shape.Scheme, c.shape.Proposers = scheme, map[string]uint32{"p1": 3, "p2": 5}
			c.start("a1", "a2", "a3", "p1", "p2")
			clients := []*client.Client{c.client("p1"), c.client("p2")}
			for i, step := range []struct {
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
				r := satisfied(t, clients[i%2], "k", step.change)
				require.Equal(t, step.before, r.Before, step.change)
				require.Equal(t, step.after, r.State, step.change)
			}
		})
	}
}

// Many clients want the same register of the same proposer. They wait for each other and nobody is refused.
func TestOneProposerServesItsClientsOneAfterTheOther(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3", "p1")
	x := c.client("p1")
	const clients, each = 10, 20
	parallel(clients, func(int) {
		for range each {
			satisfied(t, x, "k", register.Add(1))
		}
	})
	require.Equal(t, int64(clients*each), satisfied(t, x, "k", register.Read()).State)
	c.stopAll()
	for _, e := range c.trace() {
		require.NotContains(t, []string{"Abandon", "RefusePrepare", "RefuseAccept"}, e.Action)
	}
}

// Without contention the first change of a register costs two rounds of n requests, and each further one a single round.
func TestMessagesOfOneChange(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3", "p1")
	x := c.client("p1")
	for range 10 {
		satisfied(t, x, "k", register.Add(1))
	}
	s, err := x.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(10), s.Satisfied)
	require.Equal(t, uint64(1+2*10), s.Steps, "one Prepare, then Propose and Acknowledge for each change")
	require.Equal(t, "p1", s.Node)
	for _, a := range c.shape.Acceptors {
		c.await(a, func(s *transport.Status) bool { return s.Received >= 11 })
	}
	c.stop("p1")
	for _, a := range c.shape.Acceptors {
		s, err := c.client(a).Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, uint64(11), s.Received)
		require.Equal(t, uint64(11), s.Sent)
	}
}

func TestAMinorityMayBeDown(t *testing.T) {
	c := newCluster(t, 5, 1)
	c.start(c.all()...)
	x := c.client("p1")
	satisfied(t, x, "k", register.Set(3))
	c.stop("a1", "a4")
	require.Equal(t, int64(4), satisfied(t, x, "k", register.Add(1)).State)
	c.await("p1", func(s *transport.Status) bool { return slices.Equal(s.Connected, []string{"a2", "a3", "a5"}) })
}

// Without a majority nothing is proposed, and so the client learns for certain that its change had no effect.
func TestWithoutAMajorityChangesAreRejected(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.timeout = 50 * time.Millisecond
	c.start("a1", "a2", "a3", "p1")
	x := c.client("p1")
	satisfied(t, x, "l", register.Set(3))
	c.stop("a1", "a2")
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	r, err := x.Change(ctx, "k", register.Set(4))
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, r.Outcome)
	require.Equal(t, "no round succeeded in time", r.Reason)
	// Of a register whose next round has its promises already that is not known, until there is a majority again.
	r = *(*client.Result)(c.impatient("p1", "l", register.Add(1)))
	require.Equal(t, paxos.Unknown, r.Outcome)
	c.start("a2")
	require.Equal(t, int64(0), satisfied(t, x, "k", register.Read()).State)
	s, err := x.Resolve(t.Context(), "l", r.Ballot)
	require.NoError(t, err)
	require.NotEqual(t, paxos.Unknown, s.Fate)
}

func TestAResultThatDoesNotFitIsRejected(t *testing.T) {
	c := newCluster(t, 1, 1)
	c.start("a1", "p1")
	x := c.client("p1")
	satisfied(t, x, "k", register.Set(1<<31-1))
	r, err := x.Change(t.Context(), "k", register.Add(1))
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, r.Outcome)
	require.Equal(t, register.ErrRange.Error(), r.Reason)
}

func TestRequestsThatAreNoneAreRefused(t *testing.T) {
	c := newCluster(t, 1, 1)
	c.start("a1", "p1")
	x := c.client("p1")
	for _, key := range []string{"", "\xff", strings.Repeat("k", transport.MaxKey+1)} {
		_, err := x.Change(t.Context(), key, register.Read())
		require.ErrorContains(t, err, "is not UTF-8 text of 1 to 512 bytes")
		_, err = x.Resolve(t.Context(), key, 1)
		require.ErrorContains(t, err, "is not UTF-8 text of 1 to 512 bytes")
	}
	_, err := x.Change(t.Context(), "k", register.Change{Name: "increment"})
	require.ErrorContains(t, err, `change "increment" is none of`)
	// The proposer does not rely on its clients.
	conn, err := transport.Dial(c.addresses["p1"], nil)
	require.NoError(t, err)
	defer conn.Close()
	_, err = transport.Change(t.Context(), conn, &transport.ChangeRequest{Key: "", Change: register.Read()})
	require.ErrorContains(t, err, "InvalidArgument")
	_, err = transport.Change(t.Context(), conn, &transport.ChangeRequest{Key: "k", Change: register.Set(1 << 40)})
	require.ErrorContains(t, err, "InvalidArgument")
	_, err = transport.Resolve(t.Context(), conn, &transport.ResolveRequest{Key: "k", Ballot: paxos.MaxBallot + 1})
	require.ErrorContains(t, err, "InvalidArgument")
}

// Ballots that 32 bits do not hold go through messages, disks and traces, and the specification has them as they are.
func TestBallotsBeyond32Bits(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.start("a1", "a2", "a3", "p1", "p2")
	const far = paxos.Ballot(1) << 41
	satisfied(t, c.client("p1"), "k", register.Set(5))
	_, err := c.client("p1").Resolve(t.Context(), "k", far)
	require.NoError(t, err)
	r := satisfied(t, c.client("p2"), "k", register.Add(1))
	require.Equal(t, int64(6), r.State)
	require.Greater(t, r.Ballot, far, "p2 was told what stands against it")
	c.stopAll()
	c.start("a1", "a2", "a3", "p1", "p2")
	require.Equal(t, int64(6), satisfied(t, c.client("p1"), "k", register.Read()).State)
	r = satisfied(t, c.client("p1"), "l", register.Set(7))
	require.Greater(t, r.Ballot, far, "p1 has reserved as much")
	c.crash("a2")
	c.start("a2")
	require.Equal(t, int64(7), satisfied(t, c.client("p2"), "l", register.Read()).State)
	c.stopAll()
	c.conforms()
}

// A register of which all ballots are used up is not changed any more, and clients are told why. Others go on.
func TestBallotsThatAreUsedUpAreAnError(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3", "p1")
	x := c.client("p1")
	satisfied(t, x, "k", register.Set(5))
	_, err := x.Resolve(t.Context(), "k", paxos.MaxBallot-16)
	require.NoError(t, err)
	r, err := x.Change(t.Context(), "k", register.Set(6))
	for err == nil && r.Outcome == paxos.Satisfied {
		r, err = x.Change(t.Context(), "k", register.Set(6))
	}
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, r.Outcome)
	require.Equal(t, paxos.ErrBallotsExhausted.Error(), r.Reason)
	satisfied(t, x, "l", register.Set(7))
	c.stopAll()
	c.conforms()
}

// What could not be asked had no effect.
func TestAClientWithoutAProposerIsRejected(t *testing.T) {
	c := newCluster(t, 1, 1)
	c.start("a1", "p1")
	c.stop("p1")
	x := c.client("p1")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r, err := x.Change(ctx, "k", register.Set(2))
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, r.Outcome)
	require.Contains(t, r.Reason, "no connection to the proposer")
	s, err := x.Resolve(ctx, "k", 5)
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, s.Read.Outcome)
	require.Equal(t, paxos.Unknown, s.Fate)
}

// impatient asks for a change that is given a single round.
func (c *cluster) impatient(proposer, key string, change register.Change) *transport.ChangeReply {
	conn, err := transport.Dial(c.addresses[proposer], nil)
	require.NoError(c.t, err)
	defer conn.Close()
	q := &transport.ChangeRequest{Key: key, Change: change, Patience: c.timeout.Milliseconds() / 2}
	r, err := transport.Change(c.t.Context(), conn, q)
	require.NoError(c.t, err)
	return r
}

// The outcome of a change whose accept got no answer is unknown, and Resolve finds out which it was.
func TestUnknownOutcomesAreResolved(t *testing.T) {
	for name, x := range map[string]struct {
		lose    func(paxos.Message) (question, answer bool)
		covered bool // another change is made before anybody asks
		fate    paxos.Outcome
		state   int64
	}{
		"accepted, and nobody heard":   {loseAccepted, false, paxos.Satisfied, 15},
		"never accepted":               {loseAccepts, false, paxos.Rejected, 10},
		"covered by a later change":    {loseAccepted, true, paxos.Satisfied, 16},
		"never accepted, covered also": {loseAccepts, true, paxos.Rejected, 11},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, 3, 2)
			c.timeout = 100 * time.Millisecond
			puppets := c.puppets()
			c.start("p1", "p2")
			p1, p2 := c.client("p1"), c.client("p2")
			satisfied(t, p1, "k", register.Set(10))
			for _, p := range puppets {
				p.set(x.lose)
			}
			r := c.impatient("p1", "k", register.Add(5))
			require.Equal(t, paxos.Unknown, r.Outcome)
			require.NotZero(t, r.Ballot)
			for _, p := range puppets {
				p.set(loseNothing)
			}
			if x.covered {
				satisfied(t, p2, "k", register.Add(1))
			}
			// Any proposer can tell, even one whose own ballots are behind.
			s, err := p2.Resolve(t.Context(), "k", r.Ballot)
			require.NoError(t, err)
			require.Equal(t, paxos.Satisfied, s.Read.Outcome, s.Read.Reason)
			require.Greater(t, s.Read.Ballot, r.Ballot)
			require.Equal(t, x.state, s.Read.State)
			require.Equal(t, x.fate, s.Fate)
		})
	}
}

// Resolve's read runs above the ballot that it is asked about, even one that nobody has used yet, which is then dead.
func TestResolveRunsAboveTheBallot(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3", "p1")
	s, err := c.client("p1").Resolve(t.Context(), "k", 5000)
	require.NoError(t, err)
	require.Equal(t, paxos.Satisfied, s.Read.Outcome, s.Read.Reason)
	require.Greater(t, s.Read.Ballot, paxos.Ballot(5000))
	require.Equal(t, paxos.Rejected, s.Fate)
	s, err = c.client("p1").Resolve(t.Context(), "k", 0)
	require.NoError(t, err)
	require.Equal(t, paxos.Unknown, s.Fate, "nothing was asked about")
}

// A change whose accept got no answer is tried again by the proposer itself, and takes effect once.
func TestAnUnknownChangeIsRetriedAndTakesEffectOnce(t *testing.T) {
	for name, lose := range map[string]func(paxos.Message) (question, answer bool){"accepted": loseAccepted, "lost": loseAccepts} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t, 3, 1)
			c.timeout = 50 * time.Millisecond
			puppets := c.puppets()
			for _, p := range puppets {
				p.set(lose)
			}
			c.start("p1")
			done := make(chan client.Result, 1)
			go func() { done <- satisfied(t, c.client("p1"), "k", register.Add(1)) }()
			c.await("p1", func(s *transport.Status) bool { return s.Steps >= 7 })
			for _, p := range puppets {
				p.set(loseNothing)
			}
			r := <-done
			require.Equal(t, int64(0), r.Before)
			require.Equal(t, int64(1), r.State)
			require.Equal(t, int64(1), satisfied(t, c.client("p1"), "k", register.Read()).State)
		})
	}
}

// A change that was not proposed is tried again, under larger ballots, until there is a majority.
func TestARefusedPrepareIsRetried(t *testing.T) {
	c := newCluster(t, 3, 1)
	puppets := c.puppets()
	for _, p := range puppets {
		p.memory.Promised = 1000
	}
	c.start("p1")
	r := satisfied(t, c.client("p1"), "k", register.Add(1))
	require.Equal(t, paxos.Ballot(1009), r.Ballot, "the first of p1 above 1000")
	c.stop("p1")
	var actions []string
	for _, e := range c.traceOf("p1") {
		actions = append(actions, e.Action)
	}
	require.Equal(t, []string{"Prepare", "Abandon", "Prepare", "Propose", "Acknowledge"}, actions)
}

// A proposer that is stopped tells its clients what it knows.
func TestStoppingAnswersEveryone(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.timeout = time.Hour
	puppets := c.puppets()
	for _, p := range puppets {
		p.set(loseAccepted)
	}
	c.start("p1")
	x := c.client("p1")
	outcomes := make(chan client.Result, 3)
	ask := func(key string) {
		r, err := x.Change(t.Context(), key, register.Add(1))
		require.NoError(t, err)
		outcomes <- r
	}
	// One round waits for acceptances, the other for promises.
	go ask("proposed")
	c.await("p1", func(s *transport.Status) bool { return s.Steps == 2 })
	for _, p := range puppets {
		p.set(loseAll)
	}
	go ask("prepared")
	c.await("p1", func(s *transport.Status) bool { return s.Steps == 3 })
	c.stop("p1")
	got := []paxos.Outcome{(<-outcomes).Outcome, (<-outcomes).Outcome}
	require.ElementsMatch(t, []paxos.Outcome{paxos.Unknown, paxos.Rejected}, got)
	events := c.traceOf("p1")
	require.Equal(t, "Abandon", events[len(events)-1].Action)
	require.Equal(t, "Abandon", events[len(events)-2].Action)
}
