// A line's words, and what is none.

package line_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/line"
)

func TestWordsAreRead(t *testing.T) {
	r := line.New(`acquire "a b" 7`)
	require.Equal(t, "acquire", r.Word())
	require.Equal(t, "a b", r.Quoted())
	require.False(t, r.Done())
	require.Equal(t, uint64(7), r.Number())
	require.True(t, r.Done())
	r.Next("8")
	require.Equal(t, uint64(8), r.Number())
	require.False(t, r.Failed())
}

func TestWhatIsNotAsExpectedIsRefused(t *testing.T) {
	for text, read := range map[string]func(*line.Reader){
		`a b"`:  func(r *line.Reader) { r.Quoted() },
		`"a`:    func(r *line.Reader) { r.Quoted() },
		`"a\q"`: func(r *line.Reader) { r.Quoted() },
		`a`:     func(r *line.Reader) { r.Quoted() },
		`-1`:    func(r *line.Reader) { r.Number() },
		``:      func(r *line.Reader) { r.Number() },
	} {
		r := line.New(text)
		read(r)
		require.True(t, r.Failed(), text)
		r.Next("1")
		r.Number()
		require.False(t, r.Done(), "a failure stays")
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	var w line.Writer
	first, below, _ := strings.Cut(w.Word("acquire").Quoted("a \"b\n").Number(7).Text("more\n"), "\n")
	require.Equal(t, "more\n", below)
	r := line.New(first)
	require.Equal(t, "acquire", r.Word())
	require.Equal(t, "a \"b\n", r.Quoted())
	require.Equal(t, uint64(7), r.Number())
	require.True(t, r.Done())
}

// Every text is written as strconv writes it, and read as it was.
func TestTextsAreGoLiterals(t *testing.T) {
	for _, text := range []string{"", "a", `a b`, `"`, `\`, "a\n", "\x00", "\xff", "~", "é", "\u2028", `a"b\c`} {
		var w line.Writer
		first, _, _ := strings.Cut(w.Quoted(text).Number(1).Text(""), "\n")
		require.Equal(t, strconv.Quote(text)+" 1", first)
		r := line.New(first)
		require.Equal(t, text, r.Quoted())
		require.Equal(t, uint64(1), r.Number())
		require.True(t, r.Done())
	}
}
