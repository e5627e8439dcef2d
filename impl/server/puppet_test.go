// Puppets: acceptors that a test holds by the strings, and a proposer's stream without a proposer.

package server_test

import (
	"log/slog"
	"sync"

	"github.com/stretchr/testify/require"

	"synod/impl/paxos"
	"synod/impl/transport"
)

// puppet is an acceptor of the core alone, whose network loses what the test wants.
type puppet struct {
	mu     sync.Mutex
	core   paxos.Acceptor
	memory paxos.AcceptorState
	heard  []paxos.Message
	// lose says what happens to a message: whether the acceptor never gets it, or its answer is lost.
	lose func(m paxos.Message) (question, answer bool)
}

// puppets serves puppets under the cluster's acceptors' names.
func (c *cluster) puppets() map[string]*puppet {
	c.t.Helper()
	all := map[string]*puppet{}
	for _, id := range c.shape.Acceptors {
		core := paxos.Acceptor{ID: id}
		p := &puppet{core: core, lose: loseNothing}
		all[id] = p
		l, err := transport.Listen("127.0.0.1:0", nil)
		require.NoError(c.t, err)
		c.addresses[id] = l.Addr().String()
		s := transport.NewServer()
		service := transport.AcceptorService{
			Self:  transport.Hello{Cluster: "test", Shape: c.shape.Shape(), Node: id, Role: transport.RoleAcceptor, Run: 1},
			Check: func(transport.Hello) error { return nil }, Receive: p.receive, Counters: &transport.Counters{},
		}
		service.Register(l, s)
		go s.Serve(l)
		c.t.Cleanup(s.Stop)
	}
	return all
}

func (p *puppet) receive(from *transport.Link, batch []transport.Envelope) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range batch {
		p.heard = append(p.heard, e.Message)
		question, answer := p.lose(e.Message)
		if question {
			continue
		}
		effects, _ := p.core.Receive(p.memory, e.Message)
		p.memory = effects.After
		if !answer {
			from.Send([]transport.Envelope{{Key: e.Key, Message: effects.Reply}})
		}
	}
}

// set changes what gets lost from now on.
func (p *puppet) set(lose func(paxos.Message) (question, answer bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose = lose
}

func loseNothing(paxos.Message) (question, answer bool) { return false, false }

func loseAll(paxos.Message) (question, answer bool) { return true, true }

// loseAccepts loses accepts before they arrive.
func loseAccepts(m paxos.Message) (question, answer bool) { return m.Kind == paxos.KindAccept, false }

// loseAccepted loses the answers to accepts.
func loseAccepted(m paxos.Message) (question, answer bool) { return false, m.Kind == paxos.KindAccept }

// probe is a proposer's stream to one acceptor, by which a test asks it what it likes.
type probe struct {
	peer     *transport.Peer
	received chan transport.Envelope
}

func (c *cluster) probe(acceptor string) *probe {
	c.t.Helper()
	received := make(chan transport.Envelope, 100)
	peer := c.peer(acceptor, func(batch []transport.Envelope) {
		for _, e := range batch {
			received <- e
		}
	})
	return &probe{peer, received}
}

// peer opens a stream as proposer p1 has it.
func (c *cluster) peer(acceptor string, receive func([]transport.Envelope)) *transport.Peer {
	c.t.Helper()
	peer, err := transport.NewPeer(transport.PeerConfig{
		Address: c.addresses[acceptor], Acceptor: acceptor, Counters: &transport.Counters{}, Receive: receive,
		Self: transport.Hello{Cluster: "test", Shape: c.shape.Shape(), Node: "p1", Role: transport.RoleProposer, Run: 1},
		Log:  slog.New(slog.NewTextHandler(c.t.Output(), nil)),
	})
	require.NoError(c.t, err)
	return peer
}

// ask sends one question and waits for the answer.
func (x *probe) ask(key string, m paxos.Message) paxos.Message {
	x.peer.Send([]transport.Envelope{{Key: key, Message: m}})
	return (<-x.received).Message
}

func (x *probe) prepare(key string, b paxos.Ballot) paxos.Message {
	return x.ask(key, paxos.Message{Kind: paxos.KindPrepare, Ballot: b})
}

func (x *probe) accept(key string, b paxos.Ballot, s paxos.State) paxos.Message {
	return x.ask(key, paxos.Message{Kind: paxos.KindAccept, Ballot: b, State: s})
}
