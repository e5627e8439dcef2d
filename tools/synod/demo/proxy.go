// A TCP proxy between a proposer and an acceptor: the place where the network is cut.

package demo

import (
	"errors"
	"io"
	"net"
	"sync"
)

// link forwards TCP connections from its own address to a target. While it is cut it closes what is open and
// refuses what comes, as a network that lost a route does; the processes at its ends know nothing of it.
type link struct {
	listener net.Listener

	mu     sync.Mutex
	target string // where the acceptor listens; it changes when the acceptor is restarted
	cut    bool
	closed bool
	open   map[net.Conn]struct{}
	copies sync.WaitGroup
}

// newLink listens on a free loopback port and forwards to target. Without a target it refuses connections.
func newLink(target string) (*link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{listener: listener, target: target, open: make(map[net.Conn]struct{})}
	l.copies.Add(1)
	go l.serve()
	return l, nil
}

// address is where the proposer dials.
func (l *link) address() string { return l.listener.Addr().String() }

// retarget has connections to come go to another address.
func (l *link) retarget(target string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.target = target
}

// sever cuts the link: every open connection ends now.
func (l *link) sever() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for conn := range l.open {
		reset(conn)
	}
}

// heal lets connections through again.
func (l *link) heal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}

// close ends the link for good and waits for its goroutines.
func (l *link) close() {
	l.mu.Lock()
	l.cut, l.closed = true, true
	for conn := range l.open {
		reset(conn)
	}
	l.mu.Unlock()
	l.listener.Close()
	l.copies.Wait()
}

func (l *link) serve() {
	defer l.copies.Done()
	for {
		conn, err := l.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // one connection failed before it was taken; the listener still stands
		}
		if !l.track(conn) {
			continue
		}
		l.copies.Add(1)
		go l.forward(conn)
	}
}

// track remembers an open connection, or resets it when the link is cut.
func (l *link) track(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut || l.closed {
		reset(conn)
		return false
	}
	l.open[conn] = struct{}{}
	return true
}

func (l *link) untrack(conn net.Conn) {
	l.mu.Lock()
	delete(l.open, conn)
	l.mu.Unlock()
	conn.Close()
}

// forward copies both ways until either side ends; then both end.
func (l *link) forward(near net.Conn) {
	defer l.copies.Done()
	defer l.untrack(near)
	l.mu.Lock()
	target := l.target
	l.mu.Unlock()
	far, err := net.Dial("tcp", target)
	if err != nil {
		reset(near) // the acceptor is down: its dialler must see that, not a silent close
		return
	}
	if !l.track(far) {
		return
	}
	defer l.untrack(far)
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			io.Copy(pair[0], pair[1]) // its error is an end like any other
			pair[0].Close()
			pair[1].Close()
			done <- struct{}{}
		}()
	}
	<-done
	<-done
}

// reset closes a connection with RST: bytes in flight are lost, as on a cut wire.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}
