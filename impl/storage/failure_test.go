// Failures: the first error of a write or sync is the last thing that the disk is asked.

package storage_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/stretchr/testify/require"

	"synod/impl/storage"
)

// breaker lets operations of one kind on the log fail while it is armed, and counts them.
type breaker struct {
	kinds    []errorfs.OpKind
	armed    atomic.Bool
	attempts atomic.Int64
}

// MaybeError implements errorfs.Injector.
func (b *breaker) MaybeError(op errorfs.Op) error {
	if !strings.HasSuffix(op.Path, ".log") {
		return nil
	}
	for _, k := range b.kinds {
		if op.Kind == k {
			b.attempts.Add(1)
			if b.armed.Load() {
				return errors.New("the disk is gone")
			}
		}
	}
	return nil
}

// String implements errorfs.Injector.
func (b *breaker) String() string { return "breaker" }

func TestAFailedSyncOrWriteIsFinal(t *testing.T) {
	for name, kinds := range map[string][]errorfs.OpKind{
		"sync":  {errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo},
		"write": {errorfs.OpFileWrite},
	} {
		t.Run(name, func(t *testing.T) {
			b := &breaker{kinds: kinds}
			s := open(t, errorfs.Wrap(vfs.NewCrashableMem(), b))
			require.NoError(t, s.Commit([]storage.Record{record("k", 1)}, 0))
			require.NoError(t, s.Err())
			require.Positive(t, b.attempts.Load())

			b.armed.Store(true)
			err := s.Commit([]storage.Record{record("k", 2)}, 0)
			require.ErrorIs(t, err, storage.ErrFailed)
			require.ErrorContains(t, err, "the disk is gone")
			<-s.Failed()

			// The disk is well again and would report success. Nobody asks it.
			b.armed.Store(false)
			asked := b.attempts.Load()
			require.ErrorIs(t, s.Commit([]storage.Record{record("k", 3)}, 0), storage.ErrFailed)
			require.ErrorIs(t, s.Reserve(100), storage.ErrFailed)
			_, _, err = s.Load("k")
			require.ErrorIs(t, err, storage.ErrFailed)
			require.ErrorIs(t, s.Close(), storage.ErrFailed)
			require.Equal(t, asked, b.attempts.Load())
		})
	}
}
