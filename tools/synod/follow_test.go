// synod replay -follow: files that grow while it runs, connections, and how it ends.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/tools/synod/console"
)

// buffer is a bytes.Buffer that may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// following is a synod replay under way.
type following struct {
	t              *testing.T
	interrupt      context.CancelFunc
	stdout, stderr buffer
	code           chan int
}

func follow(t *testing.T, args ...string) *following {
	ctx, cancel := context.WithCancel(t.Context())
	f := &following{t: t, interrupt: cancel, code: make(chan int, 1)}
	args = append([]string{"replay", "-spec", accountSpec}, args...)
	go func() { f.code <- dispatch(ctx, &console.Console{Stdout: &f.stdout, Stderr: &f.stderr}, args) }()
	return f
}

// until waits for a text on standard error.
func (f *following) until(text string) {
	f.t.Helper()
	require.Eventually(f.t, func() bool { return strings.Contains(f.stderr.String(), text) }, 30*time.Second, 5*time.Millisecond,
		"%s", text)
}

// ends waits for the end and checks the exit code.
func (f *following) ends(code int) string {
	f.t.Helper()
	require.Equal(f.t, code, <-f.code, f.stdout.String()+f.stderr.String())
	return f.stdout.String()
}

// appendTo appends lines to a file.
func appendTo(t *testing.T, path string, lines ...string) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = file.WriteString(strings.Join(lines, "\n") + "\n")
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

func TestFollowTellsAViolationWhileTheFilesGrow(t *testing.T) {
	folder := t.TempDir()
	ann, bob := filepath.Join(folder, "ann.ndjson"), filepath.Join(folder, "bob.ndjson")
	whole := newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).
		add("bob", fmt.Sprintf(receive, 3)+`,"causes":["ann/1/2"]`).add("ann", sendTooMuch)
	f := follow(t, "-follow", "-delay", "1ms", ann, bob)
	appendTo(t, bob, whole.lines[1], whole.lines[4]) // the effect is there before its cause
	appendTo(t, ann, whole.lines[0], whole.lines[2])
	appendTo(t, ann, whole.lines[3])
	appendTo(t, ann, whole.lines[5])
	f.until("event ann/1/3 (4 of 4, Send) is no step of Account.tla")
	f.until("balance[o] >= n")
	f.interrupt()
	out := f.ends(1)
	require.Contains(t, out, "3 of 4 events are steps")
	require.Regexp(t, `verdict +violates\n$`, out)
}

func TestFollowEndsWithTheVerdictSoFar(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.ndjson")
	whole := newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).add("bob", fmt.Sprintf(receive, 3))
	f := follow(t, "-follow", "-delay", "1ms", "-idle", "200ms", path)
	appendTo(t, path, whole.lines...)
	out := f.ends(0)
	require.Contains(t, out, "3 of 3 events are steps")
	require.Contains(t, out, "never fired: Restart, Interest")
	require.Regexp(t, `verdict +conforms\n$`, out)

	f = follow(t, "-follow", path)
	f.interrupt()
	require.Contains(t, f.ends(0), "3 of 3 events are steps", "what is there is replayed before it ends")

	f = follow(t, "-follow", "-idle", "10ms", filepath.Join(t.TempDir(), "none.ndjson"))
	f.ends(exitUsage)
	require.Contains(t, f.stderr.String(), "there was no header")
}

func TestFollowIsInconclusiveWhereACauseNeverComes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bob.ndjson")
	whole := newAccountTrace("bob").add("bob", fmt.Sprintf(receive, 3)+`,"causes":["ann/1/2"]`)
	appendTo(t, path, whole.lines...)
	f := follow(t, "-follow", "-delay", "1ms", "-patience", "1ms", "-idle", "100ms", path)
	out := f.ends(3)
	require.Contains(t, out, "event bob/1/1 is not decided: its cause ann/1/2 has not come")
	require.Contains(t, out, "1 event waits for causes that have not come")

	f = follow(t, "-follow", "-delay", "1ms", "-patience", "1h", "-idle", "100ms", path)
	require.Contains(t, f.ends(0), "1 event waits for causes that have not come", "an hour has not passed")
}

func TestFollowRefusesABadLineWithItsPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ann.ndjson")
	whole := newAccountTrace("ann").add("ann", deposit5).add("ann", `"action":"Steal"`)
	f := follow(t, "-follow", "-delay", "1ms", path)
	appendTo(t, path, whole.lines...)
	f.ends(exitUsage)
	require.Contains(t, f.stderr.String(), path+":3: event ann/1/2: "+accountSpec+" has no action Steal")
	f = follow(t, "-follow", path)
	appendTo(t, path, "hello")
	f.ends(exitUsage)
	require.Contains(t, f.stderr.String(), path+":4:1:")
}

