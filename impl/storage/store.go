// The store: a data folder, whose it is, and commits that are synced or final failures.

package storage

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"synod/impl/paxos"
)

// Identity says whose a data folder is. A node that finds another one's folder must not use it: an acceptor would
// break promises it does not know of, and a proposer would use ballots again.
type Identity struct {
	Cluster string `json:"cluster"` // the cluster's name
	Shape   string `json:"shape"`   // its constants, in a line
	Node    string `json:"node"`
	Role    string `json:"role"`
}

// Options says what to open.
type Options struct {
	Dir      string
	Identity Identity
	FS       vfs.FS       // nil is the operating system's
	Log      *slog.Logger // nil logs nothing
	// Synced is told how long each synced batch took and how many records it had; nil tells nobody.
	Synced func(took time.Duration, records int)
	// LastRun is the last run that others, a trace say, know the node to have had, whatever is in the folder; 0 is none.
	LastRun uint64
	// Lost says of a new folder that it takes the place of one that was lost (log.Disk).
	Lost bool
}

// Store is an open data folder. Its methods are safe for concurrent use; no other process can open the folder.
type Store struct {
	db      *pebble.DB
	lock    *pebble.Lock
	run     uint64
	erased  map[string]string // by key, in the last batch of an earlier run that did: what has caused it
	batches atomic.Uint64

	incarnation uint64
	commits     atomic.Uint64 // of all runs

	log    *slog.Logger
	synced func(time.Duration, int)

	mu     sync.Mutex
	err    error
	failed chan struct{}

	use    sync.RWMutex // is read-locked while the database is used: Close waits
	closed bool         // is guarded by use

	snapshots sync.Mutex
	newest    uint64 // the last slot of the newest snapshot of the log
}

// ErrFailed is in the error of everything that a Store is asked after a write or sync failed.
var ErrFailed = errors.New("the disk failed and the node must stop")

// ErrClosed is the error of everything that a Store is asked after Close.
var ErrClosed = errors.New("the data folder is closed")

// Keys of the database. Registers have the key of their own behind a prefix.
var (
	keyIdentity = []byte("identity")
	keyRun      = []byte("run")
	keyReserved = []byte("reserved")
	keyErased   = []byte("erased")

	keyIncarnation = []byte("incarnation")
	keyCommits     = []byte("commits")
)

// Prefixes of keys.
const (
	prefixRegister = "register/"
	prefixNote     = "note/"
)

// Open opens a data folder, or makes it if it is not there, and durably counts one more run of the node.
func Open(opts Options) (*Store, error) {
	if opts.FS == nil {
		opts.FS = vfs.Default
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Synced == nil {
		opts.Synced = func(time.Duration, int) {}
	}
	if err := opts.FS.MkdirAll(opts.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", opts.Dir, err)
	}
	lock, err := pebble.LockDirectory(opts.Dir, opts.FS)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("data folder %s: %w", opts.Dir, err)
	} else if err != nil {
		return nil, fmt.Errorf("data folder %s is in use by another process (%v)", opts.Dir, err)
	}
	s := &Store{lock: lock, failed: make(chan struct{}), log: opts.Log, synced: opts.Synced}
	if err := s.unlessFailed(func() error { return s.open(opts) }); err != nil {
		lock.Close()
		return nil, fmt.Errorf("data folder %s %w", opts.Dir, err)
	}
	return s, nil
}

func (s *Store) open(opts Options) error {
	background := func(err error) { s.fail(err) }
	o := &pebble.Options{
		FS:                 opts.FS,
		Lock:               s.lock,
		Logger:             logger{s},
		EventListener:      &pebble.EventListener{BackgroundError: background},
		FormatMajorVersion: pebble.FormatNewest,
		MemTableSize:       16 << 20,
		CacheSize:          32 << 20,
		// Nodes hold what they use in memory themselves, and so write far more than they read: fewer compactions and
		// larger blocks than usual take less of the processor.
		L0CompactionThreshold: 8,
	}
	for i := range o.Levels {
		o.Levels[i].BlockSize = 16 << 10
	}
	db, err := pebble.Open(opts.Dir, o)
	if err != nil {
		return fmt.Errorf("cannot be opened: %w", err)
	}
	s.db = db
	if err := s.begin(opts); err != nil {
		if s.Err() == nil {
			db.Close()
		}
		return err
	}
	return nil
}

