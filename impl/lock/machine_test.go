// The machine of locks: who gets what, that its text is read back, and what fences let through.

package lock

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/step"
)

// cell is a machine to put behind: a command is what it holds from then on, "" reads.
type cell struct{ text string }

func (c *cell) Apply(command string) string {
	if command != "" {
		c.text = command
	}
	return c.text
}

func (c *cell) Snapshot() string { return c.text }

func (c *cell) Restore(text string) error {
	c.text = text
	return nil
}

func ask(t *testing.T, m *Machine, c Command) Result {
	t.Helper()
	r, err := ParseResult(m.Apply(c.String()))
	require.NoError(t, err)
	return r
}

func TestALockHasOneOwner(t *testing.T) {
	m := New(nil)
	first := ask(t, m, Command{Kind: Acquire, Name: "a b", Owner: "x\n", Term: time.Second})
	require.Equal(t, Result{Outcome: Granted, Lock: Lock{
		Owner: "x\n", Token: 1, Grant: 1, Term: time.Second, Cause: step.Cause{Step: "log/1/1", Clock: 1},
	}}, first)
	require.Equal(t, first, ask(t, m, Command{Kind: Acquire, Name: "a b", Owner: "x\n", Term: time.Minute}), "no new term")
	refused := ask(t, m, Command{Kind: Acquire, Name: "a b", Owner: "y", Term: time.Second})
	require.Equal(t, Held, refused.Outcome)
	require.Equal(t, first.Lock, refused.Lock)
	require.Equal(t, uint64(2), ask(t, m, Command{Kind: Acquire, Name: "other", Owner: "y"}).Lock.Token)

	renewed := ask(t, m, Command{Kind: Renew, Name: "a b", Token: 1, Term: time.Minute})
	require.Equal(t, Lock{Owner: "x\n", Token: 1, Grant: 3, Term: time.Minute, Cause: step.Cause{Step: "log/1/3", Clock: 3}}, renewed.Lock)
	require.Equal(t, Lost, ask(t, m, Command{Kind: Renew, Name: "a b", Token: 2}).Outcome)
	require.Equal(t, Kept, ask(t, m, Command{Kind: Expire, Name: "a b", Grant: 1}).Outcome, "it was renewed")
	require.Equal(t, Expired, ask(t, m, Command{Kind: Expire, Name: "a b", Grant: 3}).Outcome)
	require.Equal(t, Free, ask(t, m, Command{Kind: Look, Name: "a b"}).Outcome)
	require.Equal(t, Lost, ask(t, m, Command{Kind: Release, Name: "a b", Token: 1}).Outcome)
	require.Equal(t, Lost, ask(t, m, Command{Kind: Acquire, Name: "a b", Owner: "x\n"}).Outcome, "a request that comes late")
	require.Equal(t, uint64(4), ask(t, m, Command{Kind: Acquire, Name: "a b", Owner: "y"}).Lock.Token)
	require.Equal(t, Lost, ask(t, m, Command{Kind: Release, Name: "a b", Token: 1}).Outcome, "a release that comes late")
	require.Equal(t, Released, ask(t, m, Command{Kind: Release, Name: "a b", Token: 4}).Outcome)
}

func TestARequestRenewsOnce(t *testing.T) {
	m := New(nil)
	require.Equal(t, Granted, ask(t, m, Command{Kind: Acquire, Name: "a", Owner: "x", Request: 7}).Outcome)
	for _, c := range []struct{ request, grant uint64 }{{8, 2}, {8, 2}, {10, 3}, {9, 3}} {
		r := ask(t, m, Command{Kind: Renew, Name: "a", Token: 1, Request: c.request})
		require.Equal(t, Granted, r.Outcome)
		require.Equal(t, c.grant, r.Lock.Grant)
	}
	require.Equal(t, Lock{Name: "a", Owner: "x", Token: 1, Grant: 3, Request: 10, Cause: step.Cause{Step: "log/1/3", Clock: 3}}, m.locks["a"])
}

