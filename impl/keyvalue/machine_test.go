// A replicated machine: what clients see of it, and that it is a function of its commands.

package keyvalue

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"synod/impl/lock"
	"synod/impl/paxos"
	"synod/impl/resp"
)

// replicated implements Log: two machines that are told the same commands must answer the same, also when one of them
// begins again with the other's snapshot now and then.
type replicated struct {
	t       testing.TB
	mu      sync.Mutex
	one     locked
	other   locked
	outcome paxos.Outcome // of what is asked; 0 is Satisfied
	reads   int           // that needed no place in the log
	applied int
	hold    bool
	held    []func()
}

// locked is the machine of replicas that are served: locks before keys.
type locked struct {
	*lock.Machine
	keys *Machine
}

func newLocked() locked {
	keys := NewMachine()
	return locked{lock.New(keys), keys}
}

func newReplicated(t testing.TB) *replicated {
	return &replicated{t: t, one: newLocked(), other: newLocked()}
}

func (l *replicated) Do(command string, harmless bool, done func(string, paxos.Outcome)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hold {
		l.held = append(l.held, func() { l.Do(command, harmless, done) })
		return
	}
	if l.outcome != 0 {
		go done("", l.outcome)
		return
	}
	if harmless {
		if result, ok := l.one.Read(command); ok {
			l.reads++
			go done(result, paxos.Satisfied)
			return
		}
	}
	l.applied++
	if l.applied%7 == 0 {
		require.NoError(l.t, l.other.Restore(l.one.Snapshot()))
	}
	result := l.one.Apply(command)
	require.Equal(l.t, result, l.other.Apply(command))
	require.Equal(l.t, l.one.Snapshot(), l.other.Snapshot())
	go done(result, paxos.Satisfied)
}

// release lets what is held happen, and holds nothing any more.
func (l *replicated) release(n int) {
	for {
		l.mu.Lock()
		held := l.held
		if len(held) >= n {
			l.hold, l.held = false, nil
		}
		l.mu.Unlock()
		if len(held) >= n {
			for _, f := range held {
				f()
			}
			return
		}
	}
}

func newLogged(t testing.TB) (*server, *replicated) {
	l := newReplicated(t)
	return newServer(t, func(c *Config) { c.Log, c.Registers, c.Keys = l, nil, nil }), l
}

// A read that finds a key expired by its own clock has everybody know: it takes a place in the log.
func TestAMachinesTimeGoesForward(t *testing.T) {
	s, l := newLogged(t)
	c := s.client(t)
	require.Equal(t, "OK", do(t, c, "SET k v PX 1000"))
	require.Equal(t, `"v"`, do(t, c, "GET k"))
	require.Equal(t, 1, l.applied)
	s.now.Add(1001)
	require.Equal(t, "(nil)", do(t, c, "GET k"))
	require.Equal(t, 2, l.applied)
	s.now.Add(-1000)
	require.Equal(t, "(nil)", do(t, c, "GET k"), "for a clock that is behind, too")
	require.Equal(t, 2, l.applied)
	s.now.Add(2000)
	for _, words := range []string{"DBSIZE", "EXISTS k", "WATCH k", "SCAN 0"} {
		s.now.Add(10)
		require.Equal(t, "OK", do(t, c, "SET k v PX 1"))
		s.now.Add(2)
		before := l.applied
		do(t, c, words)
		require.Equal(t, before+1, l.applied, words)
	}
}

func TestRegistersKnowNoTransactions(t *testing.T) {
	c := newServer(t).client(t)
	require.Equal(t, "(error) ERR unknown command 'MULTI', with args beginning with: ", do(t, c, "MULTI"))
}

// Requests that were sent without waiting keep their order, and share commands.
func TestRequestsThatWaitShareACommand(t *testing.T) {
	s, l := newLogged(t)
	c := s.client(t)
	l.hold = true
	for i := range 20 {
		require.NoError(t, c.Send("APPEND", "k", fmt.Sprint(i%10)))
	}
	require.NoError(t, c.Send("GET", "k"))
	require.NoError(t, c.Flush())
	l.release(1)
	for i := range 20 {
		r, err := c.Receive()
		require.NoError(t, err)
		require.Equal(t, int64(i+1), r.Integer)
	}
	r, err := c.Receive()
	require.NoError(t, err)
	require.Equal(t, `"01234567890123456789"`, r.String())
	require.Less(t, l.applied, 20)
}

