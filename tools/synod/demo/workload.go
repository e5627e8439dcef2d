// The clients: each asks its proposer for one change after another and notes what it was told.

package demo

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// acceptors and proposers say how many of each the cluster has: f = 1.
	acceptors = 3
	proposers = 2
)

// slots is how many keys are in use at once. Few enough that clients of different proposers meet on a key often, and
// enough that most rounds run undisturbed.
const slots = 32

// manyUnknown retires a key early: each operation with an unknown outcome can stand anywhere behind its call, and
// porcupine's search grows with every one.
const manyUnknown = 12

// service is what a client needs of a proposer: ask for a change of a key and wait for the answer. An answer that
// never came is unknown. An error means that nothing could be asked.
type service interface {
	Change(ctx context.Context, key string, c change) (answer, outcome, error)
}

// keyring hands out keys. Each slot holds one; it is retired for a fresh one after operationsPerKey operations.
type keyring struct {
	mu   sync.Mutex
	keys [slots]key
}

// key is a register in use.
type key struct {
	generation int
	used       int   // operations handed out
	unknown    int   // of those that ended, how many with an unknown outcome
	seen       int64 // the state that a client was told last
}

func (k key) name(slot int) string { return fmt.Sprintf("k%d.%d", slot, k.generation) }

// next takes one operation on a slot's key: the key's name, the operation's number on it, and the state seen last.
func (r *keyring) next(slot int) (name string, n int, seen int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := &r.keys[slot]
	if k.used >= operationsPerKey || k.unknown >= manyUnknown {
		*k = key{generation: k.generation + 1}
	}
	k.used++
	return k.name(slot), k.used, k.seen
}

// note remembers how an operation ended, unless its key is retired already.
func (r *keyring) note(slot int, name string, told answer, o outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := &r.keys[slot]
	if k.name(slot) != name {
		return
	}
	switch o {
	case satisfied:
		k.seen = told.after
	case unknown:
		k.unknown++
	}
}

// caller is one client: it runs operations, one at a time.
type caller struct {
	id      int
	service service
	pen     pen
	keys    *keyring
	history *history
	start   time.Time
	pauses  bool // think between operations, so that keys live through the faults; without, ask as fast as it goes
}

// patience is how long a client waits for one answer.
const patience = time.Second

// retryPause keeps a client whose proposer cannot serve it from asking in a tight loop.
const retryPause = 5 * time.Millisecond

// run asks until ctx ends. An operation under way then is finished, not broken off: its outcome counts.
func (c *caller) run(ctx context.Context) error {
	for ctx.Err() == nil {
		d := c.pen.next()
		how, err := c.operate(context.WithoutCancel(ctx), d)
		if err != nil {
			return err
		}
		var pause time.Duration
		if c.pauses {
			pause = d.pause
		}
		if how != satisfied {
			pause += retryPause // whoever is in the way gets time to finish
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}

// operate asks for one change and notes how it ended.
func (c *caller) operate(ctx context.Context, d draw) (outcome, error) {
	name, n, seen := c.keys.next(d.slot)
	asked := d.change(n, seen)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	call := time.Since(c.start)
	told, how, err := c.service.Change(ctx, name, asked)
	if err != nil {
		return how, fmt.Errorf("client %d, %v of %s: %w", c.id, asked, name, err)
	}
	c.history.add(operation{
		client: c.id, key: name, change: asked, call: call, end: time.Since(c.start), outcome: how, answer: told,
	})
	c.keys.note(d.slot, name, told, how)
	return how, nil
}
