// Sessions: a client of all proposers, whose changes take effect once however often they have to be asked for.

package client

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/credentials"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// SessionConfig says whose client a Session is.
type SessionConfig struct {
	Proposers   map[string]string                // addresses by name; all of the cluster's, so that preferences are right
	Credentials credentials.TransportCredentials // nil for proposers on this machine
	// Patience is how long one proposer may take before the next one is asked; 0 is DefaultPatience.
	Patience time.Duration
	Bugs     paxos.Bugs
}

// DefaultPatience is more than a proposer needs when an acceptor is down.
const DefaultPatience = time.Second

// Session is a client of a cluster. It is safe for concurrent use: changes of different keys go on at the same time,
// those of one key one after the other. Close ends it.
type Session struct {
	cfg       SessionConfig
	id        uint64
	names     []string // of the proposers, in order
	proposers map[string]*Client

	mu     sync.Mutex
	number uint64               // the last that was used
	keys   map[string]*keyLock  // of the keys that are being changed
	failed map[string]time.Time // when proposers last failed to answer
}

// keyLock has the changes of a key wait for each other.
type keyLock struct {
	held chan struct{}
	uses int
}

// Open makes a session. It connects when it is first used.
func Open(cfg SessionConfig) (*Session, error) {
	if len(cfg.Proposers) == 0 {
		return nil, errors.New("a session needs a proposer")
	}
	if cfg.Patience <= 0 {
		cfg.Patience = DefaultPatience
	}
	s := &Session{
		cfg: cfg, id: draw(), names: slices.Sorted(maps.Keys(cfg.Proposers)), proposers: map[string]*Client{},
		keys: map[string]*keyLock{}, failed: map[string]time.Time{},
	}
	for _, name := range s.names {
		c, err := Dial(cfg.Proposers[name], cfg.Credentials)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("proposer %s: %w", name, err), s.Close())
		}
		s.proposers[name] = c
	}
	return s, nil
}

// draw gives a number that nobody else draws.
func draw() uint64 {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:]) | 1
}

