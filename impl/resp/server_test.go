// The server: order, versions, limits, and an end that leaves nothing behind.

package resp

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// echo answers ECHO at once, LATER when release is called, in any order, and has a few commands for the tests.
type echo struct {
	trust bool
	value []byte // of VALUE

	mu    sync.Mutex
	later []*Request
	seen  int
}

func (e *echo) Open(c *Conn) {
	if e.trust {
		c.Trust()
	}
}

func (e *echo) Serve(q *Request) {
	defer func() {
		e.mu.Lock()
		e.seen++
		e.mu.Unlock()
	}()
	switch string(q.Args[0]) {
	case "ECHO":
		q.Reply(Bulk(q.Args[1]))
	case "LATER":
		e.mu.Lock()
		e.later = append(e.later, q)
		e.mu.Unlock()
	case "VALUE":
		q.Harmless = true
		q.Reply(Bulk(e.value))
	case "TRUST":
		q.Conn.Trust()
		q.Reply(OK)
	case "THREE":
		q.Conn.SetVersion(q, 3)
		q.Reply(Null())
	case "NULL":
		q.Reply(Null())
	case "QUIT":
		q.Conn.Finish(q)
		q.Reply(OK)
	default:
		q.Reply(Error("ERR what?"))
	}
}

// release answers the requests that wait, in any order.
func (e *echo) release() {
	e.mu.Lock()
	later := e.later
	e.later = nil
	e.mu.Unlock()
	rand.Shuffle(len(later), func(i, j int) { later[i], later[j] = later[j], later[i] })
	for _, q := range later {
		q.Reply(Bulk(q.Args[1]))
	}
}

// await waits until so many requests have come.
func (e *echo) await(n int) {
	for {
		e.mu.Lock()
		seen := e.seen
		e.mu.Unlock()
		if seen >= n {
			return
		}
		runtime.Gosched()
	}
}

func serve(t testing.TB, h Handler, limits Limits) *Server {
	l, err := Listen("127.0.0.1:0", false)
	require.NoError(t, err)
	s := New(l, Config{Handler: h, Limits: limits})
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s.Stop(ctx)
	})
	return s
}

