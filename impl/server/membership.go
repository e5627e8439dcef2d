// Membership: in which configuration the proposer is, and how it comes to the next one.

package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/transport"
)

// link is the proposer's way to one acceptor of its configuration.
type link struct {
	*transport.Peer
	name        string
	asked, told bool
}

// carries reports whether messages of a kind are for the acceptor.
func (l link) carries(k paxos.Kind) bool {
	if k == paxos.KindAccept {
		return l.told
	}
	return l.asked
}

// noteConfiguration is the name under which a proposer keeps its configuration, and an acceptor the largest number of one
// that it was told of.
const noteConfiguration = "configuration"

// loadConfiguration gives the configuration in which the proposer was when it stopped.
func (p *proposer) loadConfiguration() error {
	p.configuration = membership.Beginning(p.Cluster.Acceptors)
	text, err := p.store.Note(noteConfiguration)
	if text == nil || err != nil {
		return err
	}
	p.configuration = membership.Configuration{} // what is read would be mixed with what is there
	if err := json.Unmarshal(text, &p.configuration); err != nil {
		return fmt.Errorf("the configuration on disk cannot be read: %w", err)
	}
	return p.configuration.Plan.Validate()
}

// enter makes the configuration that of the core, and begins to connect to its acceptors. The links of the one before are
// closed: an acceptor is greeted anew with each configuration.
func (p *proposer) enter() error {
	p.core = p.core.In(p.configuration.Core())
	p.floor = max(p.floor, p.configuration.Floor)
	p.learning.epoch++
	stage := p.configuration.Stage()
	links := []link{}
	for _, name := range slices.Sorted(maps.Keys(stage.Members)) {
		l, err := p.connect(name, stage.Members[name])
		if err != nil {
			return err
		}
		links = append(links, l)
	}
	if old := p.links.Swap(&links); old != nil {
		// An acceptor's answers may wait for this loop, and Close for them.
		p.background.Go(func() { closeLinks(*old) })
	}
	return nil
}

func closeLinks(links []link) {
	for _, l := range links {
		l.Close()
	}
}

// connect begins to connect to one acceptor.
func (p *proposer) connect(name string, m membership.Member) (link, error) {
	stage, self := p.configuration.Stage(), p.hello()
	self.Configuration = p.configuration.Number()
	epoch := p.learning.epoch
	peer, err := transport.NewPeer(transport.PeerConfig{
		Address: cmp.Or(m.Address, p.cfg.Addresses[name]), Acceptor: name, Self: self,
		Credentials: p.Credentials, Inside: p.Inside, Receive: p.receive, Counters: &p.counters, Log: p.Log,
		Known:  func() (uint64, uint64) { return p.generations.of(name, m) },
		Learns: p.learning.ignorant.Load,
		Greeted: func(self, h *transport.Hello) error {
			if self.Learns {
				return p.tellLesson(lesson{epoch, name, h.Promised, h.Commits > 0})
			}
			return p.generations.meet(name, m, h.Incarnation, h.Commits)
		},
	})
	return link{peer, name, slices.Contains(stage.Ask, name), slices.Contains(stage.Tell, name)}, err
}

// adoption is an operator's request to the loop; next is nil where it only asks.
type adoption struct {
	next    *membership.Configuration
	restore bool // whatever the proposer was in before, and it is to learn which ballots it may have used
	clock   uint64
	reply   chan<- adopted
}

type adopted struct {
	transport.MembershipReply
	err error
}

// adopt takes up another configuration, between two rounds of every register: those under way are given up, and begun
// again in the new one. In between, what they asked for is recorded, and the configuration is made durable. What the
// proposer must not take is refused, and changes nothing; with an error it cannot go on.
func (p *proposer) adopt(a adoption) error {
	p.journal.observe(a.clock)
	reply := adopted{MembershipReply: transport.MembershipReply{Used: p.reserved}}
	if a.next != nil {
		next, err := p.successor(a)
		switch {
		case err != nil:
			reply.err = err
		case a.restore:
			if err := p.forget(); err != nil {
				return err
			}
			if err := p.move(next); err != nil {
				return err
			}
		case next.Number() != p.configuration.Number():
			if err := p.move(next); err != nil {
				return err
			}
		default:
			if err := p.keepConfiguration(next); err != nil {
				return err
			}
		}
	}
	reply.Configuration, reply.Clock = p.configuration, p.journal.time()
	a.reply <- reply
	return nil
}

