// Membership: a change of the cluster's acceptors, from the operator's side.

package client

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"synod/impl/membership"
	"synod/impl/transport"
)

// Operators changes the acceptors of a cluster. It needs all of the cluster's proposers: each has to adopt each
// configuration.
type Operators struct {
	Proposers map[string]*Client // all of them, by name
	Bugs      membership.Bugs
	Report    func(string) // is told how far it has come; may be nil
	clock     uint64       // the Lamport time of all that was heard
}

// Plan gives the cluster's plan: the one under way, or the last one.
func (o *Operators) Plan(ctx context.Context) (membership.Plan, error) {
	return o.begin(ctx, &transport.BeginRequest{})
}

// begin asks one proposer after the other.
func (o *Operators) begin(ctx context.Context, q *transport.BeginRequest) (membership.Plan, error) {
	var errs error
	for _, name := range o.names() {
		r, err := transport.Begin(ctx, o.Proposers[name].conn, q)
		if err == nil {
			o.hear(r.Clock)
			return r.Plan, nil
		}
		errs = errors.Join(errs, fmt.Errorf("%s: %s", name, status.Convert(err).Message()))
	}
	return membership.Plan{}, errs
}

func (o *Operators) names() []string { return slices.Sorted(maps.Keys(o.Proposers)) }

func (o *Operators) hear(clock uint64) { o.clock = max(o.clock, clock) }

func (o *Operators) say(format string, args ...any) {
	if o.Report != nil {
		o.Report(fmt.Sprintf(format, args...))
	}
}

// Hear takes note of the Lamport time of a node that the change is about.
func (o *Operators) Hear(clock uint64) { o.hear(clock) }

// Change plans a change, has it agreed upon and takes the cluster through it. It refuses while another one is under way,
// and can be ended at any point: Resume goes on.
func (o *Operators) Change(ctx context.Context, c membership.Change) error {
	last, err := o.Plan(ctx)
	if err != nil {
		return err
	}
	next, err := membership.NewPlan(last, c, o.Bugs)
	if err != nil {
		return err
	}
	agreed, err := o.begin(ctx, &transport.BeginRequest{Last: last, Next: &next})
	if err != nil {
		return err
	}
	if !agreed.Same(next) {
		return fmt.Errorf("%w: %s", membership.ErrUnderWay, agreed.What)
	}
	return o.carry(ctx, next)
}

// Resume takes the cluster through the change under way. It does nothing where there is none.
func (o *Operators) Resume(ctx context.Context) error {
	plan, err := o.Plan(ctx)
	if err != nil || plan.Done {
		return err
	}
	return o.carry(ctx, plan)
}

// carry is the operator's way through a plan. What fails is tried again until ctx ends.
func (o *Operators) carry(ctx context.Context, plan membership.Plan) error {
	op := membership.NewOperator(plan, o.names(), o.Bugs)
	for {
		var err error
		switch op.Task() {
		case membership.TaskAdopt:
			err = o.adopt(ctx, op)
		case membership.TaskRewrite:
			err = o.rewrite(ctx, op)
		case membership.TaskAdvance:
			op.Advance()
		case membership.TaskFinish:
			done := plan
			done.Done = true
			_, err = o.begin(ctx, &transport.BeginRequest{Last: plan, Next: &done})
			return err
		}
		if err == nil {
			continue
		}
		if code := status.Code(err); code == codes.FailedPrecondition || code == codes.PermissionDenied {
			return errors.New(status.Convert(err).Message())
		}
		o.say("waiting: %v", err)
		select {
		case <-ctx.Done():
			return fmt.Errorf("the change is not over, and can be resumed: %w", err)
		case <-time.After(retryPause):
		}
	}
}

// retryPause is how long an operator waits before it asks again.
const retryPause = 100 * time.Millisecond

