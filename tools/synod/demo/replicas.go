// The replicas: three servers of a log on loopback, links between them, and clients that speak Redis's protocol.

package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"synod/impl/resp"
	"synod/tools/loopback"
)

// replicaCount is how many replicas there are.
const replicaCount = 3

// replicas are the running servers. Each reaches each other one through a link of its own, and either uses both links of a pair.
type replicas struct {
	site
	lease     time.Duration // of leaders; 0 is none
	processes [replicaCount]*process
	addresses []string // where clients reach them
}

func replicaName(i int) string { return fmt.Sprintf("r%d", i+1) }

// start brings up all servers and waits until they listen. After an error what was started is to be closed too.
func (c *replicas) start(ctx context.Context) (err error) {
	if err := c.open(replicaCount, replicaCount); err != nil {
		return err
	}
	if c.addresses, err = loopback.Addresses(replicaCount); err != nil {
		return err
	}
	for i := range c.processes {
		if err := c.startReplica(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// startReplica starts a replica on its folder, for the first time or again, where clients know it, and points the links to it.
func (c *replicas) startReplica(ctx context.Context, i int) error {
	var reach []string
	for j, l := range c.links[i] {
		reach = append(reach, replicaName(j)+"="+l.address())
	}
	more := []string{"-replicas", strings.Join(reach, ","), "-resp", c.addresses[i], "-log-level", "warn"}
	if c.lease > 0 {
		more = append(more, "-lease", c.lease.String())
	}
	p, err := c.serve("replica", replicaName(i), more...)
	if err != nil {
		return err
	}
	c.processes[i] = p
	address, err := p.address(ctx)
	if err != nil {
		return err
	}
	c.links.retarget(i, address)
	_, err = p.address(ctx)
	return err
}

// traces lists the trace files of all replicas.
func (c *replicas) traces() (paths []string) {
	for _, name := range c.running() {
		paths = append(paths, c.trace(name))
	}
	return paths
}

func (c *replicas) running() (names []string) {
	for i := range replicaCount {
		names = append(names, replicaName(i))
	}
	return names
}

func (c *replicas) kill(name string) { c.processes[slices.Index(c.running(), name)].kill() }

func (c *replicas) restart(ctx context.Context, name string) error {
	return c.startReplica(ctx, slices.Index(c.running(), name))
}

// cut severs one pair of replicas, or one replica from both others.
func (c *replicas) cut(random *rand.Rand) {
	alone, pair := random.IntN(replicaCount), random.IntN(2) == 0
	for other := range replicaCount {
		if other == alone || pair && other == (alone+1)%replicaCount {
			continue
		}
		c.links[alone][other].sever()
		c.links[other][alone].sever()
	}
}

// stop asks all servers to end.
func (c *replicas) stop() (err error) {
	for _, p := range c.processes {
		err = errors.Join(err, p.stop())
	}
	return err
}

// connect gives a client of the replicas. Clients begin at different ones.
func (c *replicas) connect(client int) (visitor, error) {
	return &redisClient{addresses: c.addresses, at: client % replicaCount}, nil
}

// redisClient asks one replica, and the next one when it gets no answer.
type redisClient struct {
	addresses []string
	at        int
	conn      *resp.Client
}

func (c *redisClient) Close() error {
	if c.conn == nil {
		return nil
	}
	return c.conn.Close()
}

// Change implements service. Which changes Redis's commands make is in words.
func (c *redisClient) Change(ctx context.Context, key string, asked change) (answer, outcome, error) {
	if c.conn == nil {
		conn, err := resp.Dial(ctx, c.addresses[c.at], nil)
		if err != nil {
			c.at = (c.at + 1) % len(c.addresses)
			return answer{}, rejected, nil
		}
		c.conn = conn
	}
	if deadline, ok := ctx.Deadline(); ok {
		c.conn.SetDeadline(deadline)
	}
	r, err := c.conn.Do(words(key, asked)...)
	if err != nil {
		c.conn.Close()
		c.conn, c.at = nil, (c.at+1)%len(c.addresses)
		return answer{}, unknown, nil
	}
	return understood(asked, r)
}

// words is the request for a change. Who has no value has the state 0, and nobody sets 0.
func words(key string, asked change) []string {
	switch value := strconv.FormatInt(asked.value, 10); {
	case asked.name == "read":
		return []string{"GET", key}
	case asked.name == "add":
		return []string{"INCRBY", key, value}
	case asked.name == "set":
		return []string{"SET", key, value, "GET"}
	case asked.expect == 0:
		return []string{"SET", key, value, "NX", "GET"}
	default:
		return []string{"SET", key, value, "IFEQ", strconv.FormatInt(asked.expect, 10), "GET"}
	}
}

// understood is what the reply says: INCRBY tells the state after the change, everything else that before it.
func understood(asked change, r resp.Reply) (answer, outcome, error) {
	var told int64
	switch {
	case r.IsError() && strings.HasPrefix(r.Text, "TRYAGAIN "):
		return answer{}, rejected, nil
	case r.IsError() && strings.HasPrefix(r.Text, "UNKNOWN "):
		return answer{}, unknown, nil
	case r.Kind == resp.KindInteger:
		return answer{r.Integer - asked.value, r.Integer}, satisfied, nil
	case r.Kind == resp.KindNull:
	default:
		var err error
		if told, err = strconv.ParseInt(string(r.Bulk), 10, 64); err != nil {
			return answer{}, rejected, fmt.Errorf("the answer is %v", r)
		}
	}
	return answer{told, asked.apply(told)}, satisfied, nil
}
