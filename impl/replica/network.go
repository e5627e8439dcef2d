// The network: a replica's port, and its connections with the others.

package replica

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"synod/impl/certificate"
	"synod/impl/log"
	"synod/impl/transport"
)

// network sends frames to the other replicas and hands on what they send. Nothing is sent twice: what waits too long or
// was on a connection that broke is lost, which the protocol allows.
type network struct {
	self    hello
	folders *folders
	refused func(error) // is told why this replica must not go on
	tls     *tls.Config
	port    *Port
	peers   map[string]*peer
	receive func(delivery)
	figures func() *transport.Status
	log     *slog.Logger
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	scratch []byte // the last message, as it was sent
	last    log.Message

	sent, received, lost atomic.Uint64
}

// peer is another replica. Both sides dial, and either sends on the connection that was made last: who has just started
// is reached at once.
type peer struct {
	id, address string
	wake        chan struct{} // holds a token when something waits

	mu      sync.Mutex
	waiting []byte
	frames  int
	conns   []net.Conn // the last is used
}

// Bounds of the network.
const (
	maxWaiting   = 64 << 20 // bytes that wait for one replica; a snapshot may be more
	greetTimeout = 5 * time.Second
	writeTimeout = 10 * time.Second
	readBytes    = 64 << 10
	minPause     = 10 * time.Millisecond // between attempts to connect
	maxPause     = 200 * time.Millisecond
)

// newNetwork makes a network that start starts. receive may block, which slows the sender down.
func newNetwork(c *Config, port *Port, f *folders, receive func(delivery), figures func() *transport.Status, refused func(error)) (*network, error) {
	ctx, cancel := context.WithCancel(context.Background())
	n := &network{
		self:    hello{Protocol: protocol, Cluster: c.Cluster.Name, Group: c.Group, Shape: c.Cluster.shape(), Node: c.ID, Folder: f.own},
		folders: f, refused: refused, tls: c.TLS, port: port, peers: map[string]*peer{},
		receive: receive, figures: figures, log: c.Log, ctx: ctx, cancel: cancel,
	}
	for id, address := range c.Addresses {
		if id == c.ID {
			continue
		}
		if err := transport.Allow(address, c.TLS != nil); err != nil {
			cancel()
			return nil, fmt.Errorf("replica %s: %w", id, err)
		}
		n.peers[id] = &peer{id: id, address: address, wake: make(chan struct{}, 1)}
	}
	return n, nil
}

// start begins to connect to the others, and to serve them.
func (n *network) start() error {
	if err := n.port.attach(n); err != nil {
		n.cancel()
		return err
	}
	n.running.Go(n.watch)
	for _, p := range n.peers {
		n.running.Go(func() { n.dial(p) })
		n.running.Go(func() { n.pump(p) })
	}
	return nil
}

// send hands messages over and never blocks. A message to several replicas is encoded once.
func (n *network) send(messages []log.Message) {
	for i := range messages {
		m := &messages[i]
		p := n.peers[m.To]
		if p == nil {
			continue
		}
		again := m.Kind == n.last.Kind && m.Kind == log.KindAccept && m.Ballot == n.last.Ballot && m.Slot == n.last.Slot
		if !again || len(n.scratch) == 0 {
			n.scratch = appendFrame(n.scratch[:0], frameMessage, func(b []byte) []byte { return log.AppendMessage(b, m) })
			n.last = *m
		}
		n.put(p, n.scratch)
	}
	if len(n.scratch) > readBytes {
		n.scratch = nil
	}
}

// request sends a client's command to the leader.
func (n *network) request(to string, q request) {
	if p := n.peers[to]; p != nil {
		kind := frameRequest
		if q.query {
			kind = frameQuery
		}
		n.scratch = appendFrame(n.scratch[:0], kind, func(b []byte) []byte { return log.AppendCommand(b, &q.Command) })
		n.last = log.Message{}
		n.put(p, n.scratch)
	}
}

// reply sends the answer to a request.
func (n *network) reply(to string, r reply) {
	if p := n.peers[to]; p != nil {
		n.scratch = appendFrame(n.scratch[:0], frameReply, func(b []byte) []byte { return appendReply(b, &r) })
		n.last = log.Message{}
		n.put(p, n.scratch)
	}
}

// put lets a frame wait for its peer. Where there is no connection, or too much waits, it is lost, and in the second
// case all that waits with it: what has waited longest is of least use to anyone.
func (n *network) put(p *peer, frame []byte) {
	p.mu.Lock()
	if len(p.waiting) > maxWaiting {
		n.lost.Add(uint64(p.frames))
		p.waiting, p.frames = nil, 0
	}
	if len(p.conns) == 0 {
		n.lost.Add(1)
	} else {
		p.waiting = append(p.waiting, frame...)
		p.frames++
	}
	p.mu.Unlock()
	signal(p.wake)
}

// pump writes what waits for a peer, all at once.
func (n *network) pump(p *peer) {
	var spare []byte
	for {
		select {
		case <-n.ctx.Done():
			return
		case <-p.wake:
		}
		p.mu.Lock()
		out, frames := p.waiting, p.frames
		p.waiting, p.frames = spare[:0], 0
		var conn net.Conn
		if len(p.conns) > 0 {
			conn = p.conns[len(p.conns)-1]
		}
		p.mu.Unlock()
		spare = out
		if cap(spare) > maxWaiting/8 {
			spare = nil
		}
		if len(out) == 0 {
			continue
		}
		if conn == nil {
			n.lost.Add(uint64(frames))
			continue
		}
		conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		if _, err := conn.Write(out); err != nil {
			n.lost.Add(uint64(frames))
			n.detach(p, conn)
			continue
		}
		n.sent.Add(uint64(frames))
	}
}

