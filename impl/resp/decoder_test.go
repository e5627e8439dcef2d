// Requests on the wire: those that are read, and those that are refused, in Redis's words.

package resp

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// decode reads requests from text until the first error.
func decode(text string, limits Limits) (requests [][]string, err error) {
	l := limits.withDefaults()
	d := decoder{
		r: bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(text)), readBytes), args: l.Args, bulk: l.Bulk, total: l.Request,
		begun: func() {}, room: func(int) bool { return true },
	}
	for {
		args, err := d.next()
		if err != nil {
			return requests, err
		}
		var words []string
		for _, arg := range args {
			words = append(words, string(arg))
		}
		requests = append(requests, words)
	}
}

func TestRequestsThatAreRead(t *testing.T) {
	cases := []struct {
		text string
		want [][]string
	}{
		{"*1\r\n$4\r\nPING\r\n", [][]string{{"PING"}}},
		{"*2\r\n$4\r\nECHO\r\n$0\r\n\r\n*1\r\n$1\r\n\x00\r\n", [][]string{{"ECHO", ""}, {"\x00"}}},
		{"*2\r\n$3\r\na\r\n\r\n$2\r\n\xff\n\r\n", [][]string{{"a\r\n", "\xff\n"}}},
		{"*0\r\n*-1\r\n*-7\r\n*1\r\n$1\r\nx\r\n", [][]string{{"x"}}},
		{"PING\r\nPING\n", [][]string{{"PING"}, {"PING"}}},
		{"\r\n\n  \r\n SET  k\tv \r\n", [][]string{{"SET", "k", "v"}}},
		{`SET "a b\n\x41\"\q" 'c\'\n'` + "\n", [][]string{{"SET", "a b\nA\"q", "c'\\n"}}},
		{`x"y" ""` + "\n", [][]string{{"xy", ""}}},
		{`"\xZ1"` + "\n", [][]string{{"xZ1"}}},
	}
	for _, c := range cases {
		got, err := decode(c.text, Limits{})
		require.Equal(t, io.EOF, err, "%q", c.text)
		require.Equal(t, c.want, got, "%q", c.text)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	limits := Limits{Args: 5, Bulk: 100, Request: 150}
	cases := []struct{ name, text, says string }{
		{"no number of arguments", "*\r\n", "invalid multibulk length"},
		{"letters for a number", "*a\r\n", "invalid multibulk length"},
		{"a plus sign", "*+1\r\n$1\r\nx\r\n", "invalid multibulk length"},
		{"a zero in front", "*01\r\n$1\r\nx\r\n", "invalid multibulk length"},
		{"a number that does not fit", "*99999999999999999999\r\n", "invalid multibulk length"},
		{"a line without its end", "*1\n$1\r\nx\r\n", "invalid multibulk length"},
		{"too many arguments", "*6\r\n", "invalid multibulk length"},
		{"a number without end", "*" + strings.Repeat("1", readBytes), "too big mbulk count string"},
		{"no bulk", "*1\r\nPING\r\n", "expected '$', got 'P'"},
		{"no bulk but a number", "*1\r\n:1\r\n", "expected '$', got ':'"},
		{"no letter", "*1\r\n\x01\r\n", `expected '$', got '\x01'`},
		{"a length below zero", "*1\r\n$-1\r\n", "invalid bulk length"},
		{"no length", "*1\r\n$\r\n", "invalid bulk length"},
		{"a bulk that is too long", "*1\r\n$101\r\n", "invalid bulk length"},
		{"a length of many gigabytes", "*1\r\n$2147483648\r\n", "invalid bulk length"},
		{"too much in all", "*2\r\n$100\r\n" + strings.Repeat("x", 100) + "\r\n$51\r\n", "request of more than 150 bytes"},
		{"a bulk longer than it says", "*1\r\n$1\r\nxy\r\n", "expected the end of a line after a bulk"},
		{"an open quote", "SET \"a\n", "unbalanced quotes in request"},
		{"an open quote of the other kind", "SET 'a\n", "unbalanced quotes in request"},
		{"a quote in the middle", "SET \"a\"b\n", "unbalanced quotes in request"},
		{"a line without end", strings.Repeat("x", readBytes+1), "too big inline request"},
		{"a line of too many words", "a b c d e f\n", "invalid multibulk length"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := decode("PING\r\n"+c.text, limits)
			require.ErrorIs(t, err, ErrProtocol)
			require.Equal(t, "protocol error: "+c.says, err.Error())
			require.Equal(t, [][]string{{"PING"}}, got, "what came before is served")
		})
	}
	for _, text := range []string{"*", "*1", "*1\r", "*1\r\n", "*1\r\n$", "*1\r\n$3\r\nab", "*1\r\n$2\r\nab", "*1\r\n$2\r\nab\r", "PING"} {
		_, err := decode(text, limits)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%q", text)
	}
}

// The length that a request announces is checked against the limit, and its memory reserved, before anything is
// allocated for it.
func TestNothingIsAllocatedForAnAnnouncedLength(t *testing.T) {
	reserved := 0
	d := decoder{args: 1 << 20, bulk: 1 << 30, total: 1 << 30, begun: func() {}, room: func(n int) bool {
		reserved += n
		return n < 1<<20
	}}
	text := []byte("*1000000\r\n$536870912\r\n")
	d.r = bufio.NewReader(bytes.NewReader(text))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := d.next()
	runtime.ReadMemStats(&after)
	require.Equal(t, errOverBudget, err)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(10_000))
	require.NotZero(t, reserved)
}

func TestParseInteger(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "7": 7, "-7": -7, "9223372036854775807": 1<<63 - 1, "-9223372036854775808": -1 << 63,
	} {
		n, ok := ParseInteger([]byte(text))
		require.True(t, ok, text)
		require.Equal(t, want, n)
	}
	for _, text := range []string{
		"", "-", "+1", "01", "-0", "1 ", " 1", "1a", "9223372036854775808", "-9223372036854775809", "11111111111111111111",
	} {
		_, ok := ParseInteger([]byte(text))
		require.False(t, ok, text)
	}
}

// Whatever bytes come, the decoder ends without a panic, within its limits, and what it read survives being written
// and read again.
func FuzzDecoder(f *testing.F) {
	for _, text := range []string{
		"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n\r\n\r\n", "PING\r\n", "SET 'a\\'' \"\\x41\"\n",
		"*1\r\n$-1\r\n", "*99999999999\r\n", "*1\r\n$4294967296\r\n", "*1\r\n$5\r\nab", "\"", "*0\r\n\n*1\r\n:1\r\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Args: 20, Bulk: 1000, Request: 2000}
		requests, err := decode(string(data), limits)
		require.Error(t, err)
		var text strings.Builder
		for _, words := range requests {
			require.NotEmpty(t, words)
			require.LessOrEqual(t, len(words), 20)
			fmt.Fprintf(&text, "*%d\r\n", len(words))
			for _, w := range words {
				fmt.Fprintf(&text, "$%d\r\n%s\r\n", len(w), w)
			}
		}
		again, err := decode(text.String(), Limits{Bulk: readBytes})
		require.Equal(t, io.EOF, err)
		require.Equal(t, requests, again)
	})
}
