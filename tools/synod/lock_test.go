// Commands under a lock on real processes: over the loss of the leader, and of too many replicas.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// leading waits until a replica leads, and names it.
func (s *service) leading() string {
	var leader string
	require.Eventually(s.t, func() bool {
		for _, name := range replicaNames {
			if _, out, _ := subcommand(s.t, "status", s.addresses[name]); strings.Contains(out, `"standing": "leader"`) {
				leader = name
				return true
			}
		}
		return false
	}, time.Minute, time.Millisecond)
	return leader
}

func (s *service) lock(args ...string) (code int, out, errs string) {
	return subcommand(s.t, append([]string{"lock", "-at", strings.Join(s.fronts(), ",")}, args...)...)
}

func TestACommandRunsUnderALock(t *testing.T) {
	t.Parallel()
	s := newReplicas(t)
	var last uint64
	for range 2 {
		code, out, errs := s.lock("job", "--", "sh", "-c", "echo $SYNOD_TOKEN; exit 7")
		require.Equal(t, 7, code, errs)
		token, err := strconv.ParseUint(strings.TrimSpace(out), 10, 64)
		require.NoError(t, err)
		require.Greater(t, token, last)
		last = token
	}
	code, _, errs := s.lock("job", "--", "sh", "-c", "kill -9 $$")
	require.Equal(t, 128+9, code, errs)
	code, _, _ = s.lock("job", "--", "/no/such/command")
	require.Equal(t, exitNoRun, code)
	code, _, errs = s.lock("job", "sh")
	require.Equal(t, exitUsage, code, errs)
	code, _, errs = s.lock("-term", "1s", "-grace", "1s", "job", "--", "true")
	require.Equal(t, exitUsage, code, errs)
	code, _, errs = subcommand(t, "lease", "-at", s.fronts()[0], "job")
	require.Equal(t, exitCondition, code, errs)

	// Who finds the lock held runs nothing.
	folder := t.TempDir()
	script := fmt.Sprintf("touch %[1]s/began; while [ ! -e %[1]s/end ]; do sleep 0.01; done", folder)
	first := make(chan int)
	go func() {
		code, _, _ := s.lock("job", "--", "sh", "-c", script)
		first <- code
	}()
	require.Eventually(t, func() bool { return exists(folder, "began") }, time.Minute, time.Millisecond)
	code, out, _ := subcommand(t, "lease", "-at", s.fronts()[1], "job")
	require.Zero(t, code)
	require.Contains(t, out, "term 10s")
	code, out, errs = s.lock("-wait", "200ms", "job", "--", "echo", "two")
	require.Equal(t, exitHeld, code, errs)
	require.Empty(t, out)

	// The loss of the leader is not the loss of the lock.
	leader := s.leading()
	s.kill(leader)
	other := replicaNames[0]
	if other == leader {
		other = replicaNames[1]
	}
	require.Eventually(t, func() bool {
		code, out, _ := subcommand(t, "lease", "-at", s.addresses["resp "+other], "job")
		return code == 0 && strings.Contains(out, "term 10s")
	}, time.Minute, time.Millisecond)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "end"), nil, 0o644))
	require.Zero(t, <-first)
	code, out, errs = s.lock("job", "--", "echo", "three")
	require.Zero(t, code, errs)
	require.Equal(t, "three\n", out)
}

// A command whose lock cannot be renewed is told so, and is gone before another can have the lock.
func TestACommandEndsWithItsLock(t *testing.T) {
	t.Parallel()
	s := newReplicas(t)
	folder := t.TempDir()
	script := fmt.Sprintf("trap 'touch %[1]s/told' TERM; touch %[1]s/began; while :; do sleep 0.01; touch %[1]s/alive; done", folder)
	type result struct {
		code int
		errs string
	}
	first := make(chan result)
	go func() {
		code, _, errs := s.lock("-term", "2s", "-grace", "500ms", "job", "--", "sh", "-c", script)
		first <- result{code, errs}
	}()
	require.Eventually(t, func() bool { return exists(folder, "began") }, time.Minute, time.Millisecond)
	s.kill("r1")
	s.kill("r2")
	r := <-first
	require.Equal(t, exitLost, r.code, r.errs)
	require.True(t, exists(folder, "told"), "it got SIGTERM before SIGKILL")
	require.NoError(t, os.Remove(filepath.Join(folder, "alive")))
	s.start("r1")
	code, out, errs := s.lock("job", "--", "sh", "-c", "ls "+folder)
	require.Zero(t, code, errs)
	require.NotContains(t, out, "alive", "the command has left nobody behind")
}

func exists(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}
