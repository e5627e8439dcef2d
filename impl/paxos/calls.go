// Calls: the changes that clients wait for at one register, from being asked for to an outcome.

package paxos

// Call is one client's change. T is what the caller of this package knows of the client.
type Call[T any] struct {
	Change  Change
	For     T
	effects []effect // one for each proposal of it; no two of them are in one chain
}

// effect is what a change makes if a proposal comes to be.
type effect struct {
	ballot        Ballot
	parent        Ballot  // that of the state that the round changed
	line          lineage // of that state
	before, after string
}

// Result is how a call ended.
type Result[T any] struct {
	For           T
	Outcome       Outcome
	Ballot        Ballot   // of the round that proposed the change; 0 if none did, or several of which any may count
	Proposed      []Ballot // unknown: of all rounds that proposed it; any may count
	Before, After string   // satisfied
	Err           error    // rejected: why there is no state after the change

	parent Ballot  // satisfied: the ballot of the state that the round changed
	line   lineage // satisfied: of that state
}

// Found tells what a satisfied read says of the proposal under ballot b: Satisfied, that it took effect; Rejected, that
// it did not and never will; Unknown, that it was too long ago to tell. The read must have run under a larger ballot.
func (r Result[T]) Found(b Ballot) Outcome {
	switch descends, known := r.line.descent(r.parent, b); {
	case r.Outcome != Satisfied || b == 0 || !known:
		return Unknown
	case descends:
		return Satisfied
	}
	return Rejected
}

// Calls are the calls at one register. A call waits until a round carries it. If the round succeeds it is satisfied. If
// the round's outcome is unknown the call is doubtful, and the next round settles it, by the rule that the module
// RegisterHistory calls MayCarry. The zero value has no calls.
type Calls[T any] struct {
	waiting  []*Call[T]
	doubtful []*Call[T]
	carried  []*Call[T] // by the proposal under way
}

// Len is how many calls have no outcome yet.
func (c *Calls[T]) Len() int { return len(c.waiting) + len(c.doubtful) + len(c.carried) }

// Pending reports whether a call wants a round.
func (c *Calls[T]) Pending() bool { return len(c.waiting)+len(c.doubtful) > 0 }

// Waiting is how many calls no round has carried yet.
func (c *Calls[T]) Waiting() int { return len(c.waiting) }

// Add lines a call up.
func (c *Calls[T]) Add(call *Call[T]) { c.waiting = append(c.waiting, call) }

// Expire takes out the calls that expired says are out of time. Those that no round has carried are rejected.
func (c *Calls[T]) Expire(expired func(T) bool) (ended []Result[T]) {
	keep := func(list []*Call[T], outcome Outcome) []*Call[T] {
		kept := list[:0]
		for _, x := range list {
			if expired(x.For) {
				ended = append(ended, x.end(outcome))
			} else {
				kept = append(kept, x)
			}
		}
		clear(list[len(kept):])
		return kept
	}
	c.doubtful = keep(c.doubtful, Unknown)
	c.waiting = keep(c.waiting, Rejected)
	return ended
}

func (x *Call[T]) end(o Outcome) Result[T] {
	r := Result[T]{For: x.For, Outcome: o}
	if len(x.effects) == 1 {
		r.Ballot = x.effects[0].ballot
	}
	if o == Unknown {
		for _, e := range x.effects {
			r.Proposed = append(r.Proposed, e.ballot)
		}
	}
	return r
}

// Propose carries calls in a round that is Ready, limit at most, and has the core take its step. What the round finds
// settles the doubtful calls first. Those of which it cannot tell end as unknown.
func (c *Calls[T]) Propose(p Proposer, r Round, ahead bool, limit int) (e ProposerEffects, ended []Result[T]) {
	latest := p.latest(r)
	line, _ := latest.unseal()
	var confirmed, again []*Call[T]
	for _, x := range c.doubtful {
		switch x.found(latest.AcceptedBallot, line, p.Bugs.Has(RetriedTwice)) {
		case Satisfied:
			confirmed = append(confirmed, x)
		case Rejected:
			again = append(again, x)
		default:
			ended = append(ended, x.end(Unknown))
		}
	}
	c.doubtful = nil
	n := min(len(c.waiting), max(0, limit-len(again)))
	again = append(again, c.waiting[:n]...)
	c.waiting = c.waiting[n:]
	changes := make([]Change, len(again))
	for i, x := range again {
		changes[i] = x.Change
	}
	e = p.Propose(r, changes, ahead)
	c.carried = confirmed // by a state that contains them
	for i, x := range again {
		a := e.After.Applied[i]
		if a.Err != nil {
			rejected := x.end(Rejected)
			rejected.Err = a.Err
			ended = append(ended, rejected)
			continue
		}
		x.effects = append(x.effects, effect{r.Ballot, e.After.Parent, line, a.Before, a.After})
		c.carried = append(c.carried, x)
	}
	return e, ended
}

// found tells what the latest state says of a doubtful call. Satisfied: it contains the call's effect, which has taken
// place once the round that found it is acknowledged. Rejected: it does not, and so the change may be proposed again on
// top of it, because this proposal and those before will never be in one chain. Unknown: it cannot be told.
func (x *Call[T]) found(latest Ballot, line lineage, retry bool) Outcome {
	if retry {
		return Rejected
	}
	found := Rejected
	for i, e := range x.effects {
		descends, known := line.descent(latest, e.ballot)
		if descends {
			last := len(x.effects) - 1
			x.effects[i], x.effects[last] = x.effects[last], e // what the client is told of
			return Satisfied
		}
		if !known && e.before != e.after { // what changed nothing may be done twice
			found = Unknown
		}
	}
	return found
}

// End takes note of how the round that carried calls has ended, and gives the outcomes.
func (c *Calls[T]) End(e ProposerEffects) (ended []Result[T]) {
	switch e.Outcome {
	case Satisfied:
		for _, x := range c.carried {
			last := x.effects[len(x.effects)-1]
			ended = append(ended, Result[T]{
				For: x.For, Outcome: Satisfied, Ballot: last.ballot, parent: last.parent, line: last.line,
				Before: last.before, After: last.after,
			})
		}
	case Unknown:
		c.doubtful = append(c.doubtful, c.carried...)
	case Rejected: // a bug said so, if any were carried
		for _, x := range c.carried {
			x.effects = nil
		}
		c.waiting = append(c.carried, c.waiting...)
	default:
		return nil
	}
	c.carried = nil
	return ended
}

// Stop ends all calls: those that a round has carried as unknown, the others as rejected.
func (c *Calls[T]) Stop() (ended []Result[T]) {
	c.doubtful, c.carried = append(c.doubtful, c.carried...), nil
	return c.Expire(func(T) bool { return true })
}
