// Streams: what reaches whom, who is turned away, and that one bad peer harms no other.

package transport

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"synod/impl/paxos"
)

// echo is an acceptor that promises everything.
type echo struct {
	address  string
	server   *grpc.Server
	counters Counters
}

var acceptorHello = Hello{Cluster: "c", Shape: "s", Node: "a1", Role: RoleAcceptor, Run: 3}

func newEcho(t *testing.T, address string) *echo { return newSecureEcho(t, address, nil) }

func newSecureEcho(t *testing.T, address string, creds credentials.TransportCredentials) *echo {
	l, err := Listen(address, creds)
	require.NoError(t, err)
	e := &echo{address: l.Addr().String(), server: NewServer()}
	service := AcceptorService{
		Self: acceptorHello, Counters: &e.counters,
		Check: func(h Hello) error {
			if h.Node != "p1" {
				return fmt.Errorf("who is %s?", h.Node)
			}
			return nil
		},
		Receive: func(from *Link, batch []Envelope) {
			for i := range batch {
				batch[i].Message.Kind = paxos.KindPromise
			}
			from.Send(batch)
		},
	}
	service.Register(l, e.server)
	RegisterStatus(e.server, func() *Status { return &Status{Node: "a1"} })
	go e.server.Serve(l)
	t.Cleanup(e.server.Stop)
	return e
}

// dial connects a peer; what it receives goes into the channel.
func dial(t *testing.T, address string, self Hello, acceptor string) (*Peer, chan []Envelope) {
	return dialSecurely(t, address, self, acceptor, nil)
}

func dialSecurely(
	t *testing.T, address string, self Hello, acceptor string, creds credentials.TransportCredentials,
) (*Peer, chan []Envelope) {
	received := make(chan []Envelope, 1000)
	p, err := NewPeer(PeerConfig{
		Address: address, Acceptor: acceptor, Self: self, Counters: &Counters{}, Credentials: creds,
		Log:     slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
		Receive: func(batch []Envelope) { received <- batch },
	})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p, received
}

var proposerHello = Hello{Cluster: "c", Shape: "s", Node: "p1", Role: RoleProposer, Run: 1}

func prepare(ballot paxos.Ballot) Envelope {
	return Envelope{Key: "k", Message: paxos.Message{Kind: paxos.KindPrepare, Ballot: ballot}, Seq: uint64(ballot)}
}

// await reads answers until the ballot is among them.
func await(received chan []Envelope, ballot paxos.Ballot) Envelope {
	for batch := range received {
		for _, e := range batch {
			if e.Message.Ballot == ballot {
				return e
			}
		}
	}
	panic("the channel is never closed")
}

func TestMessagesGoThereAndBackInOrder(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	p, received := dial(t, e.address, proposerHello, "a1")
	const n = 5000
	for b := 1; b <= n; b++ {
		p.Send([]Envelope{prepare(paxos.Ballot(b))})
	}
	next := paxos.Ballot(1)
	for next <= n {
		for _, x := range <-received {
			require.Equal(t, next, x.Message.Ballot)
			require.Equal(t, "a1", x.Message.Acceptor)
			require.Equal(t, fmt.Sprintf("a1/3/%d", next), x.Message.Event)
			next++
		}
	}
	require.True(t, p.Connected())
	require.Equal(t, uint64(n), p.cfg.Counters.Sent.Load())
	require.Equal(t, uint64(n), p.cfg.Counters.Received.Load())
	require.Equal(t, uint64(n), e.counters.Received.Load())
}

