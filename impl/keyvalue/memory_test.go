// Registers in memory, for the tests of this package: they answer at once, later, or as a test wants.

package keyvalue

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/resp"
)

// memory implements register.Registers and Lister.
type memory struct {
	mu      sync.Mutex
	entries map[string]register.Entry
	outcome paxos.Outcome // of what is asked; 0 is Satisfied

	proposed []paxos.Ballot // what an unknown change was proposed under
	fate     paxos.Outcome  // what Resolve tells
	failure  error

	// With hold, what is asked waits in held until step is called. Reads have places of their own there: as in a
	// cluster they may overtake changes.
	hold bool
	held []func()
}

func newMemory() *memory { return &memory{entries: map[string]register.Entry{}} }

func (m *memory) Change(key string, f register.Function, done register.Done) {
	m.do(func() {
		m.mu.Lock()
		outcome := m.outcome
		var before, after register.Entry
		if outcome == paxos.Undecided {
			outcome = paxos.Satisfied
			before = m.entries[key]
			f(before) // as in a round that fails
			after = f(before)
			m.entries[key] = after
		}
		m.mu.Unlock()
		done(before, after, register.End{Outcome: outcome, Proposed: m.proposed})
	})
}

func (m *memory) Get(key string, done register.Done) {
	m.do(func() {
		m.mu.Lock()
		outcome, e := m.outcome, m.entries[key]
		m.mu.Unlock()
		if outcome == paxos.Undecided {
			outcome = paxos.Satisfied
		}
		done(e, e, register.End{Outcome: outcome})
	})
}

func (m *memory) Resolve(_ string, proposed []paxos.Ballot, done func(paxos.Outcome, error)) {
	m.mu.Lock()
	m.proposed = proposed
	fate, err := m.fate, m.failure
	m.mu.Unlock()
	done(fate, err)
}

func (m *memory) do(f func()) {
	m.mu.Lock()
	if m.hold {
		m.held = append(m.held, f)
		f = func() {}
	}
	m.mu.Unlock()
	f()
}

// take cuts what is held at i out, as soon as there is so much.
func (m *memory) take(i int) func() {
	for {
		m.mu.Lock()
		if len(m.held) > i {
			f := m.held[i]
			m.held = slices.Delete(m.held, i, i+1)
			m.mu.Unlock()
			return f
		}
		m.mu.Unlock()
	}
}

func (m *memory) Keys(after string, limit int, done func([]string, bool, error)) {
	m.mu.Lock()
	keys := slices.Sorted(maps.Keys(m.entries)) // those that were deleted, too
	m.mu.Unlock()
	i, found := slices.BinarySearch(keys, after)
	if found {
		i++
	}
	keys = keys[i:]
	more := len(keys) > limit
	done(keys[:min(limit, len(keys))], more, nil)
}

// server is a handler that serves on loopback, over memory and with a clock of its own.
type server struct {
	*memory
	now     atomic.Int64
	handler *Handler
	front   *resp.Server
}

func newServer(t testing.TB, configure ...func(*Config)) *server {
	s := &server{memory: newMemory()}
	s.now.Store(1_800_000_000_000)
	cfg := Config{Registers: s.memory, Keys: s.memory, Node: "p1", Version: "test", Now: s.now.Load}
	for _, f := range configure {
		f(&cfg)
	}
	s.handler = New(cfg)
	l, err := resp.Listen("127.0.0.1:0", false)
	require.NoError(t, err)
	s.front = resp.New(l, resp.Config{Handler: s.handler})
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s.front.Stop(ctx)
	})
	return s
}

func (s *server) client(t testing.TB) *resp.Client {
	c, err := resp.Dial(t.Context(), s.front.Addr().String(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

// do asks one request, words divided by spaces, and gives the reply as redis-cli shows it.
func do(t testing.TB, c *resp.Client, words string) string {
	t.Helper()
	r, err := c.Do(strings.Fields(words)...)
	require.NoError(t, err)
	return r.String()
}
