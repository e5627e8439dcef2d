// Registers: what a front asks of a proposer, for keys that hold entries.

package server

import (
	"context"
	"errors"
	"slices"
	"time"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// Registers are the registers of a running proposer whose states are entries. It implements register.Registers, and
// lists keys. Changes of one key that one goroutine asks for are applied in that order.
type Registers struct{ p *proposer }

// entryPatience is how long a change of an entry is tried while nothing was proposed.
const entryPatience = 5 * time.Second

// entryChange is a change of an entry as a round takes it. It remembers the entries of its last application, which is
// the one that counts.
type entryChange struct {
	function      register.Function
	before, after register.Entry
}

// Apply implements paxos.Change. A register that was never changed holds register.Initial, and no entry.
func (c *entryChange) Apply(s paxos.State) (paxos.State, error) {
	if s == register.Initial {
		s = register.Entry{}.State()
	}
	before, err := register.ParseEntry(s)
	if err != nil {
		return "", err
	}
	c.before, c.after = before, c.function(before)
	return c.after.State(), nil
}

// Trace implements paxos.Change.
func (c *entryChange) Trace() string { return `{"name":"function"}` }

// Change implements register.Registers. It waits until the proposer's loop takes the request, so that done must not
// call it.
func (r Registers) Change(key string, f register.Function, done register.Done) {
	p := r.p
	change := &entryChange{function: f}
	q := &request{key: key, change: change, deadline: time.Now().Add(entryPatience), done: func(res result) {
		if res.outcome == paxos.Rejected {
			p.Log.Debug("a change was rejected", "key", key, "reason", res.reason)
		}
		done(change.before, change.after, res.outcome)
	}}
	if err := transport.ValidateKey(key); err != nil {
		q.done(result{outcome: paxos.Rejected, reason: err.Error()})
		return
	}
	select {
	case p.requests <- q:
	case <-p.ended:
		q.done(result{outcome: paxos.Rejected, reason: errStopping.Error()})
	}
}

// Get implements register.Registers by the identity change.
func (r Registers) Get(key string, done register.Done) {
	r.Change(key, func(e register.Entry) register.Entry { return e }, done)
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
		lists := make(chan *transport.KeysReply, len(r.p.peers))
		for _, peer := range r.p.peers {
			go func() {
				list, err := peer.Keys(ctx, after, limit)
				if err != nil {
					r.p.Log.Debug("an acceptor does not list its keys", "error", err)
					list = nil
				}
				lists <- list
			}()
		}
		var quorum []*transport.KeysReply
		for range r.p.peers {
			if list := <-lists; list != nil {
				quorum = append(quorum, list)
			}
			if 2*len(quorum) > len(r.p.peers) {
				keys, more := union(quorum)
				done(keys, more, nil)
				return
			}
		}
		done(nil, false, errNoQuorum)
	}()
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