func TestAPeerComesBackAfterItsAcceptor(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	p, received := dial(t, e.address, proposerHello, "a1")
	p.Send([]Envelope{prepare(1)})
	await(received, 1)
	e.server.Stop()
	newEcho(t, e.address)
	// Messages may get lost while nobody answers. One that is sent again gets through in the end.
	for {
		p.Send([]Envelope{prepare(2)})
		select {
		case batch := <-received:
			require.Equal(t, "a1", batch[0].Message.Acceptor)
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestWhoDoesNotBelongIsTurnedAway(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	good, received := dial(t, e.address, proposerHello, "a1")
	for name, x := range map[string]struct {
		self     func(*Hello)
		acceptor string
	}{
		"a proposer that the acceptor refuses": {func(h *Hello) { h.Node = "p9" }, "a1"},
		"an acceptor as a client":              {func(h *Hello) { h.Role = RoleAcceptor }, "a1"},
		"an address of another acceptor":       {func(h *Hello) {}, "a2"},
		"another cluster":                      {func(h *Hello) { h.Cluster = "d" }, "a1"},
		"another idea of the cluster":          {func(h *Hello) { h.Shape = "t" }, "a1"},
	} {
		self := proposerHello
		x.self(&self)
		p, answers := dial(t, e.address, self, x.acceptor)
		greeted, err := p.exchange(t.Context())
		require.Error(t, err, name)
		require.False(t, greeted, name)
		require.Empty(t, answers, name)
	}
	good.Send([]Envelope{prepare(7)})
	await(received, 7)
}

// raw is a stream without a Peer. What is sent on it need not be frames.
type raw struct {
	t *testing.T
	*stream
}

func newRaw(t *testing.T, address string, creds credentials.TransportCredentials) raw {
	s, err := dialStream(t.Context(), address, creds)
	require.NoError(t, err)
	t.Cleanup(func() { s.conn.Close() })
	return raw{t, s}
}

// write sends bytes behind their length.
func (r raw) write(body []byte) {
	r.conn.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) // an error shows when the answer is read
	r.conn.Write(body)
}

// ends reads to the stream's end, and gives why it is refused.
func (r raw) ends() (why string) {
	for {
		f, err := r.receiveGreeting()
		if err != nil {
			require.NotErrorIs(r.t, err, os.ErrDeadlineExceeded)
			return why
		}
		why = f.refused
	}
}

func TestMalformedBytesEndTheirStreamAlone(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	good, received := dial(t, e.address, proposerHello, "a1")
	hello := (&frame{hello: &proposerHello}).marshal()
	one := (&frame{batch: []Envelope{prepare(1)}}).marshal()
	for name, x := range map[string]struct {
		frames [][]byte
		why    string
	}{
		"no greeting":          {[][]byte{one}, "a stream begins with a proposer's greeting"},
		"no frame":             {[][]byte{{9, 9}}, errMalformed.Error()},
		"an empty frame":       {[][]byte{{}}, errMalformed.Error()},
		"a large greeting":     {[][]byte{make([]byte, maxGreeting+1)}, errFrameSize.Error()},
		"a second greeting":    {[][]byte{hello, hello}, ""},
		"a refusal":            {[][]byte{hello, (&frame{refused: "no"}).marshal()}, ""},
		"a torn message":       {[][]byte{hello, one[:len(one)-1]}, ""},
		"too large a frame":    {[][]byte{hello, make([]byte, MaxFrame+1)}, ""},
		"a large one, spoiled": {[][]byte{hello, make([]byte, readBytes+1)}, ""},
	} {
		r := newRaw(t, e.address, nil)
		for _, f := range x.frames {
			r.write(f)
		}
		why := r.ends()
		require.Equal(t, x.why == "", why == "", "%s: %s", name, why)
		require.Contains(t, why, x.why, name)
	}
	conn, err := Dial(e.address, nil)
	require.NoError(t, err)
	defer conn.Close()
	err = conn.Invoke(t.Context(), "/synod.Node/Status", json.RawMessage("7"), new(Status))
	require.Equal(t, codes.Internal, status.Code(err), "%v", err)
	good.Send([]Envelope{prepare(7)})
	await(received, 7)
}

// A frame that is larger than what is read at a time comes whole, and so do those behind it.
func TestLargeFramesComeThrough(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	p, received := dial(t, e.address, proposerHello, "a1")
	large := Envelope{Key: "k", Message: paxos.Message{Kind: paxos.KindAccept, Ballot: 1, State: strings.Repeat("s", MaxState)}}
	p.Send([]Envelope{large, prepare(2), large, prepare(3)})
	require.Equal(t, large.Message.State, await(received, 1).Message.State)
	await(received, 3)
}

func TestStatusIsAnswered(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	conn, err := Dial(e.address, nil)
	require.NoError(t, err)
	defer conn.Close()
	s, err := AskStatus(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, "a1", s.Node)
}

func TestPlaintextStaysOnThisMachine(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:7", "example.org:7", "[::]:0"} {
		_, err := Listen(address, nil)
		require.ErrorContains(t, err, "is not on loopback", address)
		_, err = Dial(address, nil)
		require.ErrorContains(t, err, "is not on loopback", address)
	}
	_, err := Dial("localhost", nil)
	require.EqualError(t, err, `address "localhost" is not host:port`)
	for _, address := range []string{"127.0.0.1:0", "localhost:0"} {
		l, err := Listen(address, nil)
		require.NoError(t, err)
		require.NoError(t, l.Close())
	}
	_, err = NewPeer(PeerConfig{Address: "192.0.2.1:7", Acceptor: "a1"})
	require.ErrorContains(t, err, "acceptor a1: ")
}

func TestAFullQueueIsThrownAway(t *testing.T) {
	var counters Counters
	q := newQueue(&counters)
	for range queueLimit {
		q.put([]Envelope{prepare(1)})
	}
	require.Zero(t, counters.Lost.Load())
	q.put([]Envelope{prepare(2)})
	require.Equal(t, uint64(queueLimit), counters.Lost.Load())
	batch, closed := q.take(nil)
	require.False(t, closed)
	require.Equal(t, []Envelope{prepare(2)}, batch)
	q.put([]Envelope{prepare(3)})
	q.close()
	q.put([]Envelope{prepare(4)})
	require.Equal(t, uint64(queueLimit+2), counters.Lost.Load())
}

func TestAQueueHoldsSoManyBytes(t *testing.T) {
	var counters Counters
	q := newQueue(&counters)
	large := Envelope{Key: "k", Message: paxos.Message{Kind: paxos.KindAccept, Ballot: 1, State: strings.Repeat("s", MaxState)}}
	for range 1000 {
		q.put([]Envelope{large})
		held := 0
		for i := range q.waiting {
			held += q.waiting[i].size()
		}
		require.LessOrEqual(t, held, queueBytes)
	}
	require.Equal(t, uint64(1000), counters.Lost.Load()+uint64(len(q.waiting)))
}

// A thousand strangers, and proposers who say that a large frame comes: none of them is given memory for it.
func TestSlowConnectionsCostLittleMemory(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	p, received := dial(t, e.address, proposerHello, "a1")
	p.Send([]Envelope{prepare(1)})
	await(received, 1)
	used := func() int {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapInuse + m.StackInuse)
	}
	before := used()
	hello := (&frame{hello: &proposerHello}).marshal()
	begin := magic + string(binary.BigEndian.AppendUint32(nil, uint32(len(hello))))
	floods := []string{
		"", "SY", magic, magic + "\x00\x00\x40\x00half of a greeting", magic + "\xff\xff\xff\xff", "PRI * HTTP/2.0",
		begin + string(hello[:5]),
	}
	most := before
	for i := range maxConnections - 24 { // the others' places stay free
		conn, err := net.Dial("tcp", e.address)
		require.NoError(t, err)
		defer conn.Close()
		conn.Write([]byte(floods[i%len(floods)]))
		if i%20 == 0 {
			most = max(most, used())
		}
	}
	t.Logf("memory grew from %d to %d KiB", before>>10, most>>10)
	require.Less(t, most-before, 64<<20)
	other, answers := dial(t, e.address, proposerHello, "a1") // who behaves is served
	other.Send([]Envelope{prepare(2)})
	for {
		select {
		case <-answers:
			return
		case <-time.After(10 * time.Millisecond):
			other.Send([]Envelope{prepare(2)})
		}
	}
}

