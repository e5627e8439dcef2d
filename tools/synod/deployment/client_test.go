// What is said where no server does what is asked.

package deployment

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// unable is a server that says so to each request but the one that leaves is called for, which it does not answer.
func unable(t *testing.T, answers int, leave func()) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for n := 1; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 1<<10))
			if n > answers {
				leave()
			} else {
				conn.Write([]byte("-TRYAGAIN the cluster did not agree in time\r\n"))
			}
			conn.Close()
		}
	}()
	return listener.Addr().String()
}

// A server's word counts more than that others cannot be reached, or that there was no time to hear it again.
func TestWhatAServerSaidIsTold(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, nobody.Close())
	ctx, cancel := context.WithCancel(t.Context())
	server := unable(t, 2, cancel)
	_, err = Access{Servers: []string{server, nobody.Addr().String()}}.Ask(ctx, true, "GET", "k")
	require.ErrorIs(t, err, ErrRejected)
	require.ErrorContains(t, err, server+": TRYAGAIN the cluster did not agree in time")
}

// Where no server has said anything, what went wrong is told, and whether the request may have been received.
func TestThatNobodyAnsweredIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := unable(t, 0, cancel)
	_, err := Access{Servers: []string{server}}.Ask(ctx, true, "GET", "k")
	require.ErrorIs(t, err, ErrRejected)
	require.ErrorContains(t, err, server)

	_, err = Access{Servers: []string{unable(t, 0, func() {})}}.Ask(t.Context(), false, "SET", "k", "1")
	require.ErrorIs(t, err, ErrUnknown)
}