// begin checks whose folder it is and begins a run.
func (s *Store) begin(opts Options) error {
	want := opts.Identity
	b := s.db.NewBatch()
	defer b.Close()
	stored, err := s.get(keyIdentity)
	if err != nil {
		return err
	}
	if stored == nil {
		text, _ := json.Marshal(want) // strings always have an encoding
		b.Set(keyIdentity, text, nil)
	} else {
		var found Identity
		if err := json.Unmarshal(stored, &found); err != nil {
			return fmt.Errorf("has no readable identity: %w", err)
		}
		if err := found.check(want); err != nil {
			return err
		}
	}
	last, err := s.getNumber(keyRun)
	if err != nil {
		return err
	}
	if text, err := s.get(keyErased); err != nil {
		return err
	} else if text != nil {
		if err := json.Unmarshal(text, &s.erased); err != nil {
			return fmt.Errorf("has an unreadable %s: %w", keyErased, err)
		}
	}
	if stored == nil && opts.Lost {
		b.Set(keyLost, []byte{1}, nil)
	}
	s.run = max(last, opts.LastRun) + 1
	b.Set(keyRun, binary.AppendUvarint(nil, s.run), nil)
	if s.incarnation, err = s.getNumber(keyIncarnation); err != nil {
		return err
	}
	if s.incarnation == 0 {
		s.incarnation = 1 + rand.Uint64()>>1
		b.Set(keyIncarnation, binary.AppendUvarint(nil, s.incarnation), nil)
	}
	commits, err := s.getNumber(keyCommits)
	if err != nil {
		return err
	}
	s.commits.Store(commits)
	return s.commit(b, 1)
}

// check compares the identity found with the one wanted.
func (found Identity) check(want Identity) error {
	switch {
	case found == want:
		return nil
	case found.Cluster == want.Cluster && found.Node == want.Node && found.Role == want.Role:
		return fmt.Errorf("was made for a cluster of %s; the configuration says %s", found.Shape, want.Shape)
	}
	return fmt.Errorf("belongs to %s, not to %s", found, want)
}

// String names the node.
func (found Identity) String() string {
	return fmt.Sprintf("%s %s of cluster %s", found.Role, found.Node, found.Cluster)
}

// Run counts the node's starts, from 1.
func (s *Store) Run() uint64 { return s.run }

// Generation tells which folder this is and how far it has come: a number made up when it was new, and how many batches
// of records were committed to it. Another folder in its place has another number, and an old copy of it has fewer.
func (s *Store) Generation() (incarnation, commits uint64) { return s.incarnation, s.commits.Load() }

// Note finds what SetNote has kept under a name; nil if nothing.
func (s *Store) Note(name string) ([]byte, error) { return s.get([]byte(prefixNote + name)) }

// SetNote keeps a small text under a name, durably.
func (s *Store) SetNote(name string, text []byte) error {
	b := s.db.NewBatch()
	defer b.Close()
	b.Set([]byte(prefixNote+name), text, nil)
	return s.commit(b, 1)
}

// Batches tells how many synced batches this run has written.
func (s *Store) Batches() uint64 { return s.batches.Load() }

// Failed is closed when the disk has failed. Err then tells why.
func (s *Store) Failed() <-chan struct{} { return s.failed }

// Err is nil as long as the disk has not failed, and afterwards an ErrFailed.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Close closes the data folder, so that it can be opened again, once nobody reads or writes any more. After a failure it
// leaves it to the process's end.
func (s *Store) Close() error {
	if err := s.Err(); err != nil {
		return err
	}
	return s.unlessFailed(func() error {
		s.use.Lock()
		defer s.use.Unlock()
		if s.closed {
			return ErrClosed
		}
		s.closed = true
		return errors.Join(s.db.Close(), s.lock.Close())
	})
}

