// Calls: commands of clients here, on their way to the leader and back.

package replica

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"synod/impl/log"
)

// Why a call has no result.
var (
	// ErrRejected: no leader was found in time. The command was not performed, and never will be.
	ErrRejected = errors.New("no leader was found in time, nothing was changed")
	// ErrUnknown: the command may have been performed, may yet be, or never will.
	ErrUnknown = errors.New("it is not known whether the command was performed")

	errStopping = fmt.Errorf("%w: the replica is stopping", ErrRejected)
)

// key names a request.
type key struct {
	client string
	number uint64
}

// call is a command that a client here has asked for. After it was handed over it belongs to the loop.
type call struct {
	lane     *lane
	command  log.Command
	query    bool
	deadline time.Time
	sent     time.Time
	to       string // where it is; "" is nowhere
	tried    bool
	done     func(result string, err error)
}

func (c *call) key() key { return key{c.command.Client, c.command.Number} }

// failure says what is known of a call that is given up.
func (c *call) failure() error {
	if c.tried && !c.query {
		return ErrUnknown
	}
	return ErrRejected
}

// lane is a client of the log: it asks for one command at a time, under numbers that grow, also from one run of the
// replica to the next. So the sessions that all replicas keep are as many as calls were ever under way here at once.
type lane struct {
	client string
	number uint64
}

// lanes are those that have no call under way.
type lanes struct {
	prefix string
	first  uint64

	mu   sync.Mutex
	free []*lane
	made int
}

// runShift makes room for the numbers of a run's requests below those of the next.
const runShift = 40

func (l *lanes) take() *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		x := l.free[n-1]
		l.free = l.free[:n-1]
		return x
	}
	l.made++
	return &lane{client: l.prefix + "." + strconv.Itoa(l.made), number: l.first}
}

func (l *lanes) give(x *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = append(l.free, x)
}

// DefaultPatience is how long a command without a deadline is tried.
const DefaultPatience = 5 * time.Second

// Submit has a command performed once by all replicas, and gives its result. It finds the leader, and asks again under
// the same number when one fails. It ends when ctx does, or after DefaultPatience: with ErrRejected if the command was
// given to no leader, else with ErrUnknown.
func (r *Replica) Submit(ctx context.Context, command string) (result string, err error) {
	patience := DefaultPatience
	if deadline, ok := ctx.Deadline(); ok {
		patience = time.Until(deadline)
	}
	type answer struct {
		result string
		err    error
	}
	answers := make(chan answer, 1)
	r.Go(command, patience, func(result string, err error) { answers <- answer{result, err} })
	select {
	case a := <-answers:
		return a.result, a.err
	case <-ctx.Done():
		return "", fmt.Errorf("%w: %w", ErrUnknown, ctx.Err())
	}
}

// Go is Submit that does not wait. done is called once, when the result is there or the patience is over, by the
// replica's own goroutine: it must not block.
func (r *Replica) Go(command string, patience time.Duration, done func(result string, err error)) {
	r.call(command, false, patience, done)
}

// Reader is a machine that can answer some commands without being changed. Read gives what Apply would, or false where
// only Apply can tell.
type Reader interface {
	Read(command string) (result string, ok bool)
}

// Query is Go for a command that reads. Where the machine is a Reader, the leader answers without a place in the log,
// once it has made sure that it still leads: it asks the others once for all reads that wait, or holds a lease
// (Config.LeaseTerm). The result is as it would be from the log.
func (r *Replica) Query(command string, patience time.Duration, done func(result string, err error)) {
	r.call(command, true, patience, done)
}

func (r *Replica) call(command string, query bool, patience time.Duration, done func(result string, err error)) {
	l := r.lanes.take()
	l.number++
	c := &call{
		lane: l, command: log.Command{Client: l.client, Number: l.number, Body: command}, query: query,
		deadline: time.Now().Add(patience), done: done,
	}
	if !r.inbox.ask(c) {
		done("", errStopping)
	}
}

