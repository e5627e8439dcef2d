// The acceptor: what it answers to a prepare and to an accept, and what it must not forget.

package paxos

// Acceptor says what one acceptor does with any register. The state of each register is an AcceptorState.
type Acceptor struct {
	ID string // its name in the specification's constant Acceptor
	// Floor is what it has promised for every register of which it keeps nothing. Erasing a register raises it to what
	// was promised for that one.
	Floor Ballot
	Bugs  Bugs
}

// AcceptorState is one acceptor's memory of one register, and also what it keeps on disk: in the specification
// promised[a], acceptedBallot[a] and acceptedState[a]. Of a register that nobody has used, or that was erased, it keeps
// nothing, and has promised its Floor.
type AcceptorState struct {
	Promised       Ballot // it accepts nothing under a smaller ballot
	AcceptedBallot Ballot // 0 if it has accepted nothing yet
	AcceptedState  State
}

// AcceptorEffects is what one action of an acceptor does.
type AcceptorEffects struct {
	After   AcceptorState // the memory after the action
	Persist bool          // After must be durable before Reply leaves
	Erased  bool          // Persist: nothing is kept of the register any more, and the Floor covers what it has promised
	Step    Step
	Reply   Message // to the proposer; Kind 0 is none
}

// Receive takes the one action that the message asks for. It reports false if there is none: for an erase that comes too
// late, or a message that no proposer sends.
func (a Acceptor) Receive(s AcceptorState, m Message) (AcceptorEffects, bool) {
	switch {
	case m.Kind == KindPrepare && a.mayPromise(s, m.Ballot):
		return a.Promise(s, m), true
	case m.Kind == KindPrepare:
		return a.RefusePrepare(s, m), true
	case m.Kind == KindAccept && m.Ballot == s.AcceptedBallot:
		return a.RepeatAccept(s, m), true
	case m.Kind == KindAccept && a.mayAccept(s, m.Ballot):
		return a.Accept(s, m), true
	case m.Kind == KindAccept:
		return a.RefuseAccept(s, m), true
	case m.Kind == KindAsk:
		return a.Report(s, m), true
	case m.Kind == KindErase && a.mayErase(s, m):
		return a.Erase(s, m), true
	}
	return AcceptorEffects{}, false
}

// mayPromise reports whether ballot b is above all that the acceptor has seen.
func (a Acceptor) mayPromise(s AcceptorState, b Ballot) bool {
	switch {
	case a.Bugs.Has(PromiseAnyBallot):
		return true
	case a.Bugs.Has(PromiseEqualBallot), a.Bugs.Has(BallotWithoutID):
		return b >= s.Promised && b >= s.AcceptedBallot
	}
	return b > s.Promised && b > s.AcceptedBallot
}

// mayAccept reports whether no larger ballot than b was promised.
func (a Acceptor) mayAccept(s AcceptorState, b Ballot) bool {
	switch {
	case a.Bugs.Has(AcceptBelowPromise):
		return true
	case a.Bugs.Has(AcceptAboveOnly):
		return b > s.Promised
	}
	return b >= s.Promised
}

// mayErase reports whether the acceptor holds the deletion still, and has given no promise since to anybody else than
// the one who collects it. With such a promise it would be safe to erase, but that round would come to nothing when the
// Floor rises.
func (a Acceptor) mayErase(s AcceptorState, m Message) bool {
	if a.Bugs.Has(ErasesAnything) {
		return s.AcceptedBallot != 0
	}
	return m.Ballot == s.AcceptedBallot && (s.Promised <= m.Next || a.Bugs.Has(ErasesPromise))
}

// Promise answers a prepare with a ballot above all that the acceptor has seen: it will accept nothing smaller any
// more, and reports what it has accepted so far.
func (a Acceptor) Promise(s AcceptorState, m Message) AcceptorEffects {
	reply := Message{
		Kind: KindPromise, Ballot: m.Ballot, Acceptor: a.ID,
		AcceptedBallot: s.AcceptedBallot, State: s.AcceptedState,
	}
	if s.AcceptedBallot == 0 {
		reply.Promised = a.Floor
	}
	switch {
	case a.Bugs.Has(PromiseOmitsValue):
		reply.AcceptedBallot, reply.State = 0, ""
	case a.Bugs.Has(PromiseWrongBallot):
		reply.AcceptedBallot = s.Promised
	}
	s.Promised = m.Ballot
	e := a.effects("Promise", s, m, reply)
	e.Persist = !a.Bugs.Has(PromiseNotPersisted)
	return e
}