// enter has Close wait until leave is called. Between the two a goroutine must not enter again. Nobody enters after a failure.
func (s *Store) enter() error {
	if err := s.Err(); err != nil {
		return err
	}
	s.use.RLock()
	if s.closed {
		s.use.RUnlock()
		return ErrClosed
	}
	return nil
}

func (s *Store) leave() { s.use.RUnlock() }

// unlessFailed does what may wait for a goroutine of Pebble's that stands still because the disk failed: see Fatalf.
func (s *Store) unlessFailed(do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-s.failed:
		return s.Err()
	}
}

// Reserved gives the largest ballot that was reserved in any run: of a proposer, the largest that may have been used; of
// an acceptor, what it has promised for all registers of which it has no record.
func (s *Store) Reserved() (paxos.Ballot, error) {
	n, err := s.getNumber(keyReserved)
	return paxos.Ballot(n), err
}

// Reserve makes it durable that ballots up to limit may have been used.
func (s *Store) Reserve(limit paxos.Ballot) error {
	b := s.db.NewBatch()
	defer b.Close()
	b.Set(keyReserved, binary.AppendUvarint(nil, uint64(limit)), nil)
	return s.commit(b, 1)
}

// commit writes and syncs one batch.
func (s *Store) commit(b *pebble.Batch, records int) error {
	return s.change(func() error {
		began := time.Now()
		if err := b.Commit(pebble.Sync); err != nil {
			return err
		}
		s.synced(time.Since(began), records)
		s.batches.Add(1)
		return nil
	})
}

// commitCounted is commit for a batch that Generation counts. It is for one goroutine.
func (s *Store) commitCounted(b *pebble.Batch, records int) error {
	commits := s.commits.Load() + 1
	b.Set(keyCommits, binary.AppendUvarint(nil, commits), nil)
	if err := s.commit(b, records); err != nil {
		return err
	}
	s.commits.Store(commits)
	return nil
}

// write writes a value which a later commit makes durable.
func (s *Store) write(key, value []byte) error {
	return s.change(func() error { return s.db.Set(key, value, pebble.NoSync) })
}

// change has do write to the database. After the first failure nothing is written any more.
func (s *Store) change(do func() error) (err error) {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	defer func() { // Pebble panics where it cannot write its log
		if p := recover(); p != nil {
			err = s.fail(fmt.Errorf("%v", p))
		}
	}()
	if err := do(); err != nil {
		return s.fail(err)
	}
	return s.Err() // a failed sync has gone to logger.Fatalf
}

// fail makes the first failure final.
func (s *Store) fail(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = fmt.Errorf("%w: %w", ErrFailed, err)
		s.log.Error("the disk failed", "error", err)
		close(s.failed)
	}
	return s.err
}

// get returns the value of a key, nil if there is none.
func (s *Store) get(key []byte) ([]byte, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	v, closer, err := s.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	defer closer.Close()
	return append([]byte{}, v...), nil
}

func (s *Store) getNumber(key []byte) (uint64, error) {
	v, err := s.get(key)
	if v == nil || err != nil {
		return 0, err
	}
	n, size := binary.Uvarint(v)
	if size != len(v) {
		return 0, fmt.Errorf("has an unreadable %s", key)
	}
	return n, nil
}

// logger takes Pebble's messages.
type logger struct{ store *Store }

// Infof implements pebble.Logger. Pebble's reports of its daily work interest nobody here.
func (logger) Infof(string, ...any) {}

// Errorf implements pebble.Logger.
func (l logger) Errorf(format string, args ...any) {
	l.store.log.Warn("storage", "message", fmt.Sprintf(format, args...))
}

// Fatalf implements pebble.Logger. Pebble wants it not to return. During a commit it may: commit sees the failure
// and nothing else of the database is used any more. Anywhere else it is a goroutine of Pebble's own that cannot
// go on, and stands still until the process ends.
func (l logger) Fatalf(format string, args ...any) {
	l.store.fail(fmt.Errorf(format, args...))
	if format != commitError {
		select {}
	}
}

// commitError is how Pebble's commit begins to tell that it failed.
const commitError = "pebble: fatal commit error: %v"
