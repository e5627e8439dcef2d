// A full disk: an acceptor ends, and goes on where it was once there is room.

package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/storage"
)

func TestAFullDiskEndsAnAcceptorWhichGoesOnLater(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a small file system is mounted by root alone")
	}
	small := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small).CombinedOutput(); err != nil {
		t.Skipf("a small file system cannot be mounted here: %s", out)
	}
	c := newCluster(t, 1, 1)
	t.Cleanup(func() {
		c.stopAll()
		exec.Command("umount", "-l", small).Run() // the failed node has left its files open
	})
	c.untraced, c.entries, c.onDisk, c.dir = true, true, true, small
	c.start("a1")
	c.onDisk = false // the proposer's is not there
	c.start("p1")
	require.Equal(t, paxos.Satisfied, c.change("p1", "kept", put("5")).outcome)

	full := false
	large := strings.Repeat("x", 1<<19)
	for n := 0; n < 200 && !full; n++ {
		r := c.change("p1", "large", put(large))
		full = r.outcome != paxos.Satisfied
	}
	require.True(t, full, "the disk does not get full")
	err := c.ended("a1")
	require.ErrorIs(t, err, storage.ErrFailed)
	require.ErrorContains(t, err, "no space left on device")

	// In this process the failed node still holds its folder; a copy with room around it is as good.
	roomy := t.TempDir()
	require.NoError(t, exec.Command("cp", "-r", filepath.Join(small, "a1"), roomy).Run())
	require.NoError(t, os.Remove(filepath.Join(roomy, "a1", "LOCK")))
	c.onDisk, c.dir = true, roomy
	c.start("a1")
	for _, key := range []string{"kept", "large"} {
		r := c.get("p1", key)
		for r.outcome != paxos.Satisfied {
			r = c.get("p1", key)
		}
		want := map[string]string{"kept": "5", "large": large}[key]
		require.Equal(t, want, string(r.after.Value))
	}
}
