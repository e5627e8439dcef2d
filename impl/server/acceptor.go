// The acceptor's loop: everything that waits, one synced batch, one write to the trace, then the answers.

package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/storage"
	"synod/impl/transport"
)

// acceptor is a running acceptor. All fields below the first group belong to its loop.
type acceptor struct {
	*node
	core  paxos.Acceptor
	Joins bool
	inbox chan delivery

	memory    cache[*held]        // of the store; all in it is durable between two turns
	restarted map[string]struct{} // keys whose RestartAcceptor is in the trace of this run; nil if none is needed
	floor     paxos.Ballot        // of core, as it is durable
	dirty     []*held             // what this turn must make durable
	records   []storage.Record    // the memory of the batch

	presence presence
	fatal    chan error // why the node must end
}

// held is a register in memory, together with what the store keeps of it.
type held struct {
	place
	storage.Record
	kept   bool // the store has a record, or will when this turn ends
	dirty  bool
	traced bool // the journal keeps the key
}

// delivery is what came in one frame, and whom to answer.
type delivery struct {
	from  *transport.Link
	batch []transport.Envelope
}

// Limits of what a node holds in memory.
const (
	inboxFrames  = 64
	turnMessages = 1 << 14 // messages that one turn takes at most before it syncs
)

// RunAcceptor serves until ctx ends, which is no error, or until the node cannot go on: then its process must end.
func RunAcceptor(ctx context.Context, cfg AcceptorConfig) error {
	if err := cfg.Node.prepare(transport.RoleAcceptor, cfg.Joins); err != nil {
		return err
	}
	cfg.warnOfBugs()
	n, err := open(cfg.Node, transport.RoleAcceptor, []string{"Promise", "Accept", "Erase"})
	if err != nil {
		return err
	}
	a := &acceptor{
		node:   n,
		Joins:  cfg.Joins,
		core:   paxos.Acceptor{ID: cfg.ID, Bugs: cfg.Bugs},
		fatal:  make(chan error, 1),
		inbox:  make(chan delivery, inboxFrames),
		memory: newCache[*held](cfg.Cache),
	}
	if err := a.loadPresence(); err != nil {
		return errors.Join(err, n.listener.Close(), n.close())
	}
	if a.floor, err = n.store.Reserved(); err != nil {
		return errors.Join(err, n.listener.Close(), n.close())
	}
	a.core.Floor = a.floor
	if n.journal != nil && n.store.Run() > 1 {
		a.restarted = map[string]struct{}{}
	}
	ended := make(chan struct{})
	service := &transport.AcceptorService{
		Self: n.hello(), Check: a.check, Generation: n.store.Generation, Promised: n.store.Promised, Counters: &n.counters, Keys: n.keys,
		Receive: func(from *transport.Link, batch []transport.Envelope) {
			select {
			case a.inbox <- delivery{from, batch}:
			case <-ended:
			}
		},
	}
	service.Register(n.listener, n.grpc)
	leave := n.Inside.Enter(service)
	transport.RegisterStatus(n.grpc, a.status)
	n.Metrics.Attach(a.status)
	return n.run(ctx, a.loop, func() {
		close(ended)
		leave()
	})
}

// status adds an acceptor's figures to a node's.
func (a *acceptor) status() *transport.Status {
	s := a.node.status()
	s.Incarnation, s.Commits = a.store.Generation()
	return s
}

// check refuses a proposer that must not be served, and has the node end where that shows that it must not serve.
func (a *acceptor) check(p transport.Hello) error {
	if err := a.checkProposer(p); err != nil {
		return err
	}
	stop, err := a.recognize(p)
	if stop {
		select {
		case a.fatal <- err:
		default:
		}
	}
	return err
}

// checkProposer refuses a proposer that the cluster does not have, or whose idea of the cluster is another: with
// other ids its ballots would not be its own.
func (n *node) checkProposer(p transport.Hello) error {
	if p.Cluster != n.Cluster.Name {
		return fmt.Errorf("this is cluster %q, not %q", n.Cluster.Name, p.Cluster)
	}
	if p.Shape != n.Cluster.shape() {
		return fmt.Errorf("this cluster has %s, not %s", n.Cluster.shape(), p.Shape)
	}
	if _, ok := n.Cluster.Proposers[p.Node]; !ok {
		return fmt.Errorf("this cluster has no proposer %q", p.Node)
	}
	return nil
}

func (a *acceptor) loop(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-a.fatal:
			return err
		case first := <-a.inbox:
			if err := a.turn(first); err != nil {
				return err
			}
		}
	}
}

