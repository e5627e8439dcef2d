// Folders: which data folder each of the others had last, so that nobody takes part with one that has forgotten.

package replica

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"synod/impl/storage"
)

// folders remembers the others' data folders, durably. Each folder has a number of its own.
type folders struct {
	store *storage.Store
	own   uint64
	lost  atomic.Bool // the own folder is in the place of one that was lost

	mu sync.Mutex
}

func newFolders(s *storage.Store, lost bool) *folders {
	f := &folders{store: s}
	f.own, _ = s.Generation()
	f.lost.Store(lost)
	return f
}

// of gives the folder that another replica had last, 0 if it was never met.
func (f *folders) of(id string) (uint64, error) {
	text, err := f.store.Note("folder/" + id)
	if err != nil || text == nil {
		return 0, err
	}
	return strconv.ParseUint(string(text), 10, 64)
}

// meet takes note of another replica's folder. It refuses one that is not the last, unless that is lost: then the new one
// counts from now on, and others are to be disconnected.
func (f *folders) meet(them hello) (replaced bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, err := f.of(them.Node)
	switch {
	case err != nil || known == them.Folder:
		return false, err
	case known != 0 && !them.Lost:
		return false, fmt.Errorf("%s has another data folder than before", them.Node)
	}
	return known != 0, f.store.SetNote("folder/"+them.Node, strconv.AppendUint(nil, them.Folder, 10))
}

// check refuses to go on where another replica remembers a folder of this one that it does not have any more.
func (f *folders) check(them hello) error {
	if them.Known == 0 || them.Known == f.own || f.lost.Load() {
		return nil
	}
	return fmt.Errorf("the data folder is not the one that %s knows this replica by: bring that one back, "+
		"or start on an empty folder with join set, if it is lost", them.Node)
}
