// Entries come back from their states as they were, and what is no entry is refused.

package register_test

import (
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
	} {
		back, err := register.ParseEntry(e.State())
		require.NoError(t, err)
		require.Equal(t, e, back)
	}
	require.Empty(t, register.Entry{}.State())
}

func TestWhatIsNoEntryIsRefused(t *testing.T) {
	for _, s := range []string{"\x00", "\x02x", "7", "\x03", "\x03\x80", "\x03\x00x"} {
		_, err := register.ParseEntry(s)
		require.Error(t, err, "%q", s)
	}
}
