// Those who ask the groups: clients that change a shard wherever it is, and movers.

package sim

import (
	"fmt"

	logsim "synod/impl/log/sim"
	"synod/impl/shard"
)

// client makes one change after the other to its shard, each under a number by which it is known in every group.
type client struct {
	world   *world
	id      string
	shard   string
	router  shard.Router
	number  uint64
	began   int  // when it first asked for the change that is under way; 0 is none
	finding bool // what it has asked for last is the map
}

func (c *client) name() string { return c.id }

// change names the n-th change of the client.
func (c *client) change(n int) string { return fmt.Sprintf("%s-%d", c.id, n) }

func (c *client) turn(group string) (shard.Command, bool) {
	if c.world.random.IntN(3) > 0 || c.number >= requestsEach {
		return shard.Command{}, false
	}
	at, known := c.router.Place(c.shard)
	find := !known || c.world.random.IntN(20) == 0
	if find && group != groups[0] || !find && at != group {
		return shard.Command{}, false
	}
	if c.finding = find; find {
		return shard.Command{Kind: shard.Locate, Shard: c.shard}, true
	}
	if c.began == 0 {
		c.began = c.world.now
	}
	return shard.Command{
		Kind: shard.Serve, Shard: c.shard, Client: c.id, Number: c.number + 1, Body: c.change(int(c.number + 1)),
	}, true
}

func (c *client) answered(r shard.Result) {
	switch {
	case c.finding:
		c.router.Learn(c.shard, shard.Place{Group: r.Group, Epoch: r.Epoch})
	case r.Outcome == shard.Elsewhere:
		c.router.Moved(c.shard, r)
	default:
		c.note(r.Body, c.world.now)
		c.number++
		c.began = 0
	}
}

// note puts the change that is under way into the history.
func (c *client) note(result string, end int) {
	h := c.world.result.History
	h[c.shard] = append(h[c.shard], logsim.Operation{Client: c.id, Body: "add 1", Result: result, Call: c.began, Return: end})
}

// end notes a change that was never answered.
func (c *client) end() {
	if c.began > 0 {
		c.note("", -1)
	}
}

// mover moves shards about. Now and then it stops in the middle, and begins with something else.
type mover struct {
	world *world
	id    string
	work  *shard.Mover
}

func (m *mover) name() string { return m.id }

func (m *mover) turn(group string) (shard.Command, bool) {
	random := m.world.random
	if m.work == nil || random.IntN(300) == 0 {
		m.work = &shard.Mover{
			Shard: shards[random.IntN(len(shards))], To: groups[random.IntN(len(groups))], Map: groups[0], Bugs: m.world.Bugs,
		}
		if random.IntN(4) == 0 {
			m.work.From = groups[random.IntN(len(groups))]
		}
	}
	at, c := m.work.Ask()
	return c, at == group && random.IntN(2) == 0
}

func (m *mover) answered(r shard.Result) {
	m.work.Answered(r)
	if at, _ := m.work.Ask(); at == "" {
		m.work = nil
	}
}
