// Limits: what one client, and all of them together, can make the server hold or wait for.

package resp

import (
	"sync"
	"time"
)

// Limits bounds what clients can ask of a server. The zero value of a field is the default that stands behind it.
type Limits struct {
	Connections int           // at once; further ones are told so and closed: 4096
	Args        int           // arguments of one request: 16,384
	Bulk        int           // bytes of one argument: 1 MiB
	Request     int           // bytes of one request's arguments: 4 MiB
	Pipeline    int           // requests of one connection that are with the handler at once: 1024
	Login       time.Duration // from the first byte of a connection until it is authenticated, TLS included: 10 s
	Receive     time.Duration // from the first byte of a request until its last: 30 s
	Send        time.Duration // for a part of the replies to be taken by the client: 30 s
	Budget      int           // bytes of all requests under way: 8 MiB
	Unsent      int           // bytes of all replies that clients have not taken: 8 MiB
}

// Limits for a connection that is not authenticated. A stranger needs no more to introduce himself, and takes nothing
// from what the others share.
const (
	loginArgs  = 10
	loginBulk  = 1 << 10
	loginTotal = 2 << 10
)

// ownBytes is what each connection may have in requests, and again in replies, before it takes from the common budget.
const ownBytes = 4 << 10

// maxValue is the largest value that the default limits let through.
const maxValue = 1 << 20

// withDefaults fills in what was left out.
func (l Limits) withDefaults() Limits {
	number := func(n *int, otherwise int) {
		if *n <= 0 {
			*n = otherwise
		}
	}
	span := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	number(&l.Connections, 4096)
	number(&l.Args, 16<<10)
	number(&l.Bulk, maxValue)
	number(&l.Request, 4<<20)
	number(&l.Pipeline, 1024)
	span(&l.Login, 10*time.Second)
	span(&l.Receive, 30*time.Second)
	span(&l.Send, 30*time.Second)
	number(&l.Budget, 8<<20)
	number(&l.Unsent, 8<<20)
	return l
}

// budget is a number of bytes that many share.
type budget struct {
	mu    sync.Mutex
	left  int
	freed chan struct{} // is closed, and replaced, when bytes come back while somebody waits
}

func newBudget(bytes int) *budget { return &budget{left: bytes} }

// take takes n bytes, and waits for them if need be until the timer fires or stop is closed. It reports whether it
// got them.
func (b *budget) take(n int, wait time.Duration, stop <-chan struct{}) bool {
	var timeout <-chan time.Time
	for {
		if b.try(n) {
			return true
		}
		freed := b.wait()
		if b.try(n) { // what came back before freed was made would not close it
			return true
		}
		if timeout == nil {
			timer := time.NewTimer(wait)
			defer timer.Stop()
			timeout = timer.C
		}
		select {
		case <-freed:
		case <-timeout:
			return false
		case <-stop:
			return false
		}
	}
}

// wait gives what is closed when bytes come back.
func (b *budget) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.freed == nil {
		b.freed = make(chan struct{})
	}
	return b.freed
}

// give gives n bytes back.
func (b *budget) give(n int) {
	if n == 0 {
		return
	}
	b.mu.Lock()
	b.left += n
	if b.freed != nil {
		close(b.freed)
		b.freed = nil
	}
	b.mu.Unlock()
}

// try takes n bytes if they are there at once, and reports whether it did.
func (b *budget) try(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < n {
		return false
	}
	b.left -= n
	return true
}
