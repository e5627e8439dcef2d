// Inside: an acceptor in the same process answers as one beyond a network does, and is checked as one.

package transport

import (
	"errors"
	"log/slog"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
)

func TestAnAcceptorInsideAnswers(t *testing.T) {
	var counters, own Counters
	inside := NewInside("a1")
	received := make(chan []Envelope, 100)
	p, err := NewPeer(PeerConfig{
		Address: "127.0.0.1:1", Acceptor: "a1", Self: proposerHello, Inside: inside, Counters: &own,
		Receive: func(batch []Envelope) { received <- batch }, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	defer p.Close()
	require.False(t, p.Connected(), "it does not run yet")
	serve := func() (leave func()) {
		return inside.Enter(&AcceptorService{
			Self: acceptorHello, Counters: &counters, Check: func(Hello) error { return nil },
			Receive: func(from *Link, batch []Envelope) {
				batch[0].Message.Kind = paxos.KindPromise
				from.Send(batch)
			},
		})
	}
	for run := range 2 {
		leave := serve()
		var e Envelope
		for e.Message.Acceptor == "" { // what is sent before they have met may get lost
			p.Send([]Envelope{prepare(paxos.Ballot(run + 1))})
			select {
			case batch := <-received:
				e = batch[0]
			default:
			}
		}
		require.Equal(t, "a1", e.Message.Acceptor)
		require.Contains(t, e.Message.Event, "a1/3/")
		leave()
		for p.Connected() {
			runtime.Gosched()
		}
	}
	require.Equal(t, own.Received.Load(), counters.Sent.Load())
}

func TestAnAcceptorInsideIsChecked(t *testing.T) {
	p := &Peer{cfg: PeerConfig{Acceptor: "a1", Self: proposerHello, Inside: NewInside("a1")}}
	refusal := errors.New("no")
	leave := p.cfg.Inside.Enter(&AcceptorService{Self: acceptorHello, Check: func(Hello) error { return refusal }})
	_, err := p.exchange(t.Context())
	require.ErrorIs(t, err, refusal)
	leave()
	other := acceptorHello
	other.Shape = "t"
	p.cfg.Inside.Enter(&AcceptorService{Self: other, Check: func(Hello) error { return nil }})
	_, err = p.exchange(t.Context())
	require.ErrorContains(t, err, "a1 of cluster")
}
