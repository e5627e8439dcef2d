// Package disk keeps on disk what a check has no memory for: the engine's Storage, made of a Pebble database that lives as
// long as the check.
package disk

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
)

// Disk is a storage in a folder of its own.
type Disk struct {
	folder string
	db     *pebble.DB
	cache  *pebble.Cache
}

// Open makes a new folder inside of one that is there ("" is the system's for temporary files) and a database in it.
func Open(parent string) (*Disk, error) {
	folder, err := os.MkdirTemp(parent, "synod-check-")
	if err != nil {
		return nil, fmt.Errorf("no folder for what does not fit into memory: %w", err)
	}
	d := &Disk{folder: folder, cache: pebble.NewCache(32 << 20)}
	options := &pebble.Options{Cache: d.cache, MemTableSize: 16 << 20, DisableWAL: true, Logger: silent{}}
	for i := range options.Levels {
		options.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	if d.db, err = pebble.Open(folder, options); err != nil {
		d.cache.Unref()
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return d, nil
}

// silent drops Pebble's messages: its errors come back from its calls.
type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf(format, args...))
}

// Get gives a copy of what is kept under a key; nil where nothing is.
func (d *Disk) Get(key []byte) ([]byte, error) {
	value, closer, err := d.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return append([]byte{}, value...), closer.Close()
}

// Put keeps values under keys.
func (d *Disk) Put(keys, values [][]byte) error {
	batch := d.db.NewBatch()
	for i, k := range keys {
		if err := batch.Set(k, values[i], nil); err != nil {
			return errors.Join(err, batch.Close())
		}
	}
	return d.db.Apply(batch, pebble.NoSync)
}

// Delete forgets keys.
func (d *Disk) Delete(keys ...[]byte) error {
	for _, k := range keys {
		if err := d.db.Delete(k, pebble.NoSync); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the database and removes the folder.
func (d *Disk) Close() error {
	err := d.db.Close()
	d.cache.Unref()
	return errors.Join(err, os.RemoveAll(d.folder))
}

var _ io.Closer = (*Disk)(nil)
