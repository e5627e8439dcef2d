// Requests: what a register remembers survives its form in bytes, is bounded, and is no way in for nonsense.

package register

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func born(t testing.TB) Entry {
	s, err := Birth{Epoch: 1 << 63}.Apply("")
	require.NoError(t, err)
	e, err := ParseEntry(s)
	require.NoError(t, err)
	return e
}

func TestARegisterRemembersOnlySoManyClients(t *testing.T) {
	e := born(t)
	for client := range uint64(1000) {
		a, err := Ask(client+1, 1, e, Entry{Exists: true, Value: []byte{byte(client)}}, 0)
		require.NoError(t, err)
		after, verdict, err := a.Attempt().Serve(e)
		require.NoError(t, err)
		require.Equal(t, VerdictDone, verdict)
		again, verdict, err := a.Attempt().Serve(after)
		require.NoError(t, err)
		require.Equal(t, VerdictDone, verdict)
		require.Equal(t, after, again)
		e = after
	}
	require.LessOrEqual(t, len(e.Memory), 16+Window*(8+2+2), "bytes of memory")
	m, err := parseMemory(e.Memory)
	require.NoError(t, err)
	require.Equal(t, e.Memory, m.text())
	require.Len(t, m.served, Window)
	require.Equal(t, uint64(1000-Window), m.forgotten)
}

func TestAnExpiredEntryIsServedAsAbsent(t *testing.T) {
	e := born(t)
	e.Exists, e.Value, e.Expires = true, []byte("v"), 100
	a, err := Ask(1, 1, e.Live(101), Entry{Exists: true, Value: []byte("w")}, 0)
	require.NoError(t, err)
	q := a.Attempt()
	q.Now = 101
	after, verdict, err := q.Serve(e)
	require.NoError(t, err)
	require.Equal(t, VerdictDone, verdict)
	require.Equal(t, "w", string(after.Value))
	require.Zero(t, after.Expires)
}

func TestWhatIsNoRequestIsRefused(t *testing.T) {
	a, err := Ask(1, 2, born(t), Entry{}, 0)
	require.NoError(t, err)
	good := a.Attempt()
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(*Request){
		"no client":     func(q *Request) { q.Client = 0 },
		"no number":     func(q *Request) { q.Number = 0 },
		"no epoch":      func(q *Request) { q.Position.Epoch = 0 },
		"no digest":     func(q *Request) { q.At = q.At[:3] },
		"its memory":    func(q *Request) { q.To.Memory = "m" },
		"too large":     func(q *Request) { q.To = Entry{Exists: true, Value: make([]byte, MaxValue+1)} },
		"absent, value": func(q *Request) { q.To.Value = []byte("v") },
		"resolves none": func(q *Request) { q.Resolves, q.Number = true, 1 },
	} {
		q := good
		spoil(&q)
		require.Error(t, q.Validate(), name)
	}
	a.Resolve()
	require.NoError(t, a.Attempt().Validate())
}

// FuzzMemory looks for bytes that parse and come back as others, or that a request cannot be served on.
func FuzzMemory(f *testing.F) {
	e := born(f)
	a, err := Ask(7, 2, e, Entry{}, 0)
	require.NoError(f, err)
	after, _, err := a.Attempt().Serve(e)
	require.NoError(f, err)
	f.Add(e.Memory)
	f.Add(after.Memory)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMemory(text)
		if err != nil || text == "" {
			return
		}
		back, err := parseMemory(m.text())
		require.NoError(t, err)
		require.Equal(t, m, back)
		_, _, err = a.Attempt().Serve(Entry{Memory: text})
		require.NoError(t, err)
	})
}
