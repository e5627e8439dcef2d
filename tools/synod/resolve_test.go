package main

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A command whose outcome is unknown prints what resolves it, and any server tells then.
func TestResolveTellsWhatBecameOfASet(t *testing.T) {
	t.Parallel()
	s := newServiceOf(t, []string{"a1", "a2", "a3"})
	s.sweeps = "1h" // promises that came with an accept are good for a quarter of that
	s.start("p1")
	s.start("p2")
	at := func(p string) string { return "-at=" + s.addresses["resp "+p] }
	code, _, stderr := invoke("set", at("p1"), "stock", "old")
	require.Zero(t, code, stderr)
	for _, a := range []string{"a2", "a3"} { // of what p1 proposes next a1 alone tells that it has accepted it
		freeze(t, s.processes[a])
	}
	code, _, stderr = invoke("set", at("p1"), "-timeout", "20s", "stock", "new")
	for _, a := range []string{"a2", "a3"} {
		require.NoError(t, s.processes[a].Process.Signal(syscall.SIGCONT))
	}
	require.Equal(t, exitUnknown, code, stderr)
	_, command, found := strings.Cut(stderr, ": synod resolve ")
	require.True(t, found, stderr)
	words := strings.Fields(strings.TrimSuffix(strings.TrimSpace(command), " tells"))
	require.Equal(t, "stock", words[0])
	want := "new"
	switch code, stdout, stderr := invoke(append([]string{"resolve", at("p2"), "-timeout", "20s"}, words...)...); code {
	case 0:
		require.Equal(t, "satisfied: the change took effect\n", stdout)
	case 1:
		require.Contains(t, stderr, "rejected: the change had no effect, and never will")
		want = "old"
	default:
		require.Fail(t, "it is not resolved", stderr)
	}
	_, stdout, _ := invoke("get", at("p1"), "-timeout", "20s", "stock")
	require.Equal(t, want+"\n", stdout)

	code, _, stderr = invoke("resolve", at("p2"), "stock", "9007199254740991")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "nothing was proposed for this key")
	code, _, stderr = invoke("resolve", at("p2"), "stock")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "takes KEY BALLOT..., got 1 arguments")
	s.replays()
}
