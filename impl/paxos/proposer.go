// The proposer: the two phases of a round, from a client's change to its outcome.

package paxos

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Change makes a register's next state out of its current one.
type Change interface {
	// Apply gives the state after s. An error means that there is none, and ends the round before anything is
	// proposed.
	Apply(s State) (State, error)
	// Trace gives the change as a trace shows it: a JSON value.
	Trace() string
}

// Phase is how far a round has come. Its values are the specification's.
type Phase string

// The phases of a round.
const (
	Idle      Phase = "idle"
	Preparing Phase = "prepare"
	Accepting Phase = "accept"
)

// Outcome is what a client may be told when its round ends.
type Outcome uint8

// The outcomes of a round.
const (
	Undecided Outcome = iota // the round goes on
	Satisfied                // a quorum accepted: the change took effect, once
	Rejected                 // nothing was proposed: the change had no effect and never will
	Unknown                  // it was proposed and no quorum is known: a later round may find it, or not
)

var outcomeNames = [...]string{"undecided", "satisfied", "rejected", "unknown"}

// String names the outcome.
func (o Outcome) String() string { return outcomeNames[o] }

// MarshalText gives the outcome's name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads an outcome's name.
func (o *Outcome) UnmarshalText(text []byte) error {
	i := slices.Index(outcomeNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is not an outcome", text)
	}
	*o = Outcome(i)
	return nil
}

// Proposer says what one proposer does with any register. The state of each register is a Round.
type Proposer struct {
	ID        string // its name in the domain of the specification's constant Id
	Acceptors []string
	Initial   State // what a register holds before its first change
	Scheme    Scheme
	Bugs      Bugs
}

// Round is one proposer's memory of one register: the round under way, or what is left of the last one. All of it
// is lost in a restart but Counter, which may come back larger. The zero value is a register never used.
type Round struct {
	Phase    Phase  // "" counts as Idle
	Counter  Ballot // the largest ballot used: that of the round under way
	Seen     Ballot // the largest ballot heard of; the next round starts above it
	Change   Change // what the round is for
	Parent   Ballot // in phase Accepting: the ballot of Current
	Current  State  // the state that the change was applied to
	Proposal State  // the state that was made of it

	promises []Message // one an acceptor, while Preparing
	accepted []Message // one an acceptor, while Accepting
	refused  []string  // acceptors that refused, while Accepting
	reusable bool      // bug BallotReused: the last round was abandoned
	basis    []Message // bug ValueChangedOnRetry: the promises of an abandoned proposal
}

// ProposerEffects is what one input does to a proposer: one action, or none where Step.Action is "".
type ProposerEffects struct {
	After   Round
	Persist Ballot // a counter no smaller than this must be durable before Send leaves; 0 asks for nothing
	Step    Step
	Send    Message // to every acceptor; Kind 0 is none
	Outcome Outcome // not Undecided when the round has ended
	Reason  error   // why a round was rejected although no acceptor refused it
}

// Prepare starts a round for change c under a ballot that this proposer has never used. The round in r must have
// ended. The error is ErrBallotsExhausted.
func (p Proposer) Prepare(r Round, c Change) (ProposerEffects, error) {
	if r.Phase != Idle && r.Phase != "" {
		panic("paxos: Prepare during phase " + string(r.Phase))
	}
	if r.basis != nil && r.Seen <= r.Counter {
		return p.proposeAgain(r, c)
	}
	b, err := p.next(max(r.Counter, r.Seen))
	if err != nil {
		return ProposerEffects{}, err
	}
	// Under the bug a ballot is used twice, not for ever: those who promised it refuse its second prepare, and a
	// register that never comes back would hide what the second use does.
	reuse := p.Bugs.Has(BallotReused) && r.reusable
	if reuse {
		b = r.Counter
	}
	after := Round{Phase: Preparing, Counter: b, Seen: r.Seen, Change: c, reusable: !reuse}
	e := ProposerEffects{
		After:   after,
		Persist: b,
		Step:    p.step("Prepare", after),
		Send:    Message{Kind: KindPrepare, Ballot: b},
	}
	if p.Bugs.Has(CounterNotPersisted) {
		e.Persist = 0
	}
	return e, nil
}

// next gives the ballot of the next round: the smallest of its own above after.
func (p Proposer) next(after Ballot) (Ballot, error) {
	if p.Bugs.Has(BallotWithoutID) && after < MaxBallot {
		return after + 1, nil
	}
	b, err := p.Scheme.Next(after)
	if err != nil && p.Bugs.Has(BallotOverflow) {
		return p.Scheme.Next(0)
	}
	return b, err
}

