// Disks in memory that crash at one moment, for the tests of this package.

package server_test

import (
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
)

// disk is a node's disk in memory. What is synced before the moment of a crash is there afterwards; a node that still
// runs at that moment cannot sync anything later, and so can neither answer nor record what the disk has lost.
type disk struct {
	*vfs.MemFS
	mu      sync.RWMutex // is read-locked while something is synced
	crashed bool
}

var errCrashed = errors.New("the machine has crashed")

func newDisk() *disk { return &disk{MemFS: vfs.NewCrashableMem()} }

// copy gives what a crash at this moment would leave. The disk goes on.
func (d *disk) copy() *disk { return &disk{MemFS: d.CrashClone(vfs.CrashCloneCfg{})} }

// crash gives what is left. Nothing that was not synced is.
func (d *disk) crash() *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.crashed = true
	return d.copy()
}

func (d *disk) sync(do func() error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.crashed {
		return errCrashed
	}
	return do()
}

// Create implements vfs.FS.
func (d *disk) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return d.wrap(d.MemFS.Create(name, category))
}

// ReuseForWrite implements vfs.FS.
func (d *disk) ReuseForWrite(old, name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return d.wrap(d.MemFS.ReuseForWrite(old, name, category))
}

// OpenReadWrite implements vfs.FS.
func (d *disk) OpenReadWrite(name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption) (vfs.File, error) {
	return d.wrap(d.MemFS.OpenReadWrite(name, category, opts...))
}

func (d *disk) wrap(f vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return file{f, d}, nil
}

// file is a file that its disk lets sync.
type file struct {
	vfs.File
	disk *disk
}

// Sync implements vfs.File.
func (f file) Sync() error { return f.disk.sync(f.File.Sync) }

// SyncData implements vfs.File.
func (f file) SyncData() error { return f.disk.sync(f.File.SyncData) }

// SyncTo implements vfs.File.
func (f file) SyncTo(length int64) (full bool, err error) {
	err = f.disk.sync(func() error {
		full, err = f.File.SyncTo(length)
		return err
	})
	return full, err
}

// A disk that crashes while its node goes on has what was synced before, and the node learns that later syncs fail.
func TestACrashIsOneMoment(t *testing.T) {
	before := newDisk()
	f, err := before.Create("f", vfs.WriteCategoryUnspecified)
	require.NoError(t, err)
	d, err := before.OpenDir("")
	require.NoError(t, err)
	require.NoError(t, d.Sync())
	write := func(text string) error {
		_, err := f.Write([]byte(text))
		require.NoError(t, err)
		return f.Sync()
	}
	require.NoError(t, write("early"))
	after := before.crash()
	require.ErrorIs(t, write("late"), errCrashed)
	g, err := after.Open("f")
	require.NoError(t, err)
	text, err := io.ReadAll(g)
	require.NoError(t, err)
	require.Equal(t, "early", string(text))
}
