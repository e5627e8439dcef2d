// Members: acceptors that come and go while the cluster runs, as an operator has them do.

package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"synod/impl/client"
	"synod/impl/membership"
	"synod/impl/transport"
)

// guest is an acceptor that becomes a member while the cluster runs. All proposers reach it by one link.
type guest struct {
	process *process
	link    *link
}

// invite starts an acceptor on an empty folder and says who it is, so that it can become a member.
func (c *cluster) invite(ctx context.Context, name string) (m membership.Member, clock uint64, err error) {
	if err := os.RemoveAll(c.data(name)); err != nil {
		return m, 0, err
	}
	if c.guests[name] == nil {
		l, err := newLink("")
		if err != nil {
			return m, 0, err
		}
		c.guests[name] = &guest{link: l}
	}
	address, err := c.startGuest(ctx, name)
	if err != nil {
		return m, 0, err
	}
	conn, err := client.Dial(address, nil)
	if err != nil {
		return m, 0, err
	}
	defer conn.Close()
	var s *transport.Status
	if s, err = conn.Status(ctx); err != nil {
		return m, 0, err
	}
	return membership.Member{Address: c.guests[name].link.address(), Incarnation: s.Incarnation}, s.Clock, nil
}

// startGuest starts it on its folder, and points its link to it.
func (c *cluster) startGuest(ctx context.Context, name string) (address string, err error) {
	g := c.guests[name]
	if g.process, err = c.serve("acceptor", name, "-join"); err != nil {
		return "", err
	}
	if address, err = g.process.address(ctx); err == nil {
		g.link.retarget(address)
	}
	return address, err
}

// acceptor gives the process of an acceptor, which may be a founder that has come back as a guest.
func (c *cluster) acceptor(name string) *process {
	if g := c.guests[name]; g != nil {
		return g.process
	}
	return c.acceptors[c.founder(name)]
}

// proposer is the place of a proposer, -1 if it is none.
func (c *cluster) proposer(name string) int {
	return slices.IndexFunc(c.proposers[:], func(p *process) bool { return p.name == name })
}

// founder is the place of an acceptor that was there from the start.
func (c *cluster) founder(name string) int {
	return slices.IndexFunc(c.acceptors[:], func(p *process) bool { return p.name == name })
}

// restart starts a node again that was killed.
func (c *cluster) restart(ctx context.Context, name string) error {
	if i := c.proposer(name); i >= 0 {
		return c.startProposer(ctx, i)
	}
	if c.guests[name] != nil {
		_, err := c.startGuest(ctx, name)
		return err
	}
	return c.startAcceptor(ctx, c.founder(name))
}

// exchange is a change of the members under way: one leaves, and the one that was out takes its place.
type exchange struct {
	leaves, joins string
	end           chan error
}

// roster is who is a member and who is not.
type roster struct {
	members []string
	absent  string
	under   *exchange
	changed int
}

func newRoster() roster {
	r := roster{absent: acceptorName(acceptors)}
	for a := range acceptors {
		r.members = append(r.members, acceptorName(a))
	}
	return r
}

// registers is the cluster as an operator sees it, who exchanges its acceptors.
type registers struct {
	*cluster
	roster
}

// running lists the nodes that run: the members, who is about to be one, and the proposers.
func (c *registers) running() []string {
	names := slices.Clone(c.members)
	if c.under != nil {
		names = append(names, c.under.joins)
	}
	for p := range c.proposers {
		names = append(names, proposerName(p))
	}
	return names
}

// An operator is interrupted after a time between these, longer each time, and another one has to go on.
const leastOperator, mostOperator = time.Second, 10 * time.Second

// begin has an operator exchange a member that is drawn for the one who is out, beside all else that happens.
func (c *registers) begin(ctx context.Context, random *rand.Rand) error {
	x := &exchange{leaves: c.members[random.IntN(len(c.members))], joins: c.absent, end: make(chan error, 1)}
	m, clock, err := c.invite(ctx, x.joins)
	if err != nil {
		return err
	}
	proposers := map[string]*client.Client{}
	for i, address := range c.addresses {
		if proposers[proposerName(i)], err = client.Dial(address, nil); err != nil {
			return err
		}
	}
	patience := leastOperator + time.Duration(random.Int64N(int64(mostOperator-leastOperator)))
	change := membership.Change{Kind: membership.Replace, Name: x.leaves, By: x.joins, New: m}
	c.under = x
	go func() {
		for {
			attempt, interrupt := context.WithTimeout(ctx, patience)
			o := &client.Operators{Proposers: proposers} // one remembers nothing of another
			o.Hear(clock)
			done, err := operate(attempt, o, change)
			interrupt()
			if done || ctx.Err() != nil {
				for _, p := range proposers {
					err = errors.Join(err, p.Close())
				}
				x.end <- err
				return
			}
			patience += patience / 4
		}
	}()
	return nil
}

// operate begins a change, or goes on with it, and reports whether it is over.
func operate(ctx context.Context, o *client.Operators, c membership.Change) (done bool, err error) {
	plan, err := o.Plan(ctx)
	if err != nil {
		return false, err
	}
	last, _ := plan.Last()
	switch _, in := last.Members[c.By]; {
	case !plan.Done:
		err = o.Resume(ctx)
	case in:
		return true, nil
	default:
		err = o.Change(ctx, c)
	}
	return err == nil, err
}

// proceed takes note of the end of a change, if there is one, and stops who has left. With patience it waits so long for it.
func (c *registers) proceed(patience time.Duration) error {
	x := c.under
	if x == nil {
		return nil
	}
	select {
	case err := <-x.end:
		if err != nil {
			return err
		}
	case <-time.After(patience):
		if patience == 0 {
			return nil
		}
		return fmt.Errorf("%s has not taken the place of %s within %v", x.joins, x.leaves, patience)
	}
	c.members[slices.Index(c.members, x.leaves)] = x.joins
	c.absent, c.under = x.leaves, nil
	c.changed++
	return c.acceptor(x.leaves).stop()
}
