// Keys in shards: what their clients are answered, also while shards move.

package keyvalue

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/groups"
	"synod/impl/lock"
	"synod/impl/paxos"
	"synod/impl/resp"
	"synod/impl/shard"
)

// sharing is a group of which all replicas are here: two machines, which must come to the same.
type sharing struct {
	t          testing.TB
	mu         sync.Mutex
	one, other *lock.Clocked
	random     *rand.Rand // now and then an answer is lost; nil loses none
	applied    int
}

func newSharing(t testing.TB, lossy bool) (names []string, all map[string]groups.Group) {
	names, all = []string{"g1", "g2"}, map[string]groups.Group{}
	for i, name := range names {
		g := &sharing{t: t}
		g.one, _ = Sharing(name, names[0])
		g.other, _ = Sharing(name, names[0])
		if lossy {
			g.random = rand.New(rand.NewPCG(5, uint64(i)))
		}
		all[name] = g
	}
	return names, all
}

func (g *sharing) Do(command string, harmless bool, done func(string, paxos.Outcome)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	lost := 1.0
	if g.random != nil {
		lost = g.random.Float64()
	}
	if lost < 0.1 {
		go done("", paxos.Rejected)
		return
	}
	result, ok := "", false
	if harmless {
		result, ok = g.one.Read(command)
	}
	if !ok {
		if g.applied++; g.applied%50 == 0 {
			require.NoError(g.t, g.other.Restore(g.one.Snapshot()))
		}
		result = g.one.Apply(command)
		require.Equal(g.t, result, g.other.Apply(command))
	}
	if lost < 0.3 {
		go done("", paxos.Unknown)
		return
	}
	go done(result, paxos.Satisfied)
}

const shardsPath = "testdata/shards.txt"

func TestCommandsOfShards(t *testing.T) {
	given(t, shardsPath, func(c *Config) {
		names, all := newSharing(t, false)
		c.Now, c.Log, c.Registers, c.Keys = nil, NewSharded(names, all), nil, nil
	})
}

func TestAScanGoesOverAllShards(t *testing.T) {
	s := newServer(t, func(c *Config) {
		names, all := newSharing(t, false)
		c.Log, c.Registers, c.Keys = NewSharded(names, all), nil, nil
	})
	c := s.client(t)
	for i := range 50 {
		require.Equal(t, "OK", do(t, c, "SET k"+strconv.Itoa(i)+" v"))
	}
	found := map[string]bool{}
	cursor := "0"
	for {
		r, err := c.Do("SCAN", cursor, "COUNT", "7")
		require.NoError(t, err)
		require.LessOrEqual(t, len(r.List[1].List), 7)
		for _, key := range r.List[1].List {
			require.False(t, found[string(key.Bulk)])
			found[string(key.Bulk)] = true
		}
		if cursor = string(r.List[0].Bulk); cursor == "0" {
			break
		}
	}
	require.Len(t, found, 50)
}

// Requests that a connection sends without waiting take effect in their order in each shard, and their replies come in
// their order over all.
func TestAPipelineGoesToManyShards(t *testing.T) {
	s := newServer(t, func(c *Config) {
		names, all := newSharing(t, false)
		c.Log, c.Registers, c.Keys = NewSharded(names, all), nil, nil
	})
	c := s.client(t)
	for i := range 300 {
		require.NoError(t, c.Send("INCR", "k"+strconv.Itoa(i%3)))
	}
	require.NoError(t, c.Flush())
	for i := range 300 {
		r, err := c.Receive()
		require.NoError(t, err)
		require.Equal(t, resp.Integer(int64(i/3+1)), r)
	}
}

// A session's changes take effect once while answers are lost and shards move to and fro.
func TestASessionsChangesTakeEffectOnce(t *testing.T) {
	names, all := newSharing(t, true)
	client := groups.New(all, names[0])
	stop := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		o := &groups.Operator{Client: groups.New(all, names[0])}
		require.NoError(t, o.Split(t.Context(), shard.Of("n")))
		for i := 0; ; i++ {
			require.NoError(t, o.Move(t.Context(), shard.Of("n"), names[(i+1)%2]))
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	var clients sync.WaitGroup
	for range 3 {
		clients.Go(func() {
			s := client.Session()
			last := int64(0)
			for range 30 {
				r, err := Ask(t.Context(), s, "INCR", "n")
				require.NoError(t, err)
				require.Greater(t, r.Integer, last)
				last = r.Integer
			}
		})
	}
	clients.Wait()
	close(stop)
	group.Wait()
	r, err := Ask(t.Context(), client.Session(), "GET", "n")
	require.NoError(t, err)
	require.Equal(t, "90", string(r.Bulk))
	for _, words := range [][]string{{}, {"LOCK", "HOLDER", "l"}, {"GET"}} {
		_, err = Ask(t.Context(), client.Session(), words...)
		require.Error(t, err)
	}
}