func TestOutcomesOfTheLogAreTold(t *testing.T) {
	s, l := newLogged(t)
	c := s.client(t)
	require.Equal(t, "OK", do(t, c, "SET k v"))
	l.outcome = paxos.Unknown
	require.Contains(t, do(t, c, "SET k w"), "(error) UNKNOWN")
	require.Contains(t, do(t, c, "GET k"), "(error) TRYAGAIN", "a read changes nothing")
	require.Contains(t, do(t, c, "WATCH k"), "(error) TRYAGAIN")
	require.Contains(t, do(t, c, "SCAN 0"), "(error) TRYAGAIN")
	for _, words := range []string{"MULTI", "GET k", "SET k w"} {
		do(t, c, words)
	}
	require.Contains(t, do(t, c, "EXEC"), "(error) UNKNOWN")
	for _, words := range []string{"MULTI", "GET k"} {
		do(t, c, words)
	}
	require.Contains(t, do(t, c, "EXEC"), "(error) TRYAGAIN")
	l.outcome = paxos.Rejected
	require.Contains(t, do(t, c, "SET k w"), "(error) TRYAGAIN")
}

// WATCH sees a key that was deleted and written again as it was, and one that has expired.
func TestAWatchedKeyMustNotChange(t *testing.T) {
	for _, change := range []string{"SET k v", "DEL k", "EXPIRE k 5", "GETDEL k", "wait"} {
		s, _ := newLogged(t)
		c, other := s.client(t), s.client(t)
		require.Equal(t, "OK", do(t, c, "SET k v PX 1000"))
		require.Equal(t, "OK", do(t, c, "WATCH k"))
		if change == "wait" {
			s.now.Add(2000)
		} else {
			do(t, other, change)
		}
		do(t, c, "MULTI")
		do(t, c, "SET k mine")
		require.Equal(t, "(nil)", do(t, c, "EXEC"), change)
		do(t, c, "MULTI")
		do(t, c, "SET k mine")
		require.Equal(t, "[OK]", do(t, c, "EXEC"), "it is watched no more")
	}
	s, _ := newLogged(t)
	c := s.client(t)
	do(t, c, "SET k v")
	do(t, c, "WATCH k")
	for _, words := range []string{"GET k", "SET k w NX", "DEL other", "PERSIST k", "TTL k"} {
		do(t, c, words)
	}
	do(t, c, "MULTI")
	require.Equal(t, "[]", do(t, c, "EXEC"), "what changes nothing is no change")
}

func TestATransactionIsBounded(t *testing.T) {
	s, _ := newLogged(t)
	c := s.client(t)
	do(t, c, "MULTI")
	value := strings.Repeat("x", 600<<10)
	require.Equal(t, "QUEUED", do(t, c, "SET k "+value))
	require.Contains(t, do(t, c, "SET l "+value), "more than")
	require.Contains(t, do(t, c, "EXEC"), "EXECABORT")
	require.Contains(t, do(t, c, "WATCH"+strings.Repeat(" k", transactionKeys+1)), "at most")
}

// Whatever bytes stand in the log, all replicas answer the same and none panics; what is damaged is refused.
func TestAnyBytesAreACommand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := unit{now: rapid.Int64().Draw(t, "now")}
		word := rapid.SampledFrom([]string{"SET", "get", "MGET", "EXPIRE", "MULTI", "SCAN", listKeys, tellVersions, "", "k", "7", "PX", "-1"})
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			var args [][]byte
			for _, w := range rapid.SliceOfN(word, 1, 4).Draw(t, "words") {
				args = append(args, []byte(w))
			}
			u.items = append(u.items, item{transaction: rapid.Bool().Draw(t, "transaction"), requests: [][][]byte{args}})
		}
		text := u.append(nil)
		if len(text) > 0 && rapid.Bool().Draw(t, "damaged") {
			text[rapid.IntRange(0, len(text)-1).Draw(t, "place")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		}
		one, other := NewMachine(), NewMachine()
		require.Equal(t, one.Apply(string(text)), other.Apply(string(text)))
		require.NoError(t, other.Restore(one.Snapshot()))
		one.Read(string(text))
		if s := one.Snapshot(); len(s) > 1 {
			require.Error(t, other.Restore(s[:len(s)-1]))
		}
	})
}

// What a machine answers comes back as it was.
func TestRepliesSurviveTheLog(t *testing.T) {
	for _, r := range []resp.Reply{
		resp.OK, resp.Error("ERR x"), resp.Integer(-5), resp.Bulk([]byte("\x00")), resp.Null(), resp.Array(resp.Array(), resp.Integer(1)),
	} {
		text := string(appendReply(nil, &r))
		d := unitReader{rest: text}
		require.Equal(t, r.String(), d.reply(replyDepth).String())
		require.False(t, d.failed)
		d = unitReader{rest: text[:len(text)-1]}
		d.reply(replyDepth)
		require.True(t, d.failed)
	}
}
