// Replies on the wire: each kind in both versions, and what a client refuses.

package resp

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func encode(r Reply, version int) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	r.encode(w, version)
	w.Flush()
	return b.String()
}

func decodeReply(text string) (Reply, error) {
	d := replyDecoder{r: bufio.NewReaderSize(strings.NewReader(text), readBytes), limit: 10_000}
	return d.next()
}

func TestRepliesInBothVersions(t *testing.T) {
	cases := []struct {
		reply      Reply
		two, three string
	}{
		{OK, "+OK\r\n", "+OK\r\n"},
		{Errorf("ERR no %s", "x\r\ny"), "-ERR no x  y\r\n", "-ERR no x  y\r\n"},
		{Integer(-7), ":-7\r\n", ":-7\r\n"},
		{Text("a\r\nb"), "$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n"},
		{Text(""), "$0\r\n\r\n", "$0\r\n\r\n"},
		{Null(), "$-1\r\n", "_\r\n"},
		{Verbatim("hi"), "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n"},
		{Array(), "*0\r\n", "*0\r\n"},
		{Array(Integer(1), Null()), "*2\r\n:1\r\n$-1\r\n", "*2\r\n:1\r\n_\r\n"},
		{Map(Text("a"), Array(Integer(1))), "*2\r\n$1\r\na\r\n*1\r\n:1\r\n", "%1\r\n$1\r\na\r\n*1\r\n:1\r\n"},
		{Reply{Kind: KindSet, List: []Reply{OK}}, "*1\r\n+OK\r\n", "~1\r\n+OK\r\n"},
	}
	for _, c := range cases {
		require.Equal(t, c.two, encode(c.reply, 2))
		require.Equal(t, c.three, encode(c.reply, 3))
		back, err := decodeReply(c.three)
		require.NoError(t, err, "%q", c.three)
		require.Equal(t, encode(c.reply, 3), encode(back, 3))
		_, err = decodeReply(c.two)
		require.NoError(t, err, "%q", c.two)
	}
}

func TestRepliesThatAClientRefuses(t *testing.T) {
	for _, text := range []string{
		"\r\n", "+\n", "?1\r\n", ":x\r\n", ":1.5\r\n", "$-2\r\n", "$100000\r\n", "$1\r\nxyz", "=2\r\nab\r\n", "=4\r\nabcd\r\n",
		"*-2\r\n", "*1000000\r\n", "%9223372036854775807\r\n", strings.Repeat("*1\r\n", 20), "+" + strings.Repeat("x", readBytes),
	} {
		_, err := decodeReply(text)
		require.ErrorIs(t, err, ErrProtocol, "%q", text)
	}
	for _, text := range []string{"+O", "$3\r\nab", "*2\r\n:1\r\n", "*1\r\n$1\r\n"} {
		_, err := decodeReply(text)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%q", text)
	}
	_, err := decodeReply("")
	require.Equal(t, io.EOF, err)
}

func FuzzReplyDecoder(f *testing.F) {
	for _, text := range []string{
		"+OK\r\n", "-ERR x\r\n", ":1\r\n", "$1\r\nx\r\n", "_\r\n", "*2\r\n:1\r\n$-1\r\n", "%1\r\n+a\r\n:1\r\n", "~1\r\n+a\r\n", "=6\r\ntxt:hi\r\n",
		"*1000000000\r\n", "$1000000000\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decodeReply(string(data))
		if err != nil {
			return
		}
		back, err := decodeReply(encode(r, 3))
		require.NoError(t, err)
		require.Equal(t, encode(r, 3), encode(back, 3))
	})
}
