// Leases: how a program asks for a lock, keeps it, and learns that it is lost.

// Package lease is for programs that use locks. Lock asks for one and keeps it until Release; Lost tells when it cannot
// be kept, before another can have it. What it asks is performed by a replicated log whose machine is a lock.Machine, so
// locks outlast the failure of a replica. The rules are those of package lock.
package lease

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"synod/impl/lock"
)

// Submitter has commands performed by a replicated log. An error says that it is not known whether a command was, or
// will be. A *replica.Replica is one.
type Submitter interface {
	Submit(ctx context.Context, command string) (result string, err error)
}

// Options say how a lock is asked for. What is 0 is the default.
type Options struct {
	Term time.Duration // after which the lock expires when nobody renews it; DefaultTerm
	// ClockError is what the clocks of two processes may differ by, over a term; a hundredth of the term.
	ClockError time.Duration
	Margin     time.Duration // so long before the lease is over Lost tells of it
	Wait       time.Duration // from one attempt to the next where another has the lock; a tenth of a second
	Owner      string        // what others see of who has the lock; each lease adds a part of its own
	Trace      *Trace        // takes down what the lease does; nil is nobody
	Bugs       lock.Bugs
}

// DefaultTerm is for how long a lock is granted and renewed.
const DefaultTerm = 10 * time.Second

// ErrHeld says that another has the lock, and did until the end.
var ErrHeld = errors.New("another has the lock")

// Lease is a lock that is held, or was. Its methods may be called from any goroutine.
type Lease struct {
	submit  Submitter
	options Options
	started time.Time
	stop    chan struct{} // is closed by Release
	lost    chan struct{}
	ended   chan struct{} // is closed when nothing renews any more
	once    sync.Once

	mu     sync.Mutex
	holder lock.Holder
}

// Lock asks for a lock, and waits as long as another has it, until ctx ends. Then the error is ErrHeld, or why nobody
// could be asked; where an answer was lost, the lock may be nobody's until a term is over.
func Lock(ctx context.Context, s Submitter, name string, o Options) (*Lease, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	l := &Lease{submit: s, options: o, started: o.Trace.started(), stop: make(chan struct{}), lost: make(chan struct{}), ended: make(chan struct{})}
	for waited := false; ; waited = true {
		held, err := l.acquire(ctx, name)
		switch {
		case err != nil && waited && ctx.Err() != nil:
			return nil, fmt.Errorf("lease: %w: %w", ErrHeld, ctx.Err())
		case err != nil:
			return nil, err
		case held:
			go l.keep()
			return l, nil
		}
	}
}

func (o *Options) complete() error {
	if o.Term == 0 {
		o.Term = DefaultTerm
	}
	if o.ClockError == 0 {
		o.ClockError = o.Term / 100
	}
	if o.Wait == 0 {
		o.Wait = 100 * time.Millisecond
	}
	if o.Term < 0 || o.ClockError < 0 || o.Margin < 0 || o.Wait < 0 {
		return errors.New("lease: a time is negative")
	}
	if o.Margin+2*o.ClockError >= o.Term {
		return fmt.Errorf("lease: of a term of %s nothing is left but the margin and the clocks' error", o.Term)
	}
	return nil
}

// renewal is how long after one request the lease is to be renewed by the next: so that two may come to nothing before Lost tells.
func (o *Options) renewal() time.Duration { return (o.Term - o.Margin - 2*o.ClockError) / 3 }

// now is what the lease's clock shows: a monotonic one, from when the lease was first asked for, or its trace begun.
func (l *Lease) now() time.Duration { return time.Since(l.started) }

// acquire asks for the lock as a new owner, until somebody answers. Each attempt asks for the same: who has the lock
// already, because an answer was lost, is told so again. The lease counts from the first.
func (l *Lease) acquire(ctx context.Context, name string) (held bool, err error) {
	l.holder = lock.Holder{
		Name: name, Owner: l.options.Owner + "#" + rand.Text(), Term: l.options.Term, Error: l.options.ClockError,
		Bugs: l.options.Bugs,
	}
	l.options.Trace.follow(&l.holder)
	command := l.holder.AskForLease(l.now())
	for {
		result, err := l.ask(ctx, command)
		switch {
		case err == nil && result.Outcome == lock.Granted:
			l.holder.Hold(result.Lock, l.now())
			if l.holder.Holds(l.now() + l.options.Margin) {
				return true, nil
			}
			l.giveUp(ctx) // it took too long
			return false, ctx.Err()
		case err == nil && result.Outcome == lock.Held:
			return false, l.pause(ctx, ErrHeld)
		case err == nil:
			return false, fmt.Errorf("lease: the answer is %q: %s", result.Outcome, result.Body)
		}
		if err := l.pause(ctx, err); err != nil {
			return false, err
		}
	}
}

