// Peers: a proposer's streams to the acceptors.

package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// PeerConfig says to whom a Peer speaks, and for whom.
type PeerConfig struct {
	Address     string
	Acceptor    string // who must answer there
	Self        Hello
	Credentials credentials.TransportCredentials // nil is plaintext, on loopback only
	Inside      *Inside                          // an acceptor in this process is reached by that; may be nil
	Receive     func(batch []Envelope)           // is called for each frame, by one goroutine at a time
	// Known gives what is remembered of the acceptor, for the greeting, and Greeted is told what it says of itself before
	// anything else, with the greeting that it answers; an error refuses it, quietly if it is ErrLearned. Learns reports
	// whether it is asked what it has promised. All may be nil.
	Known    func() (incarnation, commits uint64)
	Learns   func() bool
	Greeted  func(self, acceptor *Hello) error
	Counters *Counters
	Log      *slog.Logger
}

// ErrLearned ends a stream of which nothing was wanted but the acceptor's greeting.
var ErrLearned = errors.New("the acceptor has told what it has promised")

// Peer is a proposer's way to one acceptor. It reconnects by itself until it is closed.
type Peer struct {
	cfg       PeerConfig
	conn      *grpc.ClientConn // for calls
	queue     *queue
	connected atomic.Bool
	retry     chan struct{} // ends a pause
	cancel    context.CancelFunc
	done      sync.WaitGroup
}

// NewPeer starts to connect. It fails only for an address that is not allowed or not one at all.
func NewPeer(cfg PeerConfig) (*Peer, error) {
	conn, err := Dial(cfg.Address, cfg.Credentials)
	if err != nil {
		return nil, fmt.Errorf("acceptor %s: %w", cfg.Acceptor, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &Peer{cfg: cfg, conn: conn, queue: newQueue(cfg.Counters), retry: make(chan struct{}, 1), cancel: cancel}
	p.done.Go(func() { p.run(ctx) })
	return p, nil
}

// Send hands messages over and never blocks. They may get lost.
func (p *Peer) Send(batch []Envelope) { p.queue.put(batch) }

// Keys asks the acceptor for keys.
func (p *Peer) Keys(ctx context.Context, q KeysRequest) (*KeysReply, error) {
	r := new(KeysReply)
	return r, p.conn.Invoke(ctx, keysMethod, &q, r, grpc.WaitForReady(true))
}

// Retry has the next attempt to open a stream, if none is open, begin at once.
func (p *Peer) Retry() {
	select {
	case p.retry <- struct{}{}:
	default:
	}
}

// Connected reports whether a stream is open.
func (p *Peer) Connected() bool { return p.connected.Load() }

// Close ends the stream. Receive is not called any more after it returns.
func (p *Peer) Close() {
	p.cancel()
	p.queue.close()
	p.conn.Close()
	p.done.Wait()
}

// The pauses between attempts to open a stream.
const (
	minPause = 20 * time.Millisecond
	maxPause = time.Second
)

// run keeps a stream open until the peer is closed. Pauses grow and are jittered, so that an acceptor that comes
// back is not met by all proposers at once.
func (p *Peer) run(ctx context.Context) {
	pause := minPause
	for ctx.Err() == nil {
		greeted, err := p.exchange(ctx)
		if ctx.Err() != nil {
			return
		}
		p.cfg.Log.Debug("stream to acceptor ended", "acceptor", p.cfg.Acceptor, "error", err)
		if greeted {
			pause = minPause
		}
		select {
		case <-ctx.Done():
		case <-p.retry:
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, maxPause)
	}
}

// exchange opens one stream and uses it until it breaks.
func (p *Peer) exchange(ctx context.Context) (greeted bool, err error) {
	if p.cfg.Inside.has(p.cfg.Acceptor) {
		return p.exchangeInside(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := dialStream(ctx, p.cfg.Address, p.cfg.Credentials)
	if err != nil {
		return false, err
	}
	defer s.conn.Close()
	defer context.AfterFunc(ctx, func() { s.conn.Close() })()
	acceptor, err := p.greet(s)
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, ErrLearned) {
			p.cfg.Log.Warn("acceptor is not used", "acceptor", p.cfg.Acceptor, "address", p.cfg.Address, "error", err)
		}
		return false, err
	}
	p.connected.Store(true)
	defer p.connected.Store(false)
	var pump sync.WaitGroup
	defer pump.Wait()
	defer cancel()
	pump.Go(func() {
		defer cancel()
		p.queue.pump(ctx.Done(), s.send)
	})
	for {
		f, err := s.receive()
		if err != nil {
			return true, err
		}
		if f.hello != nil || f.refused != "" {
			return true, errMalformed
		}
		if len(f.batch) > 0 {
			deliver(f.batch, acceptor, p.cfg.Counters)
			p.cfg.Receive(f.batch)
		}
	}
}

// greet exchanges greetings.
func (p *Peer) greet(s *stream) (*Hello, error) {
	self := p.self()
	if err := s.send(&frame{hello: self}); err != nil {
		return nil, err
	}
	f, err := s.receiveGreeting()
	switch {
	case err != nil:
		return nil, err
	case f.refused != "":
		return nil, fmt.Errorf("it refuses: %s", f.refused)
	case f.hello == nil:
		return nil, errMalformed
	}
	if err := certified(s.info, f.hello); err != nil {
		return nil, err
	}
	s.begin()
	return f.hello, p.check(self, f.hello)
}

// self gives the greeting of this proposer.
func (p *Peer) self() *Hello {
	self := p.cfg.Self
	if p.cfg.Known != nil {
		self.Incarnation, self.Commits = p.cfg.Known()
	}
	self.Learns = p.cfg.Learns != nil && p.cfg.Learns()
	return &self
}

// check refuses another acceptor than the right one.
func (p *Peer) check(self, hello *Hello) error {
	want := *hello
	want.Cluster, want.Shape, want.Node, want.Role = p.cfg.Self.Cluster, p.cfg.Self.Shape, p.cfg.Acceptor, RoleAcceptor
	if *hello != want {
		return fmt.Errorf("%s %s of cluster %q answers, not acceptor %s of cluster %q with the same nodes",
			hello.Role, hello.Node, hello.Cluster, want.Node, want.Cluster)
	}
	if p.cfg.Greeted != nil {
		return p.cfg.Greeted(self, hello)
	}
	return nil
}

// Status asks the acceptor how it is.
func (p *Peer) Status(ctx context.Context) (*Status, error) { return AskStatus(ctx, p.conn) }

// deliver completes a received batch with what the stream tells of its sender.
func deliver(batch []Envelope, sender *Hello, counters *Counters) {
	for i := range batch {
		batch[i].from(sender)
	}
	counters.Received.Add(uint64(len(batch)))
}
