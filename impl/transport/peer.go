// Peers: a proposer's streams to the acceptors.

package transport

import (
	"context"
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
	Receive     func(batch []Envelope)           // is called for each frame, by one goroutine at a time
	Counters    *Counters
	Log         *slog.Logger
}

// Peer is a proposer's way to one acceptor. It reconnects by itself until it is closed.
type Peer struct {
	cfg       PeerConfig
	conn      *grpc.ClientConn
	queue     *queue
	connected atomic.Bool
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
	p := &Peer{cfg: cfg, conn: conn, queue: newQueue(cfg.Counters), cancel: cancel}
	p.done.Go(func() { p.run(ctx) })
	return p, nil
}

// Send hands messages over and never blocks. They may get lost.
func (p *Peer) Send(batch []Envelope) { p.queue.put(batch) }

// Keys asks the acceptor for keys: see AcceptorService.
func (p *Peer) Keys(ctx context.Context, after string, limit int) (*KeysReply, error) {
	r := new(KeysReply)
	return r, p.conn.Invoke(ctx, keysMethod, &KeysRequest{After: after, Limit: limit}, r, grpc.WaitForReady(true))
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
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, maxPause)
	}
}

// exchange opens one stream and uses it until it breaks.
func (p *Peer) exchange(ctx context.Context) (greeted bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := p.conn.NewStream(ctx, &exchangeStream, exchangeMethod, grpc.WaitForReady(true))
	if err != nil {
		return false, err
	}
	if err := stream.SendMsg(&frame{hello: &p.cfg.Self}); err != nil {
		return false, err
	}
	acceptor, err := p.greeting(stream)
	if err != nil {
		p.cfg.Log.Warn("acceptor is not used", "acceptor", p.cfg.Acceptor, "address", p.cfg.Address, "error", err)
		return false, err
	}
	p.connected.Store(true)
	defer p.connected.Store(false)
	var pump sync.WaitGroup
	defer pump.Wait()
	defer cancel()
	pump.Go(func() {
		defer cancel()
		p.queue.pump(ctx.Done(), stream.SendMsg)
	})
	for {
		var f frame
		if err := stream.RecvMsg(&f); err != nil {
			return true, err
		}
		if f.hello != nil {
			return true, errMalformed
		}
		deliver(f.batch, acceptor, p.cfg.Counters)
		p.cfg.Receive(f.batch)
	}
}

// greeting reads the acceptor's Hello and checks that it is the right one.
func (p *Peer) greeting(stream grpc.ClientStream) (*Hello, error) {
	var f frame
	if err := stream.RecvMsg(&f); err != nil {
		return nil, err
	}
	if f.hello == nil {
		return nil, errMalformed
	}
	if err := certified(stream.Context(), f.hello); err != nil {
		return nil, err
	}
	want := p.cfg.Self
	want.Node, want.Role, want.Run = p.cfg.Acceptor, RoleAcceptor, f.hello.Run
	if *f.hello != want {
		return nil, fmt.Errorf("%s %s of cluster %q answers, not acceptor %s of cluster %q with the same nodes",
			f.hello.Role, f.hello.Node, f.hello.Cluster, want.Node, want.Cluster)
	}
	return f.hello, nil
}

// deliver completes a received batch with what the stream tells of its sender.
func deliver(batch []Envelope, sender *Hello, counters *Counters) {
	for i := range batch {
		batch[i].from(sender)
	}
	counters.Received.Add(uint64(len(batch)))
}
