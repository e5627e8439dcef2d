// Inside: how a proposer reaches an acceptor in its own process, without a network.

package transport

import (
	"context"
	"slices"
	"sync"
)

// Inside is where a proposer and an acceptor of the same process meet. A nil Inside has nobody.
type Inside struct {
	acceptor string

	mu      sync.Mutex
	service *AcceptorService // nil while the acceptor does not run
	changed chan struct{}    // is closed, and replaced, when service changes
}

// NewInside makes a meeting place for an acceptor and its proposers.
func NewInside(acceptor string) *Inside {
	return &Inside{acceptor: acceptor, changed: make(chan struct{})}
}

// has reports whether an acceptor is reached this way.
func (i *Inside) has(acceptor string) bool { return i != nil && i.acceptor == acceptor }

// Enter makes the acceptor reachable, until leave is called.
func (i *Inside) Enter(a *AcceptorService) (leave func()) {
	if i == nil {
		return func() {}
	}
	i.set(a)
	return func() { i.set(nil) }
}

func (i *Inside) set(a *AcceptorService) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.service = a
	close(i.changed)
	i.changed = make(chan struct{})
}

func (i *Inside) get() (*AcceptorService, <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.service, i.changed
}

// exchangeInside is exchange with an acceptor in this process. Greetings are checked as on a stream.
func (p *Peer) exchangeInside(ctx context.Context) (greeted bool, err error) {
	a, changed := p.cfg.Inside.get()
	if a == nil {
		select {
		case <-changed:
		case <-ctx.Done():
		}
		return true, nil
	}
	proposer := p.self()
	if err := a.Check(*proposer); err != nil {
		return false, err
	}
	acceptor, err := a.self(proposer)
	if err != nil {
		return false, err
	}
	if err := p.check(proposer, acceptor); err != nil {
		return false, err
	}
	p.connected.Store(true)
	defer p.connected.Store(false)
	ctx, cancel := context.WithCancel(ctx)
	link := &Link{queue: newQueue(a.Counters)}
	var pumps sync.WaitGroup
	pumps.Go(func() {
		p.queue.pump(ctx.Done(), hand(&p.cfg.Self, a.Counters, func(batch []Envelope) { a.Receive(link, batch) }))
	})
	pumps.Go(func() { link.queue.pump(ctx.Done(), hand(&a.Self, p.cfg.Counters, p.cfg.Receive)) })
	select {
	case <-changed:
	case <-ctx.Done():
	}
	cancel()
	link.queue.close()
	pumps.Wait()
	return true, nil
}

// hand gives what hands a sender's frames over, as a stream would have brought them.
func hand(sender *Hello, counters *Counters, receive func([]Envelope)) func(*frame) error {
	return func(f *frame) error {
		if len(f.batch) > 0 {
			batch := slices.Clone(f.batch) // the sender uses its memory again
			deliver(batch, sender, counters)
			receive(batch)
		}
		return nil
	}
}