func TestOwnersOfThePastAreForgottenInTime(t *testing.T) {
	m := New(nil)
	for i := range maxPast + 5 {
		token := ask(t, m, Command{Kind: Acquire, Name: "a", Owner: strconv.Itoa(i)}).Lock.Token
		require.Equal(t, Released, ask(t, m, Command{Kind: Release, Name: "a", Token: token}).Outcome)
	}
	require.Len(t, m.past, maxPast)
	require.Equal(t, Lost, ask(t, m, Command{Kind: Acquire, Name: "a", Owner: "5"}).Outcome)
}

func TestAFenceRefusesSmallerTokens(t *testing.T) {
	m := New(&cell{})
	require.Equal(t, "1", m.Apply("1"), "what bears no mark is for the machine behind")
	require.Equal(t, "1", ask(t, m, Command{Kind: Fetch, Name: "n", Token: 5}).Body)
	require.Equal(t, uint64(5), ask(t, m, Command{Kind: Store, Name: "n", Token: 4, Body: "2"}).Lock.Token)
	require.Equal(t, Fenced, ask(t, m, Command{Kind: Fetch, Name: "n", Token: 4}).Outcome)
	require.Equal(t, Done, ask(t, m, Command{Kind: Store, Name: "n", Token: 5, Body: "3"}).Outcome)
	require.Equal(t, Done, ask(t, m, Command{Kind: Store, Name: "other", Token: 1, Body: "4\n\x00"}).Outcome)
	require.Equal(t, "4\n\x00", m.behind.Apply(""))
	require.Equal(t, Invalid, ask(t, New(nil), Command{Kind: Fetch, Name: "n", Token: 5}).Outcome)
}

func TestASnapshotIsTheWholeState(t *testing.T) {
	m := New(&cell{text: "7\n8"})
	ask(t, m, Command{Kind: Acquire, Name: "a", Owner: "x", Term: time.Second})
	ask(t, m, Command{Kind: Acquire, Name: "\xff \n", Owner: "y", Term: time.Second})
	ask(t, m, Command{Kind: Store, Name: "n", Token: 2, Body: "9"})
	ask(t, m, Command{Kind: Release, Name: "a", Token: 1})
	other := New(&cell{})
	require.NoError(t, other.Restore(m.Snapshot()))
	require.Equal(t, m, other)
	for _, damaged := range []string{"", "x", "1 0 0 0 0 2 3 0\n", "1 0 0 0 0 1 0 0\nno lock\n", strings.Replace(m.Snapshot(), `"n"`, `"n`, 1)} {
		require.Error(t, New(&cell{}).Restore(damaged), strconv.Quote(damaged))
	}
}

func TestCommandsAreReadBack(t *testing.T) {
	c := Command{Kind: Store, Name: "n \"", Owner: "", Token: 1, Grant: 2, Term: 3, Request: 4, Cause: step.Cause{Step: "h1/2/3", Clock: 5}, Body: "a\nb\x00"}
	read, err := Parse(c.String())
	require.NoError(t, err)
	require.Equal(t, c, read)
	for _, text := range []string{"", Mark, "acquire", Mark + "steal \"a\" \"b\" 1 2 3 4 \"\" 0\n", Mark + "acquire \"a\" \"b\" 1 2\n",
		Mark + "acquire \"a\" \"b\" 1 2 3 4 \"\" 0", Mark + "acquire \"a\" b 1 2 3 4 \"\" 0\n", Mark + "acquire \"a\" \"b\" 1 2 3 4 \"\" 0 5\n"} {
		_, err := Parse(text)
		require.Error(t, err, strconv.Quote(text))
		result, err := ParseResult(New(nil).Apply(text))
		require.NoError(t, err)
		require.Equal(t, Invalid, result.Outcome)
	}
}

func FuzzParseCommand(f *testing.F) {
	f.Add(Command{Kind: Acquire, Name: "a", Owner: "b", Term: 5}.String())
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := Parse(text); err == nil {
			again, err := Parse(c.String())
			require.NoError(t, err)
			require.Equal(t, c, again)
		}
		m := New(&cell{})
		if m.Restore(text) == nil {
			again := New(&cell{})
			require.NoError(t, again.Restore(m.Snapshot()))
			require.Equal(t, m.Snapshot(), again.Snapshot())
		}
	})
}
