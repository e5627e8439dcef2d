// Shared connections: many goroutines' requests over one connection, in one write what waits.

package resp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"sync"
)

// Mux is a connection that many goroutines use at once. Requests that wait while others are being written leave
// together, so that a busy program sends and receives few packets. Replies come in the order of the requests; one that
// takes long holds up those behind it.
type Mux struct {
	conn net.Conn

	mu      sync.Mutex
	wake    sync.Cond // of mu: there is something to write, or the connection has ended
	out     []byte    // requests that wait to be written
	waiting []*waiter // for replies to what is in out or was written, from the first on
	first   int       // of waiting
	err     error     // why the connection has ended
	running sync.WaitGroup
}

// waiter is a request without its reply.
type waiter struct {
	done  chan struct{} // holds a token when the rest is set
	reply Reply
	err   error
}

var waiters = sync.Pool{New: func() any { return &waiter{done: make(chan struct{}, 1)} }}

// Why a Mux gives no reply. After ErrLost what was asked for may have been done; after ErrClosed it has not been asked.
var (
	ErrLost   = errors.New("the connection was lost")
	ErrClosed = errors.New("the connection is closed")
)

// DialMux connects to a server. config is nil for plaintext.
func DialMux(ctx context.Context, address string, config *tls.Config) (*Mux, error) {
	c, err := Dial(ctx, address, config)
	if err != nil {
		return nil, err
	}
	return NewMux(c), nil
}

// NewMux shares a connection, on which no reply is awaited. The Client must not be used any more.
func NewMux(c *Client) *Mux {
	m := &Mux{conn: c.conn}
	m.wake.L = &m.mu
	m.running.Go(m.write)
	m.running.Go(func() { m.read(&c.d) })
	return m
}

// Close ends the connection. Requests without a reply fail.
func (m *Mux) Close() error {
	m.fail(net.ErrClosed)
	m.running.Wait()
	return nil
}

// Do sends a request and waits for its reply. An error reply is no error. When ctx ends, Do returns its error, and the
// request may still be served.
func (m *Mux) Do(ctx context.Context, args ...[]byte) (Reply, error) {
	w := waiters.Get().(*waiter)
	if err := m.put(w, args); err != nil {
		waiters.Put(w)
		return Reply{}, err
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return Reply{}, ctx.Err() // the waiter stays with its reply
	}
	reply, err := w.reply, w.err
	w.reply, w.err = Reply{}, nil
	waiters.Put(w)
	return reply, err
}

// put lines a request up. It fails if the connection has ended: nothing was asked then.
func (m *Mux) put(w *waiter, args [][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return errors.Join(ErrClosed, m.err)
	}
	m.out = append(strconv.AppendInt(append(m.out, '*'), int64(len(args)), 10), "\r\n"...)
	for _, arg := range args {
		m.out = append(strconv.AppendInt(append(m.out, '$'), int64(len(arg)), 10), "\r\n"...)
		m.out = append(append(m.out, arg...), "\r\n"...)
	}
	m.waiting = append(m.waiting, w)
	m.wake.Signal()
	return nil
}

// maxSpare is how large a buffer may be that is kept for the next write.
const maxSpare = 1 << 20

// write sends what waits until the connection ends.
func (m *Mux) write() {
	var spare []byte
	for {
		m.mu.Lock()
		for len(m.out) == 0 && m.err == nil {
			m.wake.Wait()
		}
		if m.err != nil {
			m.mu.Unlock()
			return
		}
		batch := m.out
		m.out = spare[:0]
		m.mu.Unlock()
		if _, err := m.conn.Write(batch); err != nil {
			m.fail(err)
			return
		}
		if spare = batch; cap(spare) > maxSpare {
			spare = nil
		}
	}
}

// read hands replies to those who wait until the connection ends.
func (m *Mux) read(d *replyDecoder) {
	d.r = bufio.NewReaderSize(m.conn, readBytes)
	for {
		reply, err := d.next()
		if err == nil {
			err = m.deliver(reply)
		}
		if err != nil {
			m.fail(err)
			return
		}
	}
}

// deliver gives the reply to the first who waits.
func (m *Mux) deliver(reply Reply) error {
	m.mu.Lock()
	if m.err != nil || m.first == len(m.waiting) {
		defer m.mu.Unlock()
		return errors.Join(m.err, malformed("a reply that nobody asked for"))
	}
	w := m.waiting[m.first]
	m.waiting[m.first] = nil
	if m.first++; m.first == len(m.waiting) {
		m.waiting, m.first = m.waiting[:0], 0
	} else if m.first >= 1024 && 2*m.first > len(m.waiting) {
		rest := copy(m.waiting, m.waiting[m.first:])
		clear(m.waiting[rest:])
		m.waiting, m.first = m.waiting[:rest], 0
	}
	m.mu.Unlock()
	w.reply = reply
	w.done <- struct{}{}
	return nil
}

// fail ends the connection. All who wait are told.
func (m *Mux) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return
	}
	m.err = err
	m.conn.Close()
	for _, w := range m.waiting[m.first:] {
		w.err = errors.Join(ErrLost, err)
		w.done <- struct{}{}
	}
	m.waiting, m.first = nil, 0
	m.wake.Broadcast()
}