// turn takes the first delivery and all that waits behind it through persist, record and send.
func (a *acceptor) turn(first delivery) error {
	deliveries := a.gather(first)
	for i := range deliveries {
		d := &deliveries[i]
		replies := d.batch[:0] // each in the place of a question that was answered
		for j := range d.batch {
			reply, err := a.step(&d.batch[j])
			if err != nil {
				return err
			}
			if reply.Message.Kind != 0 {
				replies = append(replies, reply)
			}
		}
		d.batch = replies
	}
	if err := a.persist(); err != nil {
		return err
	}
	if err := a.journal.flush(); err != nil {
		return err
	}
	a.clock.Store(a.journal.time())
	for _, d := range deliveries {
		d.from.Send(d.batch)
	}
	a.memory.evict(func(*held) bool { return false })
	return nil
}

// gather takes what waits without waiting for more. While a turn syncs, the next one's work arrives.
func (a *acceptor) gather(first delivery) []delivery {
	all := []delivery{first}
	for n := len(first.batch); n < turnMessages; {
		select {
		case d := <-a.inbox:
			all = append(all, d)
			n += len(d.batch)
		default:
			return all
		}
	}
	return all
}

// step has the core answer one message, and notes what must become durable and recorded before the answer leaves.
func (a *acceptor) step(e *transport.Envelope) (reply transport.Envelope, err error) {
	a.journal.observe(e.Clock)
	r, err := a.recall(e.Key)
	if err != nil {
		return reply, err
	}
	effects, ok := a.core.Receive(r.State, e.Message)
	if !ok {
		return reply, nil // nobody waits for an answer
	}
	if effects.After.Promised != r.State.Promised {
		r.PromisedBy = e.Message.Event
	}
	if effects.After.AcceptedBallot != r.State.AcceptedBallot {
		r.AcceptedBy = e.Message.Event
	}
	a.memory.grow(r, len(effects.After.AcceptedState)-len(r.State.AcceptedState))
	r.State = effects.After
	if effects.Persist {
		r.kept = !effects.Erased
		if !r.dirty {
			r.dirty = true
			a.dirty = append(a.dirty, r)
		}
	}
	if effects.Erased {
		a.core.Floor = max(a.core.Floor, r.State.Promised)
		r.PromisedBy, r.AcceptedBy = e.Message.Event, ""
	}
	at := a.note(e.Key, r.traced, &effects.Step)
	return transport.Envelope{Key: e.Key, Message: effects.Reply, Seq: at.seq, Clock: at.clock}, nil
}

// recall finds a register in memory or in the store. In a later run than the first it also records, once for each
// register, with what the restart found it.
func (a *acceptor) recall(key string) (*held, error) {
	r, ok := a.memory.get(key)
	if !ok {
		record, found, err := a.store.Load(key)
		if err != nil {
			return nil, err
		}
		record.Key = key
		r = &held{Record: record, kept: found, traced: a.journal.keeps(key)}
		a.memory.put(key, r, len(r.State.AcceptedState))
	}
	if _, done := a.restarted[key]; r.traced && a.restarted != nil && !done {
		a.restarted[key] = struct{}{}
		step := a.core.RestartAcceptor(r.State).Step
		step.Events = [2]string{r.PromisedBy, r.AcceptedBy}
		a.note(key, r.traced, &step)
	}
	if !r.kept && r.State.Promised < a.core.Floor {
		effects := a.core.Raise(r.State)
		r.State = effects.After
		a.note(key, r.traced, &effects.Step)
	}
	return r, nil
}

// keys lists keys for proposers.
func (n *node) keys(q transport.KeysRequest) (r transport.KeysReply, err error) {
	if q.Absent == 0 {
		r.Keys, r.More, err = n.store.Keys(q.After, q.Limit)
		return r, err
	}
	r.Keys, r.Last, r.More, err = n.store.Pick(q.After, q.Limit, func(s paxos.State) bool {
		e, err := register.ParseEntry(paxos.Payload(s))
		return err == nil && !e.Live(q.Absent).Exists
	})
	return r, err
}

// persist makes everything durable that this turn has changed, with one sync.
func (a *acceptor) persist() error {
	if len(a.dirty) == 0 {
		return nil
	}
	// The store finds places for records faster when it is given them in their order.
	slices.SortFunc(a.dirty, func(r, s *held) int { return strings.Compare(r.Key, s.Key) })
	a.records = a.records[:0]
	for _, r := range a.dirty {
		a.records = append(a.records, r.Record)
		if !r.kept {
			a.records[len(a.records)-1].State = paxos.AcceptorState{}
		}
		r.dirty = false
	}
	a.dirty = a.dirty[:0]
	if a.core.Floor == a.floor {
		return a.store.Commit(a.records, 0)
	}
	a.floor = a.core.Floor
	return a.store.Commit(a.records, a.floor)
}
