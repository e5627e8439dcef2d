// What the table of replies cannot show: time, order, outcomes, scans, and who may ask.

package keyvalue

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/resp"
)

func TestExpiryIsDecidedByTheTimeOfTheRequest(t *testing.T) {
	s := newServer(t)
	c := s.client(t)
	require.Equal(t, "OK", do(t, c, "SET k v PX 1000"))
	s.now.Add(400)
	require.Equal(t, "(integer) 600", do(t, c, "PTTL k"))
	require.Equal(t, "(integer) 1", do(t, c, "TTL k"), "seconds are rounded")
	s.now.Add(600)
	require.Equal(t, `"v"`, do(t, c, "GET k"), "it lives up to that time")
	s.now.Add(1)
	require.Contains(t, s.entries, "k")
	require.True(t, s.entries["k"].Exists, "nobody has seen yet that it expired")
	require.Equal(t, "(nil)", do(t, c, "GET k"))
	require.False(t, s.entries["k"].Exists)
	s.now.Add(-500)
	require.Equal(t, "(nil)", do(t, c, "GET k"), "what was seen to have expired is gone for a clock that is behind, too")
}

// Every command takes a key that has expired for one that does not exist.
func TestAnExpiredKeyDoesNotExist(t *testing.T) {
	for words, want := range map[string]string{
		"GET k": "(nil)", "EXISTS k": "(integer) 0", "STRLEN k": "(integer) 0", "TYPE k": "none", "TTL k": "(integer) -2",
		"PTTL k": "(integer) -2", "MGET k": "[(nil)]", "DEL k": "(integer) 0", "SET k w XX": "(nil)", "SET k w NX": "OK",
		"SET k w GET": "(nil)", "SET k w IFEQ 7": "(nil)", "SETNX k w": "(integer) 1", "GETSET k w": "(nil)",
		"GETDEL k": "(nil)", "APPEND k xy": "(integer) 2", "INCR k": "(integer) 1", "DECRBY k 3": "(integer) -3",
		"PERSIST k": "(integer) 0", "EXPIRE k 10": "(integer) 0", "SET k w KEEPTTL": "OK", "DBSIZE": "(integer) 0",
	} {
		s := newServer(t)
		c := s.client(t)
		require.Equal(t, "OK", do(t, c, "SET k 7 PX 10"))
		s.now.Add(11)
		require.Equal(t, want, do(t, c, words), words)
		require.Zero(t, s.entries["k"].Expires, "%s: the old time does not stay", words)
	}
}

// Requests of one connection on one key take effect in their order, although reads and changes may overtake each other
// below.
func TestRequestsOnOneKeyKeepTheirOrder(t *testing.T) {
	s := newServer(t)
	s.hold = true
	c := s.client(t)
	for _, words := range []string{"GET k", "SET k 1", "GET k", "INCR k", "GET other", "GET k"} {
		require.NoError(t, c.Send(strings.Fields(words)...))
	}
	require.NoError(t, c.Flush())
	// At first only the reads of both keys are asked. The change of k waits for its read, and all others for that.
	read := s.take(0)
	s.take(0)() // other
	require.Empty(t, s.held)
	read()
	for range 4 {
		s.take(0)()
	}
	for _, want := range []string{"(nil)", "OK", `"1"`, "(integer) 2", "(nil)", `"2"`} {
		r, err := c.Receive()
		require.NoError(t, err)
		require.Equal(t, want, r.String())
	}
	require.Empty(t, s.held)
}

// A read behind a change is asked as a change, because those keep their order: here a read would see the old value.
func TestAReadDoesNotOvertakeAChange(t *testing.T) {
	s := newServer(t)
	s.hold = true
	c := s.client(t)
	require.NoError(t, c.Send("SET", "k", "1"))
	require.NoError(t, c.Send("GET", "k"))
	require.NoError(t, c.Flush())
	first := s.take(0)
	second := s.take(0) // both are under way
	first()
	second()
	for _, want := range []string{"OK", `"1"`} {
		r, err := c.Receive()
		require.NoError(t, err)
		require.Equal(t, want, r.String())
	}
}

func TestOutcomes(t *testing.T) {
	s := newServer(t)
	c := s.client(t)
	cases := []struct {
		outcome     paxos.Outcome
		words, want string
	}{
		{paxos.Rejected, "SET k v", replyTryAgain.Text},
		{paxos.Rejected, "GET k", replyTryAgain.Text},
		{paxos.Rejected, "MGET k l", replyTryAgain.Text},
		{paxos.Rejected, "MSET k 1 l 2", replyTryAgain.Text},
		{paxos.Rejected, "DBSIZE", replyTryAgain.Text},
		{paxos.Unknown, "SET k v", replyUnknown.Text},
		{paxos.Unknown, "INCR k", replyUnknown.Text},
		{paxos.Unknown, "GET k", replyTryAgain.Text},
		{paxos.Unknown, "EXISTS k", replyTryAgain.Text},
		{paxos.Unknown, "DEL k l", partly},
	}
	s.entries["k"] = register.Entry{Exists: true}
	for _, x := range cases {
		s.outcome = x.outcome
		require.Equal(t, "(error) "+x.want, do(t, c, x.words), "%v %s", x.outcome, x.words)
	}
}

