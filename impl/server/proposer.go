// The proposer's loop: clients' changes, acceptors' answers and time-outs, one round at a time for each register.

package server

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// proposer is a running proposer. All fields below the first group belong to its loop.
type proposer struct {
	*node
	cfg      ProposerConfig
	core     paxos.Proposer
	peers    []*transport.Peer
	requests chan *request
	inbox    chan []transport.Envelope
	ended    chan struct{} // is closed when the loop has ended
	figures  figures

	registers map[string]*contested
	timers    timers
	now       time.Time    // of this turn
	stopping  bool         // nothing is started any more
	reserved  paxos.Ballot // durably: no ballot above it has been used
	floor     paxos.Ballot // registers not in memory may have used ballots up to here
	restarted map[string]struct{}

	// What the turn's steps ask for, in the order in which it is done.
	persist paxos.Ballot
	send    []transport.Envelope
	answers []answer
}

// answer is what a client is told when the turn is durable and recorded.
type answer struct {
	to *request
	result
}

// RunProposer serves until ctx ends, which is no error, or until the node cannot go on: then its process must end.
func RunProposer(ctx context.Context, cfg ProposerConfig) error {
	if err := cfg.prepare(); err != nil {
		return err
	}
	cfg.warnOfBugs()
	n, err := open(cfg.Node, transport.RoleProposer, nil)
	if err != nil {
		return err
	}
	p := &proposer{
		node: n, cfg: cfg,
		requests:  make(chan *request),
		inbox:     make(chan []transport.Envelope, inboxFrames),
		ended:     make(chan struct{}),
		registers: map[string]*contested{},
	}
	if err := errors.Join(p.prepare(), p.connect()); err != nil {
		p.disconnect()
		return errors.Join(err, n.listener.Close(), n.close())
	}
	transport.RegisterClientService(n.grpc, n.Cluster.Name, p)
	transport.RegisterStatus(n.grpc, p.status)
	n.Metrics.Attach(p.status)
	stopFront := func() {}
	if cfg.Front != nil {
		if stopFront, err = cfg.Front(Registers{p}); err != nil {
			p.disconnect()
			return errors.Join(err, n.listener.Close(), n.close())
		}
	}
	return n.run(ctx, p.loop, func() {
		n.drain()
		stopFront()
		p.disconnect()
	})
}

// prepare gets ready what the loop works with.
func (p *proposer) prepare() (err error) {
	p.core = paxos.Proposer{ID: p.ID, Acceptors: p.Cluster.Acceptors, Initial: register.Initial, Bugs: p.Bugs}
	if p.core.Scheme, err = p.Cluster.scheme(p.ID); err != nil {
		return err
	}
	if p.reserved, err = p.store.Reserved(); err != nil {
		return err
	}
	p.floor = p.reserved
	if p.journal != nil && p.store.Run() > 1 {
		p.restarted = map[string]struct{}{}
	}
	return nil
}

// connect begins to connect to all acceptors.
func (p *proposer) connect() error {
	for _, acceptor := range p.Cluster.Acceptors {
		peer, err := transport.NewPeer(transport.PeerConfig{
			Address: p.cfg.Addresses[acceptor], Acceptor: acceptor, Self: p.hello(),
			Credentials: p.Credentials, Receive: p.receive, Counters: &p.counters, Log: p.Log,
		})
		if err != nil {
			return err
		}
		p.peers = append(p.peers, peer)
	}
	return nil
}

func (p *proposer) disconnect() {
	for _, peer := range p.peers {
		peer.Close()
	}
}

// receive takes what an acceptor answered. It blocks while the loop is busy, which slows the acceptor's stream.
func (p *proposer) receive(batch []transport.Envelope) {
	select {
	case p.inbox <- batch:
	case <-p.ended:
	}
}

func (p *proposer) loop(ctx context.Context) error {
	defer close(p.ended)
	alarm := time.NewTimer(0)
	for {
		select {
		case <-ctx.Done():
			return p.stop()
		case q := <-p.requests:
			p.now = time.Now()
			p.enqueue(q)
		case batch := <-p.inbox:
			p.now = time.Now()
			p.deliver(batch)
		case <-alarm.C:
			p.now = time.Now()
		}
		p.gather()
		if err := p.flush(); err != nil {
			return err
		}
		alarm.Reset(p.timers.wait(p.now))
	}
}

// turnInputs is how many requests and frames one turn takes at most before it syncs.
const turnInputs = 1024

// gather takes all else that waits, so that one turn serves many registers.
func (p *proposer) gather() {
	for r := p.timers.next(p.now); r != nil; r = p.timers.next(p.now) {
		p.timeOut(r)
	}
	for range turnInputs {
		select {
		case q := <-p.requests:
			p.enqueue(q)
		case batch := <-p.inbox:
			p.deliver(batch)
		default:
			return
		}
	}
}

// reserveAhead is how many ballots are made durable at once, so that few rounds wait for the disk. A restart
// skips as many.
const reserveAhead = 1 << 16

// flush ends a turn: persist, record, send, answer.
func (p *proposer) flush() error {
	if p.persist > p.reserved {
		limit := paxos.MaxBallot
		if limit-p.persist > reserveAhead {
			limit = p.persist + reserveAhead
		}
		if err := p.store.Reserve(limit); err != nil {
			return err
		}
		p.reserved = limit
	}
	p.persist = 0
	if err := p.journal.flush(); err != nil {
		return err
	}
	for _, peer := range p.peers {
		peer.Send(p.send)
	}
	clear(p.send)
	p.send = p.send[:0]
	for _, a := range p.answers {
		a.to.done(a.result)
	}
	clear(p.answers)
	p.answers = p.answers[:0]
	if len(p.registers) > cacheRegisters {
		p.forget()
	}
	return nil
}

// forget drops registers at rest from memory. The floor rises to the ballots they have used.
func (p *proposer) forget() {
	for key, r := range p.registers {
		if len(r.queue) == 0 {
			p.floor = max(p.floor, r.round.Counter)
			delete(p.registers, key)
		}
	}
}

// deliver has the core take what acceptors answered.
func (p *proposer) deliver(batch []transport.Envelope) {
	for i := range batch {
		p.journal.observe(batch[i].Clock)
		if r := p.registers[batch[i].Key]; r != nil {
			p.apply(r, p.core.Receive(r.round, batch[i].Message))
		}
	}
}

// stop ends the rounds under way: their clients learn what is known, and nothing new begins.
func (p *proposer) stop() error {
	p.now, p.stopping = time.Now(), true
	for _, key := range slices.Sorted(maps.Keys(p.registers)) {
		r := p.registers[key]
		if r.busy() {
			p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
		}
		for len(r.queue) > 0 {
			p.answer(r, result{outcome: paxos.Rejected, reason: errStopping.Error()})
		}
	}
	return p.flush()
}
