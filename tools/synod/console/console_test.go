// The console with and without a terminal.

package console

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProgressIsRedrawnAndWiped(t *testing.T) {
	var b bytes.Buffer
	c := &Console{Stderr: &b, Live: true}
	c.Progress("abc")
	c.Progress("d")
	c.Settle()
	c.Settle()
	require.Equal(t, "\rabc\rd  \r \r", b.String())
}

func TestProgressIsSparseInALog(t *testing.T) {
	var b bytes.Buffer
	c := &Console{Stderr: &b}
	for range 100 {
		c.Progress("working")
	}
	c.Settle()
	require.Equal(t, "working\n", b.String())
}

func TestPaint(t *testing.T) {
	require.Equal(t, "x", (&Console{}).Paint(Red, "x"))
	require.Equal(t, "\x1b[31mx\x1b[0m", (&Console{Colour: true}).Paint(Red, "x"))
}

func TestAFileIsNoTerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	require.NoError(t, err)
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	for _, f := range []*os.File{file, null} {
		c := New(f, f)
		require.False(t, c.Colour, f.Name())
		require.False(t, c.Live, f.Name())
	}
}

func TestGrouped(t *testing.T) {
	require.Equal(t, "0", Grouped(0))
	require.Equal(t, "999", Grouped(999))
	require.Equal(t, "1,000", Grouped(1000))
	require.Equal(t, "12,345,678", Grouped(int64(12345678)))
	require.Equal(t, "-1,234", Grouped(-1234))
}
