// Rewriting: every register written anew, and the one register that holds the cluster's plan.

package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/membership"
	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// rewriting is the rewriting of all registers that was begun last.
type rewriting struct {
	mu     sync.Mutex
	token  uint64
	cancel context.CancelFunc
	transport.RewriteReply
}

// rewriteAtOnce is how many registers are being written anew at the same time, so that clients are served besides.
const rewriteAtOnce = 64

// Rewrite implements transport.MembershipService.
func (p *proposer) Rewrite(ctx context.Context, q *transport.RewriteRequest) (*transport.RewriteReply, error) {
	now, err := p.askLoop(ctx, adoption{})
	if err != nil {
		return nil, err
	}
	if n := now.Configuration.Number(); n < q.Number {
		return nil, status.Errorf(codes.FailedPrecondition, "the proposer is in configuration %d, not yet in %d", n, q.Number)
	}
	w := &p.rewriting
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.token != q.Token {
		if w.cancel != nil {
			w.cancel()
		}
		var running context.Context
		running, w.cancel = context.WithCancel(context.Background())
		w.token, w.RewriteReply = q.Token, transport.RewriteReply{}
		go p.rewrite(running, q.Token)
	}
	reply := w.RewriteReply
	reply.Clock = p.clock.Load()
	return &reply, nil
}

// tell notes how far the rewriting with a token has come.
func (w *rewriting) tell(token uint64, note func(*transport.RewriteReply)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.token == token {
		note(&w.RewriteReply)
	}
}

// rewrite writes all registers anew: every one of which a client could have been told is known to a quorum of those who
// promise, and so to one of those who are asked for their keys.
func (p *proposer) rewrite(ctx context.Context, token uint64) {
	stop := context.AfterFunc(p.living, func() { p.rewriting.cancelled(token) })
	defer stop()
	err := p.rewriteAll(ctx, token)
	p.rewriting.tell(token, func(r *transport.RewriteReply) {
		r.Done = err == nil
		if err != nil {
			r.Error = err.Error()
		}
	})
}

// cancelled ends the rewriting with a token.
func (w *rewriting) cancelled(token uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.token == token && w.cancel != nil {
		w.cancel()
	}
}

func (p *proposer) rewriteAll(ctx context.Context, token uint64) error {
	after := ""
	for {
		keys, more, err := p.listKeys(ctx, after, maxListed)
		if err != nil {
			return err
		}
		if err := p.rewriteKeys(ctx, keys, token); err != nil {
			return err
		}
		if !more || len(keys) == 0 {
			return nil
		}
		after = keys[len(keys)-1]
	}
}

// maxListed is how many keys are asked for at once.
const maxListed = 1000

// rewriteKeys writes some registers anew, several at a time.
func (p *proposer) rewriteKeys(ctx context.Context, keys []string, token uint64) error {
	next := make(chan string)
	errs := make(chan error, rewriteAtOnce)
	var workers sync.WaitGroup
	for range rewriteAtOnce {
		workers.Go(func() {
			for key := range next {
				if _, err := p.insist(ctx, key, identity{}); err != nil {
					errs <- err
					return
				}
				p.rewriting.tell(token, func(r *transport.RewriteReply) { r.Written++ })
			}
		})
	}
	var err error
	for _, key := range keys {
		select {
		case next <- key:
		case err = <-errs:
		}
		if err != nil {
			break
		}
	}
	close(next)
	workers.Wait()
	select {
	case err = <-errs:
	default:
	}
	return err
}

// insistPause is how long to wait before a change is asked for again.
const insistPause = 50 * time.Millisecond

// insist asks for a change until a round has succeeded. It may take effect more than once.
func (p *proposer) insist(ctx context.Context, key string, change paxos.Change) (result, error) {
	for {
		reply := make(chan result, 1)
		err := p.desk.put(&request{
			key: key, change: change, deadline: time.Now().Add(frontPatience), gone: ctx.Done(),
			done: func(r result) { reply <- r },
		})
		if errors.Is(err, errStopping) {
			return result{}, err
		}
		if err == nil {
			select {
			case r := <-reply:
				if r.outcome == paxos.Satisfied {
					return r, nil
				}
			case <-p.ended:
				return result{}, errStopping
			}
		}
		select {
		case <-ctx.Done():
			return result{}, ctx.Err()
		case <-time.After(insistPause):
		}
	}
}

// keyPlan is the register that holds the cluster's plan. It is kept like any other, by the cluster itself.
const keyPlan = transport.Reserved + "plan"

// Begin implements transport.MembershipService: a plan that follows the cluster's last one becomes the cluster's.
func (p *proposer) Begin(ctx context.Context, q *transport.BeginRequest) (*transport.BeginReply, error) {
	if q.Next != nil {
		if err := q.Next.Validate(); err != nil {
			return nil, status.Error(codes.InvalidArgument, err.Error())
		}
	}
	r, err := p.insist(ctx, keyPlan, register.Map(func(e register.Entry) register.Entry {
		found, err := p.plan(e)
		if q.Next == nil || err != nil || !found.Same(q.Last) {
			return e
		}
		text, _ := json.Marshal(q.Next) // a plan always has an encoding
		return register.Entry{Exists: true, Value: text}
	}))
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	e, err := register.ParseEntry(r.after)
	if err != nil {
		return nil, status.Error(codes.DataLoss, err.Error())
	}
	plan, err := p.plan(e)
	if err != nil {
		return nil, status.Error(codes.DataLoss, err.Error())
	}
	return &transport.BeginReply{Plan: plan, Clock: p.clock.Load()}, nil
}

// plan reads what the register holds.
func (p *proposer) plan(e register.Entry) (plan membership.Plan, err error) {
	if !e.Exists {
		return membership.Founding(p.Cluster.Acceptors), nil
	}
	if err = json.Unmarshal(e.Value, &plan); err != nil {
		err = fmt.Errorf("the cluster's plan cannot be read: %w", err)
	}
	return plan, err
}
