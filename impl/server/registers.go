// Registers: what a front asks of a proposer, for keys that hold entries.

package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// Registers are the registers as one proposer serves them. It implements register.Registers, and lists keys. What one
// goroutine asks of one key, changes and reads, takes effect in that order.
type Registers struct{ p *proposer }

// frontPatience is how long the proposer tries to serve a front's request.
const frontPatience = 5 * time.Second

// Change implements register.Registers.
func (r Registers) Change(key string, f register.Function, done register.Done) {
	r.ask(&request{key: key, change: register.Map(f)}, done)
}

// Get implements register.Registers.
func (r Registers) Get(key string, done register.Done) {
	r.ask(&request{key: key}, done)
}

// Resolve implements register.Registers. A change was proposed under a ballot that a quorum had promised. So a round that
// succeeds afterwards has a larger one, whoever runs it, and no client can use up ballots by asking for one that nobody had.
func (r Registers) Resolve(key string, proposed []paxos.Ballot, done func(fate paxos.Outcome, err error)) {
	q := &request{key: key, change: identity{}, deadline: time.Now().Add(frontPatience)}
	q.done = func(x result) {
		switch {
		case x.outcome != paxos.Satisfied:
			done(paxos.Unknown, register.ErrNoRound)
		case slices.Max(proposed) >= x.ballot:
			done(paxos.Unknown, register.ErrNotProposed)
		default:
			done(x.fate(proposed...), nil)
		}
	}
	err := transport.ValidateKey(key)
	if err == nil {
		err = r.p.desk.put(q)
	}
	if err != nil {
		done(paxos.Unknown, register.ErrNoRound)
	}
}

// ask hands a request over. A key that is none, and a proposer that takes no more requests, reject it at once.
func (r Registers) ask(q *request, done register.Done) {
	q.deadline = time.Now().Add(frontPatience)
	q.done = func(x result) { r.p.entries.tell(done, x) }
	err := transport.ValidateKey(q.key)
	if err == nil {
		err = r.p.desk.put(q)
	}
	if err != nil {
		r.p.Log.Debug("a request was rejected", "key", q.key, "reason", err)
		done(register.Entry{}, register.Entry{}, register.End{Outcome: paxos.Rejected})
	}
}

// entries parses states for fronts, in the proposer's goroutine. It remembers the last one: those who read a large
// value in one round share it.
type entries struct {
	state paxos.State
	entry register.Entry
}

func (p *entries) parse(s paxos.State) (register.Entry, error) {
	if s == p.state {
		return p.entry, nil
	}
	e, err := register.ParseEntry(s)
	if err == nil {
		p.state, p.entry = s, e
	}
	return e, err
}

// tell gives a front the entries of a result. A state that is no entry is of no front's making.
func (p *entries) tell(done register.Done, x result) {
	before, err := p.parse(x.before)
	after := before
	if err == nil && x.after != x.before {
		after, err = p.parse(x.after)
	}
	if err != nil {
		x.outcome = paxos.Unknown
	}
	done(before, after, register.End{Outcome: x.outcome, Proposed: x.in})
}

// listTimeout is how long a quorum may take to list its keys.
const listTimeout = 5 * time.Second

// errNoQuorum says that too few acceptors answered.
var errNoQuorum = errors.New("too few acceptors answer")

// Keys lists keys above after, in order. done is told up to limit of them, or a few more, and whether there may be
// others above the last. Among them is every key that exists from before the call until done: its state was accepted
// by a quorum, which has an acceptor in common with the one that is asked, and an acceptor never forgets that it has
// accepted a state. Keys of deleted entries may be among them.
func (r Registers) Keys(after string, limit int, done func(keys []string, more bool, err error)) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), listTimeout)
		defer cancel()
		keys, more, err := r.p.listKeys(ctx, after, limit)
		keys = slices.DeleteFunc(keys, func(k string) bool { return strings.HasPrefix(k, transport.Reserved) })
		done(keys, more, err)
	}()
}

// listKeys lists keys as Keys does, with the cluster's own.
func (p *proposer) listKeys(ctx context.Context, after string, limit int) (keys []string, more bool, err error) {
	var asked []link
	for _, l := range *p.links.Load() {
		if l.asked {
			asked = append(asked, l)
		}
	}
	lists := make(chan *transport.KeysReply, len(asked))
	for _, l := range asked {
		go func() {
			list, err := l.Keys(ctx, transport.KeysRequest{After: after, Limit: limit})
			if err != nil {
				p.Log.Debug("an acceptor does not list its keys", "error", err)
				list = nil
			}
			lists <- list
		}()
	}
	var quorum []*transport.KeysReply
	for range asked {
		if list := <-lists; list != nil {
			quorum = append(quorum, list)
		}
		if 2*len(quorum) > len(asked) {
			keys, more := union(quorum)
			return keys, more, nil
		}
	}
	return nil, false, errNoQuorum
}

// union gives the keys that any of the lists has, up to where all of those are complete that say that there are more.
func union(lists []*transport.KeysReply) (keys []string, more bool) {
	var end string
	for _, l := range lists {
		if last := len(l.Keys) - 1; l.More && last >= 0 && (!more || l.Keys[last] < end) {
			end, more = l.Keys[last], true
		}
		keys = append(keys, l.Keys...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	if more {
		i, _ := slices.BinarySearch(keys, end)
		keys = keys[:i+1]
	}
	return keys, more
}
