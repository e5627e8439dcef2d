// The port: where a process listens for other processes' replicas, whatever group they are of.

package replica

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"synod/impl/transport"
)

// Port takes the connections of other replicas for the replicas of this process. Who connects says in its greeting which
// group it is of, and the connection is that group's.
type Port struct {
	listener net.Listener
	tls      *tls.Config
	log      *slog.Logger
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu     sync.Mutex
	groups []*network
}

// maxConnections is how many connections others may have with a port at once.
const maxConnections = 1024

// Listen opens a port. config is that of a certificate for the replicas, nil for plaintext, which is on loopback only. log
// may be nil.
func Listen(address string, config *tls.Config, log *slog.Logger) (*Port, error) {
	if err := transport.Allow(address, config != nil); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p := &Port{listener: netutil.LimitListener(l, maxConnections), tls: config, log: log}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.running.Go(p.accept)
	return p, nil
}

// Address is where the port listens.
func (p *Port) Address() string { return p.listener.Addr().String() }

// Close closes the port. Its replicas must have ended.
func (p *Port) Close() {
	p.cancel()
	p.listener.Close()
	p.running.Wait()
}

// attach has a network take the connections of its group.
func (p *Port) attach(n *network) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.groups, func(o *network) bool { return o.self.Group == n.self.Group }) {
		return fmt.Errorf("the port has a replica of group %q already", n.self.Group)
	}
	p.groups = append(p.groups, n)
	return nil
}

// detach gives a network no connections any more.
func (p *Port) detach(n *network) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.groups = slices.DeleteFunc(p.groups, func(o *network) bool { return o == n })
}

// enter finds the network for one who greets, and has its close wait until running.Done. Who asks for the status of no
// group in particular is told that of the first.
func (p *Port) enter(them hello) *network {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.groups {
		if n.self.Group == them.Group || them.Protocol == statusProtocol && them.Group == "" {
			n.running.Add(1)
			return n
		}
	}
	return nil
}

// accept serves connections that others make.
func (p *Port) accept() {
	for {
		conn, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files, say: it passes
			p.log.Warn("a connection cannot be accepted", "error", err)
			time.Sleep(minPause)
			continue
		}
		p.running.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(p.ctx, func() { conn.Close() })()
			if err := p.serve(conn); p.ctx.Err() == nil {
				p.log.Debug("connection ended", "address", conn.RemoteAddr().String(), "error", err)
			}
		})
	}
}

// serve hears who is there, and hands the connection to the group.
func (p *Port) serve(conn net.Conn) error {
	if p.tls != nil {
		conn = tls.Server(conn, p.tls)
	}
	conn.SetDeadline(time.Now().Add(greetTimeout))
	r := strangersReader(conn)
	them, err := r.greeting()
	if err != nil {
		return err
	}
	n := p.enter(them)
	if n == nil {
		return fmt.Errorf("%s of cluster %q asks for group %q, which has no replica here", them.Node, them.Cluster, them.Group)
	}
	defer n.running.Done()
	return n.serve(conn, r, them)
}
