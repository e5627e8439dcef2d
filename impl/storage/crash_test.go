// Crashes: whatever was acknowledged is there again, wherever the power failed.

package storage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/storage"
)

var a1 = storage.Identity{Cluster: "test", Shape: "acceptors a1 a2 a3", Node: "a1", Role: "acceptor"}

func open(t *testing.T, fs vfs.FS) *storage.Store {
	t.Helper()
	s, err := storage.Open(storage.Options{Dir: "data", Identity: a1, FS: fs})
	require.NoError(t, err)
	return s
}

// record is what version n of a key holds. The key can be told from it.
func record(key string, n int) storage.Record {
	return storage.Record{
		Key:        key,
		State:      paxos.AcceptorState{Promised: paxos.Ballot(n), AcceptedBallot: paxos.Ballot(n - 1), AcceptedState: fmt.Sprint(n)},
		PromisedBy: fmt.Sprintf("p1/1/%d", n),
		AcceptedBy: key,
	}
}

// image is what a disk holds after the power failed, and which commits had been acknowledged before.
type image struct {
	disk         *vfs.MemFS
	acknowledged int
}

// cameras copies the disk before each of its operations, as it would be if the power failed just then.
type cameras struct {
	disk         *vfs.MemFS
	acknowledged atomic.Int64

	mu     sync.Mutex
	random *rand.Rand
	images []image
}

// MaybeError implements errorfs.Injector. It injects nothing.
func (c *cameras) MaybeError(op errorfs.Op) error {
	if op.Kind.ReadOrWrite() == errorfs.OpIsRead {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// A page that was not synced may be on the disk or not.
	percent := c.random.IntN(3) * 50
	n := int(c.acknowledged.Load())
	disk := c.disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: percent, RNG: c.random})
	c.images = append(c.images, image{disk, n})
	return nil
}

// String implements errorfs.Injector.
func (c *cameras) String() string { return "cameras" }

func TestAcknowledgedCommitsSurviveAPowerFailureAtAnyMoment(t *testing.T) {
	const commits, keys = 40, 5
	disk := vfs.NewCrashableMem()
	c := &cameras{disk: disk, random: rand.New(rand.NewPCG(1, 2))}
	s := open(t, errorfs.Wrap(disk, c))
	for n := 1; n <= commits; n++ {
		var batch []storage.Record
		for k := range keys {
			batch = append(batch, record(fmt.Sprintf("k%d", k), n))
		}
		require.NoError(t, s.Commit(batch, 0))
		require.NoError(t, s.Reserve(paxos.Ballot(n)))
		c.acknowledged.Store(int64(n))
	}
	require.NoError(t, s.Close())
	later := 0
	for i, image := range c.images {
		later += verify(t, i, image, keys, commits)
	}
	require.Greater(t, len(c.images), 2*commits)
	require.Positive(t, later, "no image shows a commit under way: the disk was only looked at in quiet moments")
	t.Logf("%d images, %d with a commit that was not acknowledged yet", len(c.images), later)
}

// verify opens an image. It returns 1 if the image has a commit that nobody was told of, which is allowed: all of it
// or nothing.
func verify(t *testing.T, i int, x image, keys, commits int) int {
	s := open(t, x.disk)
	defer s.Close()
	version := -1
	for k := range keys {
		key := fmt.Sprintf("k%d", k)
		r, found, err := s.Load(key)
		require.NoError(t, err, "image %d", i)
		n := int(r.State.Promised)
		require.GreaterOrEqual(t, n, x.acknowledged, "image %d has lost a commit of %s", i, key)
		require.LessOrEqual(t, n, min(x.acknowledged+1, commits), "image %d", i)
		if found {
			require.Equal(t, record(key, n), r, "image %d", i)
		}
		if k > 0 {
			require.Equal(t, version, n, "image %d has half a batch", i)
		}
		version = n
	}
	reserved, err := s.Reserved()
	require.NoError(t, err)
	require.GreaterOrEqual(t, int(reserved), x.acknowledged, "image %d has lost a reservation", i)
	require.LessOrEqual(t, s.Run(), uint64(2))
	if version > x.acknowledged {
		return 1
	}
	return 0
}

// A disk that says it has synced, and has not, does lose a commit: the test above can fail.
func TestAnUnsyncedCommitDoesNotSurvive(t *testing.T) {
	disk := vfs.NewCrashableMem()
	s := open(t, lyingDisk{disk})
	require.NoError(t, s.Commit([]storage.Record{record("k", 1)}, 0))
	after := open(t, disk.CrashClone(vfs.CrashCloneCfg{}))
	_, found, err := after.Load("k")
	require.NoError(t, err)
	require.False(t, found)
	require.NoError(t, after.Close())
	require.NoError(t, s.Close())
}

// lyingDisk syncs everything but the log.
type lyingDisk struct{ vfs.FS }

func (d lyingDisk) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := d.FS.Create(name, c)
	if err == nil && strings.HasSuffix(name, ".log") {
		f = lyingFile{f}
	}
	return f, err
}

func (d lyingDisk) Unwrap() vfs.FS { return d.FS }

type lyingFile struct{ vfs.File }

func (lyingFile) Sync() error                { return nil }
func (lyingFile) SyncData() error            { return nil }
func (lyingFile) SyncTo(int64) (bool, error) { return true, nil }