// connected lists the peers to which there is a connection, in order.
func (n *network) connected() (ids []string) {
	for id, p := range n.peers {
		p.mu.Lock()
		if len(p.conns) > 0 {
			ids = append(ids, id)
		}
		p.mu.Unlock()
	}
	slices.Sort(ids)
	return ids
}

// dial keeps a connection to a peer until the network is closed. Pauses grow and are jittered.
func (n *network) dial(p *peer) {
	pause := minPause
	for n.ctx.Err() == nil {
		greeted, err := n.connect(p)
		if n.ctx.Err() != nil {
			return
		}
		n.log.Debug("connection to replica ended", "replica", p.id, "error", err)
		if greeted {
			pause = minPause
		}
		select {
		case <-n.ctx.Done():
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, maxPause)
	}
}

// connect makes one connection and reads from it until it breaks.
func (n *network) connect(p *peer) (greeted bool, err error) {
	dialer := net.Dialer{Timeout: greetTimeout}
	conn, err := dialer.DialContext(n.ctx, "tcp", p.address)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	defer context.AfterFunc(n.ctx, func() { conn.Close() })()
	if n.tls != nil {
		cfg := n.tls.Clone()
		cfg.ServerName, _, _ = net.SplitHostPort(p.address)
		conn = tls.Client(conn, cfg)
	}
	r, them, err := n.greet(conn, p.id)
	if err == nil && them.Node != p.id {
		err = fmt.Errorf("replica %s answers, not %s", them.Node, p.id)
	}
	if errors.Is(err, io.EOF) { // it has no replica of this group, or not yet
		return false, err
	}
	if err != nil {
		n.log.Warn("replica is not used", "replica", p.id, "address", p.address, "error", err)
		return false, err
	}
	return true, n.use(p, conn, r)
}

// serve answers one who has greeted, and reads from it until the connection breaks.
func (n *network) serve(conn net.Conn, r *frameReader, them hello) error {
	defer context.AfterFunc(n.ctx, func() { conn.Close() })()
	if err := n.introduce(conn, them.Node); err != nil {
		return err
	}
	if them.Protocol == statusProtocol {
		return n.answerStatus(conn)
	}
	if err := n.check(conn, them); err != nil {
		return err
	}
	conn.SetDeadline(time.Time{})
	p := n.peers[them.Node]
	if p == nil {
		return fmt.Errorf("this cluster has no other replica %q", them.Node)
	}
	return n.use(p, conn, r)
}

// greet exchanges greetings with one whom this replica has called.
func (n *network) greet(conn net.Conn, id string) (*frameReader, hello, error) {
	conn.SetDeadline(time.Now().Add(greetTimeout))
	defer conn.SetDeadline(time.Time{})
	if err := n.introduce(conn, id); err != nil {
		return nil, hello{}, err
	}
	r := strangersReader(conn)
	them, err := r.greeting()
	if err != nil {
		return nil, them, err
	}
	return r, them, n.check(conn, them)
}

// introduce sends the greeting for a replica.
func (n *network) introduce(conn net.Conn, id string) error {
	self := n.self
	self.Lost = n.folders.lost.Load()
	_, self.Commits = n.folders.store.Generation()
	known, err := n.folders.of(id)
	if err != nil {
		return err
	}
	self.Known, self.KnownCommits = known.folder, known.commits
	return writeJSON(conn, frameHello, self)
}

// check refuses one who is not of this cluster or group, has another idea of it, is not who the certificate names, or has
// another data folder than before, or an old copy. Where the other refuses this one's folder, the replica must not go on.
func (n *network) check(conn net.Conn, them hello) error {
	want := n.self
	want.Node, want.Folder, want.Commits, want.Lost = them.Node, them.Folder, them.Commits, them.Lost
	want.Known, want.KnownCommits = them.Known, them.KnownCommits
	if them != want {
		return fmt.Errorf("%s of cluster %q %s with %s answers by %q, and this is cluster %q %s with %s",
			them.Node, them.Cluster, them.Group, them.Shape, them.Protocol, want.Cluster, want.Group, want.Shape)
	}
	if t, ok := conn.(*tls.Conn); ok {
		name := certificate.Name{Cluster: them.Cluster, Role: certificate.Replica, Node: them.Node}
		if err := name.Check(t.ConnectionState().PeerCertificates[0]); err != nil {
			return err
		}
	}
	if err := n.folders.check(them); err != nil {
		n.refused(err)
		return err
	}
	replaced, err := n.folders.meet(them)
	if p := n.peers[them.Node]; replaced && p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.conns {
			c.Close()
		}
	}
	return err
}

// use sends to a peer on a connection, and reads from it until it breaks.
func (n *network) use(p *peer, conn net.Conn, r *frameReader) error {
	p.mu.Lock()
	p.conns = append(p.conns, conn)
	p.mu.Unlock()
	defer n.detach(p, conn)
	r.r = bufio.NewReaderSize(r.r, readBytes)
	for {
		d, err := r.delivery(p.id)
		if err != nil {
			return err
		}
		d.from = p.id
		n.folders.note(p.id, d.commits)
		n.received.Add(uint64(d.size()))
		n.receive(d)
	}
}

// detach uses a connection no more.
func (n *network) detach(p *peer, conn net.Conn) {
	conn.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = slices.DeleteFunc(p.conns, func(c net.Conn) bool { return c == conn })
}

// close ends all connections. receive is not called any more after it returns.
func (n *network) close() {
	n.cancel()
	n.port.detach(n)
	n.running.Wait()
}