// dialed finds where a replay listens, and connects.
func (f *following) dialed() net.Conn {
	f.until("listening on ")
	address := regexp.MustCompile(`listening on (\S+)\n`).FindStringSubmatch(f.stderr.String())[1]
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	conn, err := net.Dial(network, address)
	require.NoError(f.t, err)
	return conn
}

func TestListenTakesAStreamFromEachConnection(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "unix:" + filepath.Join(t.TempDir(), "s")} {
		whole := newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).
			add("bob", fmt.Sprintf(receive, 4)+`,"causes":["ann/1/2"]`)
		f := follow(t, "-listen", address, "-delay", "1ms")
		ann, bob := f.dialed(), f.dialed()
		fmt.Fprintf(bob, "%s\n%s\n", whole.lines[1], whole.lines[4])
		text := whole.lines[0] + "\n" + whole.lines[2] + "\n" + whole.lines[3] + "\n"
		for _, piece := range []string{text[:10], text[10:150], text[150:]} {
			fmt.Fprint(ann, piece)
		}
		f.until("event bob/1/1 (3 of 3, Receive) is no step of Account.tla")
		require.NoError(t, ann.Close())
		again := f.dialed() // ann's next run, on a connection of its own
		fmt.Fprintf(again, "%s\n", strings.Replace(whole.lines[0], `"run":1`, `"run":2`, 1))
		fmt.Fprintln(again, `{"node":"ann","run":2,"seq":1,"clock":9,"instance":"k","action":"Send","args":{"o":"ann","n":1,"to":"bob"}}`)
		f.until("event ann/2/1 (1 of 1 of k, Send) is no step of Account.tla")
		f.interrupt()
		require.Contains(t, f.ends(1), "2 of 4 events are steps")
		again.Close()
		bob.Close()
	}
}

func TestFollowLooksAtASample(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ann.ndjson")
	whole := newAccountTrace("ann")
	for i := range 100 {
		whole.add("ann", fmt.Sprintf(`"instance":"k%d",%s`, i, deposit5))
	}
	appendTo(t, path, whole.lines...)
	f := follow(t, "-follow", "-sample", "1/10", "-delay", "1ms", "-idle", "100ms", path)
	out := f.ends(0)
	require.Contains(t, out, "a sample: 1 of 10 instances was looked at")
	require.NotContains(t, out, "100 of 100")
}

func TestStreamSaysWhatReplaySays(t *testing.T) {
	dir := t.TempDir()
	ann, bob := filepath.Join(dir, "ann.ndjson"), filepath.Join(dir, "bob.ndjson")
	whole := newAccountTrace("ann", "bob").add("ann", deposit5).add("ann", send3).
		add("bob", fmt.Sprintf(receive, 3)+`,"causes":["ann/1/2"]`)
	appendTo(t, ann, whole.lines[0], whole.lines[2], whole.lines[3])
	appendTo(t, bob, whole.lines[1], whole.lines[4])
	same := func(code int, files ...string) {
		t.Helper()
		batch, want, wantErr := invoke(append([]string{"replay", "-spec", accountSpec}, files...)...)
		streamed, got, gotErr := invoke(append([]string{"replay", "-stream", "-spec", accountSpec}, files...)...)
		require.Equal(t, code, batch)
		require.Equal(t, code, streamed, gotErr)
		require.Equal(t, want, got)
		if code == exitUsage {
			require.Equal(t, wantErr, gotErr)
		}
		require.Equal(t, strings.Contains(wantErr, "has no end"), strings.Contains(gotErr, "has no end"))
	}
	same(0, ann, bob)
	same(exitUsage, bob) // the cause is in no file
	same(exitUsage, ann, filepath.Join(dir, "none.ndjson"))
	file, err := os.OpenFile(bob, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(`{"node":"b`)
	require.NoError(t, errors.Join(err, file.Close()))
	same(0, bob, ann)
	appendTo(t, ann, strings.Replace(newAccountTrace("ann").add("ann", sendTooMuch).lines[1], `"seq":1,"clock":1`, `"seq":3,"clock":9`, 1))
	same(1, ann, bob)
	code, _, stderr := invoke("replay", "-stream", "-follow", ann)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "-stream")
}