// asked are requests for this replica's core.
type asked struct {
	commands []log.Command
	queries  []log.Command
}

func (a *asked) add(q request) {
	if q.query {
		a.queries = append(a.queries, q.Command)
	} else {
		a.commands = append(a.commands, q.Command)
	}
}

// place gives a call to the leader: to another replica at once, to this one with the others in a.
func (r *Replica) place(c *call, a *asked) {
	if r.leader == "" {
		return
	}
	c.to, c.sent, c.tried = r.leader, r.now, true
	if r.leader == r.cfg.ID {
		a.add(request{c.command, c.query})
	} else {
		r.network.request(r.leader, request{c.command, c.query})
	}
}

// ask gives the core what it is asked for.
func (r *Replica) ask(a asked) {
	if _, ok := r.cfg.Machine.(Reader); !ok {
		a.commands, a.queries = append(a.commands, a.queries...), nil
	}
	if r.leased(len(a.queries)) {
		var rest []log.Command
		for _, c := range a.queries {
			if result, ok := r.cfg.Machine.(Reader).Read(c.Body); ok {
				r.out.Answers = append(r.out.Answers, log.Answer{Command: c, Result: result}) // not before the trace has it
			} else {
				rest = append(rest, c)
			}
		}
		a.commands, a.queries = append(a.commands, rest...), nil
	}
	if len(a.queries) > 0 {
		readers := make([]uint64, len(a.queries))
		for i, c := range a.queries {
			r.readers++
			r.reading[r.readers] = c
			readers[i] = r.readers
		}
		r.do(r.core.Inquire(readers...))
	}
	if len(a.commands) > 0 {
		r.do(r.core.Submit(a.commands...))
	}
}

// leased reports whether the replica may answer so many reads, which have come before it looked at its clock, from its
// own copy without asking anybody.
func (r *Replica) leased(reads int) bool {
	if reads == 0 {
		return false
	}
	effects, may := r.core.Read()
	r.do(effects)
	return may
}

// read answers those who may be answered from the machine as it is. What only the log can tell is asked for there.
func (r *Replica) read(ready []uint64) {
	var rest asked
	for _, reader := range ready {
		c := r.reading[reader]
		delete(r.reading, reader)
		if result, ok := r.cfg.Machine.(Reader).Read(c.Body); ok {
			r.answered(key{c.Client, c.Number}, result, false)
		} else {
			rest.commands = append(rest.commands, c)
		}
	}
	r.ask(rest)
}

// unread tells those who wait for a read that another may lead.
func (r *Replica) unread(unready []uint64) {
	for _, reader := range unready {
		c := r.reading[reader]
		delete(r.reading, reader)
		r.answered(key{c.Client, c.Number}, r.core.Status().Leader, true)
	}
}

// retryAfter is how long an answer may take before the command is asked for again, under its number: the request or
// the answer may be lost.
const retryAfter = time.Second

// retry gives up calls whose time is over, and asks again for those that are not with the leader.
func (r *Replica) retry() {
	var a asked
	for _, c := range r.pending {
		switch {
		case !r.now.Before(c.deadline):
			r.finish(c, "", c.failure())
		case c.to != r.leader || r.now.Sub(c.sent) > retryAfter:
			r.place(c, &a)
		}
	}
	r.ask(a)
}

// answered takes an answer to the one who asked, here or at another replica.
func (r *Replica) answered(k key, text string, unknown bool) {
	if c := r.pending[k]; c != nil {
		if unknown {
			c.to = "" // it is asked for again with the next tick
		} else {
			r.finish(c, text, nil)
		}
		return
	}
	if from, ok := r.origins[k]; ok {
		delete(r.origins, k)
		r.network.reply(from, reply{k.client, k.number, unknown, text})
	}
}

// finish tells a call's client. The lane is free for the next: should the command be in the log behind the next one, it
// will not be performed any more.
func (r *Replica) finish(c *call, result string, err error) {
	delete(r.pending, c.key())
	r.lanes.give(c.lane)
	c.done(result, err)
}
