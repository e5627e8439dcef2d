// The holder stops before the leader asks for the expiry, and both count from the right moment.

package lock

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAHolderCountsFromItsRequest(t *testing.T) {
	h := Holder{Name: "n", Owner: "x", Term: 10 * time.Second, Error: time.Second}
	require.False(t, h.Holds(0))
	require.Equal(t, Command{Kind: Acquire, Name: "n", Owner: "x", Term: 10 * time.Second}, h.AskForLease(5*time.Second))
	h.Hold(Lock{Token: 3}, 9*time.Second)
	require.Equal(t, 13*time.Second, h.Until(), "5 + 10 - 2")
	require.True(t, h.Act(13*time.Second-1))
	require.False(t, h.Act(13*time.Second))

	renewal, ok := h.AskForRenewal(12 * time.Second)
	require.True(t, ok)
	require.Equal(t, uint64(3), renewal.Token)
	h.Refused(Held)
	require.Equal(t, uint64(3), h.Token())
	h.AskForRenewal(12 * time.Second)
	h.Hold(Lock{Token: 3}, 13*time.Second)
	require.True(t, h.Holds(19*time.Second))
	h.Hold(Lock{Token: 4}, 13*time.Second)
	require.Equal(t, uint64(3), h.Token(), "nothing was asked for")
	require.Equal(t, Command{Kind: Release, Name: "n", Token: 3}, h.GiveUp())
	require.False(t, h.Holds(14*time.Second))

	h.AskForLease(0)
	h.Hold(Lock{Token: 5}, 1)
	h.AskForRenewal(2)
	h.Refused(Lost)
	require.False(t, h.Holds(3), "who lost it does not wait for the end")
}

// A lease's owner gave it up when it was time to renew it, and then asked for a renewal of nothing.
func TestWhatWasGivenUpIsNotRenewed(t *testing.T) {
	h := Holder{Name: "n", Owner: "x", Term: 10 * time.Second}
	_, ok := h.AskForRenewal(0)
	require.False(t, ok)
	h.AskForLease(0)
	h.Hold(Lock{Token: 3}, 0)
	h.GiveUp()
	_, ok = h.AskForRenewal(0)
	require.False(t, ok)
	_, asking := h.Asking()
	require.False(t, asking)
}

func TestALeaderCountsFromWhatItSees(t *testing.T) {
	m := New(nil)
	ask(t, m, Command{Kind: Acquire, Name: "b", Owner: "x", Term: 10})
	ask(t, m, Command{Kind: Acquire, Name: "a", Owner: "x", Term: 10})
	var e Expiry
	require.Empty(t, e.Due(m.Locks(), 100))
	require.Empty(t, e.Due(m.Locks(), 109))
	ask(t, m, Command{Kind: Renew, Name: "b", Token: 1, Term: 10})
	require.Equal(t, []Command{{Kind: Expire, Name: "a", Grant: 2}}, e.Due(m.Locks(), 110))
	require.Empty(t, e.Due(m.Locks(), 111), "it asks again after another term")
	require.Equal(t, []Command{{Kind: Expire, Name: "a", Grant: 2}, {Kind: Expire, Name: "b", Grant: 3}}, e.Due(m.Locks(), 120))
	e.Forget()
	require.Empty(t, e.Due(m.Locks(), 200), "who leads again counts anew")
	require.Len(t, e.Due(m.Locks(), 210), 2)
}
