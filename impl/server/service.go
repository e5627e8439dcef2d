// Services: clients' calls, from their bytes to the loop and back.

package server

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// Why a request is not taken.
var (
	errStopping = errors.New("the proposer is stopping")
	errBusy     = errors.New("too many requests wait for the proposer")
)

// maxPatience bounds for how many milliseconds a client may keep a request in a proposer.
const maxPatience = 60_000

// figures counts the outcomes that clients were told.
type figures struct{ satisfied, rejected, unknown atomic.Uint64 }

func (f *figures) count(o paxos.Outcome) {
	switch o {
	case paxos.Satisfied:
		f.satisfied.Add(1)
	case paxos.Rejected:
		f.rejected.Add(1)
	case paxos.Unknown:
		f.unknown.Add(1)
	}
}

// Change implements transport.ClientService.
func (p *proposer) Change(ctx context.Context, q *transport.ChangeRequest) (*transport.ChangeReply, error) {
	if err := q.Change.Validate(); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	r, err := p.ask(ctx, q.Patience, &request{key: q.Key, change: q.Change})
	if err != nil {
		return nil, err
	}
	return r.reply()
}

// Resolve implements transport.ClientService. The read runs under a larger ballot than the change in question. Once
// a quorum has promised that and accepted what it reported, the change's own ballot can do nothing any more: if the
// state that was found comes from it the change has taken effect, if it does not the change never will.
func (p *proposer) Resolve(ctx context.Context, q *transport.ResolveRequest) (*transport.ResolveReply, error) {
	if q.Ballot > paxos.MaxBallot {
		return nil, status.Errorf(codes.InvalidArgument, "ballot %d is larger than %d", q.Ballot, paxos.MaxBallot)
	}
	r, err := p.ask(ctx, q.Patience, &request{key: q.Key, change: identity{}, above: q.Ballot})
	if err != nil {
		return nil, err
	}
	reply, err := r.reply()
	if err != nil { // what is asked for does not depend on what the register holds
		reply = &transport.ChangeReply{Outcome: r.outcome, Ballot: r.ballot, Reason: "the register holds no integer"}
	}
	return &transport.ResolveReply{ChangeReply: *reply, Fate: r.fate(q.Ballot)}, nil
}

// Read implements transport.ClientService. An entry that no request was made of yet gets its epoch.
func (p *proposer) Read(ctx context.Context, q *transport.ReadRequest) (*transport.EntryReply, error) {
	if q.Epoch == 0 {
		return nil, status.Error(codes.InvalidArgument, "an epoch is not 0")
	}
	now := time.Now().UnixMilli()
	r, err := p.ask(ctx, q.Patience, &request{key: q.Key})
	if err != nil {
		return nil, err
	}
	reply, err := r.entryReply(now)
	if err != nil || r.outcome != paxos.Satisfied || len(reply.Memory) > 0 {
		return reply, err
	}
	if r, err = p.ask(ctx, q.Patience, &request{key: q.Key, change: register.Birth{Epoch: q.Epoch}}); err != nil {
		return nil, err
	}
	return r.entryReply(now)
}

// Request implements transport.ClientService.
func (p *proposer) Request(ctx context.Context, q *transport.EntryRequest) (*transport.EntryReply, error) {
	if err := q.Request.Validate(); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	q.Request.Now, q.Request.Bugs = time.Now().UnixMilli(), p.Bugs
	r, err := p.ask(ctx, q.Patience, &request{key: q.Key, change: q.Request})
	if err != nil {
		return nil, err
	}
	reply, err := r.entryReply(q.Request.Now)
	if err != nil || r.outcome != paxos.Satisfied {
		return reply, err
	}
	before, err := register.ParseEntry(r.before)
	if err == nil {
		_, reply.Verdict, err = q.Request.Serve(before)
	}
	if err != nil {
		return nil, status.Error(codes.DataLoss, err.Error())
	}
	return reply, nil
}

// entryReply puts the result into the form of clients that make requests, with the entry as it is at a time.
func (r result) entryReply(now int64) (*transport.EntryReply, error) {
	reply := &transport.EntryReply{Outcome: r.outcome, Reason: r.reason}
	if r.outcome != paxos.Satisfied {
		return reply, nil
	}
	e, err := register.ParseEntry(r.after)
	if err != nil {
		return nil, status.Error(codes.DataLoss, err.Error())
	}
	reply.Entry, reply.Memory = e.Live(now), []byte(e.Memory)
	return reply, nil
}

// fate tells what became of a change that was proposed under some ballots, from the read that ended in r.
func (r result) fate(proposed ...paxos.Ballot) paxos.Outcome {
	if r.found == nil {
		return paxos.Unknown
	}
	fate := paxos.Rejected
	for _, b := range proposed {
		switch r.found(b) {
		case paxos.Satisfied:
			return paxos.Satisfied
		case paxos.Unknown:
			fate = paxos.Unknown
		}
	}
	return fate
}

// ask hands a request to the loop and waits for its answer, as long as the client does.
func (p *proposer) ask(ctx context.Context, patience int64, q *request) (result, error) {
	if err := transport.ValidateKey(q.key); err != nil {
		return result{}, status.Error(codes.InvalidArgument, err.Error())
	}
	q.deadline = time.Now().Add(time.Duration(min(patience, maxPatience)) * time.Millisecond)
	q.gone = ctx.Done()
	reply := make(chan result, 1)
	q.done = func(r result) { reply <- r }
	if err := p.desk.put(q); err != nil {
		return result{outcome: paxos.Rejected, reason: err.Error()}, nil
	}
	select {
	case r := <-reply:
		return r, nil
	case <-ctx.Done():
		return result{}, status.FromContextError(ctx.Err()).Err()
	case <-p.ended:
	}
	select {
	case r := <-reply: // the loop's last words
		return r, nil
	default: // it failed
		return result{}, status.Error(codes.Unavailable, "the proposer has failed")
	}
}

// reply puts the result into the form that clients read.
func (r result) reply() (*transport.ChangeReply, error) {
	reply := &transport.ChangeReply{Outcome: r.outcome, Ballot: r.ballot, Reason: r.reason}
	if r.outcome != paxos.Satisfied {
		return reply, nil
	}
	var err error
	if reply.Before, err = register.ParseState(r.before); err == nil {
		reply.State, err = register.ParseState(r.after)
	}
	if err != nil {
		return nil, status.Error(codes.DataLoss, err.Error())
	}
	return reply, nil
}

// status adds a proposer's figures to a node's.
func (p *proposer) status() *transport.Status {
	s := p.node.status()
	s.Satisfied = p.figures.satisfied.Load()
	s.Rejected = p.figures.rejected.Load()
	s.Unknown = p.figures.unknown.Load()
	for _, l := range *p.links.Load() {
		if l.Connected() {
			s.Connected = append(s.Connected, l.name)
		}
		s.Acceptors++
	}
	slices.Sort(s.Connected)
	return s
}