// adopt has one proposer more adopt the target.
func (o *Operators) adopt(ctx context.Context, op *membership.Operator) error {
	name, target := op.Missing()[0], op.Target()
	q := &transport.AdoptRequest{Configuration: target, Clock: o.clock}
	r, err := transport.Adopt(ctx, o.Proposers[name].conn, q)
	if err != nil {
		if code := status.Code(err); code == codes.FailedPrecondition {
			return status.Errorf(code, "proposer %s: %s", name, status.Convert(err).Message())
		}
		return fmt.Errorf("proposer %s, which has to adopt configuration %d: %s", name, target.Number(), status.Convert(err).Message())
	}
	o.hear(r.Clock)
	op.Confirmed(name, r.Used)
	o.say("proposer %s is in configuration %d", name, r.Configuration.Number())
	return nil
}

// progressInterval is how often an operator asks how far a rewriting has come.
const progressInterval = 100 * time.Millisecond

// rewrite has one of the proposers write every register anew. If that one fails, the next try begins with another.
func (o *Operators) rewrite(ctx context.Context, op *membership.Operator) error {
	names := o.names()
	name := names[rand.IntN(len(names))]
	q := &transport.RewriteRequest{Number: op.Target().Number(), Token: 1 + rand.Uint64()>>1}
	if o.Bugs.Has(membership.RewriteTooEarly) || o.Bugs.Has(membership.AdvanceUnconfirmed) {
		q.Number = 0
	}
	for {
		r, err := transport.Rewrite(ctx, o.Proposers[name].conn, q)
		if err == nil && r.Error != "" {
			err = errors.New(r.Error)
		}
		if err != nil {
			return fmt.Errorf("proposer %s, which writes the registers anew: %s", name, status.Convert(err).Message())
		}
		o.hear(r.Clock)
		if r.Done || op.Hasty() {
			o.say("%d registers are written anew", r.Written)
			op.Written()
			return nil
		}
		o.say("proposer %s has written %d registers anew", name, r.Written)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(progressInterval):
		}
	}
}

// Configurations asks all proposers for theirs. Those that do not answer are in errs.
func (o *Operators) Configurations(ctx context.Context) (found map[string]membership.Configuration, errs map[string]error) {
	found, errs = map[string]membership.Configuration{}, map[string]error{}
	for _, name := range o.names() {
		r, err := transport.AskMembership(ctx, o.Proposers[name].conn)
		if err != nil {
			errs[name] = errors.New(status.Convert(err).Message())
			continue
		}
		o.hear(r.Clock)
		found[name] = r.Configuration
	}
	return found, errs
}

// Restore brings a proposer back that has lost its disk, or that runs on an old copy: it takes the configuration of the
// others, and learns from the acceptors which ballots it may have used. While a change of the membership is under way it
// refuses, unless alone says that no other operator goes on with that: who was told by the lost proposer that it is in the next
// configuration would go on from there.
func (o *Operators) Restore(ctx context.Context, name string, alone bool) error {
	lost := o.Proposers[name]
	if lost == nil {
		return fmt.Errorf("there is no proposer %q", name)
	}
	others := Operators{Proposers: maps.Clone(o.Proposers), clock: o.clock}
	delete(others.Proposers, name)
	if len(others.Proposers) == 0 {
		return errors.New("there is no other proposer whose configuration it could take")
	}
	plan, err := others.Plan(ctx)
	if err != nil {
		return err
	}
	if !plan.Done && !alone {
		return fmt.Errorf("%w: %s; restore it with -alone if no other operator goes on with that, and resume it then", membership.ErrUnderWay, plan.What)
	}
	found, errs := others.Configurations(ctx)
	for other, err := range errs {
		return fmt.Errorf("proposer %s, which has to tell its configuration: %w", other, err)
	}
	var latest membership.Configuration
	for _, c := range found {
		if latest.Plan.Stages == nil || c.Number() > latest.Number() {
			latest = c
		}
	}
	q := &transport.AdoptRequest{Configuration: latest, Restore: true, Clock: others.clock}
	if _, err := transport.Adopt(ctx, lost.conn, q); err != nil {
		return fmt.Errorf("proposer %s: %s", name, status.Convert(err).Message())
	}
	o.say("proposer %s is in configuration %d", name, latest.Number())
	return nil
}
