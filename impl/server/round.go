// Rounds: how the shell drives one register's rounds, from the request at the head of its queue to an answer.

package server

import (
	"fmt"
	"math/rand/v2"
	"time"

	"synod/impl/paxos"
	"synod/impl/transport"
)

// request is a client's wish for one change.
type request struct {
	key      string
	change   paxos.Change
	above    paxos.Ballot // the round's ballot is larger than this
	deadline time.Time    // no round begins after it
	gone     <-chan struct{}
	done     func(result) // is told the answer, once; it must not block
}

// result is what the client is told.
type result struct {
	outcome paxos.Outcome
	ballot  paxos.Ballot // of the last round; 0 if there was none
	parent  paxos.Ballot // satisfied: the ballot of before
	before  paxos.State
	after   paxos.State
	reason  string
}

// contested is a register that this proposer has in memory: its round and those who wait for one.
type contested struct {
	key     string
	round   paxos.Round
	queue   []*request // the round is for the first
	attempt int        // how often the first has been tried in vain
	alarm   uint64     // the timer that counts; others are out of date
	since   time.Time  // when the phase under way began
}

// busy reports whether a round is under way, and not merely due after a pause.
func (r *contested) busy() bool {
	return r.round.Phase == paxos.Preparing || r.round.Phase == paxos.Accepting
}

// queueLimit is how many clients may wait for one register.
const queueLimit = 1024

// enqueue lines a request up.
func (p *proposer) enqueue(q *request) {
	r := p.recall(q.key)
	if len(r.queue) >= queueLimit {
		p.answers = append(p.answers, answer{q, result{outcome: paxos.Rejected, reason: "too many clients wait for this key"}})
		p.figures.rejected.Add(1)
		return
	}
	r.queue = append(r.queue, q)
	if len(r.queue) == 1 {
		p.begin(r)
	}
}

// recall finds a register in memory or takes it up anew, above every ballot that may have been used for it. In a
// later run than the first it also records that, once for each register.
func (p *proposer) recall(key string) *contested {
	if r := p.registers[key]; r != nil {
		return r
	}
	effects := p.core.RestartProposer(p.floor)
	r := &contested{key: key, round: effects.After}
	p.registers[key] = r
	if p.restarted != nil {
		if _, done := p.restarted[key]; !done {
			p.restarted[key] = struct{}{}
			p.steps.Add(1)
			p.journal.add(key, effects.Step, true)
		}
	}
	return r
}

// begin starts a round for the first in the queue who still waits.
func (p *proposer) begin(r *contested) {
	for len(r.queue) > 0 {
		q := r.queue[0]
		if isClosed(q.gone) || !p.now.Before(q.deadline) {
			p.answer(r, result{outcome: paxos.Rejected, ballot: r.round.Counter, reason: "no round succeeded in time"})
			continue
		}
		r.round.Seen = max(r.round.Seen, q.above)
		effects, err := p.core.Prepare(r.round, q.change)
		if err != nil {
			p.answer(r, result{outcome: paxos.Rejected, ballot: r.round.Counter, reason: err.Error()})
			continue
		}
		p.apply(r, effects)
		return
	}
}

// apply takes over what a step does: the round as it is now, and for the end of the turn what is to be made
// durable, recorded and sent.
func (p *proposer) apply(r *contested, e paxos.ProposerEffects) {
	r.round = e.After
	p.persist = max(p.persist, e.Persist)
	if e.Step.Action == "" {
		return
	}
	p.steps.Add(1)
	p.measure(r, e)
	at := p.journal.add(r.key, e.Step, false)
	if e.Send.Kind != 0 {
		p.send = append(p.send, transport.Envelope{Key: r.key, Message: e.Send, Seq: at.seq, Clock: at.clock})
	}
	switch {
	case e.Outcome == paxos.Undecided:
		p.setTimer(r, p.patience(r))
	case e.Outcome == paxos.Rejected && e.Reason == nil && !p.stopping:
		p.retry(r)
	default:
		p.answer(r, conclude(e))
		if !p.stopping {
			p.begin(r)
		}
	}
}

// measure takes the time of phases and counts what rounds met.
func (p *proposer) measure(r *contested, e paxos.ProposerEffects) {
	took := p.now.Sub(r.since)
	r.since = p.now
	switch e.Step.Action {
	case "Prepare":
		p.Metrics.Round(false)
	case "Propose":
		p.Metrics.Prepared(took)
	case "Acknowledge":
		p.Metrics.Accepted(took)
	case "Abandon":
		if e.After.Seen > e.After.Counter {
			p.Metrics.Collided()
		}
	}
}

// patience gives how long the phase under way may take. While nothing is proposed it ends with the client's.
func (p *proposer) patience(r *contested) time.Duration {
	if r.round.Phase == paxos.Preparing {
		return min(p.cfg.PhaseTimeout, r.queue[0].deadline.Sub(p.now))
	}
	return p.cfg.PhaseTimeout
}

// The pauses before a change is tried again.
const (
	minRetry = time.Millisecond
	maxRetry = 128 * time.Millisecond
)

// retry plans the next round for a change that was not proposed yet, and so cannot take effect twice. The pause
// grows and is jittered: proposers that contend for a register get out of each other's way.
func (p *proposer) retry(r *contested) {
	pause := min(minRetry<<min(r.attempt, 10), maxRetry)
	r.attempt++
	p.setTimer(r, pause/2+rand.N(pause))
}

// timeOut does what is due: a round is given up, or after a pause the next one begins.
func (p *proposer) timeOut(r *contested) {
	if r.busy() {
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
	} else {
		p.begin(r)
	}
}

// conclude puts the end of a round into words.
func conclude(e paxos.ProposerEffects) result {
	r := result{outcome: e.Outcome, ballot: e.After.Counter}
	switch {
	case e.Outcome == paxos.Satisfied:
		r.parent, r.before, r.after = e.After.Parent, e.After.Current, e.After.Proposal
	case e.Reason != nil:
		r.reason = e.Reason.Error()
	case e.Outcome == paxos.Unknown:
		r.reason = fmt.Sprintf("ballot %d was proposed, and whether a quorum accepted it is not known", r.ballot)
	default:
		r.reason = errStopping.Error()
	}
	return r
}

// answer ends the first request of the queue.
func (p *proposer) answer(r *contested, res result) {
	p.answers = append(p.answers, answer{r.queue[0], res})
	p.figures.count(res.outcome)
	r.queue[0] = nil
	r.queue = r.queue[1:]
	r.attempt, r.alarm = 0, 0
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
