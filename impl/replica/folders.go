// Folders: which data folder each of the others had last and how far it had come, so that nobody takes part with one that has
// forgotten.

package replica

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"synod/impl/storage"
)

// folders remembers the others' data folders, durably. Each folder has a number of its own.
type folders struct {
	store *storage.Store
	own   uint64
	lost  atomic.Bool // the own folder is in the place of one that was lost
	bug   bool        // log.OldCopy

	writing sync.Mutex // held while something is made durable, for as long as a disk may stall; mu is not
	mu      sync.Mutex
	known   map[string]generation
	changed map[string]bool // known is not as it is on disk
	agreed  map[string]bool // the others who know of no other folder of this replica, and of none that had come further
}

// generation is a folder's number, and how many batches of the log were written to it.
type generation struct{ folder, commits uint64 }

func newFolders(s *storage.Store, lost, bug bool) *folders {
	f := &folders{store: s, bug: bug, known: map[string]generation{}, changed: map[string]bool{}, agreed: map[string]bool{}}
	f.own, _ = s.Generation()
	f.lost.Store(lost)
	return f
}

// of gives what another replica had last, zeros if it was never met.
func (f *folders) of(id string) (g generation, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g, ok := f.known[id]; ok {
		return g, nil
	}
	text, err := f.store.Note("folder/" + id)
	if err != nil || text == nil {
		return g, err
	}
	if _, err := fmt.Sscan(string(text)+" 0", &g.folder, &g.commits); err != nil { // an older version has noted the number alone
		return g, fmt.Errorf("what is known of the data folder of %s cannot be read: %w", id, err)
	}
	f.known[id] = g
	return g, nil
}

// set remembers a folder, durably.
func (f *folders) set(id string, g generation) error {
	return f.store.SetNote("folder/"+id, fmt.Appendf(nil, "%d %d", g.folder, g.commits))
}

// meet takes note of another replica's folder. It refuses an old copy, and one that is not the last, unless that is lost: then
// the new one counts from now on, durably, and others are to be disconnected.
func (f *folders) meet(them hello) (replaced bool, err error) {
	if known, err := f.again(them); known || err != nil {
		return false, err
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	if known, err := f.again(them); known || err != nil {
		return false, err // another connection was first
	}
	known, err := f.of(them.Node)
	if err != nil {
		return false, err
	}
	if known.folder != 0 && !them.Lost {
		return false, fmt.Errorf("%s has another data folder than before", them.Node)
	}
	now := generation{them.Folder, them.Commits}
	if err := f.set(them.Node, now); err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[them.Node] = now
	return known.folder != 0, nil
}

// again reports whether another replica's folder is the one that is known, and takes note of how far it has come. It does not
// wait for the disk: who meets again while that stalls is heard.
func (f *folders) again(them hello) (bool, error) {
	known, err := f.of(them.Node)
	switch {
	case err != nil || known.folder != them.Folder:
		return false, err
	case them.Commits < known.commits && !f.bug:
		return false, fmt.Errorf("%s has an old copy of its data folder", them.Node)
	}
	f.note(them.Node, them.Commits)
	return true, nil
}

// note takes note of how far the folder of a replica has come that was met. It does not wait for the disk.
func (f *folders) note(id string, commits uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g, ok := f.known[id]; ok && g.commits < commits {
		f.known[id], f.changed[id] = generation{g.folder, commits}, true
	}
}

// save makes durable what was noted.
func (f *folders) save() error {
	f.writing.Lock()
	defer f.writing.Unlock()
	f.mu.Lock()
	noted := map[string]generation{}
	for id := range f.changed {
		noted[id] = f.known[id]
	}
	clear(f.changed)
	f.mu.Unlock()
	for id, g := range noted {
		if err := f.set(id, g); err != nil {
			return err
		}
	}
	return nil
}

// check refuses to go on where another replica remembers a folder of this one that it does not have any more, or that had
// come further.
func (f *folders) check(them hello) error {
	_, commits := f.store.Generation()
	const mend = "bring that one back, or start on an empty folder with join set, if it is lost"
	switch {
	case them.Known == 0 || f.lost.Load() || f.bug:
	case them.Known != f.own:
		return fmt.Errorf("the data folder is not the one that %s knows this replica by: %s", them.Node, mend)
	case them.KnownCommits > commits:
		return fmt.Errorf("the data folder is an old copy, of %d commits where %s knows of %d: %s", commits, them.Node, them.KnownCommits, mend)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.agreed[them.Node] = true
	return nil
}

// confirmedBy tells how many others check has heard and did not refuse.
func (f *folders) confirmedBy() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.agreed)
}

// watchInterval is how often replicas tell each other how far their folders have come. What a replica has written since can be
// missing in an old copy unnoticed.
const watchInterval = time.Second

// watch tells the others how far the own folder has come, and keeps what they tell, until the network is closed.
func (n *network) watch() {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for told := uint64(0); ; {
		select {
		case <-n.ctx.Done():
			n.folders.save() // or the store has failed, and tells
			return
		case <-tick.C:
		}
		if _, commits := n.folders.store.Generation(); commits != told {
			told = commits
			for _, id := range n.connected() {
				n.put(n.peers[id], appendFrame(nil, frameCommits, func(b []byte) []byte { return fmt.Append(b, commits) }))
			}
		}
		if err := n.folders.save(); err != nil {
			return // the store has failed, and tells
		}
	}
}
