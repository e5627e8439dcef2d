// Flipped bits: what a disk has changed on its own is never taken for what was written.

package storage_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"

	"synod/impl/storage"
)

// read gives a file's bytes.
func read(t *testing.T, fs vfs.FS, path string) []byte {
	f, err := fs.Open(path)
	require.NoError(t, err)
	defer f.Close()
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	return text
}

// copied gives a copy of a data folder in which one bit of one file is flipped.
func copied(t *testing.T, fs vfs.FS, dir, damaged string, bit int) vfs.FS {
	to := vfs.NewMem()
	require.NoError(t, to.MkdirAll(dir, 0o755))
	names, err := fs.List(dir)
	require.NoError(t, err)
	for _, name := range names {
		path := fs.PathJoin(dir, name)
		if info, err := fs.Stat(path); err != nil || info.IsDir() {
			continue
		}
		text := read(t, fs, path)
		if name == damaged {
			text[bit/8] ^= 1 << (bit % 8)
		}
		f, err := to.Create(path, vfs.WriteCategoryUnspecified)
		require.NoError(t, err)
		_, err = f.Write(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	return to
}

// With one bit flipped anywhere a data folder is refused, or a register in it, or it is whole all the same, or it shows an
// older generation, which proposers refuse: those are an acceptor's ways out. To hold other states than were written, or to
// have lost some unseen, is not among them.
func TestAFlippedBitIsNoticed(t *testing.T) {
	const registers = 40
	fs := vfs.NewCrashableMem()
	s := open(t, fs)
	for n := range registers {
		require.NoError(t, s.Commit([]storage.Record{record(fmt.Sprintf("k%d", n), n+1)}, 0))
	}
	incarnation, commits := s.Generation()
	survivors := fs.CrashClone(vfs.CrashCloneCfg{})
	require.NoError(t, s.Close())
	for name, disk := range map[string]vfs.FS{"log": survivors, "tables": reopened(t, fs)} {
		t.Run(name, func(t *testing.T) {
			noticed := map[string]int{}
			files, err := disk.List("data")
			require.NoError(t, err)
			random := rand.New(rand.NewPCG(1, 2))
			for _, file := range files {
				info, err := disk.Stat(disk.PathJoin("data", file))
				if err != nil || info.IsDir() || info.Size() == 0 {
					continue
				}
				for range 60 {
					bit := random.IntN(int(info.Size()) * 8)
					how := judge(copied(t, disk, "data", file, bit), registers, incarnation, commits)
					require.NotEmpty(t, how, "bit %d of %s: other states than were written, unseen", bit, file)
					noticed[how]++
				}
			}
			t.Log(noticed)
			require.Positive(t, noticed["refused"]+noticed["older generation"])
		})
	}
}

// reopened makes Pebble write what is in its log into tables.
func reopened(t *testing.T, fs vfs.FS) vfs.FS {
	for range 2 {
		require.NoError(t, open(t, fs).Close())
	}
	return fs
}

// judge tells how a damaged data folder is taken, "" where it is taken for whole and is not.
func judge(fs vfs.FS, registers int, incarnation, commits uint64) string {
	s, err := storage.Open(storage.Options{Dir: "data", Identity: a1, FS: fs})
	if err != nil {
		return "refused"
	}
	defer s.Close()
	whole := true
	for n := range registers {
		key := fmt.Sprintf("k%d", n)
		r, found, err := s.Load(key)
		if err != nil {
			return "refused"
		}
		whole = whole && found && r == record(key, n+1)
	}
	switch i, c := s.Generation(); {
	case i != incarnation || c < commits:
		return "older generation"
	case whole:
		return "whole"
	}
	return ""
}
