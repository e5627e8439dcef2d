// The proxy forwards, cuts and heals.

package demo

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// echo is a server that sends back what it gets.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.Copy(conn, conn) // until either side ends
			}()
		}
	}()
	return listener.Addr().String()
}

func dial(t *testing.T, l *link) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", l.address())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	return conn
}

// reaches reports whether a new connection through the link works. A link that is cut may reset it at once.
func reaches(t *testing.T, l *link) bool {
	t.Helper()
	conn, err := net.Dial("tcp", l.address())
	if err != nil {
		return false
	}
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	return answers(conn)
}

// answers reports whether a byte sent through the connection comes back.
func answers(conn net.Conn) bool {
	if _, err := conn.Write([]byte{7}); err != nil {
		return false
	}
	var b [1]byte
	_, err := io.ReadFull(conn, b[:])
	return err == nil && b[0] == 7
}

func TestLinkForwardsUntilItIsCut(t *testing.T) {
	l, err := newLink(echo(t))
	require.NoError(t, err)
	defer l.close()
	old := dial(t, l)
	require.True(t, answers(old))

	l.sever()
	require.False(t, answers(old), "an open connection ends when the link is cut")
	require.False(t, reaches(t, l), "a new one does not get through")

	l.heal()
	require.False(t, answers(old), "what was cut stays cut")
	require.True(t, reaches(t, l), "a new one gets through again")
}

func TestLinkToNobodyEndsTheConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	target := listener.Addr().String()
	require.NoError(t, listener.Close())
	l, err := newLink(target)
	require.NoError(t, err)
	defer l.close()
	require.False(t, reaches(t, l))

	l.retarget(echo(t))
	require.True(t, reaches(t, l), "the target is back, somewhere else")
}

func TestLinkEndsWithOpenConnections(t *testing.T) {
	l, err := newLink(echo(t))
	require.NoError(t, err)
	conn := dial(t, l)
	require.True(t, answers(conn))
	done := make(chan struct{})
	go func() { l.close(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("close waits for a connection that nobody ends")
	}
	require.False(t, answers(conn))
}
