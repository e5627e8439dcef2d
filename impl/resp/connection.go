// Connections: one client's requests on their way in, and its replies, in the same order, on their way out.

package resp

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Request is what a client asks. The handler owns Args.
type Request struct {
	Args [][]byte // the command's name and its arguments; at least one
	Conn *Conn
	// Harmless is set by the handler before it replies where the request has changed nothing, whatever its reply: an
	// error may then take the place of a reply for which there is no room.
	Harmless bool

	version   int // of the protocol for its reply
	own       int // bytes taken from the connection's own
	borrowed  int // bytes taken from the server's budget
	last      bool
	reply     Reply
	unsentOwn int // the same for its reply
	unsent    int
	answered  bool
	next      *Request
}

// Conn is one client's connection. Its exported methods are for the handler's Serve, which runs in the connection's
// own goroutine; others must not call them.
type Conn struct {
	ID    uint64 // counts the server's connections, from 1
	State any    // the handler's

	server  *Server
	raw     net.Conn // to close, without the courtesies of TLS
	conn    net.Conn // to read and write
	decoder decoder
	source  source
	version int
	writing atomic.Int64 // since when a write has been under way, in ns of Unix time; 0 if none is

	mu         sync.Mutex
	changed    sync.Cond // of mu; a reply came, there is room for requests, or something has ended
	head, tail *Request  // without a reply, or with one that is not being sent yet
	pending    int       // how many
	own        int       // bytes left of the connection's own, for requests
	unsentOwn  int       // the same for replies
	held       int       // bytes of replies that the client has not taken, all told
	stopping   bool      // no request is read any more
	ended      bool      // the reader has ended
	dead       bool      // nothing is written any more
	closed     chan struct{}
}

// RemoteAddr is where the client is.
func (c *Conn) RemoteAddr() net.Addr { return c.raw.RemoteAddr() }

// LocalAddr is where the client reached the server.
func (c *Conn) LocalAddr() net.Addr { return c.raw.LocalAddr() }

// Certificate is the client's certificate, which the TLS configuration has verified; nil if it sent none.
func (c *Conn) Certificate() *x509.Certificate {
	if t, ok := c.conn.(*tls.Conn); ok {
		if chains := t.ConnectionState().VerifiedChains; len(chains) > 0 {
			return chains[0][0]
		}
	}
	return nil
}

// trusted reports whether Trust was called.
func (c *Conn) trusted() bool { return c.source.login.IsZero() }

// Trust lifts the narrow limits of a connection that is not authenticated.
func (c *Conn) Trust() {
	c.source.login = time.Time{}
	l := &c.server.cfg.Limits
	c.decoder.args, c.decoder.bulk, c.decoder.total = l.Args, l.Bulk, l.Request
}

// SetVersion chooses version 2 or 3 of the protocol, for the reply to the request being served and all that follow.
func (c *Conn) SetVersion(q *Request, version int) { c.version, q.version = version, version }

// Version is the version of the protocol, 2 unless SetVersion has changed it.
func (c *Conn) Version() int { return c.version }

// Finish makes q the connection's last request.
func (c *Conn) Finish(q *Request) { q.last = true }

// source reads from the client, and sets a deadline where one is needed: within a request, and before the client is
// authenticated. A client that pauses between two requests may do so for ever.
type source struct {
	c      *Conn
	login  time.Time // until when the client must be authenticated; zero once it is
	within bool      // a request has begun
	until  time.Time // until when it must be there; zero if it was read without waiting
	set    time.Time // the deadline that the network knows of
}

var errStopping = errors.New("the server is stopping")

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	deadline := s.login
	if s.within {
		if s.until.IsZero() {
			s.until = time.Now().Add(s.c.server.cfg.Limits.Receive)
		}
		if deadline.IsZero() || s.until.Before(deadline) {
			deadline = s.until
		}
	}
	s.c.mu.Lock()
	stopping := s.c.stopping
	if !stopping && !deadline.Equal(s.set) {
		s.c.raw.SetReadDeadline(deadline)
		s.set = deadline
	}
	s.c.mu.Unlock()
	if stopping {
		return 0, errStopping
	}
	return s.c.conn.Read(p)
}

