// The client: from a shard to the group that serves it.

package groups

import (
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"synod/impl/paxos"
	"synod/impl/shard"
)

// Group has the machine of a group perform commands.
type Group interface {
	// Do has a command performed once. harmless says that it changes nothing. It returns at once; done is told the
	// result if the outcome is Satisfied, once, and must not block.
	Do(command string, harmless bool, done func(result string, outcome paxos.Outcome))
}

// Client knows of the groups, and remembers where shards are. Its methods may be called from any goroutine.
type Client struct {
	groups map[string]Group
	keeper string

	mu     sync.Mutex
	router shard.Router
}

// New makes a client of groups. keeper is the one that keeps the map.
func New(groups map[string]Group, keeper string) *Client {
	return &Client{groups: groups, keeper: keeper}
}

// Groups lists the groups in order.
func (c *Client) Groups() []string {
	return slices.Sorted(maps.Keys(c.groups))
}

// DefaultPatience is how long a request is tried.
const DefaultPatience = 5 * time.Second

// The pauses before a request is asked for again: while a shard moves nobody serves it.
const (
	minPause = time.Millisecond
	maxPause = 50 * time.Millisecond
)

// errand is a request on its way.
type errand struct {
	client   *Client
	command  shard.Command
	text     string
	harmless bool
	deadline time.Time
	pause    time.Duration
	doubtful bool // a group may have performed it
	done     func(result string, outcome paxos.Outcome)
}

// Request is what Serve is asked for.
type Request struct {
	Command  shard.Command // of kind Serve
	Harmless bool          // it changes nothing
	// Done is told the result if the outcome is Satisfied, once, and must not block.
	Done func(result string, outcome paxos.Outcome)
}

// Serve has each request performed by the group that serves its shard, once; all those that one group may have are one
// command of its log. A request of a Client is asked for again when it is not known whether it was performed; one that
// changes something, without a Client, is not. Serve returns at once.
func (c *Client) Serve(patience time.Duration, requests ...Request) {
	deadline := time.Now().Add(patience)
	together := map[destination][]*errand{}
	var order []destination
	for _, q := range requests {
		q.Command.Kind = shard.Serve
		e := &errand{
			client: c, command: q.Command, text: q.Command.String(), harmless: q.Harmless, deadline: deadline, pause: minPause, done: q.Done,
		}
		c.mu.Lock()
		at, known := c.router.Place(q.Command.Shard)
		c.mu.Unlock()
		if !known || c.groups[at] == nil {
			e.run()
			continue
		}
		to := destination{at, q.Harmless}
		if together[to] == nil {
			order = append(order, to)
		}
		together[to] = append(together[to], e)
	}
	for _, to := range order {
		c.ask(to, together[to])
	}
}

// destination is where errands may go together: what is harmless apart from what is not.
type destination struct {
	group    string
	harmless bool
}

// ask has a group perform errands.
func (c *Client) ask(to destination, all []*errand) {
	g := c.groups[to.group]
	if len(all) == 1 {
		g.Do(all[0].text, to.harmless, all[0].answered)
		return
	}
	texts := make([]string, len(all))
	for i, e := range all {
		texts[i] = e.text
	}
	g.Do(shard.Bundle(texts), to.harmless, func(text string, outcome paxos.Outcome) {
		results, ok := shard.Unbundle(text)
		for i, e := range all {
			if outcome == paxos.Satisfied && (!ok || len(results) != len(all)) {
				e.done("", e.outcome())
				continue
			}
			result := ""
			if outcome == paxos.Satisfied {
				result = results[i]
			}
			e.answered(result, outcome)
		}
	})
}

// run takes the next step: to ask the group, or where the shard is.
func (e *errand) run() {
	e.client.mu.Lock()
	at, known := e.client.router.Place(e.command.Shard)
	e.client.mu.Unlock()
	if g := e.client.groups[at]; known && g != nil {
		g.Do(e.text, e.harmless, e.answered)
		return
	}
	locate := shard.Command{Kind: shard.Locate, Shard: e.command.Shard}
	e.client.groups[e.client.keeper].Do(locate.String(), true, e.located)
}

func (e *errand) located(text string, outcome paxos.Outcome) {
	r, err := shard.ParseResult(text)
	switch {
	case outcome != paxos.Satisfied:
		e.again()
	case err != nil || r.Outcome == shard.Invalid:
		e.done("", paxos.Rejected)
	default:
		e.client.mu.Lock()
		e.client.router.Learn(e.command.Shard, shard.Place{Group: r.Group, Epoch: r.Epoch})
		e.client.mu.Unlock()
		if e.client.groups[r.Group] == nil {
			e.again() // a group that this client does not know
		} else {
			e.run()
		}
	}
}

// answered takes a group's answer.
func (e *errand) answered(text string, outcome paxos.Outcome) {
	if outcome != paxos.Satisfied {
		e.failed(outcome)
		return
	}
	r, err := shard.ParseResult(text)
	switch {
	case err != nil || r.Outcome == shard.Invalid:
		e.done("", e.outcome())
	case r.Outcome == shard.Elsewhere:
		e.client.mu.Lock()
		e.client.router.Moved(e.command.Shard, r)
		e.client.mu.Unlock()
		e.again()
	default:
		e.done(r.Body, paxos.Satisfied)
	}
}

// failed goes on where that cannot have the request performed twice.
func (e *errand) failed(outcome paxos.Outcome) {
	if outcome == paxos.Unknown && !e.harmless {
		e.doubtful = true
		if e.command.Client == "" {
			e.done("", paxos.Unknown)
			return
		}
	}
	e.again()
}

// again goes on after a pause, until the patience is over.
func (e *errand) again() {
	if time.Until(e.deadline) < e.pause {
		e.done("", e.outcome())
		return
	}
	wait := e.pause/2 + rand.N(e.pause)
	e.pause = min(2*e.pause, maxPause)
	time.AfterFunc(wait, e.run) // the errand is that goroutine's now
}

// outcome is what is known of a request that is given up.
func (e *errand) outcome() paxos.Outcome {
	if e.doubtful {
		return paxos.Unknown
	}
	return paxos.Rejected
}
