// What a replica keeps comes back as it was, and what is damaged is refused.

package storage_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"

	"synod/impl/log"
	"synod/impl/storage"
)

func vote(slot log.Slot, ballot log.Ballot) *log.Vote {
	return &log.Vote{Slot: slot, Ballot: ballot, Value: log.Batch{{Client: "c", Number: uint64(slot), Body: "body"}}}
}

// Whatever is written to the folder and to a log.Disk, both hold the same.
func TestTheLogComesBack(t *testing.T) {
	fs := vfs.NewCrashableMem()
	want := log.Disk{Accepted: map[log.Slot]log.Vote{}}
	for _, records := range [][]log.Record{
		{{Promised: 3, Clock: 1}},
		{{Promised: 3, Vote: vote(1, 3), Clock: 2}, {Promised: 3, Vote: vote(2, 3), Clock: 3}, {Promised: 3, Vote: vote(300, 3)}},
		{{Promised: 7, Vote: vote(2, 7), Clock: 9}, {Truncate: 1}},
		{{Snapshot: &log.Snapshot{Slot: 2, Data: strings.Repeat("state", 1<<18)}, Truncate: 2}},
		{{Snapshot: &log.Snapshot{Slot: 3}}},
	} {
		s := open(t, fs)
		require.NoError(t, s.AppendLog(records))
		for _, r := range records {
			want.Write(r)
		}
		require.NoError(t, s.Close())
		s = open(t, fs)
		found, err := s.LoadLog()
		require.NoError(t, err)
		require.Equal(t, want, found)
		require.NoError(t, s.Close())
	}
}

func TestAnOlderSnapshotDoesNotReplaceANewerOne(t *testing.T) {
	fs := vfs.NewCrashableMem()
	s := open(t, fs)
	require.NoError(t, s.SaveSnapshot(log.Snapshot{Slot: 5, Data: "five"}))
	require.NoError(t, s.AppendLog([]log.Record{{Snapshot: &log.Snapshot{Slot: 9, Data: "nine"}}}))
	require.NoError(t, s.SaveSnapshot(log.Snapshot{Slot: 7, Data: "seven"}))
	require.NoError(t, s.Close())
	s = open(t, fs)
	defer s.Close()
	found, err := s.LoadLog()
	require.NoError(t, err)
	require.Equal(t, log.Snapshot{Slot: 9, Data: "nine"}, found.Snapshot)
}

func TestADamagedLogIsRefused(t *testing.T) {
	key := func(prefix string, slot byte) []byte { return append([]byte(prefix), 0, 0, 0, 0, 0, 0, 0, slot) }
	for name, x := range map[string]struct {
		damage func(*pebble.DB) error
		what   string
	}{
		"a bit of a vote": {func(db *pebble.DB) error {
			v, closer, err := db.Get(key("log/vote/", 4))
			if err != nil {
				return err
			}
			changed := append([]byte{}, v...)
			changed[len(changed)/2] ^= 4
			closer.Close()
			return db.Set(key("log/vote/", 4), changed, nil)
		}, "log: damaged vote"},
		"a lost promise": {func(db *pebble.DB) error { return db.Delete([]byte("log/promised"), nil) }, "log: damaged vote"},
		"a lost part":    {func(db *pebble.DB) error { return db.Delete(append(key("log/part/", 3), 0, 0, 0, 0), nil) }, "log: damaged snapshot"},
		"a changed part": {func(db *pebble.DB) error {
			return db.Set(append(key("log/part/", 3), 0, 0, 0, 0), []byte("stade"), nil)
		}, "log: damaged snapshot"},
		"no length of a snapshot": {func(db *pebble.DB) error { return db.Set([]byte("log/snapshot"), []byte{3}, nil) }, "log: damaged snapshot"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := storage.Open(storage.Options{Dir: dir, Identity: a1})
			require.NoError(t, err)
			require.NoError(t, s.AppendLog([]log.Record{{Promised: 3, Vote: vote(4, 3)}}))
			require.NoError(t, s.SaveSnapshot(log.Snapshot{Slot: 3, Data: "state"}))
			require.NoError(t, s.Close())
			db, err := pebble.Open(dir, &pebble.Options{FormatMajorVersion: pebble.FormatNewest})
			require.NoError(t, err)
			require.NoError(t, x.damage(db))
			require.NoError(t, db.Close())
			s, err = storage.Open(storage.Options{Dir: dir, Identity: a1})
			require.NoError(t, err)
			defer s.Close()
			_, err = s.LoadLog()
			require.EqualError(t, err, x.what)
		})
	}
}
