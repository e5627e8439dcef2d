// The closed loop on a store in memory: all is counted, and failures are told.

package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// memory is a store whose every third Put fails if it is told to.
type memory struct {
	mu     sync.Mutex
	values map[string][]byte
	puts   int
	flaky  bool
}

func (m *memory) Put(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.puts++; m.flaky && m.puts%3 == 0 {
		return errors.New("not now")
	}
	m.values[key] = bytes.Clone(value)
	return nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
}

func run(t *testing.T, m *memory, o Options) *Result {
	var out bytes.Buffer
	o.Addresses = []string{"memory"}
	connect := func(context.Context, int) (Store, error) { return m, nil }
	require.NoError(t, Print(context.Background(), &o, &out, connect))
	r := new(Result)
	require.NoError(t, json.Unmarshal(out.Bytes(), r))
	return r
}

func TestFillPutsEveryKeyOnce(t *testing.T) {
	m := &memory{values: map[string][]byte{}, flaky: true}
	r := run(t, m, Options{Kind: Fill, Clients: 3, Keys: 10, Value: 8, For: time.Second})
	require.Len(t, m.values, 10)
	require.Equal(t, 10, r.Total)
	require.Equal(t, m.puts-10, r.Errors, "what failed was put again")
}

func TestLoadsAreCounted(t *testing.T) {
	for _, kind := range []string{Put, Get, Hot} {
		m := &memory{values: map[string][]byte{}, flaky: kind != Get}
		run(t, m, Options{Kind: Fill, Clients: 1, Keys: 5, Value: 8, For: time.Second})
		before := m.puts
		r := run(t, m, Options{Kind: kind, Clients: 4, Keys: 5, Value: 8, Warm: 20 * time.Millisecond, For: 50 * time.Millisecond})
		require.Positive(t, r.Ops)
		require.LessOrEqual(t, r.Ops, r.Total)
		require.LessOrEqual(t, r.Median, r.Slow)
		if kind == Get {
			require.Zero(t, r.Errors)
			require.Equal(t, before, m.puts)
		} else {
			require.Equal(t, m.puts-before, r.Total+r.Errors)
			require.Equal(t, "not now", r.Error)
		}
	}
}

func TestAValueThatIsMissingIsAnError(t *testing.T) {
	r := run(t, &memory{}, Options{Kind: Get, Clients: 1, Keys: 5, Value: 8, For: 10 * time.Millisecond})
	require.Zero(t, r.Ops)
	require.Contains(t, r.Error, "does not exist")
}

func TestLoadsThatAreNone(t *testing.T) {
	good := Options{Addresses: []string{"x"}, Kind: Put, Clients: 1, Keys: 1, Value: 8, For: 1}
	require.NoError(t, good.validate())
	for _, spoil := range []func(*Options){
		func(o *Options) { o.Kind = "push" },
		func(o *Options) { o.Clients = 0 },
		func(o *Options) { o.Keys = 0 },
		func(o *Options) { o.Value = 7 },
		func(o *Options) { o.For = 0 },
		func(o *Options) { o.Addresses = nil },
	} {
		bad := good
		spoil(&bad)
		_, err := Run(context.Background(), &bad, nil)
		require.Error(t, err)
	}
}
