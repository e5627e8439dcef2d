// What a stopped replica's disk holds is what its trace can explain.

package replica

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"

	"synod/impl/log"
	"synod/impl/storage"
)

// Of what waits for the disk when a replica stops, one record is written where a trace is kept: several that nobody
// recorded the replay may not find.
func TestAStoppedDiskIsNotFarAheadOfTheTrace(t *testing.T) {
	for _, traced := range []bool{true, false} {
		fs := vfs.NewMem()
		open := func() *storage.Store {
			s, err := storage.Open(storage.Options{Dir: "data", FS: fs, Identity: storage.Identity{Cluster: "c", Shape: "s", Node: "r1", Role: Role}})
			require.NoError(t, err)
			return s
		}
		s := open()
		d := newDisk(s, traced)
		for b := range log.Ballot(3) {
			d.put([]log.Record{{Promised: b + 1}})
		}
		d.close()
		require.NoError(t, s.Close())
		s = open()
		found, err := s.LoadLog()
		require.NoError(t, err)
		require.NoError(t, s.Close())
		if traced {
			require.LessOrEqual(t, found.Promised, log.Ballot(1))
		} else {
			require.Equal(t, log.Ballot(3), found.Promised)
		}
	}
}