// What waits shares a frame, and a stream that breaks loses what was on it, no more.
func TestThePumpSendsWhatWaitsTogether(t *testing.T) {
	var counters Counters
	q := newQueue(&counters)
	q.put([]Envelope{prepare(1), prepare(2)})
	q.put([]Envelope{prepare(3)})
	broken := errors.New("broken")
	var frames []int
	err := q.pump(nil, func(f *frame) error {
		frames = append(frames, len(f.batch))
		q.put([]Envelope{prepare(4)})
		if len(frames) == 2 {
			return broken
		}
		return nil
	})
	require.Equal(t, broken, err)
	require.Equal(t, []int{3, 1}, frames)
	require.Equal(t, uint64(3), counters.Sent.Load())
	require.Equal(t, uint64(1), counters.Lost.Load())
	waiting, _ := q.take(nil)
	require.Len(t, waiting, 1)
	q.close()
	require.NoError(t, q.pump(nil, nil))
	done := make(chan struct{})
	close(done)
	require.NoError(t, newQueue(&counters).pump(done, nil))
}

// A half-open or silent peer must not keep others out.
func TestASilentConnectionHarmsNobody(t *testing.T) {
	e := newEcho(t, "127.0.0.1:0")
	silent, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", e.address)
	require.NoError(t, err)
	defer silent.Close()
	p, received := dial(t, e.address, proposerHello, "a1")
	p.Send([]Envelope{prepare(1)})
	await(received, 1)
}
