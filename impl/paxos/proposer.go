// The proposer: a round's two phases, from a claimed ballot to what clients are told.

package paxos

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Change makes what a register holds next out of what it holds.
type Change interface {
	// Apply gives what comes after s. An error means that there is nothing: the change is then left out of the round.
	Apply(s string) (string, error)
	// AppendTrace appends the change, which made after out of before, as a trace shows it: a JSON value.
	AppendTrace(b []byte, before, after string) []byte
}

// Phase is how far a round has come. Its values are the specification's.
type Phase string

// The phases of a round.
const (
	Idle      Phase = "idle"
	Preparing Phase = "prepare"
	Accepting Phase = "accept"
)

// Outcome is what clients may be told when their round ends.
type Outcome uint8

// The outcomes of a round.
const (
	Undecided Outcome = iota // the round goes on
	Satisfied                // a quorum accepted: the changes took effect, once
	Rejected                 // nothing was proposed: the changes had no effect and never will
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
	ID        string   // its name in the domain of the specification's constant Id
	Acceptors []string // of which a majority must promise
	Tell      []string // of which a majority must accept; nil is Acceptors
	Floor     Ballot   // where a quorum holds nothing, what it held under this ballot or a smaller one may have been erased
	Scheme    Scheme
	Bugs      Bugs
}

// Round is one proposer's memory of one register: the round under way, or what is left of the last one. All of it
// is lost in a restart but Counter, which may come back larger. The zero value is a register never used.
type Round struct {
	Phase    Phase     // "" counts as Idle
	Counter  Ballot    // the largest ballot used, or asked to be promised
	Ballot   Ballot    // of the round under way, or of the last one
	Next     Ballot    // in phase Accepting: the ballot that the accept asks to be promised with it; 0 is none
	Seen     Ballot    // the largest ballot heard of; the next round starts above it
	Parent   Ballot    // once proposed: the ballot of Current
	Current  string    // once proposed: what the register held, to which the changes were applied
	Applied  []Applied // once proposed: the changes, with what each made
	Proposal string    // once proposed: what was made of Current

	sealed   State     // once proposed: Proposal with its lineage
	promises []Message // one an acceptor, while Preparing
	accepted []Message // one an acceptor, while Accepting
	refused  []string  // acceptors that refused, while Accepting
	ready    bool      // while Preparing: promises are those of a quorum
	oneTrip  bool      // the ballot was promised with an accept, not with a prepare
	reusable bool      // bug BallotReused: the last round was abandoned
	deleted  []Message // the acceptances of the last deletion that was acknowledged, until it is collected
	known    bool      // bug CasOnCache: Proposal is the state that this proposer remembers
	basis    []Message // bugs ValueChangedOnRetry, CacheKept: the promises of an abandoned proposal
}

// Applied is a change and what the register held before and after it.
type Applied struct {
	Change        Change
	Before, After string
	Err           error // there is no state after it, and it is no part of the proposal
}

// ProposerEffects is what one input does to a proposer: one action, or none where Step.Action is "".
type ProposerEffects struct {
	After   Round
	Persist Ballot // a counter no smaller than this must be durable before Send leaves; 0 asks for nothing
	Step    Step
	Send    Message // to every acceptor; Kind 0 is none
	Outcome Outcome // not Undecided when the round has ended
}

// Busy reports whether the round waits for acceptors.
func (r Round) Busy() bool {
	return r.Phase == Accepting || r.Phase == Preparing && !r.ready
}

// Ready reports whether a quorum has promised, so that Propose may be called at once.
func (r Round) Ready() bool { return r.Phase == Preparing && r.ready }

// OneTrip reports whether the round's ballot was promised with the accept before it.
func (r Round) OneTrip() bool { return r.oneTrip }