// Close ends the session. Changes under way become unknown.
func (s *Session) Close() error {
	var errs []error
	for _, c := range s.proposers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// Function makes what a key holds next out of what it holds. It may be called more than once, and does not change what
// it is given. With an error there is no change.
type Function func(register.Entry) (register.Entry, error)

// Changed is how a Change ended.
type Changed struct {
	Outcome paxos.Outcome  // Satisfied, Rejected or Unknown
	Before  register.Entry // Satisfied: the entry that was changed
	After   register.Entry // Satisfied: what the function made of it
	Err     error          // why it was not Satisfied; the function's own error, if that was it

	key    string
	asking *register.Asking // Unknown: the request in question
}

// Change changes a key by a function, which is called here: what it makes of the entry that was read takes its place if
// that is still the same, and otherwise the function is called again on the new one. Whatever is lost on the way, of
// messages, proposers or acceptors, the change takes effect once at most. It tries until ctx ends.
//
// Satisfied: it took effect, once. Rejected: it had no effect and never will. Unknown: it may have taken effect, or may
// yet; Resolve finds out, and sees to it that it does not any more.
func (s *Session) Change(ctx context.Context, key string, f Function) Changed {
	if err := transport.ValidateKey(key); err != nil {
		return Changed{Outcome: paxos.Rejected, Err: err}
	}
	ctx, cancel, _ := bounded(ctx)
	defer cancel()
	unlock, err := s.lock(ctx, key)
	if err != nil {
		return Changed{Outcome: paxos.Rejected, Err: err}
	}
	defer unlock()
	read, err := s.read(ctx, key)
	for err == nil {
		next, refused := f(withoutMemory(read))
		if refused != nil {
			return Changed{Outcome: paxos.Rejected, Err: refused}
		}
		asking, bad := register.Ask(s.id, s.next(), read, next, s.cfg.Bugs)
		if bad == nil {
			bad = asking.Request().Validate()
		}
		if bad != nil {
			return Changed{Outcome: paxos.Rejected, Err: bad}
		}
		outcome, latest, failed := s.settle(ctx, key, asking)
		switch {
		case failed != nil || outcome == paxos.Unknown:
			return Changed{Outcome: outcome, Err: failed, key: key, asking: asking}
		case outcome == paxos.Satisfied:
			return Changed{Outcome: outcome, Before: withoutMemory(read), After: withoutMemory(next)}
		}
		read = latest
	}
	return Changed{Outcome: paxos.Rejected, Err: err}
}

// Read gives what a key holds, as it is after every change that anybody was told of. Reads of keys that nobody changes
// by sessions are better asked elsewhere: this one prepares a change.
func (s *Session) Read(ctx context.Context, key string) (register.Entry, error) {
	if err := transport.ValidateKey(key); err != nil {
		return register.Entry{}, err
	}
	ctx, cancel, _ := bounded(ctx)
	defer cancel()
	e, err := s.read(ctx, key)
	return withoutMemory(e), err
}

// Resolve finds out what became of a change whose outcome is Unknown: Satisfied or Rejected, as Change tells them. It is
// Unknown still if ctx ends first, or if too many other clients have changed the key since; then it will not take effect
// any more, but perhaps it has.
func (s *Session) Resolve(ctx context.Context, c Changed) (paxos.Outcome, error) {
	if c.Outcome != paxos.Unknown || c.asking == nil {
		return c.Outcome, c.Err
	}
	ctx, cancel, _ := bounded(ctx)
	defer cancel()
	unlock, err := s.lock(ctx, c.key)
	if err != nil {
		return paxos.Unknown, err
	}
	defer unlock()
	if !c.asking.Request().Resolves {
		c.asking.Resolve()
	}
	outcome, _, err := s.settle(ctx, c.key, c.asking)
	return outcome, err
}

// settle makes a request until it is answered. It gives what the answer means and what the key holds then. The error
// says why there is none; the outcome is then Rejected if nobody can have served the request.
func (s *Session) settle(ctx context.Context, key string, a *register.Asking) (paxos.Outcome, register.Entry, error) {
	var last error
	for name := range s.route(ctx, key) {
		reply, err := ask(ctx, s, name, transport.Request, &transport.EntryRequest{
			Key: key, Request: a.Attempt(), Patience: s.patience(ctx).Milliseconds(),
		})
		switch {
		case err == nil && reply.Outcome == paxos.Satisfied:
			return a.Hear(reply.Verdict), entryOf(reply), nil
		case err == nil:
			err = errors.New(reply.Reason)
			if reply.Outcome == paxos.Rejected {
				a.Refused()
			}
		case errors.Is(err, errNotAsked):
			a.Refused()
		}
		last = fmt.Errorf("proposer %s: %w", name, err)
		if errors.Is(err, errRefused) {
			break
		}
	}
	last = cmp.Or(last, ctx.Err())
	if a.Doubtful() || a.Request().Resolves {
		return paxos.Unknown, register.Entry{}, last
	}
	return paxos.Rejected, register.Entry{}, last
}

// read reads a key, with its position.
func (s *Session) read(ctx context.Context, key string) (register.Entry, error) {
	var last error
	for name := range s.route(ctx, key) {
		reply, err := ask(ctx, s, name, transport.Read, &transport.ReadRequest{
			Key: key, Epoch: draw(), Patience: s.patience(ctx).Milliseconds(),
		})
		if err == nil && reply.Outcome == paxos.Satisfied {
			return entryOf(reply), nil
		}
		if err == nil {
			err = errors.New(reply.Reason)
		}
		last = fmt.Errorf("proposer %s: %w", name, err)
		if errors.Is(err, errRefused) {
			break
		}
	}
	return register.Entry{}, cmp.Or(last, ctx.Err())
}

// patience is how long the next proposer may try.
func (s *Session) patience(ctx context.Context) time.Duration {
	deadline, _ := ctx.Deadline()
	return max(time.Millisecond, min(s.cfg.Patience, time.Until(deadline)*3/4))
}

// next gives the number of a request. The one after it is left for its Resolve.
func (s *Session) next() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number += 2
	return s.number
}

// lock has the caller be the only one who changes a key in this session, until it calls unlock.
func (s *Session) lock(ctx context.Context, key string) (unlock func(), err error) {
	s.mu.Lock()
	l := s.keys[key]
	if l == nil {
		l = &keyLock{held: make(chan struct{}, 1)}
		s.keys[key] = l
	}
	l.uses++
	s.mu.Unlock()
	leave := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.uses--; l.uses == 0 {
			delete(s.keys, key)
		}
	}
	select {
	case l.held <- struct{}{}:
		return func() {
			<-l.held
			leave()
		}, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

func entryOf(r *transport.EntryReply) register.Entry {
	e := r.Entry
	e.Memory = string(r.Memory)
	return e
}

func withoutMemory(e register.Entry) register.Entry {
	e.Memory = ""
	return e
}
