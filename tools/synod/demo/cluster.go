// The cluster: five server processes on loopback, and a link between each proposer and each acceptor.

package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"synod/impl/client"
	"synod/impl/paxos"
	changes "synod/impl/register"
	"synod/tools/loopback"
)

// cluster is the running servers. Proposers reach acceptors through links.
type cluster struct {
	site
	acceptors [acceptors]*process
	proposers [proposers]*process
	addresses []string          // where clients reach the proposers
	guests    map[string]*guest // acceptors that have become members later
}

func acceptorName(i int) string { return fmt.Sprintf("a%d", i+1) }
func proposerName(i int) string { return fmt.Sprintf("p%d", i+1) }

// start brings up all servers and waits until they listen. After an error what was started is to be closed too.
func (c *cluster) start(ctx context.Context) (err error) {
	c.guests = map[string]*guest{}
	if err := c.open(proposers, acceptors); err != nil {
		return err
	}
	if c.addresses, err = loopback.Addresses(proposers); err != nil {
		return err
	}
	for a := range c.acceptors {
		if err := c.startAcceptor(ctx, a); err != nil {
			return err
		}
	}
	for p := range c.proposers {
		if err := c.startProposer(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// startAcceptor starts an acceptor on its folder, for the first time or again, and points the links to it.
func (c *cluster) startAcceptor(ctx context.Context, a int) error {
	p, err := c.serve("acceptor", acceptorName(a))
	if err != nil {
		return err
	}
	c.acceptors[a] = p
	address, err := p.address(ctx)
	if err != nil {
		return err
	}
	c.links.retarget(a, address)
	return nil
}

// startProposer starts a proposer on its folder, for the first time or again, then where clients know it.
func (c *cluster) startProposer(ctx context.Context, i int) error {
	var reach []string
	for a, l := range c.links[i] {
		reach = append(reach, acceptorName(a)+"="+l.address())
	}
	p, err := c.serve("proposer", proposerName(i), "-acceptors", strings.Join(reach, ","), "-listen", c.addresses[i])
	if err != nil {
		return err
	}
	c.proposers[i] = p
	_, err = p.address(ctx)
	return err
}

// traces lists the trace files of all nodes.
func (c *cluster) traces() []string {
	var paths []string
	for a := range acceptors {
		paths = append(paths, c.trace(acceptorName(a)))
	}
	for name := range c.guests {
		if path := c.trace(name); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	for p := range proposers {
		paths = append(paths, c.trace(proposerName(p)))
	}
	return paths
}

// split puts a proposer and an acceptor on one side of the network and all others on the other.
func (c *cluster) split(proposer, acceptor int) {
	for p := range c.links {
		for a, l := range c.links[p] {
			if (p == proposer) != (a == acceptor) {
				l.sever()
			}
		}
	}
}

// heal mends the network.
func (c *cluster) heal() {
	c.site.heal()
	for _, g := range c.guests {
		g.link.heal()
	}
}

// cut severs links: one, all of an acceptor, all of a proposer, or those between two halves. The one link of an acceptor that
// has become a member later is cut by chance.
func (c *cluster) cut(random *rand.Rand) {
	p, a := random.IntN(proposers), random.IntN(acceptors)
	shape := random.IntN(4)
	for i := range c.links {
		for j, l := range c.links[i] {
			if shape == 0 && i == p && j == a || shape == 1 && j == a || shape == 2 && i == p || shape == 3 && (i == p) != (j == a) {
				l.sever()
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.guests)) {
		if random.IntN(2) == 0 {
			c.guests[name].link.sever()
		}
	}
}

// kill kills a node.
func (c *cluster) kill(name string) {
	if i := c.proposer(name); i >= 0 {
		c.proposers[i].kill()
	} else {
		c.acceptor(name).kill()
	}
}

// stop asks all servers to end, proposers first, so that what is under way comes to its end.
func (c *cluster) stop() error {
	var errs []error
	for _, p := range append(c.proposers[:], c.acceptors[:]...) {
		errs = append(errs, p.stop())
	}
	for _, g := range c.guests {
		errs = append(errs, g.process.stop())
	}
	return errors.Join(errs...)
}

// close kills what still runs, as site.close does.
func (c *cluster) close() {
	c.site.close()
	for _, g := range c.guests {
		g.link.close()
	}
}

// connection is a service: one client's connection to its proposer.
type connection struct{ *client.Client }

// connect connects a client to a proposer: to one as good as to another.
func (c *cluster) connect(id int) (visitor, error) {
	conn, err := client.Dial(c.addresses[id%proposers], nil)
	return connection{conn}, err
}

// Change implements service.
func (c connection) Change(ctx context.Context, key string, asked change) (answer, outcome, error) {
	result, err := c.Client.Change(ctx, key, changes.Change{Name: asked.name, Expect: asked.expect, Value: asked.value})
	if err != nil {
		return answer{}, rejected, err
	}
	switch result.Outcome {
	case paxos.Satisfied:
		return answer{result.Before, result.State}, satisfied, nil
	case paxos.Rejected:
		return answer{}, rejected, nil
	default:
		return answer{}, unknown, nil
	}
}
