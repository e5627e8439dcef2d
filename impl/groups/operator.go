// The operator: ranges of shards are cut in two and moved, while clients go on.

package groups

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"synod/impl/paxos"
	"synod/impl/shard"
)

// Operator changes where shards are. What it wants is in the map before it moves the first shard, so another one can go on
// where it stopped (Carry).
type Operator struct {
	Client *Client
	Ask    Ask // has a server make each move, so that what a shard holds stays among servers; nil makes them here
	Bugs   shard.Bugs
	Report func(string) // is told how far it has come, by several goroutines; may be nil
}

// workers is how many shards move at once.
const workers = 8

// ask has a group perform a command, and asks again until there is an answer or ctx ends. Each of an operator's commands
// may be performed twice.
func (o *Operator) ask(ctx context.Context, group string, c shard.Command) (shard.Result, error) {
	g := o.Client.groups[group]
	if g == nil {
		return shard.Result{}, fmt.Errorf("there is no group %q", group)
	}
	type answer struct {
		text    string
		outcome paxos.Outcome
	}
	for {
		answers := make(chan answer, 1)
		g.Do(c.String(), c.Kind.Reads(), func(text string, outcome paxos.Outcome) { answers <- answer{text, outcome} })
		select {
		case <-ctx.Done():
			return shard.Result{}, ctx.Err()
		case a := <-answers:
			if a.outcome == paxos.Satisfied {
				return shard.ParseResult(a.text)
			}
			o.say("waiting for group %s, which does not answer", group)
		}
		select {
		case <-ctx.Done():
			return shard.Result{}, ctx.Err()
		case <-time.After(maxPause):
		}
	}
}

func (o *Operator) say(format string, args ...any) {
	if o.Report != nil {
		o.Report(fmt.Sprintf(format, args...))
	}
}

// must is ask for commands that the group may find to be wrong.
func (o *Operator) must(ctx context.Context, group string, c shard.Command) (shard.Result, error) {
	r, err := o.ask(ctx, group, c)
	if err == nil && r.Outcome == shard.Invalid {
		err = errors.New(r.Body)
	}
	return r, err
}

// Map gives what the map says.
func (o *Operator) Map(ctx context.Context) (shard.Map, error) {
	r, err := o.must(ctx, o.Client.keeper, shard.Command{Kind: shard.Chart})
	if err != nil {
		return nil, err
	}
	return shard.ParseMap(r.Body)
}

// Frozen lists the shards that a group has frozen: their moves are not over.
func (o *Operator) Frozen(ctx context.Context, group string) ([]shard.Holding, error) {
	r, err := o.must(ctx, group, shard.Command{Kind: shard.Holdings})
	if err != nil {
		return nil, err
	}
	all, err := shard.ParseHoldings(r.Body)
	return slices.DeleteFunc(all, func(h shard.Holding) bool { return h.Status != shard.Frozen }), err
}

// Split cuts the range in two in which a shard is: the second part begins with it. No shard moves. Where a range begins
// with the shard already nothing changes.
func (o *Operator) Split(ctx context.Context, first string) error {
	_, err := o.must(ctx, o.Client.keeper, shard.Command{Kind: shard.Split, Shard: first})
	return err
}

// Merge makes one of two ranges: the one that begins with a shard, and the one before it. Both are to be at the same group. No
// shard moves. Where no range begins with the shard nothing changes.
func (o *Operator) Merge(ctx context.Context, first string) error {
	_, err := o.must(ctx, o.Client.keeper, shard.Command{Kind: shard.Merge, Shard: first})
	return err
}

// Move has the range that begins with a shard move to a group, and returns when it is there.
func (o *Operator) Move(ctx context.Context, first, to string) error {
	if o.Client.groups[to] == nil {
		return fmt.Errorf("there is no group %q: there are %q", to, o.Client.Groups())
	}
	if _, err := o.must(ctx, o.Client.keeper, shard.Command{Kind: shard.Assign, Shard: first, Group: to}); err != nil {
		return err
	}
	return o.Carry(ctx)
}

// Carry moves all shards to where the map wants them, and ends the moves that were begun.
func (o *Operator) Carry(ctx context.Context) error {
	for {
		moves, err := o.due(ctx)
		if err != nil || len(moves) == 0 {
			return err
		}
		if err := o.carry(ctx, moves); err != nil {
			return fmt.Errorf("the move is not over, and can be resumed: %w", err)
		}
	}
}

// due lists the moves that are to be made.
func (o *Operator) due(ctx context.Context) (moves []*shard.Mover, err error) {
	frozen := map[string]bool{}
	for _, group := range o.Client.Groups() {
		held, err := o.Frozen(ctx, group)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			frozen[h.Shard] = true
			moves = append(moves, &shard.Mover{Shard: h.Shard, From: group, To: h.Heir})
		}
	}
	m, err := o.Map(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range m.Ranges() {
		for _, e := range r.Shards {
			if e.Group != r.Wanted && !frozen[e.Shard] {
				moves = append(moves, &shard.Mover{Shard: e.Shard, To: r.Wanted})
			}
		}
	}
	return moves, nil
}

// carry makes moves, a few at a time.
func (o *Operator) carry(ctx context.Context, moves []*shard.Mover) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan *shard.Mover)
	var group sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range workers {
		group.Go(func() {
			for v := range work {
				if err := o.Make(ctx, v); err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				done++
				o.say("%d of %d shards have moved", done, len(moves))
				mu.Unlock()
			}
		})
	}
	for _, v := range moves {
		select {
		case work <- v:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	group.Wait()
	return context.Cause(ctx)
}

// Make makes one move. It may have been begun by another operator, or be made by one at the same time.
func (o *Operator) Make(ctx context.Context, v *shard.Mover) error {
	if o.Ask != nil {
		r, err := o.Ask(ctx, true, "SHARD", "CARRY", v.Shard, v.To, v.From)
		if err == nil && r.IsError() {
			err = errors.New(r.Text)
		}
		return err
	}
	v.Map, v.Bugs = o.Client.keeper, o.Bugs
	for {
		group, c := v.Ask()
		if group == "" {
			return nil
		}
		r, err := o.must(ctx, group, c)
		if err != nil {
			return fmt.Errorf("shard %s: %w", v.Shard, err)
		}
		v.Answered(r)
		if r.Outcome == shard.Elsewhere { // another operator moves it, too
			time.Sleep(maxPause)
		}
	}
}