func dial(t testing.TB, s *Server) *Client {
	c, err := Dial(t.Context(), s.Addr().String(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

// say sends raw bytes and reads until the server closes the connection.
func say(t *testing.T, s *Server, text string) string {
	conn, err := net.Dial("tcp", s.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(answer)
}

func TestRepliesLeaveInTheOrderOfTheRequests(t *testing.T) {
	h := &echo{trust: true}
	s := serve(t, h, Limits{})
	c := dial(t, s)
	const n = 500
	for i := range n {
		require.NoError(t, c.Send([]string{"ECHO", "LATER"}[i%2], fmt.Sprint(i)))
	}
	require.NoError(t, c.Flush())
	h.await(n)
	h.release()
	for i := range n {
		r, err := c.Receive()
		require.NoError(t, err)
		require.Equal(t, Text(fmt.Sprint(i)), r)
	}
	require.Equal(t, uint64(n), s.Stats().Requests)
}

// No more than Pipeline requests are with the handler, however many the client sends.
func TestAPipelineIsBounded(t *testing.T) {
	h := &echo{trust: true}
	s := serve(t, h, Limits{Pipeline: 10})
	c := dial(t, s)
	for i := range 35 {
		require.NoError(t, c.Send("LATER", fmt.Sprint(i)))
	}
	require.NoError(t, c.Flush())
	for got := 0; got < 35; {
		with := min(got+10, 35)
		h.await(with)
		require.Equal(t, with, h.seen)
		h.release()
		for ; got < with; got++ {
			r, err := c.Receive()
			require.NoError(t, err)
			require.Equal(t, Text(fmt.Sprint(got)), r)
		}
	}
}

func TestTheVersionHoldsFromItsRequestOn(t *testing.T) {
	s := serve(t, &echo{trust: true}, Limits{})
	require.Equal(t, "$-1\r\n_\r\n_\r\n+OK\r\n", say(t, s, "NULL\r\nTHREE\r\nNULL\r\nQUIT\r\nNULL\r\n"))
}

func TestAProtocolErrorIsToldAndEndsTheConnection(t *testing.T) {
	s := serve(t, &echo{trust: true}, Limits{})
	require.Equal(t, "$1\r\nx\r\n-ERR Protocol error: expected '$', got 'x'\r\n", say(t, s, "ECHO x\r\n*1\r\nx\r\n"))
	require.Equal(t, "-ERR Protocol error: invalid bulk length\r\n", say(t, s, "*1\r\n$536870912\r\n"))
	require.Equal(t, uint64(2), s.Stats().Rejected)
}

func TestAHalfClosedConnectionGetsItsReplies(t *testing.T) {
	h := &echo{trust: true}
	s := serve(t, h, Limits{})
	conn, err := net.Dial("tcp", s.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	io.WriteString(conn, "LATER a\r\n")
	conn.(*net.TCPConn).CloseWrite()
	h.await(1)
	h.release()
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Equal(t, "$1\r\na\r\n", string(answer))
}

func TestStrangersHaveNarrowLimits(t *testing.T) {
	s := serve(t, &echo{}, Limits{Login: time.Hour})
	long := fmt.Sprintf("*2\r\n$4\r\nECHO\r\n$%d\r\n%s\r\n", loginBulk+1, strings.Repeat("x", loginBulk+1))
	require.Equal(t, "-ERR Protocol error: unauthenticated bulk length\r\n", say(t, s, "*1\r\n$1025\r\n"))
	third := "$700\r\n" + strings.Repeat("x", 700) + "\r\n"
	require.Equal(t, "-ERR Protocol error: request of more than 2048 bytes\r\n", say(t, s, "*3\r\n"+third+third+"$700\r\n"))
	require.Equal(t, "-ERR Protocol error: unauthenticated multibulk length\r\n", say(t, s, "*11\r\n"))
	require.Contains(t, say(t, s, "TRUST\r\n"+long+"QUIT\r\n"), "+OK\r\n$1025\r\n")
}

func TestWhoDoesNotLogInIsSentAway(t *testing.T) {
	s := serve(t, &echo{}, Limits{Login: 50 * time.Millisecond})
	require.Empty(t, say(t, s, ""))
	require.Empty(t, say(t, s, "*1\r\n$4\r\nEC"))
	require.Equal(t, "+OK\r\n+OK\r\n", say(t, s, "TRUST\r\nQUIT\r\n"))
}

func TestARequestMustArriveInTime(t *testing.T) {
	s := serve(t, &echo{trust: true}, Limits{Receive: 50 * time.Millisecond})
	require.Equal(t, "$1\r\nx\r\n", say(t, s, "ECHO x\r\n*2\r\n$4\r\n"))
}

func TestConnectionsAreCapped(t *testing.T) {
	s := serve(t, &echo{trust: true}, Limits{Connections: 3})
	var open []*Client
	for range 3 {
		c := dial(t, s)
		_, err := c.Do("ECHO", "x")
		require.NoError(t, err)
		open = append(open, c)
	}
	require.Equal(t, "-ERR max number of clients reached\r\n", say(t, s, ""))
	open[0].Close()
	for s.Stats().Connections == 3 {
		runtime.Gosched()
	}
	_, err := dial(t, s).Do("ECHO", "x")
	require.NoError(t, err)
}

// A reply for which there is no room gives way to an error if its request changed nothing; else the connection ends.
func TestRepliesWithoutRoom(t *testing.T) {
	h := &echo{trust: true, value: make([]byte, 100_000)}
	s := serve(t, h, Limits{Unsent: 50_000})
	c := dial(t, s)
	r, err := c.Do("VALUE")
	require.NoError(t, err)
	require.True(t, r.IsError())
	require.Contains(t, r.Text, "TRYAGAIN")
	_, err = c.Do("ECHO", strings.Repeat("x", 100_000))
	require.Error(t, err, "to say TRYAGAIN would tell that nothing happened")
	r, err = dial(t, s).Do("ECHO", "x")
	require.NoError(t, err)
	require.Equal(t, Text("x"), r, "what it held was given back")
}

// A request that waits for memory gets it when another one gives it back, and those that need little need not wait.
func TestRequestsShareABudget(t *testing.T) {
	h := &echo{trust: true}
	s := serve(t, h, Limits{Budget: 50_000})
	first, second, third := dial(t, s), dial(t, s), dial(t, s)
	large := strings.Repeat("x", 40_000)
	require.NoError(t, first.Send("LATER", large))
	require.NoError(t, first.Flush())
	h.await(1)
	require.NoError(t, second.Send("ECHO", large))
	require.NoError(t, second.Flush())
	_, err := third.Do("ECHO", "small")
	require.NoError(t, err)
	require.Equal(t, 2, h.seen, "the second waits")
	h.release()
	for _, c := range []*Client{first, second} {
		r, err := c.Receive()
		require.NoError(t, err)
		require.Len(t, r.Bulk, 40_000)
	}
}

// What is no request reserves nothing, however often it is sent.
func TestEmptyRequestsCostNothing(t *testing.T) {
	s := serve(t, &echo{trust: true}, Limits{Budget: 4000})
	require.Equal(t, "$1\r\nx\r\n+OK\r\n", say(t, s, strings.Repeat("\r\n \t \r\n*0\r\n", 3000)+"ECHO x\r\nQUIT\r\n"))
}

func TestPlaintextStaysOnThisMachine(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.org:0"} {
		_, err := Listen(address, false)
		require.ErrorIs(t, err, ErrPlaintext, address)
	}
	_, err := Listen("nowhere", false)
	require.Error(t, err)
	l, err := Listen("0.0.0.0:0", true)
	require.NoError(t, err)
	l.Close()
}

// A server that stops answers what it has read, and leaves no goroutine behind, whatever its clients do.
func TestStopLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	h := &echo{trust: true}
	l, err := Listen("127.0.0.1:0", false)
	require.NoError(t, err)
	s := New(l, Config{Handler: h})
	waiting, idle, half := dial(t, s), dial(t, s), dial(t, s)
	require.NoError(t, waiting.Send("LATER", "x"))
	require.NoError(t, waiting.Flush())
	_, err = idle.Do("ECHO", "x")
	require.NoError(t, err)
	_, err = half.conn.Write([]byte("*1\r\n$100\r\nab"))
	require.NoError(t, err)
	h.await(2)
	stopped := make(chan struct{})
	go func() {
		s.Stop(t.Context())
		close(stopped)
	}()
	_, err = idle.Receive()
	require.Equal(t, io.EOF, err)
	h.release()
	r, err := waiting.Receive()
	require.NoError(t, err)
	require.Equal(t, Text("x"), r)
	<-stopped
	_, err = half.Receive()
	require.Error(t, err)
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
}

// Stop does not wait longer than its context for requests that get no answer, and these may be answered afterwards.
func TestStopEndsWithItsContext(t *testing.T) {
	h := &echo{trust: true}
	s := serve(t, h, Limits{})
	c := dial(t, s)
	require.NoError(t, c.Send("LATER", "x"))
	require.NoError(t, c.Flush())
	h.await(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Stop(ctx)
	_, err := c.Receive()
	require.Error(t, err)
	h.release()
	require.Equal(t, newBudget(s.cfg.Limits.Budget).left, s.budget.left)
	require.Equal(t, newBudget(s.cfg.Limits.Unsent).left, s.unsent.left)
}