// When some keys of a request were changed and one was not, TRYAGAIN would be a lie.
func TestARequestThatIsHalfDoneIsUnknown(t *testing.T) {
	s := newServer(t)
	s.hold = true
	c := s.client(t)
	require.NoError(t, c.Send("MSET", "a", "1", "b", "2"))
	require.NoError(t, c.Flush())
	s.take(0)()
	s.mu.Lock()
	s.outcome = paxos.Rejected
	s.mu.Unlock()
	s.take(0)()
	r, err := c.Receive()
	require.NoError(t, err)
	require.Equal(t, partly, r.Text)
	require.Contains(t, s.entries, "a")
	require.NotContains(t, s.entries, "b")
}

func TestScanFindsEveryKeyOnce(t *testing.T) {
	s := newServer(t)
	c := s.client(t)
	var want []string
	for i := range 250 {
		key := fmt.Sprintf("key%03d", i)
		do(t, c, "SET "+key+" v")
		want = append(want, key)
	}
	do(t, c, "DEL key000 key100 key249") // their registers stay
	want = slices.DeleteFunc(want, func(k string) bool { return k == "key000" || k == "key100" || k == "key249" })
	require.Equal(t, "(integer) 247", do(t, c, "DBSIZE"))
	scan := func(options string) (found []string) {
		for cursor := "0"; ; {
			r, err := c.Do(strings.Fields("SCAN " + cursor + " " + options)...)
			require.NoError(t, err)
			require.False(t, r.IsError(), r.Text)
			for _, key := range r.List[1].List {
				found = append(found, string(key.Bulk))
			}
			cursor = string(r.List[0].Bulk)
			if cursor == "0" {
				return found
			}
			_, err = strconv.ParseUint(cursor, 10, 64)
			require.NoError(t, err, "clients take cursors for numbers")
		}
	}
	require.Equal(t, want, scan(""))
	require.Equal(t, want, scan("COUNT 1"))
	require.Equal(t, want, scan("COUNT 1000000"))
	require.Len(t, scan("MATCH key1?[0-4]"), 49)
	require.Empty(t, scan("TYPE hash"))
}

func TestCursorsAreBounded(t *testing.T) {
	var cs cursors
	first := cs.add("k")
	require.Equal(t, first, cs.add("k"))
	n, ok := parseCursor([]byte(first))
	require.True(t, ok)
	key, ok := cs.find(n)
	require.True(t, ok)
	require.Equal(t, "k", key)
	for i := range maxCursors {
		cs.add(strconv.Itoa(i))
	}
	_, ok = cs.find(n)
	require.False(t, ok)
	require.Len(t, cs.keys, maxCursors)
}

func TestOneReplyIsBounded(t *testing.T) {
	s := newServer(t)
	s.entries["k"] = register.Entry{Exists: true, Value: make([]byte, MaxValue)}
	c := s.client(t)
	require.Equal(t, "(error) "+replyTooLong.Text, do(t, c, "MGET k k k k k"))
	require.NotContains(t, do(t, c, "MGET k k"), "error")
	require.Contains(t, do(t, c, "APPEND k x"), "exceeds maximum allowed size")
}

func TestWhoMayAsk(t *testing.T) {
	s := newServer(t, func(c *Config) { c.Password = "secret" })
	c := s.client(t)
	require.Equal(t, "(error) NOAUTH Authentication required.", do(t, c, "GET k"))
	require.Equal(t, "(error) NOAUTH Authentication required.", do(t, c, "PING"))
	require.Contains(t, do(t, c, "HELLO 3"), "NOAUTH HELLO must be called")
	require.Contains(t, do(t, c, "AUTH wrong"), "WRONGPASS")
	require.Contains(t, do(t, c, "AUTH nobody secret"), "WRONGPASS")
	require.Contains(t, do(t, c, "HELLO 3 AUTH default wrong"), "WRONGPASS")
	require.Equal(t, "(error) NOAUTH Authentication required.", do(t, c, "GET k"))
	require.Equal(t, "OK", do(t, c, "AUTH secret"))
	require.Equal(t, "(nil)", do(t, c, "GET k"))
	other := s.client(t)
	require.Contains(t, do(t, other, "HELLO 3 AUTH default secret SETNAME me"), `"proto" (integer) 3`)
	require.Equal(t, `"me"`, do(t, other, "CLIENT GETNAME"))
	r, err := other.Do("CONFIG", "GET", "databases")
	require.NoError(t, err)
	require.Equal(t, resp.Map(resp.Text("databases"), resp.Text("1")), r)
	require.Contains(t, do(t, other, "CLIENT INFO"), "name=me")
	require.Equal(t, "OK", do(t, other, "QUIT"))
}

