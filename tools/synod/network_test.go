// Networks: three machines in network namespaces, cut in all shapes, and what clients are told meanwhile.

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// namespaces are machines on one bridge, each a network namespace with an address of its own. The last one is a client's.
type namespaces struct {
	t      *testing.T
	prefix string
}

const machines = 4

func (n *namespaces) name(i int) string    { return fmt.Sprintf("%s%d", n.prefix, i) }
func (n *namespaces) address(i int) string { return fmt.Sprintf("10.213.77.%d", i) }

// newNamespaces makes the machines. It skips the test, and says why, where that cannot be done.
func newNamespaces(t *testing.T) *namespaces {
	if os.Geteuid() != 0 {
		t.Skip("network namespaces are made by root alone")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("there is no command ip")
	}
	n := &namespaces{t: t, prefix: fmt.Sprintf("syn%d_", os.Getpid()%100000)}
	hub := n.name(0)
	if out, err := exec.Command("ip", "netns", "add", hub).CombinedOutput(); err != nil {
		t.Skipf("network namespaces cannot be made here: %s", out)
	}
	t.Cleanup(func() { exec.Command("ip", "netns", "del", hub).Run() })
	n.ip("-n", hub, "link", "add", "hub", "type", "bridge")
	n.ip("-n", hub, "link", "set", "hub", "up")
	for i := 1; i <= machines; i++ {
		n.ip("netns", "add", n.name(i))
		t.Cleanup(func() { exec.Command("ip", "netns", "del", n.name(i)).Run() })
		port := fmt.Sprintf("port%d", i)
		n.ip("-n", hub, "link", "add", port, "type", "veth", "peer", "name", "net", "netns", n.name(i))
		n.ip("-n", hub, "link", "set", port, "master", "hub", "up")
		n.ip("-n", n.name(i), "addr", "add", n.address(i)+"/24", "dev", "net")
		n.ip("-n", n.name(i), "link", "set", "net", "up")
		n.ip("-n", n.name(i), "link", "set", "lo", "up")
	}
	return n
}

func (n *namespaces) ip(args ...string) {
	n.t.Helper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(n.t, err, "ip %s: %s", strings.Join(args, " "), out)
}

// drop has a machine's packets to another one thrown away; those of the other direction arrive.
func (n *namespaces) drop(from, to int) {
	n.ip("-n", n.name(from), "route", "add", "blackhole", n.address(to)+"/32")
}

// heal mends all that drop and unplug did.
func (n *namespaces) heal() {
	for i := 1; i <= machines; i++ {
		exec.Command("ip", "-n", n.name(i), "route", "flush", "type", "blackhole").Run()
		n.ip("-n", n.name(0), "link", "set", fmt.Sprintf("port%d", i), "up")
	}
}

// unplug takes a machine's cable out: its connections are half-open, and nobody is told.
func (n *namespaces) unplug(i int) {
	n.ip("-n", n.name(0), "link", "set", fmt.Sprintf("port%d", i), "down")
}

// command prepares the synod command on a machine.
func (n *namespaces) command(i int, args ...string) *exec.Cmd {
	cmd := exec.Command("ip", append([]string{"netns", "exec", n.name(i), os.Args[0]}, args...)...)
	cmd.Env = append(os.Environ(), commandVariable+"=1")
	return cmd
}

// serve starts a machine's nodes and waits until they listen.
func (n *namespaces) serve(i int, folder string) (stop func(os.Signal)) {
	cmd := n.command(i, "serve", "-config", filepath.Join(folder, fmt.Sprintf("node%d", i), "synod.toml"))
	output, errors := &announced{lines: make(chan string, 1)}, &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = output, errors
	require.NoError(n.t, cmd.Start())
	ended := false
	stop = func(signal os.Signal) {
		if !ended {
			ended = true
			cmd.Process.Signal(signal)
			cmd.Wait()
		}
	}
	n.t.Cleanup(func() { stop(os.Kill) })
	select {
	case <-output.lines:
	case <-time.After(time.Minute):
		n.t.Fatalf("machine %d does not listen: %s", i, errors)
	}
	return stop
}

// Each shape of the network is held while a client asks, then mended. What was told stays so, a majority that is whole serves,
// and after healing all serve again.
func TestPartitionsOfAllShapes(t *testing.T) {
	t.Parallel()
	n := newNamespaces(t)
	folder := filepath.Join(t.TempDir(), "cluster")
	hosts := strings.Join([]string{n.address(1), n.address(2), n.address(3)}, ",")
	require.NoError(t, n.command(machines, "init", "-hosts", hosts, folder).Run())
	stops := map[int]func(os.Signal){}
	for i := 1; i <= 3; i++ {
		stops[i] = n.serve(i, folder)
	}
	client := filepath.Join(folder, "client", "synod.toml")
	told, asked := 0, 0
	// add has one machine after the other add one to a register, and reports whether the client was told the sum.
	add := func() bool {
		asked++
		cmd := n.command(machines, "add", "-config", client, "-timeout", "2s", "sum", "1")
		cmd.Env = append(cmd.Env, fmt.Sprintf(`SYNOD_CLIENT_SERVERS=["%s:6381"]`, n.address(asked%3+1)))
		out, err := cmd.Output()
		if err != nil {
			return false
		}
		var sum int
		fmt.Sscan(string(out), &sum)
		require.Greater(t, sum, told, "an addition that was told of is lost")
		require.LessOrEqual(t, sum, asked, "an addition took effect twice")
		told = sum
		return true
	}
	served := func(when string) {
		t.Helper()
		for end := time.Now().Add(2 * time.Minute); !add(); {
			require.True(t, time.Now().Before(end), "nobody serves: %s", when)
		}
	}
	served("at first")
	shapes := []struct {
		name  string
		cut   func()
		serve bool // somebody serves a client that reaches all
	}{
		{"one machine alone", func() { n.drop(1, 2); n.drop(2, 1); n.drop(1, 3); n.drop(3, 1) }, true},
		{"one way", func() { n.drop(2, 3) }, true},
		{"one machine hears and is not heard", func() { n.drop(2, 1); n.drop(2, 3) }, true},
		{"not transitive", func() { n.drop(1, 3); n.drop(3, 1) }, true},
		{"half-open", func() { n.unplug(3) }, true},
		{"all apart", func() {
			for i := 1; i <= 3; i++ {
				n.drop(i, i%3+1)
				n.drop(i%3+1, i)
			}
		}, false},
	}
	for _, s := range shapes {
		s.cut()
		if s.serve {
			served(s.name)
		} else {
			for range 3 { // asks each machine
				require.False(t, add(), s.name)
			}
		}
		n.heal()
		for range 3 { // each asks another machine first
			served("after " + s.name)
		}
	}
	// A machine dies unseen while its cable is out: the connections to it are reset when it is back.
	n.unplug(2)
	stops[2](os.Kill)
	n.heal()
	stops[2] = n.serve(2, folder)
	served("after a reset")
	stops[1](os.Interrupt)
	served("by those who were reset")
}
