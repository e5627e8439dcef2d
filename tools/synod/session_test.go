// Sessions against real processes: what is asked for many times takes effect once.

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"synod/impl/client"
	"synod/impl/paxos"
	"synod/impl/register"
)

// lossyProxy passes requests on to a proposer and now and then loses an answer, with the connection.
type lossyProxy struct {
	net.Listener
	to   string
	lost atomic.Int64
}

func newLossyProxy(t *testing.T, to string) *lossyProxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	p := &lossyProxy{Listener: l, to: to}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(client)
		}
	}()
	return p
}

func (p *lossyProxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer server.Close()
		buffer := make([]byte, 1<<16)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		if rand.IntN(40) == 0 {
			p.lost.Add(1)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// increment is a function of a session's Change.
func increment(e register.Entry) (register.Entry, error) {
	n := 0
	if e.Exists {
		var err error
		if n, err = strconv.Atoi(string(e.Value)); err != nil {
			return e, err
		}
	}
	return register.Entry{Exists: true, Value: strconv.AppendInt(nil, int64(n+1), 10)}, nil
}

// incremented is what a client was told of an increment of a counter: the sum after it, or -1 if that is not known.
var incremented = porcupine.Model{
	Init: func() any { return int64(0) },
	Step: func(state, _, out any) (bool, any) {
		next := state.(int64) + 1
		return out.(int64) == next || out.(int64) == -1, next
	},
}

// tally is what sessions did to counters.
type tally struct {
	start   time.Time
	mu      sync.Mutex
	done    map[string]int64
	unknown map[string]int64 // still, after they were resolved
	history map[string][]porcupine.Operation
	asked   atomic.Int64
	found   atomic.Int64 // done, as Resolve found
}

// count has one session increment counters.
func (c *tally) count(t *testing.T, s *client.Session, id, n int) {
	for range n {
		key := fmt.Sprintf("n%d", rand.IntN(3))
		called := time.Since(c.start).Nanoseconds()
		patience := 300 * time.Millisecond
		if rand.IntN(3) == 0 {
			patience = 6 * time.Millisecond // so that some outcomes are unknown
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		r := s.Change(ctx, key, increment)
		cancel()
		sum := int64(-1)
		if r.Outcome == paxos.Satisfied {
			sum, _ = strconv.ParseInt(string(r.After.Value), 10, 64)
		}
		if r.Outcome == paxos.Unknown {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			r.Outcome, _ = s.Resolve(ctx, r)
			cancel()
			if r.Outcome == paxos.Satisfied {
				c.found.Add(1)
			}
		}
		op := porcupine.Operation{ClientId: id, Input: key, Call: called, Output: sum, Return: time.Since(c.start).Nanoseconds()}
		c.mu.Lock()
		switch r.Outcome {
		case paxos.Satisfied:
			c.done[key]++
			c.history[key] = append(c.history[key], op)
		case paxos.Unknown:
			c.unknown[key]++
		}
		c.mu.Unlock()
		c.asked.Add(1)
	}
}

// Increments are asked for again and again while answers get lost and proposers and acceptors are killed. The sums count
// each once. What the processes did is what the specification says.
func TestIncrementsOfSessionsTakeEffectOnce(t *testing.T) {
	t.Parallel()
	s := newService(t)
	proxies := map[string]*lossyProxy{"p1": newLossyProxy(t, s.addresses["p1"]), "p2": newLossyProxy(t, s.addresses["p2"])}
	addresses := map[string]string{"p1": proxies["p1"].Addr().String(), "p2": proxies["p2"].Addr().String()}
	c := &tally{start: time.Now(), done: map[string]int64{}, unknown: map[string]int64{}, history: map[string][]porcupine.Operation{}}
	const sessions, each = 4, 60
	var group sync.WaitGroup
	for id := range sessions {
		session, err := client.Open(client.SessionConfig{Proposers: addresses, Patience: 100 * time.Millisecond})
		require.NoError(t, err)
		defer session.Close()
		group.Go(func() { c.count(t, session, id, each) })
	}
	victims := []string{"p1", "a2", "p2", "p1"}
	for i, victim := range victims {
		for c.asked.Load() < int64(sessions*each*(i+1)/(len(victims)+1)) {
			time.Sleep(time.Millisecond)
		}
		s.kill(victim)
		s.start(victim)
	}
	group.Wait()

	last, err := client.Open(client.SessionConfig{Proposers: map[string]string{"p1": s.addresses["p1"], "p2": s.addresses["p2"]}})
	require.NoError(t, err)
	defer last.Close()
	total := int64(0)
	for key, done := range c.done {
		e, err := last.Read(t.Context(), key)
		require.NoError(t, err)
		sum, err := strconv.ParseInt(string(e.Value), 10, 64)
		require.NoError(t, err)
		require.GreaterOrEqual(t, sum, done, key)
		require.LessOrEqual(t, sum, done+c.unknown[key], key)
		total += done
		if c.unknown[key] == 0 {
			require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(incremented, c.history[key], time.Minute), key)
		}
	}
	t.Logf("%d of %d done, %d of them found by Resolve, %v unknown; %d and %d connections lost",
		total, sessions*each, c.found.Load(), c.unknown, proxies["p1"].lost.Load(), proxies["p2"].lost.Load())
	require.NotZero(t, total)
	require.NotZero(t, proxies["p1"].lost.Load()+proxies["p2"].lost.Load())
	s.replays()
}

// replays ends all nodes and has their traces replayed on the specification, by the command that it gives.
func (s *service) replays() (replay []string) {
	s.t.Helper()
	replay = []string{"replay", "-spec", "../../spec/register/Register.tla"}
	for name := range s.processes {
		s.stop(name)
		replay = append(replay, s.trace(name))
	}
	code, stdout, stderr := invoke(replay...)
	require.Zero(s.t, code, "what they did is what the specification says\n%s%s", stdout, stderr)
	return replay
}