// Receive takes an acceptor's answer: it notes it, and where it completes a quorum or makes one impossible it takes
// the action that follows. Answers to earlier rounds or phases and repeated ones change nothing.
func (p Proposer) Receive(r Round, m Message) ProposerEffects {
	if !slices.Contains(p.Acceptors, m.Acceptor) {
		return ProposerEffects{After: r}
	}
	if m.Kind == KindRefusedPrepare || m.Kind == KindRefusedAccept {
		r.Seen = max(r.Seen, m.Promised) // worth knowing, however late
	}
	stale := p.Bugs.Has(StalePromises) && m.Kind == KindPromise || p.Bugs.Has(StaleAccepts) && m.Kind == KindAccepted
	if m.Ballot != r.Counter && !stale {
		return ProposerEffects{After: r}
	}
	switch {
	case m.Kind == KindPromise && r.Phase == Preparing && (!answered(r.promises, m) || p.Bugs.Has(DuplicatePromises)):
		r.promises = append(slices.Clip(r.promises), m)
		if len(r.promises) >= p.quorum() {
			return p.Propose(r)
		}
	case m.Kind == KindAccepted && r.Phase == Accepting && (!answered(r.accepted, m) || p.Bugs.Has(DuplicateAccepts)):
		r.accepted = append(slices.Clip(r.accepted), m)
		if len(r.accepted) >= p.quorum() || p.Bugs.Has(FirstAcceptSucceeds) {
			return p.Acknowledge(r)
		}
	case m.Kind == KindRefusedPrepare && r.Phase == Preparing && m.Promised > r.Counter:
		// A competitor is ahead. A quorum of others might still promise, but would probably refuse the accept,
		// and then the outcome were unknown; now the change can be tried again safely. A refusal that carries
		// this very ballot answers a prepare that the network doubled, and says nothing.
		return p.Abandon(r, m)
	case m.Kind == KindRefusedAccept && r.Phase == Accepting && !slices.Contains(r.refused, m.Acceptor):
		r.refused = append(slices.Clip(r.refused), m.Acceptor)
		if len(p.Acceptors)-len(r.refused) < p.quorum() {
			return p.Abandon(r, m)
		}
	}
	return ProposerEffects{After: r}
}

// Propose applies the change to the state that was reported with the greatest ballot, which is the latest that
// anyone could have been told of, and asks all acceptors to accept the result.
func (p Proposer) Propose(r Round) ProposerEffects {
	latest := slices.MaxFunc(r.promises, byAccepted)
	if p.Bugs.Has(LowestBallot) {
		latest = slices.MinFunc(r.promises, byAccepted)
	}
	r.Current, r.Parent = latest.State, latest.AcceptedBallot
	if p.Bugs.Has(IgnoreReportedValue) {
		r.Current, r.Parent = p.Initial, 0
	}
	next, err := r.Change.Apply(r.Current)
	if err != nil {
		e := p.Abandon(r, Message{})
		e.Reason = err
		return e
	}
	r.Phase, r.Proposal = Accepting, next
	if next == r.Current && p.answersUnwritten(r.Change) {
		r.accepted = r.promises
		return p.Acknowledge(r)
	}
	step := p.step("Propose", r, r.promises...)
	if p.Bugs.Has(ValueChangedOnRetry) {
		r.basis = r.promises
	}
	r.promises = nil
	return ProposerEffects{
		After: r,
		Step:  step,
		Send:  Message{Kind: KindAccept, Ballot: r.Counter, State: next},
	}
}

// Acknowledge ends a round that a quorum accepted.
func (p Proposer) Acknowledge(r Round) ProposerEffects {
	r.Phase, r.reusable, r.basis = Idle, false, nil
	step := p.step("Acknowledge", r, r.accepted...)
	return ProposerEffects{After: r.rest(), Step: step, Outcome: Satisfied}
}

// Abandon ends a round that was refused, or whose caller is out of patience: refusal is the message that decided
// it, or the zero Message. Until something was proposed the change has had no effect. Afterwards nobody knows, and
// the ballot is spent: it is never used for another state.
func (p Proposer) Abandon(r Round, refusal Message) ProposerEffects {
	outcome := Rejected
	if r.Phase == Accepting && !p.Bugs.Has(UnknownAsRejected) {
		outcome = Unknown
	}
	r.Phase = Idle
	step := p.step("Abandon", r)
	step.Causes = causes(refusal)
	return ProposerEffects{After: r.rest(), Step: step, Outcome: outcome}
}

// RestartProposer takes a register up again after a restart. counter is at least the largest ballot that this
// proposer may have used for it.
func (p Proposer) RestartProposer(counter Ballot) ProposerEffects {
	after := Round{Phase: Idle, Counter: counter}
	return ProposerEffects{After: after, Step: p.step("RestartProposer", after)}
}

// rest forgets the answers, which a round that has ended does not need.
func (r Round) rest() Round {
	r.promises, r.accepted, r.refused = nil, nil, nil
	return r
}

// quorum is how many acceptors make one: every two majorities have an acceptor in common.
func (p Proposer) quorum() int {
	switch {
	case p.Bugs.Has(QuorumOfOne):
		return 1
	case p.Bugs.Has(QuorumOfHalf):
		return max(1, len(p.Acceptors)/2)
	}
	return len(p.Acceptors)/2 + 1
}

// proposeAgain is the bug ValueChangedOnRetry: the promises of the abandoned proposal serve another change.
func (p Proposer) proposeAgain(r Round, c Change) (ProposerEffects, error) {
	r.Change, r.promises = c, r.basis
	return p.Propose(r), nil
}

// answersUnwritten tells for which changes that left the state as it was a bug forgoes the accept.
func (p Proposer) answersUnwritten(c Change) bool {
	return p.Bugs.Has(ReadWithoutAccept) && strings.Contains(c.Trace(), `"read"`) ||
		p.Bugs.Has(FailedCASWithoutAccept) && strings.Contains(c.Trace(), `"cas"`)
}

func byAccepted(a, b Message) int { return cmp.Compare(a.AcceptedBallot, b.AcceptedBallot) }

func (p Proposer) step(action string, after Round, quorum ...Message) Step {
	step := Step{
		Action: action, Node: p.ID, Ballot: after.Counter, Phase: after.Phase,
		State: after.Proposal, Change: after.Change, Causes: causes(quorum...),
	}
	for _, m := range quorum {
		step.Quorum = append(step.Quorum, m.Acceptor)
	}
	return step
}

func answered(answers []Message, m Message) bool {
	return slices.ContainsFunc(answers, func(x Message) bool { return x.Acceptor == m.Acceptor })
}
