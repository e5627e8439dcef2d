// The real store as a node's disk.

package sim

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2/vfs"

	"synod/impl/paxos"
	"synod/impl/storage"
)

// store is a Disk that keeps all in a storage.Store, on a file system that loses in a crash what was not synced.
type store struct {
	fs   *vfs.MemFS
	node string
	open *storage.Store
	// erasedBy is what has caused that a register was erased. The real store keeps that of its last batch, which is all
	// that a restart needs; the simulator's disk keeps all, and traces are to be the same.
	erasedBy map[int]string
}

// RunOnStore is Run with the real store as each node's disk.
func RunOnStore(s Schedule, bugs paxos.Bugs) (*Result, error) {
	var stores []func() error
	r := RunOn(s, bugs, func(node string) Disk {
		disk, closing := NewStore(node)
		stores = append(stores, closing)
		return disk
	})
	var errs []error
	for _, closing := range stores {
		errs = append(errs, closing())
	}
	return r, errors.Join(errs...)
}

// NewStore gives an empty store as the disk of the node. Close it when the run is over.
func NewStore(node string) (disk Disk, closing func() error) {
	s := &store{fs: vfs.NewCrashableMem(), node: node, erasedBy: map[int]string{}}
	s.reopen()
	return s, func() error { return s.open.Close() }
}

func (s *store) reopen() {
	var err error
	s.open, err = storage.Open(storage.Options{
		Dir: "data", FS: s.fs, Identity: storage.Identity{Cluster: "sim", Shape: "sim", Node: s.node, Role: "sim"},
	})
	s.must(err)
}

// must stops the run: a file system in memory has no reason to fail.
func (s *store) must(err error) {
	if err != nil {
		panic(fmt.Sprintf("sim: the store of %s: %v", s.node, err))
	}
}

func (s *store) keep(writes []write, n int) {
	var records []storage.Record
	var floor paxos.Ballot
	for _, w := range writes[:n] {
		if w.key == reservation {
			floor = max(floor, w.ballot)
			continue
		}
		if w.record.state == (paxos.AcceptorState{}) {
			s.erasedBy[w.key] = w.record.promisedBy
		}
		records = append(records, storage.Record{
			Key: keyName(w.key), State: w.record.state, PromisedBy: w.record.promisedBy, AcceptedBy: w.record.acceptedBy,
		})
	}
	if len(records) > 0 || floor > 0 {
		s.must(s.open.Commit(records, floor))
	}
}

// restart goes on with what the file system has after a power failure.
func (s *store) restart() bool {
	after := s.fs.CrashClone(vfs.CrashCloneCfg{})
	s.must(s.open.Close())
	s.fs = after
	s.reopen()
	return true
}

func (s *store) load(key int) (record, bool) {
	r, found, err := s.open.Load(keyName(key))
	s.must(err)
	if !found {
		r.PromisedBy = s.erasedBy[key]
	}
	return record{r.State, r.PromisedBy, r.AcceptedBy}, found
}

func (s *store) reserved() paxos.Ballot {
	b, err := s.open.Reserved()
	s.must(err)
	return b
}
