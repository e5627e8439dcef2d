// The server: a port, its connections, and what they share.

package resp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Handler answers requests.
type Handler interface {
	// Open is told of a connection before its first request. It calls Conn.Trust if the client need not log in.
	Open(*Conn)
	// Serve takes a request and answers it by Request.Reply, once, now or later. It is called by the connection's
	// goroutine, in the order of the requests, and holds up those that follow while it runs.
	Serve(*Request)
}

// Config says what a server needs.
type Config struct {
	Handler Handler
	TLS     *tls.Config // nil is plaintext, which Listen allows on loopback only
	Limits  Limits
	Log     *slog.Logger // nil logs nothing
}

// Server serves clients until it is stopped.
type Server struct {
	cfg      Config
	listener net.Listener
	budget   *budget // for requests
	unsent   *budget // for replies
	requests atomic.Uint64
	total    atomic.Uint64
	rejected atomic.Uint64
	evicted  atomic.Int64 // when stalled connections were last looked for, in ns of Unix time
	running  sync.WaitGroup

	mu       sync.Mutex
	conns    map[*Conn]struct{}
	stopping bool
}

// Stats are a server's figures.
type Stats struct {
	Connections int    // open now
	Accepted    uint64 // connections
	Rejected    uint64 // connections that were ended for a broken rule or limit
	Requests    uint64
}

// ErrPlaintext says that clients beyond this machine are served over TLS only.
var ErrPlaintext = errors.New("is not on loopback: plaintext connections stay on this machine")

// Listen opens a port, host:port. Without TLS it must be on loopback.
func Listen(address string, encrypted bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q is not host:port", address)
	}
	if ip := net.ParseIP(host); !encrypted && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("address %q %w", address, ErrPlaintext)
	}
	return net.Listen("tcp", address)
}

// New starts to serve the clients that come to a listener, which the server closes when it is stopped.
func New(listener net.Listener, cfg Config) *Server {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: cfg, listener: listener, conns: map[*Conn]struct{}{},
		budget: newBudget(cfg.Limits.Budget), unsent: newBudget(cfg.Limits.Unsent),
	}
	s.running.Go(s.accept)
	return s
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Stats gives the server's figures.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{
		Connections: len(s.conns), Accepted: s.total.Load(), Rejected: s.rejected.Load(), Requests: s.requests.Load(),
	}
}

// Stop ends the server: no connection or request is taken any more, and those connections end whose requests are
// answered. When ctx ends the others end too. All goroutines of the server have ended when it returns.
func (s *Server) Stop(ctx context.Context) {
	s.mu.Lock()
	s.stopping = true
	s.listener.Close()
	for c := range s.conns {
		c.stop()
	}
	s.mu.Unlock()
	cut := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for c := range s.conns {
			c.kill()
		}
	})
	s.running.Wait()
	cut()
}

// accept takes connections until the listener is closed.
func (s *Server) accept() {
	for {
		raw, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Too many open files, say. It passes, and to end would help nobody.
			s.cfg.Log.Warn("a connection cannot be accepted", "error", err)
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if c := s.open(raw); c != nil {
			s.running.Go(func() {
				defer s.forget(c)
				c.serve()
			})
		}
	}
}

// open makes room for a connection, or turns it away.
func (s *Server) open(raw net.Conn) *Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		raw.Close()
		return nil
	}
	if len(s.conns) >= s.cfg.Limits.Connections {
		s.rejected.Add(1)
		if s.cfg.TLS == nil {
			raw.SetWriteDeadline(time.Now().Add(time.Millisecond)) // an empty socket takes it at once
			raw.Write([]byte("-ERR max number of clients reached\r\n"))
		}
		raw.Close()
		return nil
	}
	c := newConn(s, s.total.Add(1), raw)
	s.conns[c] = struct{}{}
	return c
}

func (s *Server) forget(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// refused takes note of a client that broke a rule.
func (s *Server) refused(c *Conn, what string, err error) {
	s.rejected.Add(1)
	s.cfg.Log.Debug("a client's connection ends: "+what, "client", c.RemoteAddr().String(), "error", err)
}

// stalled is how long a client may leave a write waiting when others need the memory.
const stalled = time.Second

// evict ends the connections whose clients do not take their replies. It reports whether there were any. It looks
// for them at most ten times a second.
func (s *Server) evict() bool {
	now := time.Now().UnixNano()
	last := s.evicted.Load()
	if now-last < int64(stalled/10) || !s.evicted.CompareAndSwap(last, now) {
		return false
	}
	var victims []*Conn
	s.mu.Lock()
	for c := range s.conns {
		if since := c.writing.Load(); since != 0 && now-since > int64(stalled) {
			victims = append(victims, c)
		}
	}
	s.mu.Unlock()
	for _, c := range victims {
		s.refused(c, "its client does not take replies that hold memory", nil)
		c.kill()
	}
	return len(victims) > 0
}
