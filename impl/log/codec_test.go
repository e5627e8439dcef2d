// What is encoded comes back as it was, and what is not whole is refused.

package log

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var encoded = []Message{
	{Kind: KindPrepare, Ballot: 7, Slot: 1 << 40},
	{Kind: KindPromise, Ballot: 7, Slot: 3, Votes: []Vote{{4, 2, nil}, {5, 2, Batch{{"c", 1, "x"}}}}, Event: "r1/2/3", Clock: 9},
	{Kind: KindAccept, Ballot: 1<<31 - 1, Slot: 9, Value: Batch{{"c", 1<<64 - 1, "body"}, {"", 0, ""}}},
	{Kind: KindSnapshot, Slot: 9, Data: "\xff\x00text"},
	{Kind: KindRefusedAccept, Ballot: 1, Slot: 2, Promised: 3},
	{Kind: KindNeed, Slot: 1, Clock: 1<<64 - 1},
}

func TestMessagesSurviveTheirEncoding(t *testing.T) {
	for _, m := range encoded {
		text := string(AppendMessage(nil, &m))
		back, err := ParseMessage(text)
		require.NoError(t, err)
		require.Equal(t, m, back)
		for n := range text {
			_, err := ParseMessage(text[:n])
			require.Error(t, err, "%v cut at %d", m.Kind, n)
		}
		_, err = ParseMessage(text + "\x00")
		require.Error(t, err)
	}
	_, err := ParseMessage("\x0f\x01\x01\x00\x00\x00\x00\x00\x00")
	require.Error(t, err, "there is no such kind")
}

func TestVotesAndCommandsSurviveTheirEncoding(t *testing.T) {
	v := Vote{4, 2, Batch{{"c", 1, "x"}}}
	text := string(AppendVote(nil, &v))
	back, err := ParseVote(text)
	require.NoError(t, err)
	require.Equal(t, v, back)
	_, err = ParseVote(text[:len(text)-1])
	require.EqualError(t, err, "log: damaged vote")
	c := Command{"c", 1, "x"}
	read, err := ParseCommand(string(AppendCommand(nil, &c)))
	require.NoError(t, err)
	require.Equal(t, c, read)
	_, err = ParseCommand("")
	require.Error(t, err)
}

// FuzzMessage looks for bytes that make the decoder panic, or that it reads as a message which does not come back.
func FuzzMessage(f *testing.F) {
	for _, m := range encoded {
		f.Add(string(AppendMessage(nil, &m)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMessage(text)
		if err != nil {
			return
		}
		back, err := ParseMessage(string(AppendMessage(nil, &m)))
		require.NoError(t, err)
		require.Equal(t, m, back)
	})
}
