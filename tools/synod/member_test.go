// Members on the command line: real processes, an operator who is killed on the way, and what the traces show of it.

package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMembersOnTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	processes := map[string]*os.Process{}
	start := func(words ...string) string {
		node := words[3]
		cmd, _, stderr := synod(t, append(words, "-data", filepath.Join(folder, node), "-trace", filepath.Join(folder, node+".ndjson"))...)
		output := &announced{lines: make(chan string, 1)}
		cmd.Stdout = output
		require.NoError(t, cmd.Start())
		processes[node] = cmd.Process
		t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
		select {
		case line := <-output.lines:
			return line[strings.LastIndex(line, " ")+1:]
		case <-time.After(20 * time.Second):
			t.Fatalf("%v does not listen: %s", words, stderr)
			return ""
		}
	}
	var founders, proposers []string
	for _, id := range []string{"a1", "a2", "a3"} {
		founders = append(founders, id+"="+start("serve", "acceptor", "-id", id))
	}
	first := ""
	for _, id := range []string{"p1", "p2"} {
		first = start("serve", "proposer", "-id", id, "-acceptors", strings.Join(founders, ","))
		proposers = append(proposers, id+"="+first)
	}
	where := []string{"-proposers", strings.Join(proposers, ",")}
	member := func(words ...string) (int, string) {
		cmd, stdout, stderr := synod(t, append(append([]string{"member", words[0]}, where...), words[1:]...)...)
		cmd.Run()
		return cmd.ProcessState.ExitCode(), stdout.String() + stderr.String()
	}
	set := func(key, value string) {
		cmd, stdout, stderr := synod(t, "change", "-proposer", first, key, "set", value)
		require.NoError(t, cmd.Run(), "%s%s", stdout, stderr)
	}
	for _, key := range []string{"k", "l", "m"} {
		set(key, "5")
	}
	a4 := start("serve", "acceptor", "-id", "a4", "-join")

	// An operator is killed as soon as it has said anything of its change. Another one sees that one is under way, and goes on.
	cmd, _, _ := synod(t, append(append([]string{"member", "add"}, where...), "a4", a4)...)
	report := &announced{lines: make(chan string, 1)}
	cmd.Stderr = report
	require.NoError(t, cmd.Start())
	<-report.lines
	cmd.Process.Kill()
	cmd.Wait()
	code, said := member("resume")
	require.Zero(t, code, said)
	code, said = member("list")
	require.Zero(t, code, said)
	require.Equal(t, 2, strings.Count(said, "asks a1 a2 a3 a4, tells a1 a2 a3 a4"), said)
	require.NotContains(t, said, "under way")

	code, said = member("remove", "a1")
	require.Zero(t, code, said)
	require.Contains(t, said, "asks a2 a3 a4, tells a2 a3 a4")
	set("k", "6")
	set("n", "7")
	for _, x := range []struct {
		words []string
		code  int
		says  string
	}{
		{[]string{"remove", "a9"}, 1, "a9 is no member"},
		{[]string{"add", "a4", a4}, 1, "the data folder of a4 is not empty"},
		{[]string{"add", "a5", a4}, 1, "there is acceptor a4, not acceptor a5"},
		{[]string{"remove"}, exitUsage, "takes 1 arguments"},
	} {
		code, said := member(x.words...)
		require.Equal(t, x.code, code, said)
		require.Contains(t, said, x.says)
	}

	// A proposer loses its disk. Its acceptors are not the founders any more, so that it needs an operator.
	require.NoError(t, processes["p2"].Kill())
	require.NoError(t, os.RemoveAll(filepath.Join(folder, "p2")))
	require.Eventually(t, func() bool {
		l, err := net.Listen("tcp", first)
		return err == nil && l.Close() == nil
	}, 20*time.Second, time.Millisecond)
	start("serve", "proposer", "-id", "p2", "-acceptors", strings.Join(founders, ","), "-listen", first)
	lost, _, stderr := synod(t, "change", "-proposer", first, "-timeout", "500ms", "k", "read")
	require.Error(t, lost.Run())
	require.Equal(t, 1, lost.ProcessState.ExitCode(), stderr)
	code, said = member("restore", "p2")
	require.Zero(t, code, said)
	require.Equal(t, 2, strings.Count(said, "asks a2 a3 a4, tells a2 a3 a4"), said)
	set("k", "8")
	code, said = member("restore", "p9")
	require.Equal(t, 1, code, said)
	require.Contains(t, said, `there is no proposer "p9"`)

	traces, err := filepath.Glob(filepath.Join(folder, "*.ndjson"))
	require.NoError(t, err)
	replay, stdout, stderr := synod(t, append([]string{"replay"}, traces...)...)
	require.NoError(t, replay.Run(), "%s%s", stdout, stderr)
	require.Contains(t, stdout.String(), "Adopt")
	require.True(t, bytes.Contains(stdout.Bytes(), []byte("conforms")))
}