// RefusePrepare answers any other prepare with the larger ballot that stands against it, so that the proposer can
// jump past it.
func (a Acceptor) RefusePrepare(s AcceptorState, m Message) AcceptorEffects {
	r := max(s.Promised, s.AcceptedBallot)
	if a.Bugs.Has(StaleRefusal) {
		r = s.AcceptedBallot
	}
	reply := Message{Kind: KindRefusedPrepare, Ballot: m.Ballot, Acceptor: a.ID, Promised: r}
	return a.effects("RefusePrepare", s, m, reply)
}

// Accept stores the proposed state. It is a promise too: were Promised not raised, a late accept with a smaller
// ballot could overwrite this one. If the proposer asks for its next ballot, that is promised in the same step, and the
// one answer says both.
func (a Acceptor) Accept(s AcceptorState, m Message) AcceptorEffects {
	after := AcceptorState{Promised: max(m.Ballot, m.Next), AcceptedBallot: m.Ballot, AcceptedState: m.State}
	if a.Bugs.Has(AcceptKeepsPromise) {
		after.Promised = s.Promised
	}
	reply := Message{Kind: KindAccepted, Ballot: m.Ballot, Acceptor: a.ID}
	e := a.effects("Accept", after, m, reply)
	e.Persist = !a.Bugs.Has(AcceptNotPersisted)
	return e
}

// RepeatAccept answers an accept that is stored already as the first one was answered, even if a larger ballot was
// promised since. A refusal would let the proposer believe that its state was not accepted here.
func (a Acceptor) RepeatAccept(s AcceptorState, m Message) AcceptorEffects {
	reply := Message{Kind: KindAccepted, Ballot: m.Ballot, Acceptor: a.ID}
	return a.effects("RepeatAccept", s, m, reply)
}

// RefuseAccept answers an accept below the promise with the ballot that was promised.
func (a Acceptor) RefuseAccept(s AcceptorState, m Message) AcceptorEffects {
	reply := Message{Kind: KindRefusedAccept, Ballot: m.Ballot, Acceptor: a.ID, Promised: s.Promised}
	return a.effects("RefuseAccept", s, m, reply)
}

// Report tells a reader what the acceptor has accepted last. It promises nothing.
func (a Acceptor) Report(s AcceptorState, m Message) AcceptorEffects {
	reply := Message{
		Kind: KindReport, Ballot: m.Ballot, Acceptor: a.ID, Proposer: m.Proposer,
		AcceptedBallot: s.AcceptedBallot, State: s.AcceptedState,
	}
	return a.effects("Report", s, m, reply)
}

// Erase forgets a deletion that every acceptor has accepted. What it has promised it does not forget.
func (a Acceptor) Erase(s AcceptorState, m Message) AcceptorEffects {
	after := AcceptorState{Promised: s.Promised}
	if a.Bugs.Has(ErasesPromise) {
		after.Promised = 0
	}
	e := a.effects("Erase", after, m, Message{})
	e.Persist, e.Erased = true, true
	return e
}

// Raise takes note that the Floor has risen above what was promised for a register of which nothing is kept.
func (a Acceptor) Raise(s AcceptorState) AcceptorEffects {
	s.Promised = a.Floor
	return a.effects("Raise", s, Message{Ballot: a.Floor}, Message{})
}

// RestartAcceptor takes a register up again as it was found on disk. Where nothing was found, what was promised is open:
// no more than the Floor, to which Raise brings it.
func (a Acceptor) RestartAcceptor(disk AcceptorState) AcceptorEffects {
	e := a.effects("RestartAcceptor", disk, Message{}, Message{})
	e.Step.Open = disk == AcceptorState{} && a.Floor > 0
	return e
}

func (a Acceptor) effects(action string, after AcceptorState, m, reply Message) AcceptorEffects {
	step := Step{
		Action: action, Node: a.ID, Ballot: m.Ballot, Refusal: reply.Promised, Asker: m.Proposer,
		Acceptor: after, Events: [2]string{m.Event},
	}
	return AcceptorEffects{After: after, Step: step, Reply: reply}
}
