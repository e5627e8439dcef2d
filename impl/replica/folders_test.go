// A replica that has lost its disk takes part again when that is safe, and no sooner; one without its folder does not.

package replica_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/log"
	"synod/impl/replica"
)

// lose stops a replica and removes its folder.
func (c *cluster) lose(id string) {
	c.stop(id)
	require.NoError(c.t, os.RemoveAll(filepath.Join(c.folder, id)))
}

// met waits until all replicas have connections to all others, so that they know each other's folders.
func (c *cluster) met() {
	for _, id := range ids {
		c.submit(id, "add 0")
	}
	require.Eventually(c.t, func() bool {
		for _, id := range ids {
			s, err := replica.AskStatus(c.t.Context(), c.addresses[id], "", nil)
			if err != nil || len(s.Connected) != len(ids)-1 {
				return false
			}
		}
		return true
	}, time.Minute, time.Millisecond)
}

func TestAReplicaComesBackOnAnEmptyDisk(t *testing.T) {
	joins := ""
	c := newCluster(t, func(cfg *replica.Config) {
		cfg.Join, cfg.SnapshotBytes = cfg.ID == joins, 50
	})
	n := 0
	add := func(id string) {
		n++
		require.Equal(t, strconv.Itoa(n), c.submit(id, "add 1"))
	}
	c.met()
	for _, lost := range []string{c.leader(), "r1", "r3"} {
		other := ids[0]
		if lost == other {
			other = ids[1]
		}
		for range 10 {
			add(other)
		}
		c.lose(lost)
		add(other)

		// Another one is down as well: not all have answered, and it takes no part. So nothing can be chosen.
		third := ids[3-index(lost)-index(other)]
		c.stop(third)
		joins = lost
		c.start(lost)
		require.Equal(t, log.Lost, c.running[lost].Status().Role)
		c.start(third)
		require.Eventually(t, func() bool { return c.running[lost].Status().Role != log.Lost }, time.Minute, time.Millisecond)
		add(lost)

		// What it has now it keeps, and two of the three suffice again.
		c.stop(lost)
		c.start(lost)
		c.met()
		c.stop(third)
		add(lost)
		c.start(third)
		c.met()
	}
	for _, id := range ids {
		c.stop(id)
	}
	require.Equal(t, conformance.Conforms, c.replay("Readmission").Verdict)
}

// Leaders that hold leases are bound to promise nothing, themselves too: they let others lead for the sake of who is lost.
func TestAReplicaComesBackBesideLeases(t *testing.T) {
	joins := ""
	c := newCluster(t, func(cfg *replica.Config) { cfg.Join, cfg.LeaseTerm = cfg.ID == joins, 200*time.Millisecond })
	c.met()
	joins = c.leader()
	c.lose(joins)
	c.start(joins)
	require.Eventually(t, func() bool { return c.running[joins].Status().Role != log.Lost }, time.Minute, time.Millisecond)
	require.Equal(t, "1", c.submit(joins, "add 1"))
	for _, id := range ids {
		c.stop(id)
	}
	report := c.replay("LeaseReadmission")
	require.Equal(t, conformance.Conforms, report.Verdict)
	fired := map[string]int{}
	for _, a := range report.Actions {
		fired[a.Action] = a.Count
	}
	for _, action := range []string{"Lose", "Hold", "Readmit"} {
		require.NotZero(t, fired[action], action)
	}
}

func index(id string) int { return int(id[1] - '1') }

func TestAReplicaWithoutItsFolderIsRefused(t *testing.T) {
	c := newCluster(t, nil)
	c.met()
	c.lose("r2")
	require.NoError(t, os.Remove(c.trace("r2")))
	r, err := replica.Start(c.config("r2"))
	require.NoError(t, err)
	<-r.Done()
	require.ErrorContains(t, r.Err(), "not the one that")
	require.ErrorContains(t, r.Stop(), "join")
}

// Whoever runs on an old copy of its folder ends, as soon as another one knows better, and comes back on an empty one.
func TestAnOldCopyOfAFolderIsRefused(t *testing.T) {
	joins := ""
	c := newCluster(t, func(cfg *replica.Config) { cfg.Join = cfg.ID == joins })
	c.age()
	before, err := os.ReadFile(c.trace("r2"))
	require.NoError(t, err)
	r, err := replica.Start(c.config("r2"))
	require.NoError(t, err)
	<-r.Done()
	require.ErrorContains(t, r.Err(), "an old copy, of")
	require.ErrorContains(t, r.Stop(), "join")
	after, err := os.ReadFile(c.trace("r2"))
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "it was refused before it did anything")
	require.Equal(t, "2", c.submit("r1", "add 1"))

	require.NoError(t, os.RemoveAll(filepath.Join(c.folder, "r2")))
	joins = "r2"
	c.start("r2")
	require.Eventually(t, func() bool { return c.running["r2"].Status().Role != log.Lost }, time.Minute, time.Millisecond)
	require.Equal(t, "3", c.submit("r2", "add 1"))
	for _, id := range ids {
		c.stop(id)
	}
	require.Equal(t, conformance.Conforms, c.replay("Readmission").Verdict)
}

// age stops r2 and puts an old copy in the place of its folder, without a vote that the others count on. The others have heard
// of what it has written.
func (c *cluster) age() {
	c.met()
	c.stop("r2")
	copied, folder := filepath.Join(c.t.TempDir(), "copy"), filepath.Join(c.folder, "r2")
	require.NoError(c.t, os.CopyFS(copied, os.DirFS(folder)))
	c.start("r2")
	c.stop("r3")
	require.Equal(c.t, "1", c.submit("r2", "add 1")) // by its vote and one other
	c.start("r3")
	c.stop("r2")
	c.start("r2")
	c.met()
	for _, id := range []string{"r1", "r3"} {
		c.stop(id)
		c.start(id)
	}
	c.lose("r2")
	require.NoError(c.t, os.CopyFS(folder, os.DirFS(copied)))
}

// Were it not refused, the replay would see what it has forgotten.
func TestAnOldCopyThatIsNotRefusedIsCaught(t *testing.T) {
	c := newCluster(t, func(cfg *replica.Config) { cfg.Bugs = log.OldCopy })
	c.age()
	c.start("r2")
	c.submit("r2", "add 1") // now and then what was acknowledged before is lost, and this is 1 again
	for _, id := range ids {
		c.stop(id)
	}
	require.Equal(t, conformance.Violates, c.conforms().Verdict)
}

// Whoever has lost its disk while it waited to come back goes on waiting, with join or without.
func TestALostReplicaStaysLost(t *testing.T) {
	joins := false
	c := newCluster(t, func(cfg *replica.Config) { cfg.Join = joins && cfg.ID == "r2" })
	c.met()
	c.lose("r2")
	c.stop("r3")
	joins = true
	c.start("r2")
	joins = false
	c.stop("r2")
	c.start("r2")
	require.Equal(t, log.Lost, c.running["r2"].Status().Role)
	c.start("r3")
	require.Eventually(t, func() bool { return c.running["r2"].Status().Role != log.Lost }, time.Minute, time.Millisecond)
	require.Equal(t, "1", c.submit("r2", "add 1"))
}