// successor gives the configuration that an operator asks for, or a call's status that says why the proposer must not take it.
func (p *proposer) successor(a adoption) (next membership.Configuration, err error) {
	switch {
	case a.restore:
		next, err = p.configuration.Restore(*a.next)
	case p.learning.ignorant.Load():
		return next, status.Error(codes.Unavailable, "it does not know yet which ballots it has used")
	default:
		next, err = p.configuration.Adopt(*a.next, p.cfg.MembershipBugs)
	}
	if err == nil {
		err = p.mayConnect(next)
	}
	if err != nil {
		return next, status.Error(codes.FailedPrecondition, err.Error())
	}
	return next, nil
}

// mayConnect refuses a configuration with an acceptor to which the proposer could not connect, now and at each start.
func (p *proposer) mayConnect(c membership.Configuration) error {
	for name, m := range c.Stage().Members {
		if err := transport.Allow(cmp.Or(m.Address, p.cfg.Addresses[name]), p.Credentials != nil); err != nil {
			return fmt.Errorf("acceptor %s: %w", name, err)
		}
	}
	return nil
}

// move goes to the next configuration.
func (p *proposer) move(next membership.Configuration) error {
	p.registers.all(func(r *contested) {
		if len(r.readers) > 0 {
			p.readByRound(r)
		}
		if (r.round.Busy() || r.round.Ready()) && !p.cfg.MembershipBugs.Has(membership.AdoptInARound) {
			p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
			r.pausing = false // nothing has failed
			p.touch(r)
		}
	})
	if err := p.flush(); err != nil {
		return err
	}
	if err := p.keepConfiguration(next); err != nil {
		return err
	}
	p.Log.Info("another configuration", "number", next.Number(), "change", next.Plan.What,
		"ask", next.Stage().Ask, "tell", next.Stage().Tell)
	return p.enter()
}

// keepConfiguration makes the configuration, and what is known of it, durable and the proposer's own.
func (p *proposer) keepConfiguration(next membership.Configuration) error {
	text, err := json.Marshal(next)
	if err == nil {
		err = p.store.SetNote(noteConfiguration, text)
	}
	if err == nil {
		p.configuration = next
	}
	return err
}

// mayCollect reports whether what the acceptors of a register have accepted is what all say who matter: those of the
// configuration, which has settled.
func (p *proposer) mayCollect(r *contested) bool {
	settled := p.configuration.Settled || p.cfg.MembershipBugs.Has(membership.CollectsUnsettled)
	return settled && r.number == p.configuration.Number() && p.core.MayCollect(r.round)
}

// settle puts a register under the proposer's configuration before its next round or read. Registers that nobody uses
// are not touched by a change of the membership, but by the rewriting.
func (p *proposer) settle(r *contested) {
	idle := !r.round.Busy() && !r.round.Ready()
	if number := p.configuration.Number(); r.number != number && idle {
		r.number = number
		p.apply(r, p.core.Adopt(r.round, p.configuration.Core()))
	}
}

// askLoop has the loop answer an operator.
func (p *proposer) askLoop(ctx context.Context, a adoption) (*transport.MembershipReply, error) {
	reply := make(chan adopted, 1)
	a.reply = reply
	select {
	case p.adoptions <- a:
	case <-p.ended:
		return nil, status.Error(codes.Unavailable, errStopping.Error())
	case <-ctx.Done():
		return nil, status.FromContextError(ctx.Err()).Err()
	}
	select {
	case r := <-reply:
		if r.err != nil {
			return nil, r.err
		}
		return &r.MembershipReply, nil
	case <-p.ended:
		return nil, status.Error(codes.Unavailable, "the proposer has failed")
	}
}

// Membership implements transport.MembershipService.
func (p *proposer) Membership(ctx context.Context, _ *transport.MembershipRequest) (*transport.MembershipReply, error) {
	return p.askLoop(ctx, adoption{})
}

// Adopt implements transport.MembershipService.
func (p *proposer) Adopt(ctx context.Context, q *transport.AdoptRequest) (*transport.MembershipReply, error) {
	return p.askLoop(ctx, adoption{next: &q.Configuration, restore: q.Restore, clock: q.Clock})
}