// Prepare claims a ballot that this proposer has never used. The round in r must have ended. The error is
// ErrBallotsExhausted.
func (p Proposer) Prepare(r Round) (ProposerEffects, error) {
	if r.Phase != Idle && r.Phase != "" {
		panic("paxos: Prepare during phase " + string(r.Phase))
	}
	if r.basis != nil && r.Seen <= r.Counter {
		return p.prepareAgain(r), nil
	}
	b, err := p.next(max(r.Counter, r.Seen))
	if err != nil {
		return ProposerEffects{}, err
	}
	// Under the bug a ballot is used twice, not for ever: those who promised it refuse its second prepare, and a
	// register that never comes back would hide what the second use does.
	reuse := p.Bugs.Has(BallotReused) && r.reusable
	if reuse {
		b = r.Ballot
	}
	after := Round{Phase: Preparing, Counter: max(b, r.Counter), Ballot: b, Seen: r.Seen, deleted: r.deleted, reusable: !reuse}
	if p.Bugs.Has(CasOnCache) {
		after.Proposal, after.known = r.Proposal, r.known
	}
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

// Receive takes an acceptor's answer: it notes it, and where it decides the round it takes the action that follows. A
// quorum of promises decides nothing yet: the round is Ready then, and the caller says what to propose. Answers to
// earlier rounds or phases and repeated ones change nothing.
func (p Proposer) Receive(r Round, m Message) ProposerEffects {
	if !slices.Contains(p.addressees(m.Kind), m.Acceptor) {
		return ProposerEffects{After: r}
	}
	if m.Kind == KindRefusedPrepare || m.Kind == KindRefusedAccept {
		r.Seen = max(r.Seen, m.Promised) // worth knowing, however late
	}
	if m.Kind == KindAccepted && len(r.deleted) > 0 && m.Ballot == r.deleted[0].Ballot && !answered(r.deleted, m) {
		r.deleted = append(slices.Clip(r.deleted), m)
		return ProposerEffects{After: r}
	}
	stale := p.Bugs.Has(StalePromises) && m.Kind == KindPromise || p.Bugs.Has(StaleAccepts) && m.Kind == KindAccepted
	if m.Ballot != r.Ballot && !stale {
		return ProposerEffects{After: r}
	}
	switch {
	case m.Kind == KindPromise && r.Busy() && r.Phase == Preparing && (!answered(r.promises, m) || p.Bugs.Has(DuplicatePromises)):
		r.promises = append(slices.Clip(r.promises), m)
		r.ready = len(r.promises) >= p.quorum(p.Acceptors)
	case m.Kind == KindAccepted && r.Phase == Accepting && (!answered(r.accepted, m) || p.Bugs.Has(DuplicateAccepts)):
		r.accepted = append(slices.Clip(r.accepted), m)
		if len(r.accepted) >= p.quorum(p.tell()) || p.Bugs.Has(FirstAcceptSucceeds) {
			return p.Acknowledge(r)
		}
	case m.Kind == KindRefusedPrepare && r.Phase == Preparing && m.Promised > r.Ballot:
		// A competitor is ahead. A quorum of others might still promise, but would probably refuse the accept,
		// and then the outcome were unknown; now the changes can be tried again safely. A refusal that carries
		// this very ballot answers a prepare that the network doubled, and says nothing.
		return p.Abandon(r, m)
	case m.Kind == KindRefusedAccept && r.Phase == Accepting && !slices.Contains(r.refused, m.Acceptor):
		r.refused = append(slices.Clip(r.refused), m.Acceptor)
		if len(p.tell())-len(r.refused) < p.quorum(p.tell()) {
			return p.Abandon(r, m)
		}
	}
	return ProposerEffects{After: r}
}

// latest gives the promise that reports the greatest ballot: that of the latest state that anyone could have been told
// of.
func (p Proposer) latest(r Round) Message {
	latest := slices.MaxFunc(r.promises, byAccepted)
	if latest.AcceptedBallot == 0 { // some may not have been there when it was erased
		latest.Promised = max(p.Floor, slices.MaxFunc(r.promises, byPromised).Promised)
	}
	switch {
	case p.Bugs.Has(LowestBallot):
		return slices.MinFunc(r.promises, byAccepted)
	case p.Bugs.Has(RetriesErased) && latest.AcceptedBallot == 0:
		latest.Promised = 0
	case p.Bugs.Has(IgnoreReportedValue):
		latest.AcceptedBallot, latest.State, latest.Promised = 0, "", 0
	}
	return latest
}

// Found gives the ballot of the state that a round which is Ready will change, 0 if nothing was accepted yet.
func (p Proposer) Found(r Round) Ballot { return p.latest(r).AcceptedBallot }

// Propose applies the changes, one after the other, to the latest state, and asks all acceptors to accept the result.
// The round must be Ready. With ahead, the accept asks for the promise of another ballot too: if it succeeds, the next
// round is Ready at once. While those who promise and those who accept are not the same, it does not ask ahead.
func (p Proposer) Propose(r Round, changes []Change, ahead bool) ProposerEffects {
	if !r.Ready() {
		panic("paxos: Propose without the promises of a quorum")
	}
	latest := p.latest(r)
	line, payload := latest.unseal()
	r.Parent, r.Current = latest.AcceptedBallot, payload
	if p.Bugs.Has(CasOnCache) && r.known {
		r.Current = r.Proposal
	}
	r.Applied, r.Proposal = apply(changes, r.Current)
	r.Phase, r.Next, r.deleted = Accepting, 0, nil
	r.sealed = seal(r.Parent, line, r.Proposal)
	r.Proposal = r.sealed[len(r.sealed)-len(r.Proposal):] // many registers are kept in memory: once is enough
	if r.Proposal == r.Current && p.answersUnwritten(r.Applied) {
		r.accepted = r.promises
		return p.Acknowledge(r)
	}
	e := ProposerEffects{}
	if ahead && p.Tell == nil {
		if next, err := p.next(max(r.Counter, r.Seen)); err == nil {
			r.Next, r.Counter, e.Persist = next, next, next
		}
	}
	e.Step = p.step("Propose", r, r.promises...)
	if p.Bugs.Has(ValueChangedOnRetry) || p.Bugs.Has(CacheKept) && r.oneTrip {
		r.basis = r.promises
	}
	r.promises, r.ready = nil, false
	e.After = r
	e.Send = Message{Kind: KindAccept, Ballot: r.Ballot, State: r.sealed, Next: r.Next}
	return e
}

// apply gives the changes with what each made of the state before it, and the last state.
func apply(changes []Change, s string) ([]Applied, string) {
	all := make([]Applied, len(changes))
	for i, c := range changes {
		after, err := c.Apply(s)
		if err != nil {
			after = s
		}
		all[i] = Applied{Change: c, Before: s, After: after, Err: err}
		s = after
	}
	return all, s
}

// Acknowledge ends a round that a quorum accepted. If the quorum has promised the next ballot with it, the next round
// is Ready.
func (p Proposer) Acknowledge(r Round) ProposerEffects {
	quorum, ended := r.accepted, r.Ballot
	r.deleted = nil
	if r.Proposal == "" || p.Bugs.Has(CollectsAnyState) {
		r.deleted = quorum
	}
	r.basis, r.reusable, r.known = nil, false, true
	r = r.rest()
	if r.Next != 0 {
		r.Phase, r.Ballot, r.ready, r.oneTrip = Preparing, r.Next, true, true
		r.promises = make([]Message, len(quorum))
		for i, m := range quorum {
			r.promises[i] = Message{
				Kind: KindPromise, Ballot: r.Next, Acceptor: m.Acceptor, AcceptedBallot: ended, State: r.sealed, Event: m.Event,
			}
		}
	}
	step := p.step("Acknowledge", r, quorum...)
	step.Ballot = ended
	return ProposerEffects{After: r, Step: step, Outcome: Satisfied}
}

// Collect has the acceptors erase a deletion that all of them have accepted, and not only a quorum: none of them holds an
// older state any more. The round must be one that MayCollect. If it is Ready it should be abandoned after that: the
// promises it holds go into acceptors' Floors, which may rise above them at any time.
func (p Proposer) Collect(r Round) ProposerEffects {
	all := r.deleted
	r.deleted = nil
	step := p.step("Collect", r, all...)
	step.Ballot = all[0].Ballot
	return ProposerEffects{After: r, Step: step, Send: Message{Kind: KindErase, Ballot: step.Ballot, Next: r.Counter}}
}

// MayCollect reports whether all acceptors have accepted the last deletion that was acknowledged, and no round is under
// way that would be in vain if the register were erased.
func (p Proposer) MayCollect(r Round) bool {
	if r.Busy() {
		return false
	}
	return p.Tell == nil && len(r.deleted) >= len(p.Acceptors) || len(r.deleted) > 0 && p.Bugs.Has(CollectsQuorum)
}

// Abandon ends a round that was refused, or whose caller is out of patience: refusal is the message that decided
// it, or the zero Message. Until something was proposed nothing has had an effect. Afterwards nobody knows, and the
// ballot is spent, and the next one with it: neither is ever used for another state.
func (p Proposer) Abandon(r Round, refusal Message) ProposerEffects {
	outcome := Rejected
	if r.Phase == Accepting && !p.Bugs.Has(UnknownAsRejected) {
		outcome = Unknown
	}
	r = r.rest()
	step := p.step("Abandon", r)
	step.Events[0] = refusal.Event
	return ProposerEffects{After: r, Step: step, Outcome: outcome}
}

// RestartProposer takes a register up again after a restart. counter is at least the largest ballot that this
// proposer may have used for it.
func (p Proposer) RestartProposer(counter Ballot) ProposerEffects {
	after := Round{Phase: Idle, Counter: counter}
	return ProposerEffects{After: after, Step: p.step("RestartProposer", after)}
}

// Settled gives a round that has ended without what only those who wait for its outcome need.
func (r Round) Settled() Round {
	r.Current, r.Applied = "", nil
	return r
}

// rest forgets the answers, which a round that has ended does not need.
func (r Round) rest() Round {
	r.Phase, r.ready, r.oneTrip = Idle, false, false
	r.promises, r.accepted, r.refused = nil, nil, nil
	return r
}

// quorum is how many of a set of acceptors make one: every two majorities have an acceptor in common.
func (p Proposer) quorum(set []string) int {
	switch {
	case p.Bugs.Has(QuorumOfOne):
		return 1
	case p.Bugs.Has(QuorumOfHalf):
		return max(1, len(set)/2)
	}
	return len(set)/2 + 1
}

// prepareAgain is the bugs ValueChangedOnRetry and CacheKept: the promises of the abandoned proposal serve others.
func (p Proposer) prepareAgain(r Round) ProposerEffects {
	r.Phase, r.ready, r.promises = Preparing, true, r.basis
	return ProposerEffects{After: r}
}

// answersUnwritten tells for which changes that left the state as it was a bug forgoes the accept.
func (p Proposer) answersUnwritten(applied []Applied) bool {
	if !p.Bugs.Has(ReadWithoutAccept) && !p.Bugs.Has(FailedCASWithoutAccept) {
		return false
	}
	for _, x := range applied {
		text := string(x.Change.AppendTrace(nil, x.Before, x.After))
		if !(p.Bugs.Has(ReadWithoutAccept) && strings.Contains(text, `"read"`) ||
			p.Bugs.Has(FailedCASWithoutAccept) && strings.Contains(text, `"cas"`)) {
			return false
		}
	}
	return len(applied) > 0
}

func byAccepted(a, b Message) int { return cmp.Compare(a.AcceptedBallot, b.AcceptedBallot) }

func byPromised(a, b Message) int { return cmp.Compare(a.Promised, b.Promised) }

func (p Proposer) step(action string, after Round, quorum ...Message) Step {
	return Step{
		Action: action, Node: p.ID, Ballot: after.Ballot, Next: after.Next, Phase: after.Phase, Counter: after.Counter,
		Proposal: after.Proposal, Applied: after.Applied, Quorum: quorum,
	}
}

func answered(answers []Message, m Message) bool {
	return slices.ContainsFunc(answers, func(x Message) bool { return x.Acceptor == m.Acceptor })
}
