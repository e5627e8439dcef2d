// The inbox: what waits for the loop.

package replica

import (
	"sync"

	"synod/impl/log"
)

// delivery is what came from another replica at once.
type delivery struct {
	from     string
	messages []log.Message
	requests []request
	replies  []reply
	commits  uint64 // how far its data folder has come; 0 if it did not say
}

func (d *delivery) size() int { return len(d.messages) + len(d.requests) + len(d.replies) }

// inboxLimit is how many messages may wait for the loop. Who has more waits itself, and slows down its sender.
const inboxLimit = 1 << 14

// inbox takes deliveries and calls from any goroutine. The loop takes all at once.
type inbox struct {
	wake chan struct{} // holds a token when something waits

	mu         sync.Mutex
	room       sync.Cond
	deliveries []delivery
	size       int
	calls      []*call
	closed     bool
}

func newInbox() *inbox {
	b := &inbox{wake: make(chan struct{}, 1)}
	b.room.L = &b.mu
	return b
}

// deliver hands a delivery over, and waits while there is no room.
func (b *inbox) deliver(d delivery) {
	b.mu.Lock()
	for b.size >= inboxLimit && !b.closed {
		b.room.Wait()
	}
	b.deliveries = append(b.deliveries, d)
	b.size += d.size()
	b.mu.Unlock()
	signal(b.wake)
}

// ask hands a call over. It reports false if the loop takes no more.
func (b *inbox) ask(c *call) bool {
	b.mu.Lock()
	closed := b.closed
	if !closed {
		b.calls = append(b.calls, c)
	}
	b.mu.Unlock()
	signal(b.wake)
	return !closed
}

// take gives all that waits, for the memory of what was taken before.
func (b *inbox) take(deliveries []delivery, calls []*call) ([]delivery, []*call) {
	clear(deliveries)
	clear(calls)
	b.mu.Lock()
	defer b.mu.Unlock()
	deliveries, b.deliveries = b.deliveries, deliveries[:0]
	calls, b.calls = b.calls, calls[:0]
	b.size = 0
	b.room.Broadcast()
	return deliveries, calls
}

// close ends the inbox and gives the calls that still waited.
func (b *inbox) close() []*call {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.room.Broadcast()
	return b.calls
}
