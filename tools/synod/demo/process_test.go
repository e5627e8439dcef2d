// Processes end when they are told to, and when the demo does.

package demo

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// alive reports whether a process exists and is no zombie.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return !os.IsNotExist(err)
	}
	_, rest, _ := strings.Cut(string(status), ") ")
	return !strings.HasPrefix(rest, "Z")
}

// shell starts a shell command as a child.
func shell(t *testing.T, n *nursery, command string) *process {
	t.Helper()
	p, err := n.start("child", filepath.Join(t.TempDir(), "log"), "/bin/sh", "-c", command)
	require.NoError(t, err)
	return p
}

func TestStopAsksAndWaits(t *testing.T) {
	n := newNursery()
	defer n.close()
	p := shell(t, n, `trap 'exit 0' INT; echo up; while :; do sleep 0.05; done`)
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(p.log) // not there yet is not up yet
		return strings.Contains(string(text), "up")
	}, 5*time.Second, 10*time.Millisecond)
	require.NoError(t, p.stop())
	require.False(t, alive(p.pid()))
	require.False(t, p.crashed())
	require.NoError(t, n.crashed())
}

func TestAddressIsWhatTheServerSays(t *testing.T) {
	n := newNursery()
	defer n.close()
	p := shell(t, n, `printf 'synod x listens'; sleep 0.1; echo ' on 127.0.0.1:99'; sleep 60`)
	address, err := p.address(context.Background())
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:99", address)
}

func TestAServerThatEndsFirstIsQuoted(t *testing.T) {
	n := newNursery()
	defer n.close()
	p := shell(t, n, `echo one; echo no such folder >&2; exit 1`)
	_, err := p.address(context.Background())
	require.ErrorContains(t, err, "no such folder")
	require.NotContains(t, err.Error(), "one")
}

func TestStopTellsOfAFailure(t *testing.T) {
	n := newNursery()
	defer n.close()
	p := shell(t, n, `trap 'exit 3' INT; echo up; while :; do sleep 0.05; done`)
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(p.log)
		return strings.Contains(string(text), "up")
	}, 5*time.Second, 10*time.Millisecond)
	require.ErrorContains(t, p.stop(), "exit status 3")
}

func TestACrashIsNoticed(t *testing.T) {
	n := newNursery()
	defer n.close()
	p := shell(t, n, "exit 1")
	<-p.exited
	require.True(t, p.crashed())
	require.ErrorContains(t, n.crashed(), "child ended by itself")
}

func TestCloseKillsWholeGroups(t *testing.T) {
	n := newNursery()
	p := shell(t, n, `sleep 60 & echo $!; trap '' INT TERM; wait`)
	grandchild := 0
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(p.log)
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		grandchild = pid
		return err == nil
	}, 5*time.Second, 10*time.Millisecond)
	n.close()
	require.False(t, alive(p.pid()))
	require.Eventually(t, func() bool { return !alive(grandchild) }, 5*time.Second, 10*time.Millisecond)
}

// parentVariable makes the test binary play a demo that starts a child and is then killed.
const parentVariable = "SYNOD_TEST_PARENT"

func TestMain(m *testing.M) {
	if log := os.Getenv(parentVariable); log != "" {
		if _, err := newNursery().start("child", log, "/bin/sh", "-c", "echo $$; exec sleep 60"); err != nil {
			panic(err)
		}
		select {}
	}
	os.Exit(m.Run())
}

func TestAChildDiesWithItsParent(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("only Linux kills the children of a process that was killed")
	}
	log := filepath.Join(t.TempDir(), "log")
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"="+log)
	require.NoError(t, parent.Start())
	child := 0
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(log)
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		child = pid
		return err == nil
	}, 5*time.Second, 10*time.Millisecond)
	require.True(t, alive(child))
	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	require.Eventually(t, func() bool { return !alive(child) }, 5*time.Second, 10*time.Millisecond)
}