// Without a password a closed server lets nobody in but by a certificate.
func TestAClosedServerHasNoEmptyPassword(t *testing.T) {
	s := newServer(t, func(c *Config) {
		c.Closed = true
		c.Trust = func(*x509.Certificate) bool { return true }
	})
	c := s.client(t)
	require.Contains(t, do(t, c, "GET k"), "NOAUTH")
	require.Contains(t, do(t, c, "AUTH default x"), "WRONGPASS")
	r, err := c.Do("AUTH", "default", "")
	require.NoError(t, err)
	require.Contains(t, r.Text, "WRONGPASS")
}

func TestInfo(t *testing.T) {
	s := newServer(t, func(c *Config) { c.Stats = func() resp.Stats { return resp.Stats{Connections: 7} } })
	c := s.client(t)
	r, err := c.Do("INFO")
	require.NoError(t, err)
	require.Contains(t, string(r.Bulk), "connected_clients:7\r\n")
	require.Contains(t, string(r.Bulk), "synod_version:test\r\n")
	r, err = c.Do("INFO", "clients")
	require.NoError(t, err)
	require.Equal(t, "# Clients\r\nconnected_clients:7\r\n", string(r.Bulk))
	r, err = c.Do("INFO", "nosuch")
	require.NoError(t, err)
	require.Empty(t, r.Bulk)
}

func TestCommandsAreObserved(t *testing.T) {
	var seen []string
	s := newServer(t, func(c *Config) {
		c.Observe = func(name string, _ time.Duration, code string) { seen = append(seen, name+" "+code) }
	})
	c := s.client(t)
	for _, words := range []string{"SET k v", "INCR k", "get k", "NOSUCH"} {
		do(t, c, words)
	}
	require.Equal(t, []string{"set ", "incr ERR", "get ", "unknown ERR"}, seen)
}

func TestPatterns(t *testing.T) {
	for pattern, texts := range map[string][2][]string{
		"":         {{""}, {"a"}},
		"*":        {{"", "a", "abc"}, nil},
		"a*c":      {{"ac", "abc", "aXcc"}, {"a", "acb", "bac"}},
		"a*b*c":    {{"abc", "aXbXbXc"}, {"acb", "ab"}},
		"?":        {{"a", "*"}, {"", "ab"}},
		"[a-c]x":   {{"ax", "cx"}, {"dx", "x", "a"}},
		"[c-a]":    {{"b"}, {"d"}},
		"[^a]":     {{"b"}, {"a", ""}},
		"[ab":      {{"a", "b"}, {"c"}},
		`\*`:       {{"*"}, {"a", `\*`}},
		`[\]]`:     {{"]"}, {"a"}},
		`a\`:       {{`a\`}, {"a"}},
		"user:*:x": {{"user:1:x", "user::x"}, {"user:1:y"}},
	} {
		for _, text := range texts[0] {
			require.True(t, matches([]byte(pattern), []byte(text)), "%q %q", pattern, text)
		}
		for _, text := range texts[1] {
			require.False(t, matches([]byte(pattern), []byte(text)), "%q %q", pattern, text)
		}
	}
	// The number of stars does not make it slow.
	require.False(t, matches([]byte(strings.Repeat("*a", 50)+"b"), []byte(strings.Repeat("a", 500))))
}

func FuzzMatches(f *testing.F) {
	f.Add([]byte("a*[b-d]?\\*"), []byte("axcy*"))
	f.Fuzz(func(t *testing.T, pattern, text []byte) {
		require.True(t, matches(append([]byte("*"), append(slices.Clone(escape(text)), '*')...), text))
		if matches(pattern, text) {
			require.True(t, matches(append(slices.Clone(pattern), '*'), text) || unfinished(pattern), "%q %q", pattern, text)
		}
	})
}

// escape gives the pattern that a text alone fits.
func escape(text []byte) (pattern []byte) {
	for _, c := range text {
		pattern = append(pattern, '\\', c)
	}
	return pattern
}

// unfinished reports whether more text would change what the end of a pattern means.
func unfinished(pattern []byte) bool {
	return slices.Contains(pattern, '[') || slices.Contains(pattern, '\\')
}
