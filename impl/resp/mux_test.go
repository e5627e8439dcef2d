// Shared connections: every request gets its own reply, and learns whether it was asked when the connection ends.

package resp

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sharing starts a server for the handler and a Mux on it.
func sharing(t *testing.T, h Handler) (*Server, *Mux) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := New(l, Config{Handler: h})
	m, err := DialMux(context.Background(), l.Addr().String(), nil)
	require.NoError(t, err)
	t.Cleanup(func() {
		m.Close()
		s.Stop(context.Background())
	})
	return s, m
}

func TestManyShareAConnection(t *testing.T) {
	_, m := sharing(t, &echo{trust: true})
	var clients sync.WaitGroup
	for i := range 50 {
		clients.Go(func() {
			for n := range 200 {
				want := fmt.Sprint(i, " ", n)
				r, err := m.Do(context.Background(), []byte("ECHO"), []byte(want))
				if err != nil || string(r.Bulk) != want {
					t.Errorf("ECHO %q: %q, %v", want, r.Bulk, err)
					return
				}
			}
		})
	}
	clients.Wait()
	r, err := m.Do(context.Background(), []byte("NONSENSE"))
	require.NoError(t, err)
	require.True(t, r.IsError(), "an error is a reply")
}

func TestASharedConnectionThatEnds(t *testing.T) {
	e := &echo{trust: true}
	_, m := sharing(t, e)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := m.Do(ctx, []byte("LATER"), []byte("x"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	lost := make(chan error)
	go func() {
		_, err := m.Do(context.Background(), []byte("LATER"), []byte("y"))
		lost <- err
	}()
	e.await(2)
	m.Close()
	require.ErrorIs(t, <-lost, ErrLost, "it was asked")
	_, err = m.Do(context.Background(), []byte("ECHO"), []byte("z"))
	require.ErrorIs(t, err, ErrClosed, "it was not")
	require.NotErrorIs(t, err, ErrLost)
	e.release()
}
