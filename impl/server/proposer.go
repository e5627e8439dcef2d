// The proposer's loop: clients' requests, acceptors' answers and time-outs, one round at a time for each register.

package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/transport"
)

// proposer is a running proposer. All fields below the first group belong to its loop.
type proposer struct {
	*node
	cfg     ProposerConfig
	core    paxos.Proposer
	links   atomic.Pointer[[]link]
	desk    desk
	inbox   chan []transport.Envelope
	ended   chan struct{} // is closed when the loop has ended
	figures figures

	configuration membership.Configuration
	generations   generations
	adoptions     chan adoption
	learning      learning
	rewriting     rewriting
	living        context.Context // ends when the proposer stops
	die           context.CancelFunc
	background    sync.WaitGroup

	registers cache[*contested]
	touched   []*contested // registers that may want a step at the end of this turn
	requests  []*request   // the memory of what was taken from the desk
	entries   entries
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
		desk:      desk{wake: make(chan struct{}, 1)},
		inbox:     make(chan []transport.Envelope, inboxFrames),
		ended:     make(chan struct{}),
		adoptions: make(chan adoption),
		learning:  learning{lessons: make(chan lesson)},
		registers: newCache[*contested](cfg.Cache),
	}
	p.living, p.die = context.WithCancel(context.Background())
	if err := p.prepare(); err != nil {
		p.disconnect()
		return errors.Join(err, n.listener.Close(), n.close())
	}
	p.background.Go(func() { p.watch(p.living) })
	transport.RegisterClientService(n.grpc, n.Cluster.Name, p)
	transport.RegisterMembershipService(n.grpc, n.Cluster.Name, p)
	transport.RegisterStatus(n.grpc, p.status)
	n.Metrics.Attach(p.status)
	stopFront := func() {}
	if cfg.Front != nil {
		if stopFront, err = cfg.Front(Registers{p}); err != nil {
			p.disconnect()
			return errors.Join(err, n.listener.Close(), n.close())
		}
	}
	var sweeping sync.WaitGroup
	sweepCtx, stopSweep := context.WithCancel(ctx)
	defer stopSweep()
	sweeping.Go(func() { p.sweep(sweepCtx) })
	return n.run(ctx, p.loop, func() {
		stopSweep()
		sweeping.Wait()
		n.drain()
		stopFront()
		p.disconnect()
	})
}

// prepare gets ready what the loop works with.
func (p *proposer) prepare() (err error) {
	p.core = paxos.Proposer{ID: p.ID, Bugs: p.Bugs}
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
	p.generations.store, p.generations.ignore = p.store, p.cfg.MembershipBugs.Has(membership.StrangerServes)
	if err := errors.Join(p.loadConfiguration(), p.generations.load(), p.loadLearned()); err != nil {
		return err
	}
	return p.enter()
}

// disconnect ends what runs beside the loop.
func (p *proposer) disconnect() {
	p.die()
	if links := p.links.Load(); links != nil {
		closeLinks(*links)
	}
	p.background.Wait()
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
		case <-p.desk.wake:
			p.now = time.Now()
		case batch := <-p.inbox:
			p.now = time.Now()
			p.deliver(batch)
		case a := <-p.adoptions:
			p.now = time.Now()
			if err := p.adopt(a); err != nil {
				return err
			}
		case l := <-p.learning.lessons:
			p.now = time.Now()
			if err := p.hear(l); err != nil {
				return err
			}
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

// turnFrames is how many frames one turn takes at most before it sends.
const turnFrames = 1024

// gather takes all else that waits, so that one turn serves many registers, and each of them all its clients.
func (p *proposer) gather() {
	for t, ok := p.timers.next(p.now); ok; t, ok = p.timers.next(p.now) {
		p.timeOut(t)
	}
	for n, more := 0, true; more && n < turnFrames; n++ {
		select {
		case batch := <-p.inbox:
			p.deliver(batch)
		default:
			more = false
		}
	}
	p.requests = p.desk.take(p.requests[:0])
	for i, q := range p.requests {
		p.enqueue(q)
		p.requests[i] = nil
	}
	for len(p.touched) > 0 {
		last := len(p.touched) - 1
		r := p.touched[last]
		p.touched = p.touched[:last]
		r.touched = false
		p.advance(r)
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
	p.clock.Store(p.journal.time())
	p.post()
	clear(p.send)
	p.send = p.send[:0]
	for _, a := range p.answers {
		a.to.done(a.result)
	}
	clear(p.answers)
	p.answers = p.answers[:0]
	p.registers.evict(p.keeps)
	return nil
}

// post hands the turn's messages over to the acceptors they are for.
func (p *proposer) post() {
	for _, l := range *p.links.Load() {
		if l.asked && l.told {
			l.Send(p.send)
			continue
		}
		var part []transport.Envelope
		for _, e := range p.send {
			if l.carries(e.Message.Kind) {
				part = append(part, e)
			}
		}
		l.Send(part)
	}
}

// keeps reports whether a register must stay in memory because it is at work. With one that may be dropped, the floor
// rises to the ballots it has used. A round that waits for clients with its promises is given up; that is recorded with
// the next turn, before anything else of the register.
func (p *proposer) keeps(r *contested) bool {
	if r.calls.Len() > 0 || r.round.Busy() || len(r.readers)+len(r.later) > 0 {
		return true
	}
	if r.round.Ready() {
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
	}
	p.floor = max(p.floor, r.round.Counter, r.read.Number)
	return false
}

// deliver has the core take what acceptors answered.
func (p *proposer) deliver(batch []transport.Envelope) {
	for i := range batch {
		p.journal.observe(batch[i].Clock)
		r, ok := p.registers.get(batch[i].Key)
		switch {
		case !ok:
		case batch[i].Message.Kind == paxos.KindReport:
			p.applyRead(r, p.core.ReceiveReport(r.read, batch[i].Message))
		default:
			p.apply(r, p.core.Receive(r.round, batch[i].Message))
		}
	}
}

// stop ends the rounds under way: their clients learn what is known, and nothing new begins.
func (p *proposer) stop() error {
	p.now, p.stopping = time.Now(), true
	for _, q := range p.desk.close() {
		p.answer(q, result{outcome: paxos.Rejected, reason: errStopping.Error()})
	}
	for _, r := range p.sorted() {
		if r.round.Busy() {
			p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
		}
		for _, x := range r.calls.Stop() {
			p.conclude(x)
		}
		for _, q := range append(r.readers, r.later...) {
			p.answer(q, result{outcome: paxos.Rejected, reason: errStopping.Error()})
		}
	}
	return p.flush()
}

// sorted gives all registers in memory by their keys.
func (p *proposer) sorted() (all []*contested) {
	p.registers.all(func(r *contested) { all = append(all, r) })
	slices.SortFunc(all, func(a, b *contested) int { return strings.Compare(a.key, b.key) })
	return all
}
