// The disk: a goroutine that writes what the loop hands it, all that waits with one sync.

package replica

import (
	"sync"
	"sync/atomic"
	"time"

	"synod/impl/log"
	"synod/impl/storage"
)

// disk numbers what it is given. It is durable up to a number.
type disk struct {
	store   *storage.Store
	written chan struct{}     // holds a token when more has become durable
	saved   chan log.Snapshot // snapshots that are on disk
	began   atomic.Int64      // when the write under way began, in ns of Unix time; 0 if none is
	durable atomic.Uint64     // the number of the last put that is on disk
	work    chan struct{}     // holds a token when something waits
	running sync.WaitGroup

	mu      sync.Mutex
	waiting []log.Record
	last    uint64 // the number of the last put
	closed  bool
}

func newDisk(s *storage.Store) *disk {
	d := &disk{
		store: s, written: make(chan struct{}, 1), saved: make(chan log.Snapshot, 1), work: make(chan struct{}, 1),
	}
	d.running.Go(d.run)
	return d
}

// put hands records over and gives the number under which they will be durable.
func (d *disk) put(records []log.Record) uint64 {
	d.mu.Lock()
	d.waiting = append(d.waiting, records...)
	d.last++
	n := d.last
	d.mu.Unlock()
	signal(d.work)
	return n
}

// run writes until the disk is closed or fails. A failure is the store's to tell.
func (d *disk) run() {
	var spare []log.Record
	for range d.work {
		d.mu.Lock()
		records, last, closed := d.waiting, d.last, d.closed
		d.waiting = spare[:0]
		d.mu.Unlock()
		if len(records) > 0 {
			d.began.Store(time.Now().UnixNano())
			if d.store.AppendLog(records) != nil {
				return
			}
			d.began.Store(0)
			d.durable.Store(last)
			signal(d.written)
		}
		clear(records)
		spare = records
		if closed {
			return
		}
	}
}

// save writes a snapshot beside the log.
func (d *disk) save(s log.Snapshot) {
	d.running.Go(func() {
		if d.store.SaveSnapshot(s) == nil {
			d.saved <- s
		}
	})
}

// stalled is for how long the write under way has not ended.
func (d *disk) stalled(now time.Time) time.Duration {
	if began := d.began.Load(); began != 0 {
		return now.Sub(time.Unix(0, began))
	}
	return 0
}

// close writes what waits and ends.
func (d *disk) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	signal(d.work)
	d.running.Wait()
}

// signal leaves a token in a channel that has room for one.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
