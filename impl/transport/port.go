// Ports: one for gRPC's calls and for the streams of messages, told apart by how they begin.

package transport

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"golang.org/x/net/netutil"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// greetTimeout is how long a connection may take until both ends have proved and said who they are.
const greetTimeout = 5 * time.Second

// magic begins a stream of messages. Calls begin with "PRI ", as HTTP/2 does.
const magic = "SYN1"

// Port is where a node listens. As a net.Listener it is that of a server made by NewServer, and begins to accept when
// it is first asked to. Streams go to the AcceptorService that is registered with it.
type Port struct {
	listener net.Listener
	creds    credentials.TransportCredentials
	streams  func(*stream) // nil takes none
	begin    sync.Once
	calls    chan net.Conn
	failed   chan error
	closed   chan struct{}

	mu    sync.Mutex
	conns map[net.Conn]struct{} // of streams, and of those who have not begun yet; nil once the port is closed
}

// Listen opens a port. Without credentials, it must be on loopback: whoever reaches an acceptor in plaintext can
// write to it.
func Listen(address string, creds credentials.TransportCredentials) (*Port, error) {
	if err := Allow(address, creds != nil); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	if creds == nil {
		creds = insecure.NewCredentials()
	}
	return &Port{
		listener: netutil.LimitListener(l, maxConnections), creds: creds, calls: make(chan net.Conn),
		failed: make(chan error, 1), closed: make(chan struct{}), conns: map[net.Conn]struct{}{},
	}, nil
}

// Addr implements net.Listener.
func (p *Port) Addr() net.Addr { return p.listener.Addr() }

// Accept implements net.Listener: it gives the next connection with calls.
func (p *Port) Accept() (net.Conn, error) {
	p.begin.Do(func() { go p.accept() })
	select {
	case c := <-p.calls:
		return c, nil
	case err := <-p.failed:
		return nil, err
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. It ends all streams, too.
func (p *Port) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns == nil {
		return net.ErrClosed
	}
	close(p.closed)
	for c := range p.conns {
		c.Close()
	}
	p.conns = nil
	return p.listener.Close()
}

// accept takes connections until the port is closed.
func (p *Port) accept() {
	for {
		c, err := p.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // too many open files, say: it passes
			time.Sleep(minPause)
		case p.hold(c):
			go p.serve(c)
		default:
			c.Close()
		}
	}
}

// hold notes a connection to be closed with the port. It reports false if that is closed already.
func (p *Port) hold(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns != nil {
		p.conns[c] = struct{}{}
	}
	return p.conns != nil
}

func (p *Port) release(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// serve finds out what a connection is for.
func (p *Port) serve(raw net.Conn) {
	defer p.release(raw)
	raw.SetDeadline(time.Now().Add(greetTimeout))
	c, info, err := p.creds.ServerHandshake(raw)
	if err != nil {
		raw.Close()
		return
	}
	first := make([]byte, len(magic))
	if _, err := io.ReadFull(c, first); err != nil {
		c.Close()
		return
	}
	if string(first) == magic && p.streams != nil {
		defer c.Close()
		p.streams(&stream{conn: c, info: info})
		return
	}
	raw.SetDeadline(time.Time{})
	select {
	case p.calls <- &begun{Conn: c, info: info, first: first}:
	case <-p.closed:
		c.Close()
	}
}

// begun is a connection with calls, whose handshake is done and whose first bytes were read.
type begun struct {
	net.Conn
	info  credentials.AuthInfo
	first []byte
}

// Read implements net.Conn.
func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}

// shaken are the credentials of a gRPC server behind a Port, which has shaken hands for it.
type shaken struct {
	credentials.TransportCredentials
}

// ServerHandshake implements credentials.TransportCredentials.
func (s shaken) ServerHandshake(c net.Conn) (net.Conn, credentials.AuthInfo, error) {
	if b, ok := c.(*begun); ok {
		return c, b.info, nil
	}
	return nil, nil, errors.New("a connection that did not come through a Port")
}

// Clone implements credentials.TransportCredentials.
func (s shaken) Clone() credentials.TransportCredentials { return s }

// dialStream connects to a node for a stream.
func dialStream(ctx context.Context, address string, creds credentials.TransportCredentials) (*stream, error) {
	ctx, cancel := context.WithTimeout(ctx, greetTimeout)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	raw.SetDeadline(time.Now().Add(greetTimeout))
	s := &stream{conn: raw}
	if creds != nil {
		host, _, _ := net.SplitHostPort(address)
		if s.conn, s.info, err = creds.Clone().ClientHandshake(ctx, host, raw); err != nil {
			raw.Close()
			return nil, err
		}
	}
	if _, err := s.conn.Write([]byte(magic)); err != nil {
		s.conn.Close()
		return nil, err
	}
	return s, nil
}