// pause waits before the next attempt. When ctx ends, why tells what was wrong with the last.
func (l *Lease) pause(ctx context.Context, why error) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("lease: %w: %w", why, ctx.Err())
	case <-time.After(l.options.Wait):
		return nil
	}
}

func (l *Lease) ask(ctx context.Context, c lock.Command) (lock.Result, error) {
	text, err := l.submit.Submit(ctx, c.String())
	if err != nil {
		return lock.Result{}, err
	}
	return lock.ParseResult(text)
}

// keep renews the lease until it is released or lost.
func (l *Lease) keep() {
	defer close(l.ended)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	renewed := make(chan bool, 1)
	renew := time.NewTimer(l.options.renewal())
	defer renew.Stop()
	asking := false
	for {
		over := time.NewTimer(l.left())
		select {
		case <-l.stop:
		case <-over.C:
			if l.left() > 0 {
				continue // it was renewed in the meantime
			}
			close(l.lost)
		case <-renew.C:
			if !asking {
				asking = true
				go func() { renewed <- l.renew(ctx) }()
			}
			continue
		case kept := <-renewed:
			asking = false
			over.Stop()
			if kept {
				renew.Reset(l.options.renewal())
			} else {
				renew.Reset(l.options.Wait)
			}
			if l.Token() > 0 {
				continue
			}
			close(l.lost)
		}
		over.Stop()
		return
	}
}

// left is how long it takes until Lost has to tell.
func (l *Lease) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder.Token() == 0 {
		return 0
	}
	return l.holder.Until() - l.options.Margin - l.now()
}

// renew asks for a new term, and reports whether it was granted. The lease counts from this attempt.
func (l *Lease) renew(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, l.options.renewal())
	defer cancel()
	l.mu.Lock()
	command, held := l.holder.AskForRenewal(l.now())
	l.mu.Unlock()
	if !held {
		return false
	}
	result, err := l.ask(ctx, command)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && result.Outcome == lock.Granted && l.holder.Token() == command.Token {
		l.holder.Hold(result.Lock, l.now())
		return true
	}
	l.holder.Refused(result.Outcome)
	return false
}

// Token is the fencing token: larger than that of every lease before, of any lock. It stays the same when the lease is
// renewed, and is 0 when the lease is known to be lost or was released.
func (l *Lease) Token() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.holder.Token()
}

// Lost is closed when the lease cannot be kept: Options.Margin before it is over, or as soon as it is known to be lost.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Held looks at the clock, and tells whether the lease is held in this moment. Ask directly before what needs the lease;
// where an act has its effect elsewhere, let that place compare tokens.
func (l *Lease) Held() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.holder.Act(l.now())
}

// Until is when the lease is over, if it is not renewed. A program must have stopped by then.
func (l *Lease) Until() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.started.Add(l.holder.Until())
}

// Release gives the lock up. An error says that others may have to wait until it expires.
func (l *Lease) Release(ctx context.Context) error {
	l.once.Do(func() { close(l.stop) })
	<-l.ended
	return l.giveUp(ctx)
}

func (l *Lease) giveUp(ctx context.Context) error {
	l.mu.Lock()
	command := l.holder.GiveUp()
	l.mu.Unlock()
	if command.Token == 0 {
		return nil
	}
	_, err := l.ask(ctx, command)
	return err
}

// Look tells who has a lock; false is nobody.
func Look(ctx context.Context, s Submitter, name string) (lock.Lock, bool, error) {
	l := Lease{submit: s}
	result, err := l.ask(ctx, lock.Command{Kind: lock.Look, Name: name})
	if err == nil && result.Outcome != lock.Held && result.Outcome != lock.Free {
		err = fmt.Errorf("lease: the answer is %q: %s", result.Outcome, result.Body)
	}
	return result.Lock, result.Outcome == lock.Held, err
}
