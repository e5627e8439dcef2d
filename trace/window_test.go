// Windows: what is in a file that its writer has not closed, or was killed before it could.

package trace_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/trace"
)

// writer begins a run whose file is not closed, as if the process were killed.
func writer(t *testing.T, path string, run uint64) (add func(instance string)) {
	t.Helper()
	w, last, err := trace.Create(path, header("a1", run))
	require.NoError(t, err)
	clock := trace.NewClock("a1", run, last)
	return func(instance string) {
		e := trace.Event{Action: "Promise", Instance: instance}
		clock.Stamp(&e)
		require.NoError(t, w.Write([]trace.Event{e}))
	}
}

func TestWhatAKilledWriterLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	add := writer(t, path, 1)
	for range 3000 { // several windows
		add("k")
	}
	f, err := trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, f.Events, 3000)
	require.False(t, f.Torn)

	text, err := os.ReadFile(path)
	require.NoError(t, err)
	end := bytes.LastIndexByte(text, '\n') + 1
	if runtime.GOOS == "linux" {
		require.Greater(t, len(text), end, "the window is not there")
	}
	require.Empty(t, strings.Trim(string(text[end:]), " "))
	const part = `{"node":"a1","run":1,"seq":3001`
	text = append(append(text[:end:end], part...), bytes.Repeat([]byte{' '}, 1000)...)
	require.NoError(t, os.WriteFile(path, text, 0o644))
	f, err = trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, f.Events, 3000)
	require.True(t, f.Torn, "part of a line is there")

	last, clock, err := trace.LastRun(path)
	require.NoError(t, err)
	require.Equal(t, uint64(1), last)
	require.Equal(t, uint64(3000), clock)
	same, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, text, same, "a file that is only looked at stays as it is")
	write(t, path, header("a1", 2), "RestartAcceptor")
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.NotContains(t, string(text), "  ")
	f, err = trace.ReadFile(path)
	require.NoError(t, err)
	require.Len(t, f.Events, 3001)
	require.Equal(t, uint64(3001), f.Events[3000].Clock)
}

// Who reads while the file is written sees whole lines alone, also such as are larger than a window, and all of them.
func TestAFileIsReadWhileItIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	const events = 20_000
	var writing sync.WaitGroup
	writing.Go(func() {
		add := writer(t, path, 1)
		for i := range events {
			if i%5000 == 777 {
				add(strings.Repeat("x", 200_000))
			} else {
				add("k")
			}
		}
	})
	tail := trace.NewTail(path)
	defer tail.Close()
	seen, large := 0, 0
	for seen < events {
		_, err := tail.Poll(1<<20, func(_ *trace.Header, e *trace.Event) error {
			if e != nil {
				seen++
				if len(e.Instance) > 1 {
					large++
				}
			}
			return nil
		})
		require.NoError(t, err)
	}
	writing.Wait()
	require.Equal(t, 4, large)
	require.False(t, tail.Torn())
}

// A file that somebody cuts off while it is written ends the trace with an error, and not the process.
func TestAFileThatIsCutWhileItIsWritten(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("files are mapped here as elsewhere, but what a cut does to them is tried on Linux alone")
	}
	path := filepath.Join(t.TempDir(), "a1.ndjson")
	w, _, err := trace.Create(path, header("a1", 1))
	require.NoError(t, err)
	clock := trace.NewClock("a1", 1, 0)
	one := func() error {
		e := trace.Event{Action: "Promise"}
		clock.Stamp(&e)
		return w.Write([]trace.Event{e})
	}
	require.NoError(t, one())
	require.NoError(t, os.Truncate(path, 0))
	require.ErrorContains(t, one(), "cannot be written to")
	require.ErrorContains(t, one(), "cannot be written to", "it stays failed")
}
