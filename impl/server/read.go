// Quorum reads: how the shell reads one register for all who wait for that, in one round trip or by a round.

package server

import (
	"time"

	"synod/impl/paxos"
	"synod/impl/transport"
)

// readPatience is how long a quorum read waits for the last acceptors when those of a quorum have reported different
// states: the register is being changed, or an acceptor is behind.
const readPatience = 5 * time.Millisecond

// beginRead starts a quorum read for all who wait for one.
func (p *proposer) beginRead(r *contested) {
	r.readers, r.later = r.later, r.readers[:0]
	number := max(r.read.Number, p.floor) + 1
	if number > paxos.MaxBallot {
		p.readByRound(r)
		return
	}
	p.settle(r)
	p.setReadTimer(r, p.cfg.PhaseTimeout)
	p.applyRead(r, p.core.Ask(number))
}

// applyRead takes over what a step of a quorum read does.
func (p *proposer) applyRead(r *contested, e paxos.ReadEffects) {
	r.read = e.After
	p.persist = max(p.persist, e.Persist)
	if e.Step.Action != "" {
		at := p.note(r.key, r.traced, &e.Step)
		if e.Send.Kind != 0 {
			p.send = append(p.send, transport.Envelope{Key: r.key, Message: e.Send, Seq: at.seq, Clock: at.clock})
		}
	}
	switch {
	case len(r.readers) == 0:
	case e.Done:
		for _, q := range r.readers {
			p.answer(q, result{outcome: paxos.Satisfied, before: e.Payload, after: e.Payload})
		}
		p.endRead(r)
	case e.After.Failed:
		p.readByRound(r)
	case e.After.Split:
		p.setReadTimer(r, readPatience)
	}
}

// failRead gives a quorum read up.
func (p *proposer) failRead(r *contested) {
	if len(r.readers) > 0 {
		p.readByRound(r)
	}
}

// readByRound has a round read instead, which writes what it finds back.
func (p *proposer) readByRound(r *contested) {
	for _, q := range r.readers {
		q.change = identity{}
		p.call(r, q)
	}
	p.endRead(r)
}

// readByCalls has those who wait for a quorum read wait for a round.
func (p *proposer) readByCalls(r *contested) {
	for i, q := range r.later {
		q.change = identity{}
		p.call(r, q)
		r.later[i] = nil
	}
	r.later = r.later[:0]
}

func (p *proposer) endRead(r *contested) {
	clear(r.readers)
	r.readers = r.readers[:0]
	r.readAlarm = 0
	p.touch(r)
}

// identity is the change that reads.
type identity struct{}

// Apply implements paxos.Change.
func (identity) Apply(s string) (string, error) { return s, nil }

// AppendTrace implements paxos.Change.
func (identity) AppendTrace(b []byte, _, _ string) []byte { return append(b, `{"name":"read"}`...) }
