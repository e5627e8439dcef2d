// Wires: what a bad network does to the streams between proposers and acceptors, frame by frame.

package main

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"synod/impl/resp"
	"synod/trace"
)

// wire is a proxy in front of an acceptor.
type wire struct {
	to      string
	faulty  atomic.Bool // frames are lost, doubled, held back and overtaken
	silent  atomic.Bool // connections stay open, and nothing passes: also not later, if they are there still
	stopped atomic.Bool

	mu    sync.Mutex
	conns []net.Conn
}

// newWire gives a wire to an address, and where it begins.
func newWire(t *testing.T, to string) (w *wire, address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w = &wire{to: to}
	t.Cleanup(func() {
		w.stopped.Store(true)
		l.Close()
		w.reset()
	})
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(near)
		}
	}()
	return w, l.Addr().String()
}

// reset ends all connections as a crash of the other machine does.
func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		c.Close()
	}
	w.conns = nil
}

// carry serves a connection. Calls begin otherwise than streams, and pass as they are.
func (w *wire) carry(near net.Conn) {
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		near.Close()
		return
	}
	w.mu.Lock()
	w.conns = append(w.conns, near, far)
	w.mu.Unlock()
	if w.stopped.Load() {
		w.reset()
	}
	var head [4]byte
	if _, err := io.ReadFull(near, head[:]); err != nil {
		far.Close()
		return
	}
	far.Write(head[:])
	dead := &atomic.Bool{}
	if string(head[:]) == "SYN1" {
		go w.frames(near, far, dead)
		w.frames(far, near, dead)
		return
	}
	go w.bytes(near, far, dead)
	w.bytes(far, near, dead)
}

// passes reports whether a connection's bytes still arrive. Those that were lost once tear it for ever.
func (w *wire) passes(dead *atomic.Bool) bool {
	if w.silent.Load() {
		dead.Store(true)
	}
	return !dead.Load()
}

func (w *wire) bytes(from, to net.Conn, dead *atomic.Bool) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if w.passes(dead) {
			to.Write(buf[:n])
		}
		if err != nil {
			to.Close()
			return
		}
	}
}

// frames passes frames on, each behind its length. The greeting is left alone.
func (w *wire) frames(from, to net.Conn, dead *atomic.Bool) {
	var held []byte
	for greeted := false; ; greeted = true {
		frame := make([]byte, 4)
		if _, err := io.ReadFull(from, frame); err != nil {
			to.Close()
			return
		}
		frame = append(frame, make([]byte, binary.BigEndian.Uint32(frame))...)
		if _, err := io.ReadFull(from, frame[4:]); err != nil {
			to.Close()
			return
		}
		if !w.passes(dead) {
			continue
		}
		switch chance := rand.IntN(100); {
		case !greeted || !w.faulty.Load() || chance < 60:
			to.Write(frame)
		case chance < 70: // lost
		case chance < 85:
			to.Write(append(append([]byte{}, frame...), frame...))
		case chance < 92 && held == nil:
			held = frame
			continue
		default:
			time.Sleep(rand.N(10 * time.Millisecond))
			to.Write(frame)
		}
		if held != nil { // it was overtaken
			to.Write(held)
			held = nil
		}
	}
}

// wired is a service whose proposers reach each acceptor by a wire.
func wired(t *testing.T) (s *service, wires []*wire) {
	s = newServiceOf(t, []string{"a1", "a2", "a3"})
	for _, a := range []string{"a1", "a2", "a3"} {
		w, address := newWire(t, s.addresses[a])
		s.addresses[a] = address
		wires = append(wires, w)
	}
	s.start("p1")
	s.start("p2")
	return s, wires
}

// Frames get lost, are doubled, late and overtaken, and connections are reset, while clients ask. What they are told is what one
// copy of the data could have told, and what the nodes did is what the specification says.
func TestBadWires(t *testing.T) {
	t.Parallel()
	s, wires := wired(t)
	for _, w := range wires {
		w.faulty.Store(true)
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(rand.N(200 * time.Millisecond)):
				wires[rand.IntN(len(wires))].reset()
			}
		}
	}()
	s.judge([]string{s.addresses["resp p1"], s.addresses["resp p2"]}, 400, nil)
	close(done)
	<-ended
	s.replays()
	doubled := 0
	for _, a := range []string{"a1", "a2", "a3"} {
		f, err := trace.ReadFile(s.trace(a))
		require.NoError(t, err)
		for i := range f.Events {
			if f.Events[i].Action == "RepeatAccept" {
				doubled++
			}
		}
	}
	require.NotZero(t, doubled, "no accept has come twice")
}

// The connections to two of three acceptors are half-open: nothing passes, and nobody is told. When the network has healed, those
// connections stay dead, and proposers have to find out by themselves.
func TestHalfOpenConnectionsAreReplaced(t *testing.T) {
	t.Parallel()
	s, wires := wired(t)
	c, err := resp.Dial(t.Context(), s.addresses["resp p1"], nil)
	require.NoError(t, err)
	defer c.Close()
	served := func() bool {
		r, err := c.Do("SET", "k", "v")
		require.NoError(t, err)
		if r.IsError() {
			require.True(t, strings.HasPrefix(r.Text, "TRYAGAIN ") || strings.HasPrefix(r.Text, "UNKNOWN "), r.Text)
		}
		return !r.IsError()
	}
	require.Eventually(t, served, 20*time.Second, time.Millisecond)
	wires[1].silent.Store(true)
	wires[2].silent.Store(true)
	require.False(t, served(), "one acceptor is no quorum")
	wires[1].silent.Store(false)
	wires[2].silent.Store(false)
	start := time.Now()
	require.Eventually(t, served, 2*time.Minute, 10*time.Millisecond)
	t.Logf("served again after %v", time.Since(start))
	s.replays()
}
