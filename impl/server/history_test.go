// Histories: what clients of a cluster saw while its nodes crashed is what one register could have done.

package server_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/impl/client"
	"synod/impl/paxos"
	"synod/impl/register"
)

// input is one operation of a client; the register model is a function of it.
type input struct {
	key    string
	change register.Change
}

// model is one register for each key. An operation whose outcome is unknown may have any result.
var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byKey := map[string][]porcupine.Operation{}
		for _, op := range history {
			key := op.Input.(input).key
			byKey[key] = append(byKey[key], op)
		}
		return slices.Collect(maps.Values(byKey))
	},
	Init: func() any { return int64(0) },
	Step: func(state, in, out any) (bool, any) {
		text, err := in.(input).change.Apply(register.IntegerState(state.(int64)))
		if err != nil {
			return false, state
		}
		after, _ := register.ParseState(text)
		r := out.(client.Result)
		return r.Outcome != paxos.Satisfied || r.Before == state && r.State == after, after
	},
	Hash: func(state any) uint64 { return uint64(state.(int64)) },
}

// recorder collects what clients saw.
type recorder struct {
	start time.Time

	mu      sync.Mutex
	more    sync.Cond // there is more of what follows
	history []porcupine.Operation
	counts  map[paxos.Outcome]int
	ended   bool
}

// await waits until clients have succeeded n times more, or have nothing left to do.
func (r *recorder) await(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for enough := r.counts[paxos.Satisfied] + n; r.counts[paxos.Satisfied] < enough && !r.ended; {
		r.more.Wait()
	}
}

// change asks for a change and notes what came of it. A rejected change had no effect and is no part of the history;
// one whose outcome is unknown may take effect at any later time.
func (r *recorder) change(t *testing.T, who int, x *client.Client, key string, change register.Change) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	called := time.Since(r.start).Nanoseconds()
	result, err := x.Change(ctx, key, change)
	returned := time.Since(r.start).Nanoseconds()
	if err != nil {
		t.Error(err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[result.Outcome]++
	r.more.Broadcast()
	switch result.Outcome {
	case paxos.Rejected:
		return
	case paxos.Unknown:
		returned = 1 << 62
	}
	r.history = append(r.history, porcupine.Operation{
		ClientId: who, Input: input{key, change}, Call: called, Output: result, Return: returned,
	})
}

// randomChange draws a change. Values are distinct, or a lost one could hide behind another.
func randomChange(random *rand.Rand, serial int) register.Change {
	value := int64(serial*100 + random.IntN(100))
	switch random.IntN(4) {
	case 0:
		return register.Read()
	case 1:
		return register.Set(value)
	case 2:
		return register.CAS(int64(random.IntN(1000)), value)
	}
	return register.Add(1 + int64(random.IntN(9)))
}

// drive has clients of both proposers work on a few keys while disturb goes on.
func drive(t *testing.T, c *cluster, clients, each int, disturb func(*recorder)) *recorder {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := &recorder{start: time.Now(), counts: map[paxos.Outcome]int{}}
	r.more.L = &r.mu
	done := make(chan struct{})
	go func() {
		defer close(done)
		parallel(clients, func(i int) {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			x := c.client(fmt.Sprintf("p%d", i%2+1))
			for n := range each {
				r.change(t, i, x, fmt.Sprintf("k%d", random.IntN(4)), randomChange(random, clients*n+i+1))
			}
		})
		r.mu.Lock()
		defer r.mu.Unlock()
		r.ended = true
		r.more.Broadcast()
	}()
	disturb(r)
	<-done
	t.Logf("outcomes: %v after %v", r.counts, time.Since(r.start))
	return r
}

func TestHistoriesAreLinearizable(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.start("a1", "a2", "a3", "p1", "p2")
	r := drive(t, c, 6, 60, func(*recorder) {})
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, r.history, time.Minute))
	require.Greater(t, r.counts[paxos.Satisfied], 100)
	c.stopAll()
	require.Greater(t, len(c.trace()), 1000)
}

// Acceptors lose their unsynced data and come back, one after the other; a proposer is stopped and comes back.
func TestHistoriesAreLinearizableWhileNodesCrash(t *testing.T) {
	c := newCluster(t, 3, 2)
	c.timeout = 100 * time.Millisecond
	c.start("a1", "a2", "a3", "p1", "p2")
	r := drive(t, c, 6, 50, func(r *recorder) {
		for _, id := range []string{"a1", "a2", "p1", "a3", "a1", "p2"} {
			r.await(20)
			c.crash(id)
			if id[0] == 'a' { // the others go on meanwhile; clients of a proposer that is down do not
				r.await(10)
			}
			c.start(id)
		}
	})
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, r.history, time.Minute))
	require.Greater(t, r.counts[paxos.Satisfied], 50)
	c.stopAll()
	restarts := 0
	for _, e := range c.trace() {
		if e.Restart {
			restarts++
		}
	}
	require.Positive(t, restarts)
}

// The checker of histories notices lost writes: with a bug that makes them, it says so.
func TestHistoriesOfABrokenClusterAreRefused(t *testing.T) {
	c := newCluster(t, 3, 2)
	for _, id := range c.all() {
		c.bugs[id] = paxos.IgnoreReportedValue
	}
	c.start("a1", "a2", "a3", "p1", "p2")
	r := drive(t, c, 4, 20, func(*recorder) {})
	require.Equal(t, porcupine.Illegal, porcupine.CheckOperationsTimeout(model, r.history, time.Minute))
}
