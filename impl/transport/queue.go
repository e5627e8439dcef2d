// Queues: messages that wait for the next frame.

package transport

import (
	"sync"
	"sync/atomic"
	"time"
)

// Counters counts messages of one node over all its streams.
type Counters struct {
	Sent     atomic.Uint64
	Received atomic.Uint64
	Lost     atomic.Uint64
}

// Limits of what may wait for one peer.
const (
	queueLimit = 1 << 14 // messages
	queueBytes = 32 << 20
)

// queue holds the messages for one peer. Putting never blocks. When a peer does not keep up, all that waits for it
// is thrown away: what has waited longest is of least use to anyone, and new messages find an empty queue.
type queue struct {
	counters *Counters
	wake     chan struct{} // holds a token when something waits or the queue was closed

	mu      sync.Mutex
	waiting []Envelope
	bytes   int // of waiting, about
	closed  bool
}

func newQueue(counters *Counters) *queue {
	return &queue{counters: counters, wake: make(chan struct{}, 1)}
}

func (q *queue) put(batch []Envelope) {
	if len(batch) == 0 {
		return
	}
	bytes := 0
	for i := range batch {
		bytes += batch[i].size()
	}
	q.mu.Lock()
	if q.closed {
		q.counters.Lost.Add(uint64(len(batch)))
	} else {
		if len(q.waiting)+len(batch) > queueLimit || q.bytes+bytes > queueBytes {
			q.counters.Lost.Add(uint64(len(q.waiting)))
			clear(q.waiting)
			q.waiting, q.bytes = q.waiting[:0], 0
		}
		q.waiting = append(q.waiting, batch...)
		q.bytes += bytes
	}
	q.mu.Unlock()
	q.signal()
}

// take swaps all that waits for the empty slice spare, whose memory the queue then uses.
func (q *queue) take(spare []Envelope) (batch []Envelope, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch, q.waiting, q.bytes = q.waiting, spare[:0], 0
	return batch, q.closed
}

// close ends the queue. What waits is lost.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.counters.Lost.Add(uint64(len(q.waiting)))
	q.waiting = nil
	q.mu.Unlock()
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pump sends what is put into the queue by send, as few frames as its size allows, until the queue is closed, done
// is closed or send fails. Every beat it sends an empty frame
// too, so that the other end knows that somebody is there.
func (q *queue) pump(done <-chan struct{}, send func(*frame) error) error {
	idle := time.NewTimer(beat)
	defer idle.Stop()
	var spare []Envelope
	for {
		select {
		case <-done:
			return nil
		case <-idle.C:
			idle.Reset(beat)
			if err := send(&frame{}); err != nil {
				return err
			}
		case <-q.wake:
		}
		batch, closed := q.take(spare)
		if closed {
			return nil
		}
		for rest := batch; len(rest) > 0; {
			n := frameful(rest)
			if err := send(&frame{batch: rest[:n]}); err != nil {
				q.counters.Lost.Add(uint64(len(rest)))
				return err
			}
			q.counters.Sent.Add(uint64(n))
			rest = rest[n:]
		}
		clear(batch)
		spare = batch
	}
}

// frameful gives how many of the messages, at least one, make up the next frame.
func frameful(batch []Envelope) int {
	size := 0
	for i := range batch {
		size += batch[i].size()
		if i > 0 && (size > fullFrame || i >= fullMessages) {
			return i
		}
	}
	return len(batch)
}
