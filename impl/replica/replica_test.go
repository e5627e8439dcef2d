// Replicas on disks that stall or are damaged, with snapshots, and with a bug that the replay must see.

package replica_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/stretchr/testify/require"

	"synod/conformance"
	"synod/impl/log"
	"synod/impl/log/sim"
	"synod/impl/replica"
)

// breaker lets all syncs fail while it is armed.
type breaker struct{ armed atomic.Bool }

// MaybeError implements errorfs.Injector.
func (b *breaker) MaybeError(op errorfs.Op) error {
	if b.armed.Load() && isSync(op) {
		return errors.New("the disk is gone")
	}
	return nil
}

// String implements errorfs.Injector.
func (b *breaker) String() string { return "breaker" }

func isSync(op errorfs.Op) bool {
	return op.Kind == errorfs.OpFileSync || op.Kind == errorfs.OpFileSyncData || op.Kind == errorfs.OpFileSyncTo
}

// gate holds up all syncs of a disk while it is closed.
type gate struct {
	mu     sync.Mutex
	closed chan struct{} // is closed when the gate opens
}

// MaybeError implements errorfs.Injector.
func (g *gate) MaybeError(op errorfs.Op) error {
	if isSync(op) {
		g.mu.Lock()
		closed := g.closed
		g.mu.Unlock()
		if closed != nil {
			<-closed
		}
	}
	return nil
}

// String implements errorfs.Injector.
func (g *gate) String() string { return "gate" }

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed != nil {
		close(g.closed)
		g.closed = nil
	}
}

// A leader whose disk does not answer steps down, and those whose disks do go on. What it was asked meanwhile is
// performed once. Without a trace its own disk does not hold up what the others accept.
func TestALeaderWhoseDiskStallsStepsDown(t *testing.T) {
	for name, traced := range map[string]bool{"with a trace": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			gates := map[string]*gate{}
			c := newCluster(t, func(cfg *replica.Config) {
				gates[cfg.ID] = &gate{}
				cfg.FS = errorfs.Wrap(vfs.Default, gates[cfg.ID])
				if !traced {
					cfg.TracePath = ""
				}
			})
			require.Equal(t, "1", c.submit("r1", "add 1"))
			old := c.leader()
			gates[old].close()
			t.Cleanup(gates[old].open)
			result := make(chan string, 1)
			go func() { result <- c.submit(old, "add 1") }()
			if !traced {
				require.Equal(t, "2", <-result, "it leads on for a while, and the others are a quorum")
			}
			require.Eventually(t, func() bool {
				for id, r := range c.running {
					if id != old && r.Status().Role == log.Leader {
						return true
					}
				}
				return false
			}, 20*time.Second, time.Millisecond)
			if traced {
				require.Equal(t, "2", <-result, "the new leader is asked")
			}
			require.Equal(t, "3", c.submit(old, "add 1"))
			require.NotEqual(t, log.Leader, c.running[old].Status().Role)
			gates[old].open()
			require.Eventually(t, func() bool {
				return c.running[old].Status().Applied == c.running[c.leader()].Status().Applied
			}, 20*time.Second, time.Millisecond)
			for _, id := range ids {
				c.stop(id)
			}
			if traced {
				require.Equal(t, conformance.Conforms, c.conforms().Verdict)
			}
		})
	}
}

// Snapshots are taken and sent while commands are performed, and replicas begin with them.
func TestReplicasContinueFromSnapshots(t *testing.T) {
	c := newCluster(t, func(cfg *replica.Config) { cfg.SnapshotBytes, cfg.Keep = 1, 1 })
	leader := c.leader()
	behind := ids[0]
	if behind == leader {
		behind = ids[1]
	}
	c.stop(behind)
	for i := 1; i <= 300; i++ {
		require.Equal(t, strconv.Itoa(i), c.submit(leader, "add 1"))
	}
	c.start(behind)
	require.Equal(t, "301", c.submit(behind, "add 1"))
	require.Eventually(t, func() bool {
		return c.running[behind].Status().Applied == c.running[c.leader()].Status().Applied
	}, 20*time.Second, time.Millisecond)
	for _, id := range ids {
		c.stop(id)
		c.start(id)
		require.NotZero(t, c.running[id].Status().Applied, "%s begins with a snapshot", id)
	}
	require.Equal(t, "302", c.submit(behind, "add 1"))
	for _, id := range ids {
		c.stop(id)
	}
	report := c.conforms()
	require.Equal(t, conformance.Conforms, report.Verdict, fmt.Sprint(report))
}

func TestTheReplayRefusesABug(t *testing.T) {
	c := newCluster(t, func(cfg *replica.Config) { cfg.SnapshotBytes, cfg.Bugs = 1, log.TruncateBeforeSaved })
	for range 60 {
		c.submit("r1", "add 1")
	}
	require.Eventually(t, func() bool { return c.running["r1"].Status().Applied > 50 }, 20*time.Second, time.Millisecond)
	for _, id := range ids {
		c.stop(id)
	}
	require.Equal(t, conformance.Violates, c.conforms().Verdict)
}

