// Erasure: what is deleted leaves nothing behind, also where it did not reach every acceptor at once, and does not return.

package server_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/server"
)

// keysHeld lists the keys of which acceptors hold anything that they have accepted.
func keysHeld(t testing.TB, r server.Registers) []string {
	t.Helper()
	type list struct {
		keys []string
		err  error
	}
	done := make(chan list, 1)
	r.Keys("", 10_000, func(keys []string, _ bool, err error) { done <- list{keys, err} })
	l := <-done
	require.NoError(t, l.err)
	return l.keys
}

// replace has an entry take the place of what a key holds.
func replace(t *testing.T, r server.Registers, key string, e register.Entry) {
	t.Helper()
	done := make(chan paxos.Outcome, 1)
	r.Change(key, func(register.Entry) register.Entry { return e }, func(_, _ register.Entry, o register.End) { done <- o.Outcome })
	require.Equal(t, paxos.Satisfied, <-done, key)
}

func latest(t *testing.T, r server.Registers, key string) register.Entry {
	t.Helper()
	done := make(chan register.Entry, 1)
	r.Get(key, func(_, e register.Entry, o register.End) {
		require.Equal(t, paxos.Satisfied, o.Outcome)
		done <- e
	})
	return <-done
}

func entryText(s string) register.Entry { return register.Entry{Exists: true, Value: []byte(s)} }

func TestDeletionsLeaveNothingBehind(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.entries, c.sweep = true, 10*time.Millisecond
	c.start("a1", "a2", "a3", "p1", "p2")
	for i := range 50 {
		replace(t, c.registers["p1"], fmt.Sprint("k", i), entryText("v"))
	}
	for i := range 49 {
		replace(t, c.registers["p2"], fmt.Sprint("k", i), register.Entry{})
	}
	require.Eventually(t, func() bool { return len(keysHeld(t, c.registers["p1"])) == 1 }, 20*time.Second, 5*time.Millisecond)
	for i := range 49 {
		require.False(t, latest(t, c.registers["p1"], fmt.Sprint("k", i)).Exists)
	}
	replace(t, c.registers["p1"], "k0", entryText("w"))
	require.Equal(t, "w", string(latest(t, c.registers["p2"], "k0").Value))
	c.stopAll()
	c.start("a1", "a2", "a3", "p1", "p2")
	require.Eventually(t, func() bool {
		return slices.Equal([]string{"k0", "k49"}, keysHeld(t, c.registers["p2"]))
	}, 20*time.Second, 5*time.Millisecond)
	require.Equal(t, "w", string(latest(t, c.registers["p1"], "k0").Value))
	require.False(t, latest(t, c.registers["p2"], "k1").Exists)
}

// Deletions are erased in later configurations as in the founders', from before a change and after it, and nodes that start
// again go on with that. An acceptor that has left and comes back does not bring anything back.
func TestDeletionsAreErasedAfterAChangeOfMembers(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.sweep, c.entries = 10*time.Millisecond, true
	c.start("a1", "a2", "a3", "p1", "p2")
	o := c.operators()
	for i := range int64(10) {
		c.set("p1", fmt.Sprint("k", i), i+1)
	}
	c.stop("a3") // what is deleted now waits for it
	for i := range 4 {
		c.delete("p1", fmt.Sprint("k", i))
	}
	c.exchange(o, membership.Change{Kind: membership.Replace, Name: "a3", By: "a4", New: c.newcomer(o, "a4")})
	for i := range 4 {
		c.awaitErased("p2", fmt.Sprint("k", i))
	}
	c.delete("p2", "k4")
	c.awaitErased("p1", "k4")
	c.stop("p1", "p2", "a1")
	c.start("p1", "p2", "a1")
	c.delete("p1", "k5")
	c.awaitErased("p2", "k5")
	c.exchange(c.operators(), membership.Change{Kind: membership.Replace, Name: "a1", By: "a3", New: c.newcomer(o, "a3")})
	c.stop("a1")
	c.delete("p2", "k6")
	c.awaitErased("p1", "k6")
	for i := range 7 {
		require.False(t, latest(t, c.registers["p1"], fmt.Sprint("k", i)).Exists, i)
	}
	c.set("p2", "k0", 5)
	require.True(t, latest(t, c.registers["p1"], "k9").Exists)
	c.stopAll()
	report := c.replay()
	require.Equal(t, conformance.Conforms, report.Verdict)
	erased := 0
	for _, e := range c.traceOf("a4") {
		if e.Action == "Erase" {
			erased++
		}
	}
	require.Positive(t, erased)
}

// An acceptor is down while keys are deleted, and the proposer that has deleted them crashes. When the acceptor comes back
// with the old values, sweeps of the other proposer erase all.
func TestSweepsEraseWhatDidNotReachEveryAcceptor(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.entries, c.sweep = true, 10*time.Millisecond
	c.start("a1", "a2", "a3", "p1")
	for i := range 20 {
		replace(t, c.registers["p1"], fmt.Sprint("k", i), entryText("old"))
	}
	c.stop("a3")
	for i := range 20 {
		replace(t, c.registers["p1"], fmt.Sprint("k", i), register.Entry{})
	}
	expired := entryText("v")
	expired.Expires = 1
	replace(t, c.registers["p1"], "expired", expired)
	c.crash("p1")
	c.start("p2")
	require.NotEmpty(t, keysHeld(t, c.registers["p2"]), "nothing is erased that an acceptor may not have heard of")
	c.start("a3")
	require.Eventually(t, func() bool { return len(keysHeld(t, c.registers["p2"])) == 0 }, 20*time.Second, 5*time.Millisecond)
	for i := range 20 {
		require.False(t, latest(t, c.registers["p2"], fmt.Sprint("k", i)).Exists, "the old value revives")
	}
}
