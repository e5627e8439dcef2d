// Entries come back from their states as they were, and what is no entry is refused.

package register_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/register"
)

func TestEntriesSurviveTheirStates(t *testing.T) {
	for _, e := range []register.Entry{
		{},
		{Exists: true, Value: []byte{}},
		{Exists: true, Value: []byte("7")},
		{Exists: true, Value: []byte("\x00\xff"), Expires: 1_800_000_000_000},
		{Exists: true, Value: []byte{}, Expires: -1},
		{Memory: "m"},
		{Exists: true, Value: []byte("7"), Memory: "m"},
		{Exists: true, Value: []byte("7"), Expires: 1_800_000_000_000, Memory: "m"},
	} {
		back, err := register.ParseEntry(e.State())
		require.NoError(t, err)
		require.Equal(t, e, back)
	}
	require.Empty(t, register.Entry{}.State())
}

func TestWhatIsNoEntryIsRefused(t *testing.T) {
	for _, s := range []string{"\x00", "\x02x", "7", "\x03", "\x03\x80", "\x03\x00x", "\x04", "\x04\x00", "\x04\x02m", "\x04\x01mx", "\x06\x02\x01m", "\x08"} {
		_, err := register.ParseEntry(s)
		require.Error(t, err, "%q", s)
	}
}

// A trace shows numbers as they are, and everything else by a number that is the same for the same state.
func TestStatesAreShownAsNumbers(t *testing.T) {
	show := func(e register.Entry) string { return register.Show(e.State()) }
	text := func(s string) register.Entry { return register.Entry{Exists: true, Value: []byte(s)} }
	require.Equal(t, "0", show(register.Entry{}))
	for _, n := range []string{"0", "-7", "2147483647", "-2147483648"} {
		require.Equal(t, n, show(text(n)))
	}
	shown := map[string]bool{}
	for _, e := range []register.Entry{
		text(""), text("-0"), text("007"), text("2147483648"), text("hello"), text("hello "),
		{Exists: true, Value: []byte("7"), Expires: 5}, {Exists: true, Value: []byte("7"), Expires: 6},
	} {
		n, err := strconv.ParseInt(show(e), 10, 32)
		require.NoError(t, err)
		require.Greater(t, n, int64(1000), "%q", e.Value)
		shown[show(e)] = true
	}
	require.Len(t, shown, 8)
}

// A function is a change of entries, shown where it was applied.
func TestFunctionsAreChanges(t *testing.T) {
	twice := register.Map(func(e register.Entry) register.Entry {
		return register.Entry{Exists: true, Value: append(slices.Clip(e.Value), e.Value...)}
	})
	before := register.Entry{Exists: true, Value: []byte("12")}.State()
	after, err := twice.Apply(before)
	require.NoError(t, err)
	require.Equal(t, "1212", register.Show(after))
	require.Equal(t, `{"name":"map","at":12,"to":1212}`, string(twice.AppendTrace(nil, before, after)))
	_, err = twice.Apply("no entry")
	require.Error(t, err)
}