// newConn makes a connection of an accepted one.
func newConn(s *Server, id uint64, raw net.Conn) *Conn {
	c := &Conn{
		ID: id, server: s, raw: raw, conn: raw, version: 2,
		own: ownBytes, unsentOwn: ownBytes, closed: make(chan struct{}),
	}
	c.changed.L = &c.mu
	c.source = source{c: c, login: time.Now().Add(s.cfg.Limits.Login)}
	l := &s.cfg.Limits
	c.decoder = decoder{
		args: min(l.Args, loginArgs), bulk: min(l.Bulk, loginBulk), total: min(l.Request, loginTotal),
		begun: func() { c.source.within = true },
	}
	return c
}

// serve runs the connection to its end.
func (c *Conn) serve() {
	defer c.kill()
	if c.server.cfg.TLS != nil {
		t := tls.Server(c.raw, c.server.cfg.TLS)
		c.raw.SetDeadline(c.source.login)
		if err := t.Handshake(); err != nil {
			c.server.refused(c, "the TLS handshake failed", err)
			return
		}
		c.raw.SetDeadline(time.Time{})
		c.conn = t
	}
	c.decoder.r = bufio.NewReaderSize(&c.source, readBytes)
	c.server.cfg.Handler.Open(c)
	var sender sync.WaitGroup
	sender.Go(c.send)
	c.read()
	c.mu.Lock()
	c.ended = true
	c.changed.Broadcast()
	c.mu.Unlock()
	sender.Wait()
}

// read takes requests and hands them to the handler, until the client has no more, breaks a rule or is stopped.
func (c *Conn) read() {
	for c.awaitRoom() {
		q := &Request{Conn: c, version: c.version}
		c.decoder.room = func(size int) bool { return c.take(q, size) }
		args, err := c.decoder.next()
		c.source.within, c.source.until = false, time.Time{}
		q.Args = args
		switch {
		case err == nil:
		case errors.Is(err, ErrProtocol):
			c.server.refused(c, "a malformed request", err)
			c.refuse(q, "ERR Protocol error"+strings.TrimPrefix(err.Error(), ErrProtocol.Error()))
			return
		case errors.Is(err, errOverBudget):
			c.server.refused(c, "a request did not get its memory", err)
			c.refuse(q, "TRYAGAIN "+err.Error())
			return
		default:
			c.release(q)
			if err != io.EOF && !c.isStopping() {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					c.server.refused(c, "it was too slow", err)
				}
				c.kill()
			}
			return
		}
		c.append(q)
		c.server.requests.Add(1)
		c.server.cfg.Handler.Serve(q)
		if q.last {
			return
		}
	}
}

// maxHeld is how many bytes of replies a client may leave untaken before its next request has to wait.
const maxHeld = 64 << 10

// awaitRoom waits until the next request may be read. It reports false if none may any more.
func (c *Conn) awaitRoom() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	most := maxHeld
	if !c.trusted() {
		most = ownBytes / 2
	}
	for !c.dead && !c.stopping && (c.pending >= c.server.cfg.Limits.Pipeline || c.held > most) {
		c.changed.Wait()
	}
	return !c.dead && !c.stopping
}

// take reserves memory for a part of a request.
func (c *Conn) take(q *Request, size int) bool {
	c.mu.Lock()
	if c.own >= size {
		c.own -= size
		q.own += size
		c.mu.Unlock()
		return true
	}
	c.mu.Unlock()
	if c.trusted() && c.server.budget.take(size, c.server.cfg.Limits.Receive, c.closed) {
		q.borrowed += size
		return true
	}
	return false
}

// release gives a request's memory back.
func (c *Conn) release(q *Request) {
	c.mu.Lock()
	c.own += q.own
	c.mu.Unlock()
	c.server.budget.give(q.borrowed)
	q.own, q.borrowed = 0, 0
}

// append puts a request behind those that wait for their replies.
func (c *Conn) append(q *Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tail == nil {
		c.head = q
	} else {
		c.tail.next = q
	}
	c.tail = q
	c.pending++
}

// refuse answers what is no request, and ends the connection after that.
func (c *Conn) refuse(q *Request, text string) {
	q.last = true
	c.append(q)
	q.Reply(Error(text))
}

