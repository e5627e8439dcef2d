// Groups in this process: requests find their shards, operators may stop anywhere, and what the groups do is traced.

package groups

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/resp"
	"synod/impl/shard"
)

// tally is what a shard holds: how many requests it has performed, which is the answer.
type tally struct{ n int }

func (t *tally) Apply(string) string {
	t.n++
	return strconv.Itoa(t.n)
}

func (t *tally) Snapshot() string { return strconv.Itoa(t.n) }

func (t *tally) Restore(text string) (err error) {
	t.n, err = strconv.Atoi(text)
	return err
}

// local is a group of one replica that never fails.
type local struct {
	mu    sync.Mutex
	m     *shard.Machine
	asked func() // hears of each command; nil is nobody
}

func (g *local) Do(command string, _ bool, done func(string, paxos.Outcome)) {
	g.mu.Lock()
	result, asked := g.m.Apply(command), g.asked
	g.mu.Unlock()
	if asked != nil {
		asked()
	}
	go done(result, paxos.Satisfied)
}

var names = []string{"g1", "g2", "g3"}

func newLocal() (machines map[string]*local, all map[string]Group) {
	machines, all = map[string]*local{}, map[string]Group{}
	for _, name := range names {
		g := &local{m: shard.New(name, names[0], shard.Names(), func() shard.Content { return &tally{} })}
		machines[name], all[name] = g, g
	}
	return machines, all
}

// settled reports that nothing is on its way, and that each shard is served by one group alone: the wanted one.
func settled(t *testing.T, machines map[string]*local) {
	t.Helper()
	r, err := shard.ParseResult(machines[names[0]].m.Apply(shard.Command{Kind: shard.Chart}.String()))
	require.NoError(t, err)
	m, err := shard.ParseMap(r.Body)
	require.NoError(t, err)
	for _, part := range m.Ranges() {
		require.Zero(t, part.Away())
		for _, e := range part.Shards {
			for _, name := range names {
				status, _ := machines[name].m.Status(e.Shard)
				want := shard.Away
				if name == part.Wanted {
					want = shard.Serving
				}
				require.Equal(t, want, status, "%s in %s", e.Shard, name)
			}
		}
	}
}

// Wherever an operator stops, another one goes on, also one that wants the range elsewhere.
func TestAnOperatorGoesOnWhereAnotherStopped(t *testing.T) {
	for stop := range 45 {
		machines, all := newLocal()
		ctx := t.Context()
		o := &Operator{Client: New(all, "g1")}
		require.NoError(t, o.Split(ctx, "250"))
		s := o.Client.Session()
		answer, err := s.Do(ctx, "251", "")
		require.NoError(t, err)
		require.Equal(t, "1", answer)
		dying, cancel := context.WithCancel(ctx)
		var asked atomic.Int64
		for _, g := range machines {
			g.asked = func() {
				if asked.Add(1) > int64(stop) {
					cancel()
				}
			}
		}
		err = (&Operator{Client: New(all, "g1")}).Move(dying, "250", "g2")
		cancel()
		if asked.Load() <= int64(stop) {
			require.NoError(t, err)
		}
		for _, g := range machines {
			g.mu.Lock()
			g.asked = nil
			g.mu.Unlock()
		}
		if stop%2 == 0 {
			require.NoError(t, o.Carry(ctx))
		} else {
			require.NoError(t, o.Move(ctx, "250", []string{"g3", "g1"}[stop/2%2]))
		}
		settled(t, machines)
		answer, err = s.Do(ctx, "251", "")
		require.NoError(t, err)
		require.Equal(t, "2", answer)
	}
}

func TestAnOperatorRefusesWhatIsNotThere(t *testing.T) {
	_, all := newLocal()
	o := &Operator{Client: New(all, "g1")}
	require.ErrorContains(t, o.Move(t.Context(), "0", "g9"), `no group "g9"`)
	require.ErrorContains(t, o.Move(t.Context(), "7", "g2"), "no range begins with 7")
	require.ErrorContains(t, o.Split(t.Context(), "256"), "no shard")
	require.NoError(t, o.Split(t.Context(), "7"))
	require.NoError(t, o.Split(t.Context(), "7"), "whoever did not hear the answer asks again")
	require.ErrorContains(t, o.Merge(t.Context(), "0"), "no range before 0")
	require.NoError(t, o.Move(t.Context(), "7", "g2"))
	require.ErrorContains(t, o.Merge(t.Context(), "7"), "to be at g2, and the one before it at g1")
	_, err := o.Client.Session().Do(t.Context(), "256", "")
	require.ErrorIs(t, err, ErrRejected)
}

func TestRangesAreMerged(t *testing.T) {
	machines, all := newLocal()
	o := &Operator{Client: New(all, "g1")}
	for _, first := range []string{"7", "9"} {
		require.NoError(t, o.Split(t.Context(), first))
	}
	require.NoError(t, o.Move(t.Context(), "7", "g2"))
	require.NoError(t, o.Move(t.Context(), "7", "g1"))
	for range 2 { // whoever did not hear the answer asks again
		require.NoError(t, o.Merge(t.Context(), "7"))
	}
	m, err := o.Map(t.Context())
	require.NoError(t, err)
	ranges := m.Ranges()
	require.Len(t, ranges, 2)
	require.Equal(t, "9", ranges[1].First())
	require.NoError(t, o.Merge(t.Context(), "9"))
	require.NoError(t, o.Move(t.Context(), "0", "g3"))
	settled(t, machines)
}

// A remote group is asked in Redis's words. What is not known to be served is Unknown, all other errors are not.
func TestARemoteGroup(t *testing.T) {
	_, all := newLocal()
	var fail error
	ask := func(_ context.Context, harmless bool, words ...string) (resp.Reply, error) {
		switch {
		case fail != nil:
			return resp.Reply{}, fail
		case words[1] == "GROUPS":
			return resp.Texts(names...), nil
		case words[1] == "CARRY":
			err := (&Operator{Client: New(all, "g1")}).Make(t.Context(), &shard.Mover{Shard: words[2], To: words[3], From: words[4]})
			return resp.OK, err
		}
		answers := make(chan string, 1)
		all[words[2]].Do(words[3], harmless, func(result string, _ paxos.Outcome) { answers <- result })
		return resp.Text(<-answers), nil
	}
	c, err := Dial(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, names, c.Groups())
	require.NoError(t, (&Operator{Client: c, Ask: ask}).Move(t.Context(), "0", "g3"))
	answer, err := c.Session().Do(t.Context(), "17", "")
	require.NoError(t, err)
	require.Equal(t, "1", answer)
	for _, x := range []struct {
		err  error
		want paxos.Outcome
	}{{errors.New("refused"), paxos.Rejected}, {ErrUnknown, paxos.Unknown}} {
		fail = x.err
		outcomes := make(chan paxos.Outcome, 1)
		Remote("g1", ask).Do("", false, func(_ string, o paxos.Outcome) { outcomes <- o })
		require.Equal(t, x.want, <-outcomes)
	}
	_, err = Dial(t.Context(), ask)
	require.Error(t, err)
}
