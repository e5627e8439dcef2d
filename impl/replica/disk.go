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
	waiting []put
	last    uint64 // the number of the last put
	closed  bool

	// With a trace, one put is written at a time, and the next only when the steps of the last are recorded: what a
	// crash can leave on disk and not in the trace is then little, and the replay finds it.
	traced   bool
	recorded atomic.Uint64 // the number up to which they are
}

// put is what the loop hands over at once.
type put struct {
	records []log.Record
	number  uint64
}

// tracedRecords is how many records a put has where a trace is kept. The replay finds one step that nobody recorded
// whatever it was, and of several only what the disk shows by itself, which a set of votes does not.
const tracedRecords = 1

func newDisk(s *storage.Store, traced bool) *disk {
	d := &disk{
		store: s, written: make(chan struct{}, 1), saved: make(chan log.Snapshot, 1), work: make(chan struct{}, 1), traced: traced,
	}
	d.running.Go(d.run)
	return d
}

// put hands records over and gives the number under which they will be durable.
func (d *disk) put(records []log.Record) uint64 {
	d.mu.Lock()
	d.last++
	n := d.last
	d.waiting = append(d.waiting, put{records, n})
	d.mu.Unlock()
	signal(d.work)
	return n
}

// record takes note that the steps up to a number are in the trace.
func (d *disk) record(number uint64) {
	if d.traced && number > d.recorded.Load() {
		d.recorded.Store(number)
		signal(d.work)
	}
}

// run writes until the disk is closed or fails. A failure is the store's to tell.
func (d *disk) run() {
	var records []log.Record
	for range d.work {
		for {
			var last uint64
			var closed bool
			records, last, closed = d.take(records[:0])
			if len(records) == 0 {
				if closed {
					return
				}
				break
			}
			d.began.Store(time.Now().UnixNano())
			if d.store.AppendLog(records) != nil {
				return
			}
			d.began.Store(0)
			d.durable.Store(last)
			signal(d.written)
			clear(records)
		}
	}
}

// take gives what is to be written now, and the number up to which it goes.
func (d *disk) take(records []log.Record) (_ []log.Record, last uint64, closed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.waiting)
	if d.traced {
		n = min(n, 1)
		if d.durable.Load() > d.recorded.Load() {
			n = 0
		}
	}
	for _, p := range d.waiting[:n] {
		records, last = append(records, p.records...), p.number
	}
	clear(d.waiting[:n])
	d.waiting = d.waiting[n:]
	if len(d.waiting) == 0 {
		d.waiting = nil
	}
	return records, last, d.closed
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

// close writes what waits and ends. With a trace, what waits until others are recorded is dropped, as by a crash: nobody
// has heard of it.
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
