// Entries: the registers that a front changes, and the lists of their keys.

package server_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/server"
)

// entryCluster starts a cluster whose proposers have fronts.
func entryCluster(t *testing.T) *cluster {
	c := newCluster(t, 3, 2)
	c.entries = true
	c.start(c.all()...)
	return c
}

type ended struct {
	before, after register.Entry
	outcome       paxos.Outcome
}

// change applies f by a proposer and waits for the outcome.
func (c *cluster) change(proposer, key string, f register.Function) ended {
	done := make(chan ended, 1)
	c.registers[proposer].Change(key, f, func(b, a register.Entry, o register.End) { done <- ended{b, a, o.Outcome} })
	return <-done
}

// settle applies f, which may take effect more than once, until it has: on a busy machine a round may take too long.
func (c *cluster) settle(proposer, key string, f register.Function) {
	for c.change(proposer, key, f).outcome != paxos.Satisfied {
		require.NoError(c.t, c.t.Context().Err())
	}
}

// read gets an entry, and again until somebody knows it.
func (c *cluster) read(proposer, key string) register.Entry {
	for {
		if r := c.get(proposer, key); r.outcome == paxos.Satisfied {
			return r.after
		}
		require.NoError(c.t, c.t.Context().Err())
	}
}

func (c *cluster) get(proposer, key string) ended {
	done := make(chan ended, 1)
	c.registers[proposer].Get(key, func(b, a register.Entry, o register.End) { done <- ended{b, a, o.Outcome} })
	return <-done
}

func put(value string) register.Function {
	return func(register.Entry) register.Entry { return register.Entry{Exists: true, Value: []byte(value)} }
}

// keys lists all keys by pages of a size.
func (c *cluster) keys(proposer string, page int) (all []string) {
	type list struct {
		keys []string
		more bool
		err  error
	}
	after := ""
	for {
		done := make(chan list, 1)
		c.registers[proposer].Keys(after, page, func(keys []string, more bool, err error) { done <- list{keys, more, err} })
		l := <-done
		require.NoError(c.t, l.err)
		all = append(all, l.keys...)
		if !l.more {
			return all
		}
		require.NotEmpty(c.t, l.keys)
		after = l.keys[len(l.keys)-1]
	}
}

func TestEntriesAreKept(t *testing.T) {
	c := entryCluster(t)
	r := c.get("p1", "k")
	require.Equal(t, ended{outcome: paxos.Satisfied}, r)
	r = c.change("p1", "k", put("\x00\xffbinary"))
	require.Equal(t, paxos.Satisfied, r.outcome)
	require.False(t, r.before.Exists)
	require.Equal(t, "\x00\xffbinary", string(r.after.Value))
	require.Equal(t, "\x00\xffbinary", string(c.read("p2", "k").Value), "another proposer finds it")
	large := bytes.Repeat([]byte{0xee}, 1<<20)
	c.settle("p2", "large", func(register.Entry) register.Entry {
		return register.Entry{Exists: true, Value: large, Expires: 1 << 62}
	})
	c.stop(c.all()...)
	c.start(c.all()...)
	found := c.read("p1", "large")
	require.True(t, bytes.Equal(large, found.Value))
	require.Equal(t, int64(1<<62), found.Expires)
	c.settle("p1", "k", func(register.Entry) register.Entry { return register.Entry{} })
	require.Equal(t, register.Entry{}, c.read("p2", "k"))
}

// Changes of one key that one goroutine asks for without waiting are applied in that order, each once.
func TestChangesOfAKeyKeepTheirOrder(t *testing.T) {
	c := entryCluster(t)
	const n = 200
	done := make(chan ended, n)
	for i := range n {
		c.registers["p1"].Change("k", func(e register.Entry) register.Entry {
			return register.Entry{Exists: true, Value: fmt.Appendf(bytes.Clone(e.Value), "%d ", i)}
		}, func(b, a register.Entry, o register.End) { done <- ended{b, a, o.Outcome} })
	}
	want := ""
	for i := range n {
		r := <-done
		require.Equal(t, paxos.Satisfied, r.outcome)
		require.Equal(t, want, string(r.before.Value))
		want += fmt.Sprintf("%d ", i)
		require.Equal(t, want, string(r.after.Value))
	}
}

// A quorum's keys are listed whichever acceptors they are on.
func TestKeysAreListedFromAQuorum(t *testing.T) {
	c := entryCluster(t)
	var want []string
	set := func(from, to int) {
		for i := from; i < to; i++ {
			key := fmt.Sprintf("k%03d", i)
			require.Equal(t, paxos.Satisfied, c.change("p1", key, put("v")).outcome)
			want = append(want, key)
		}
	}
	c.stop("a3")
	set(0, 20)
	c.start("a3")
	c.stop("a2")
	set(20, 40)
	c.start("a2")
	c.stop("a1") // a2 has the first, a3 the last
	for _, page := range []int{1, 7, 20, 1000} {
		require.Equal(t, want, c.keys("p2", page), "by %d", page)
	}
	c.stop("a2")
	failed := make(chan error, 1)
	c.registers["p2"].Keys("", 10, func(_ []string, _ bool, err error) { failed <- err })
	require.Error(t, <-failed, "one acceptor is no quorum")
}

// What a stopped proposer is asked it rejects, before and after its end.
func TestAStoppedProposerRejectsChanges(t *testing.T) {
	c := entryCluster(t)
	c.stop("a1", "a2") // no change gets through
	waiting := make(chan ended, 1)
	c.registers["p1"].Change("k", put("v"), func(b, a register.Entry, o register.End) { waiting <- ended{b, a, o.Outcome} })
	c.stop("p1")
	require.Equal(t, paxos.Rejected, (<-waiting).outcome)
	require.Equal(t, paxos.Rejected, c.change("p1", "k", put("v")).outcome)
}

// A register of integers is an entry that holds its digits.
func TestIntegersAreEntries(t *testing.T) {
	c := entryCluster(t)
	satisfied(t, c.client("p1"), "number", register.Set(5))
	require.Equal(t, "5", string(c.get("p2", "number").after.Value))
	require.Equal(t, paxos.Satisfied, c.change("p2", "number", put("7")).outcome)
	require.Equal(t, int64(8), satisfied(t, c.client("p1"), "number", register.Add(1)).State)
	require.Equal(t, paxos.Satisfied, c.change("p2", "number", put("seven")).outcome)
	r, err := c.client("p1").Change(t.Context(), "number", register.Add(1))
	require.NoError(t, err)
	require.Equal(t, paxos.Rejected, r.Outcome)
	require.Equal(t, paxos.Rejected, c.change("p1", "", put("v")).outcome)
}

func TestAFrontThatCannotServe(t *testing.T) {
	c := newCluster(t, 3, 1)
	c.start("a1", "a2", "a3")
	addresses := map[string]string{"a1": c.addresses["a1"], "a2": c.addresses["a2"], "a3": c.addresses["a3"]}
	cfg := server.ProposerConfig{Node: c.node("p1"), Addresses: addresses, PhaseTimeout: time.Second}
	cfg.FS, cfg.DataDir = nil, t.TempDir()
	front := errors.New("the port is taken")
	cfg.Front = func(server.Registers) (func(), error) { return nil, front }
	require.ErrorIs(t, server.RunProposer(t.Context(), cfg), front)
}