// Reply answers the request. It is called once, by any goroutine, and does not wait for the client.
func (q *Request) Reply(r Reply) {
	c := q.Conn
	c.release(q)
	q.Args = nil
	if !c.fit(q, &r) && !(c.server.evict() && c.fit(q, &r)) {
		r = c.squeeze(q)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if q.answered {
		panic("resp: a request is answered twice")
	}
	q.reply, q.answered = r, true
	switch {
	case c.dead:
		c.forgive(q)
	case c.head == q:
		c.changed.Broadcast()
	}
}

// fit reserves memory for a reply.
func (c *Conn) fit(q *Request, r *Reply) bool {
	size := r.size()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.dead:
		return true // it is not kept
	case c.unsentOwn >= size:
		c.unsentOwn -= size
		q.unsentOwn = size
	case c.server.unsent.try(size):
		q.unsent = size
	default:
		return false
	}
	c.held += size
	return true
}

// squeeze gives a reply in place of one for which there is no room. If even that has none, or the request has changed
// something that the client must not be told otherwise, the connection ends: its outcome is then unknown.
func (c *Conn) squeeze(q *Request) Reply {
	r := Error("TRYAGAIN there is no room for the reply: clients have not taken theirs")
	if !q.Harmless || !c.fit(q, &r) {
		c.kill()
	}
	return r
}

// forgive gives the memory of a reply back. c.mu is held.
func (c *Conn) forgive(q *Request) {
	c.unsentOwn += q.unsentOwn
	c.held -= q.unsentOwn + q.unsent
	c.server.unsent.give(q.unsent)
	q.unsentOwn, q.unsent, q.reply = 0, 0, Reply{}
}

// send writes replies, in the order of the requests and many at once, until the connection has ended.
func (c *Conn) send() {
	defer c.kill()
	for {
		first, last := c.cut()
		if first == nil {
			return
		}
		if err := c.write(first); err != nil {
			return
		}
		if last.last {
			return
		}
	}
}

// cut waits for replies that can be sent and cuts them off the list. It gives nil when none will come.
func (c *Conn) cut() (first, last *Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.dead && (c.head == nil && !c.ended || c.head != nil && !c.head.answered) {
		c.changed.Wait()
	}
	if c.dead || c.head == nil {
		return nil, nil
	}
	first = c.head
	for last = first; last.next != nil && last.next.answered && !last.last; last = last.next {
		c.pending--
	}
	c.pending--
	c.head, last.next = last.next, nil
	if c.head == nil {
		c.tail = nil
	}
	c.changed.Broadcast()
	return first, last
}

// writers are buffers for replies. A connection has one only while it writes.
var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, readBytes) }}

// write sends the replies of a list of requests.
func (c *Conn) write(first *Request) error {
	w := writers.Get().(*bufio.Writer)
	w.Reset(sink{c})
	defer func() {
		w.Reset(nil)
		writers.Put(w)
	}()
	for q := first; q != nil; q = q.next {
		q.reply.encode(w, q.version)
	}
	err := w.Flush()
	c.mu.Lock()
	for q := first; q != nil; q = q.next {
		c.forgive(q)
	}
	c.changed.Broadcast()
	c.mu.Unlock()
	return err
}

// sink writes to the client, which must take each part in time.
type sink struct{ c *Conn }

// Write implements io.Writer.
func (s sink) Write(p []byte) (int, error) {
	now := time.Now()
	s.c.writing.Store(now.UnixNano())
	defer s.c.writing.Store(0)
	s.c.raw.SetWriteDeadline(now.Add(s.c.server.cfg.Limits.Send))
	return s.c.conn.Write(p)
}

// stop lets the connection end once the requests that were read are answered.
func (c *Conn) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopping {
		c.stopping = true
		c.raw.SetReadDeadline(time.Unix(1, 0))
		c.changed.Broadcast()
	}
}

func (c *Conn) isStopping() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping
}

// kill ends the connection at once. What replies hold is given back now, what requests hold when they are answered.
func (c *Conn) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return
	}
	c.dead = true
	close(c.closed)
	for q := c.head; q != nil; q = q.next {
		if q.answered {
			c.forgive(q)
		}
	}
	c.head, c.tail = nil, nil
	c.raw.Close()
	c.changed.Broadcast()
}
