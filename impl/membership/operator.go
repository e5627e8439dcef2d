// The operator: what to do next on the way through a plan.

package membership

import (
	"slices"

	"synod/impl/paxos"
)

// Task is what an operator has to do next.
type Task uint8

// The tasks.
const (
	TaskAdopt   Task = iota // have the proposers of Missing adopt Target
	TaskRewrite             // have every register written anew by a proposer
	TaskAdvance             // go on to the next stage, or behind the last one to its having settled
	TaskFinish              // the plan is over
)

// Operator takes proposers through a plan. It may be interrupted at any point; another one, that begins the same plan
// from the front, does as well. The actions are those of spec/membership/Membership.tla.
type Operator struct {
	plan      Plan
	proposers []string
	bugs      Bugs
	target    int
	confirmed []string
	written   bool
	settling  bool         // all are in the last stage, and are told so
	floor     paxos.Ballot // no smaller than any ballot that was used before the target's stage was entered
	next      paxos.Ballot // no smaller than any that the confirmed have used before they entered it
}

// NewOperator begins a plan from the front.
func NewOperator(plan Plan, proposers []string, bugs Bugs) *Operator {
	return &Operator{plan: plan, proposers: proposers, bugs: bugs}
}

// Target is the configuration to which the proposers are taken. Above its floor are all ballots that proposers had used
// when all of them had left the stage before the last one. When all are in the last stage, they are told that it has
// settled: the plan is not over before, so that no other one can have begun.
func (o *Operator) Target() Configuration {
	c := Configuration{Plan: o.plan, Position: o.target, Floor: o.floor, Settled: o.settling}
	if o.bugs.Has(BallotsBelow) {
		c.Floor = 0
	}
	return c
}

// Missing lists the proposers that have not confirmed the target.
func (o *Operator) Missing() (missing []string) {
	for _, p := range o.proposers {
		if !slices.Contains(o.confirmed, p) {
			missing = append(missing, p)
		}
	}
	return missing
}

// Task gives what is to be done.
func (o *Operator) Task() Task {
	enough := len(o.Missing()) == 0 || o.bugs.Has(AdvanceUnconfirmed) && len(o.confirmed) > 0
	early := o.bugs.Has(RewriteTooEarly) && len(o.confirmed) > 0
	rewrite := o.plan.Stages[o.target].Rewrite && !o.written
	switch {
	case rewrite && (enough || early):
		return TaskRewrite
	case !enough:
		return TaskAdopt
	case !o.settling:
		return TaskAdvance
	}
	return TaskFinish
}

// Confirmed notes that a proposer is in the target's configuration or a later one, and the largest ballot that it may
// have used before.
func (o *Operator) Confirmed(proposer string, used paxos.Ballot) {
	if !slices.Contains(o.confirmed, proposer) {
		o.confirmed = append(o.confirmed, proposer)
	}
	o.next = max(o.next, used)
}

// Written notes that every register was written anew. Under a bug it is told so when that has begun.
func (o *Operator) Written() { o.written = true }

// Hasty reports whether a bug does not let the operator wait for the end of the rewriting.
func (o *Operator) Hasty() bool { return o.bugs.Has(AdvanceUnwritten) }

// Advance goes on to the next stage.
func (o *Operator) Advance() {
	if o.Task() != TaskAdvance {
		panic("membership: Advance before its time")
	}
	o.confirmed = nil
	if o.target == len(o.plan.Stages)-1 {
		o.settling = true
		return
	}
	o.target++
	o.written = false
	o.floor = o.next
}
