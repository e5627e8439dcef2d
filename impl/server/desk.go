// The desk: where clients' requests wait for the loop.

package server

import (
	"sync"
)

// desk takes requests from any goroutine. The loop takes all at once, so that handing one over costs no more than a
// lock, and clients that ask together are served together.
type desk struct {
	wake chan struct{} // holds a token when something waits

	mu      sync.Mutex
	waiting []*request
	closed  bool
}

// deskLimit is how many requests may wait for the loop.
const deskLimit = 1 << 16

// put hands a request over. It reports why it did not.
func (d *desk) put(q *request) error {
	d.mu.Lock()
	switch {
	case d.closed:
		d.mu.Unlock()
		return errStopping
	case len(d.waiting) >= deskLimit:
		d.mu.Unlock()
		return errBusy
	}
	d.waiting = append(d.waiting, q)
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
	return nil
}

// take moves what waits behind list.
func (d *desk) take(list []*request) []*request {
	d.mu.Lock()
	defer d.mu.Unlock()
	list = append(list, d.waiting...)
	clear(d.waiting)
	d.waiting = d.waiting[:0]
	return list
}

// close ends the desk and gives what still waited.
func (d *desk) close() []*request {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.waiting
}
