// Whose a data folder is, how runs count, and what a folder that is not right says.

package storage_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/storage"
)

func TestRunsCountAndRecordsComeBack(t *testing.T) {
	dir := t.TempDir()
	for run := uint64(1); run <= 3; run++ {
		s, err := storage.Open(storage.Options{Dir: dir, Identity: a1})
		require.NoError(t, err)
		require.Equal(t, run, s.Run())
		r, found, err := s.Load("k")
		require.NoError(t, err)
		require.Equal(t, run > 1, found)
		if found {
			require.Equal(t, record("k", int(run-1)), r)
		}
		reserved, err := s.Reserved()
		require.NoError(t, err)
		require.Equal(t, paxos.Ballot(run-1), reserved)
		require.NoError(t, s.Commit([]storage.Record{record("k", int(run))}, 0))
		require.NoError(t, s.Reserve(paxos.Ballot(run)))
		require.Equal(t, uint64(3), s.Batches())
		require.NoError(t, s.Close())
	}
}

func TestAnothersFolderIsRefused(t *testing.T) {
	fs := vfs.NewCrashableMem()
	require.NoError(t, open(t, fs).Close())
	for message, change := range map[string]func(*storage.Identity){
		"belongs to acceptor a1 of cluster test, not to acceptor a2 of cluster test":        func(i *storage.Identity) { i.Node = "a2" },
		"belongs to acceptor a1 of cluster test, not to proposer a1 of cluster test":        func(i *storage.Identity) { i.Role = "proposer" },
		"belongs to acceptor a1 of cluster test, not to acceptor a1 of cluster other":       func(i *storage.Identity) { i.Cluster = "other" },
		"was made for a cluster of acceptors a1 a2 a3; the configuration says acceptors a1": func(i *storage.Identity) { i.Shape = "acceptors a1" },
	} {
		other := a1
		change(&other)
		_, err := storage.Open(storage.Options{Dir: "data", Identity: other, FS: fs})
		require.EqualError(t, err, "data folder data "+message)
	}
	s := open(t, fs)
	require.Equal(t, uint64(2), s.Run(), "a refused start counts as a run")
	require.NoError(t, s.Close())
}

func TestAFolderInUseIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := storage.Open(storage.Options{Dir: dir, Identity: a1})
	require.NoError(t, err)
	_, err = storage.Open(storage.Options{Dir: dir, Identity: a1})
	require.ErrorContains(t, err, "data folder "+dir+" is in use by another process")
	require.NoError(t, s.Close())
	s, err = storage.Open(storage.Options{Dir: dir, Identity: a1})
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

// A value that no version of this code has written is an error, never a guess.
func TestDamagedRecordsAreRefused(t *testing.T) {
	fs := vfs.NewCrashableMem()
	s := open(t, fs)
	require.NoError(t, s.Commit([]storage.Record{record("k", 7)}, 0))
	require.NoError(t, s.Close())
	db, err := pebble.Open("data", &pebble.Options{FS: fs, FormatMajorVersion: pebble.FormatNewest})
	require.NoError(t, err)
	good, closer, err := db.Get([]byte("register/k"))
	require.NoError(t, err)
	for cut := range good {
		require.NoError(t, db.Set(append([]byte("register/cut"), byte(cut)), good[:cut], pebble.Sync))
	}
	require.NoError(t, db.Set([]byte("register/long"), append(append([]byte{}, good...), 0), pebble.Sync))
	require.NoError(t, db.Set([]byte("register/version"), append([]byte{99}, good[1:]...), pebble.Sync))
	size := len(good)
	require.NoError(t, closer.Close())
	require.NoError(t, db.Close())

	s = open(t, fs)
	defer s.Close()
	_, found, err := s.Load("k")
	require.NoError(t, err)
	require.True(t, found)
	for cut := range size {
		_, _, err := s.Load("cut" + string([]byte{byte(cut)}))
		require.ErrorContains(t, err, "the stored record is", "cut after %d bytes", cut)
	}
	_, _, err = s.Load("long")
	require.EqualError(t, err, `register "long": the stored record is damaged`)
	_, _, err = s.Load("version")
	require.EqualError(t, err, `register "version": the stored record is not of version 1`)
}

func TestKeys(t *testing.T) {
	s := open(t, vfs.NewMem())
	for i, key := range []string{"b", "a", "promised", "é", "c"} {
		state := paxos.AcceptorState{Promised: 1, AcceptedBallot: 1, AcceptedState: ""} // deleted ones, too
		if i == 2 {
			state.AcceptedBallot = 0
		}
		require.NoError(t, s.Commit([]storage.Record{{Key: key, State: state}}, 0))
	}
	list := func(after string, limit int, want []string, wantMore bool) {
		keys, more, err := s.Keys(after, limit)
		require.NoError(t, err)
		require.Equal(t, want, keys)
		require.Equal(t, wantMore, more)
	}
	list("", 10, []string{"a", "b", "c", "é"}, false)
	list("", 2, []string{"a", "b"}, true)
	list("b", 2, []string{"c", "é"}, false)
	list("aa", 1, []string{"b"}, true)
	list("é", 1, nil, false)
}

// A folder that is closed while it is read and written is closed afterwards, and says so.
func TestTheLargestPromise(t *testing.T) {
	s := open(t, vfs.NewCrashableMem())
	promised := func() paxos.Ballot {
		b, err := s.Promised()
		require.NoError(t, err)
		return b
	}
	require.Zero(t, promised())
	at := func(key string, b paxos.Ballot) storage.Record {
		return storage.Record{Key: key, State: paxos.AcceptorState{Promised: b}}
	}
	require.NoError(t, s.Commit([]storage.Record{at("a", 300), at("b", 70_000), at("c", 5)}, 0))
	require.Equal(t, paxos.Ballot(70_000), promised())
	require.NoError(t, s.Commit([]storage.Record{{Key: "b"}}, 70_001)) // erased: the floor covers it
	require.Equal(t, paxos.Ballot(70_001), promised())
	require.NoError(t, s.Close())
	_, err := s.Promised()
	require.ErrorIs(t, err, storage.ErrClosed)
}

func TestCloseWaitsForThoseWhoUseTheFolder(t *testing.T) {
	s := open(t, vfs.NewMem())
	state := paxos.AcceptorState{Promised: 1, AcceptedBallot: 1}
	require.NoError(t, s.Commit([]storage.Record{{Key: "k", State: state}}, 0))
	reading, closed := make(chan struct{}), make(chan error, 1)
	var once sync.Once
	_, _, _, err := s.Pick("", 10, func(paxos.State) bool {
		once.Do(func() {
			go func() {
				close(reading)
				closed <- s.Close()
			}()
			<-reading
			for range 100 {
				runtime.Gosched() // Close would be done by now
			}
		})
		return true
	})
	require.NoError(t, err)
	require.NoError(t, <-closed)
	_, _, err = s.Load("k")
	require.ErrorIs(t, err, storage.ErrClosed)
	_, _, err = s.Keys("", 1)
	require.ErrorIs(t, err, storage.ErrClosed)
	require.ErrorIs(t, s.Commit([]storage.Record{record("k", 2)}, 0), storage.ErrClosed)
	require.ErrorIs(t, s.Close(), storage.ErrClosed)
}
