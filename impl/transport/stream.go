// Streams: frames over one connection, each behind its length.

package transport

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"google.golang.org/grpc/credentials"
)

// stream is a connection between a proposer and an acceptor. One goroutine sends on it and one receives.
type stream struct {
	conn  net.Conn
	info  credentials.AuthInfo // nil in plaintext
	r     *bufio.Reader
	out   []byte    // the memory of the frame that is sent
	heard time.Time // when the time to hear of the other end was last put off
}

// Sizes and times of streams.
const (
	maxGreeting = maxShape + 1<<10 // bytes of a frame from one who has not said who he is
	readBytes   = 64 << 10
	headBytes   = 4
	beat        = 4 * time.Second  // after which a stream with nothing to send sends a frame with nothing in it
	silence     = 15 * time.Second // after which a stream on which nothing came has broken
	writeTime   = 10 * time.Second // that one frame may take to be written
)

// errFrameSize says that a frame is larger than its sender may make it.
var errFrameSize = errors.New("too large a frame")

// send writes a frame.
func (s *stream) send(f *frame) error {
	s.out = f.append(append(s.out[:0], 0, 0, 0, 0))
	binary.BigEndian.PutUint32(s.out, uint32(len(s.out)-headBytes))
	s.conn.SetWriteDeadline(time.Now().Add(writeTime))
	_, err := s.conn.Write(s.out)
	if cap(s.out) > 2*fullFrame {
		s.out = nil
	}
	return err
}

// receiveGreeting reads the first frame, byte by byte: a stranger is given no memory but for what he sends.
func (s *stream) receiveGreeting() (f frame, err error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(s.conn, head[:]); err != nil {
		return f, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxGreeting {
		return f, fmt.Errorf("%w: %d bytes", errFrameSize, n)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(s.conn, body); err != nil {
		return f, err
	}
	return f, f.unmarshal(body)
}

// begin gets ready for frames with messages. Both ends have greeted.
func (s *stream) begin() {
	s.conn.SetDeadline(time.Time{})
	s.r = bufio.NewReaderSize(s.conn, readBytes)
}

// receive reads a frame. It holds no part of what was read.
func (s *stream) receive() (f frame, err error) {
	if now := time.Now(); now.Sub(s.heard) > time.Second {
		s.heard = now
		s.conn.SetReadDeadline(now.Add(silence))
	}
	head, err := s.r.Peek(headBytes)
	if err != nil {
		return f, err
	}
	n := int(binary.BigEndian.Uint32(head))
	s.r.Discard(headBytes)
	switch {
	case n > MaxFrame:
		return f, fmt.Errorf("%w: %d bytes", errFrameSize, n)
	case n <= readBytes:
		body, err := s.r.Peek(n)
		if err != nil {
			return f, err
		}
		err = f.unmarshal(body)
		s.r.Discard(n)
		return f, err
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(s.r, body); err != nil {
		return f, err
	}
	return f, f.unmarshal(body)
}