func TestADamagedFolderIsRefused(t *testing.T) {
	c := newCluster(t, nil)
	c.submit("r1", "add 1")
	id := c.leader()
	c.stop(id)
	db, err := pebble.Open(c.config(id).DataDir, &pebble.Options{FormatMajorVersion: pebble.FormatNewest})
	require.NoError(t, err)
	require.NoError(t, db.Delete([]byte("log/promised"), pebble.Sync))
	require.NoError(t, db.Close())
	_, err = replica.Start(c.config(id))
	var damaged *log.DamagedError
	require.ErrorAs(t, err, &damaged)
	require.ErrorContains(t, err, c.config(id).DataDir)
}

// A disk that fails ends the replica, which must not go on with what it believes to have written.
func TestAFailedDiskEndsTheReplica(t *testing.T) {
	failing := map[string]*breaker{}
	c := newCluster(t, func(cfg *replica.Config) {
		failing[cfg.ID] = &breaker{}
		cfg.FS = errorfs.Wrap(vfs.Default, failing[cfg.ID])
	})
	c.submit("r1", "add 1")
	failing["r2"].armed.Store(true)
	go c.running["r1"].Submit(context.Background(), "add 1")
	<-c.running["r2"].Done()
	require.Error(t, c.running["r2"].Err())
	delete(c.running, "r2")
}

func TestWithoutAQuorumAClientLearnsWhatIsKnown(t *testing.T) {
	c := newCluster(t, nil)
	leader := c.leader()
	for _, id := range ids {
		if id != leader {
			c.stop(id)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := c.running[leader].Submit(ctx, "add 1")
	require.ErrorIs(t, err, replica.ErrUnknown, "it may stand in the log already")
	last := c.running[leader]
	c.stop(leader)
	_, err = last.Submit(context.Background(), "add 1")
	require.ErrorIs(t, err, replica.ErrRejected, "who has stopped performs nothing")
}

func TestAConfigurationMustBeWhole(t *testing.T) {
	whole := func() replica.Config {
		return (&cluster{t: t, folder: t.TempDir(), addresses: map[string]string{"r1": "127.0.0.1:0", "r2": "127.0.0.1:1", "r3": "127.0.0.1:2"}}).config("r1")
	}
	for message, change := range map[string]func(*replica.Config){
		`the cluster has no replica called "r4"`:     func(c *replica.Config) { c.ID = "r4" },
		"the address of replica r3 is missing":       func(c *replica.Config) { delete(c.Addresses, "r3") },
		"there is no machine to replicate":           func(c *replica.Config) { c.Machine = nil },
		"replicas r1 and r2 have the same id 1":      func(c *replica.Config) { c.Cluster.Replicas["r2"] = 1 },
		"the cluster's name is not 1 to 64 bytes":    func(c *replica.Config) { c.Cluster.Name = "" },
		"is not on loopback: plaintext connections":  func(c *replica.Config) { c.Listen = "0.0.0.0:0" },
		"replica r3: address \"192.0.2.1:1\" is not": func(c *replica.Config) { c.Addresses["r3"] = "192.0.2.1:1" },
		"need not meet among 3 replicas":             func(c *replica.Config) { c.Cluster.PrepareSize = 1 },
		"replica r3: scheme pair: id 99":             func(c *replica.Config) { c.Cluster.Replicas["r3"] = 99 },
	} {
		cfg := whole()
		change(&cfg)
		_, err := replica.Start(cfg)
		require.ErrorContains(t, err, message)
	}
}

// shown is a counter that can be read.
type shown struct{ *sim.Counter }

// Read answers "show", and leaves everything else to the log.
func (s shown) Read(command string) (string, bool) { return s.Value(), command == "show" }

// Reads see what was answered before, wherever they are asked, and take no place in the log unless they must.
func TestReadsTakeNoPlaceInTheLog(t *testing.T) {
	c := newCluster(t, func(cfg *replica.Config) { cfg.Machine = shown{&sim.Counter{}} })
	query := func(id, command string) string {
		answers := make(chan string, 1)
		c.running[id].Query(command, time.Minute, func(result string, err error) {
			if err != nil {
				result = err.Error()
			}
			answers <- result
		})
		return <-answers
	}
	for i := 1; i <= 9; i++ {
		require.Equal(t, strconv.Itoa(i), c.submit(ids[i%3], "add 1"))
		require.Equal(t, strconv.Itoa(i), query(ids[(i+1)%3], "show"))
	}
	applied := c.running[c.leader()].Status().Applied
	for _, id := range ids {
		require.Equal(t, "9", query(id, "show"))
	}
	require.Equal(t, applied, c.running[c.leader()].Status().Applied)
	require.Equal(t, "9", query("r2", "add 0"), "what cannot be read is performed")
	require.Greater(t, c.running[c.leader()].Status().Applied, applied)
	old := c.leader()
	c.stop(old)
	require.Equal(t, "9", query(c.leader(), "show"), "the new leader knows")
	for _, id := range ids {
		c.stop(id)
	}
	report := c.conforms()
	require.Equal(t, conformance.Conforms, report.Verdict, fmt.Sprint(report))
	require.True(t, slices.ContainsFunc(report.Actions, func(a conformance.ActionCount) bool {
		return a.Action == "ReadConfirmed" && a.Count >= 13
	}))
}
