// Random requests against a model: a map with times, written without this package's functions.

package keyvalue

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// model is what a client may expect: values and when they go.
type model struct {
	values  map[string]string
	expires map[string]int64
	now     int64
}

func (m *model) sweep() {
	for k, at := range m.expires {
		if m.now > at {
			m.del(k)
		}
	}
}

func (m *model) del(k string) int {
	_, had := m.values[k]
	delete(m.values, k)
	delete(m.expires, k)
	if had {
		return 1
	}
	return 0
}

func (m *model) shown(k string) string {
	if v, ok := m.values[k]; ok {
		return strconv.Quote(v)
	}
	return "(nil)"
}

func number(n int) string { return fmt.Sprintf("(integer) %d", n) }

// do gives the reply to a request and does what it asks.
func (m *model) do(words []string) string {
	m.sweep()
	name, k := words[0], words[1]
	value, has := m.values[k]
	switch name {
	case "GET":
		return m.shown(k)
	case "GETDEL":
		defer m.del(k)
		return m.shown(k)
	case "SET":
		return m.set(k, words[2], words[3:])
	case "SETNX":
		if has {
			return number(0)
		}
		m.values[k] = words[2]
		return number(1)
	case "APPEND":
		m.values[k] = value + words[2]
		return number(len(m.values[k]))
	case "STRLEN":
		return number(len(value))
	case "INCRBY":
		by, _ := strconv.Atoi(words[2])
		n, err := strconv.Atoi(value)
		if has && (err != nil || strconv.Itoa(n) != value) {
			return "(error) " + replyNotInteger.Text
		}
		m.values[k] = strconv.Itoa(n + by)
		return number(n + by)
	case "DEL":
		n := 0
		for _, k := range words[1:] {
			n += m.del(k)
		}
		return number(n)
	case "EXISTS":
		n := 0
		for _, k := range words[1:] {
			if _, ok := m.values[k]; ok {
				n++
			}
		}
		return number(n)
	case "MGET":
		var shown []string
		for _, k := range words[1:] {
			shown = append(shown, m.shown(k))
		}
		return "[" + strings.Join(shown, " ") + "]"
	case "MSET":
		for i := 1; i < len(words); i += 2 {
			m.set(words[i], words[i+1], nil)
		}
		return "OK"
	}
	return m.expiry(name, k, has, words)
}

func (m *model) expiry(name, k string, has bool, words []string) string {
	at, timed := m.expires[k]
	switch {
	case name == "PTTL" && !has:
		return number(-2)
	case name == "PTTL" && !timed:
		return number(-1)
	case name == "PTTL":
		return number(int(at - m.now))
	case name == "PERSIST":
		delete(m.expires, k)
		if timed {
			return number(1)
		}
		return number(0)
	case !has: // PEXPIRE
		return number(0)
	}
	ms, _ := strconv.ParseInt(words[2], 10, 64)
	if ms <= 0 {
		m.del(k)
	} else {
		m.expires[k] = m.now + ms
	}
	return number(1)
}

func (m *model) set(k, v string, options []string) string {
	old, has := m.values[k]
	reply, expires, keep, done := "OK", int64(0), false, true
	for i := 0; i < len(options); i++ {
		switch options[i] {
		case "NX":
			done = !has
		case "XX":
			done = has
		case "IFEQ":
			i++
			done = has && old == options[i]
		case "PX":
			i++
			expires, _ = strconv.ParseInt(options[i], 10, 64)
		case "KEEPTTL":
			keep = true
		case "GET":
			reply = m.shown(k)
		}
	}
	if !done {
		if reply == "OK" {
			reply = "(nil)"
		}
		return reply
	}
	m.values[k] = v
	if !keep {
		delete(m.expires, k)
	}
	if expires > 0 {
		m.expires[k] = m.now + expires
	}
	return reply
}

// request makes up a request on one of a few keys.
func request(t *rapid.T) []string {
	key := func() string { return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key") }
	value := func() string { return rapid.SampledFrom([]string{"1", "-7", "007", "x", ""}).Draw(t, "value") }
	ms := func() string { return strconv.Itoa(rapid.IntRange(1, 50).Draw(t, "ms")) }
	switch name := rapid.SampledFrom([]string{
		"GET", "SET", "SETNX", "GETDEL", "APPEND", "STRLEN", "INCRBY", "DEL", "EXISTS", "MGET", "MSET", "PEXPIRE", "PTTL", "PERSIST",
	}).Draw(t, "name"); name {
	case "SET":
		words := []string{name, key(), value()}
		words = append(words, rapid.SampledFrom([][]string{nil, {"NX"}, {"XX"}, {"IFEQ", value()}}).Draw(t, "condition")...)
		words = append(words, rapid.SampledFrom([][]string{nil, {"PX", ms()}, {"KEEPTTL"}}).Draw(t, "lifetime")...)
		return append(words, rapid.SampledFrom([][]string{nil, {"GET"}}).Draw(t, "get")...)
	case "SETNX", "APPEND":
		return []string{name, key(), value()}
	case "INCRBY":
		return []string{name, key(), strconv.Itoa(rapid.IntRange(-3, 3).Draw(t, "by"))}
	case "PEXPIRE":
		return []string{name, key(), rapid.SampledFrom([]string{"-1", "0", ms()}).Draw(t, "after")}
	case "DEL", "EXISTS", "MGET":
		return append([]string{name}, rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 4).Draw(t, "keys")...)
	case "MSET":
		return []string{name, key(), value(), key(), value()}
	default:
		return []string{name, key()}
	}
}

// Requests go in a few at a time without waiting for replies, so that they also meet each other.
func TestCommandsAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newServer(t)
		c := s.client(t)
		defer c.Close()
		m := &model{values: map[string]string{}, expires: map[string]int64{}, now: s.now.Load()}
		for range rapid.IntRange(1, 20).Draw(rt, "rounds") {
			var asked [][]string
			for range rapid.IntRange(1, 6).Draw(rt, "pipeline") {
				words := request(rt)
				asked = append(asked, words)
				require.NoError(rt, c.Send(words...))
			}
			require.NoError(rt, c.Flush())
			for _, words := range asked {
				r, err := c.Receive()
				require.NoError(rt, err)
				require.Equal(rt, m.do(words), r.String(), "%q", words)
			}
			m.now += rapid.Int64Range(0, 30).Draw(rt, "pause")
			s.now.Store(m.now)
		}
	})
}
