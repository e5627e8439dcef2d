// Rounds: how the shell drives one register, from the requests that wait for it to their answers.

package server

import (
	"fmt"
	"math/rand/v2"
	"time"

	"synod/impl/paxos"
	"synod/impl/register"
	"synod/impl/transport"
)

// request is a client's wish for one change, or for a read if there is none.
type request struct {
	key      string
	change   paxos.Change // nil reads by a quorum if that is possible
	above    paxos.Ballot // the round's ballot is larger than this
	deadline time.Time    // no round begins after it
	gone     <-chan struct{}
	done     func(result) // is called once, from the loop
}

// result is what the client is told.
type result struct {
	outcome paxos.Outcome
	ballot  paxos.Ballot                     // of the last round; 0 if there was none
	in      []paxos.Ballot                   // unknown: the proposals of which any may count
	found   func(paxos.Ballot) paxos.Outcome // what became of the proposal under a smaller ballot
	before  string
	after   string
	reason  string
}

// contested is a register that this proposer has in memory: its round and those who wait for one.
type contested struct {
	place
	number    uint64 // of the configuration under which its trace is
	preferred bool   // this proposer is the one that clients should ask
	traced    bool   // the journal keeps the key
	touched   bool
	swept     bool // a sweep has asked for it: if its entry is deleted it is to be erased
	round     paxos.Round
	calls     paxos.Calls[*request]
	earliest  time.Time // when the first of the calls runs out of time
	attempt   int       // how often rounds have failed since the last success
	pausing   bool      // no round begins before the timer
	alarm     uint64    // the timer that counts; others are out of date
	since     time.Time // when the phase under way began

	read      paxos.Read
	readers   []*request // the quorum read under way is for these
	later     []*request // came when it was under way, and so need another
	readAlarm uint64
}

// bytes is about how many bytes the register takes beside registerBytes: for its round, with promises, and for its state.
func (r *contested) bytes() int { return 768 + len(r.round.Proposal) }

// queueLimit is how many clients may wait for one register.
const queueLimit = 1 << 14

// roundChanges is how many changes one round carries at most.
const roundChanges = 1024

// enqueue lines a request up.
func (p *proposer) enqueue(q *request) {
	r := p.recall(q.key)
	switch {
	case r.calls.Len()+len(r.later) >= queueLimit:
		p.answer(q, result{outcome: paxos.Rejected, reason: "too many clients wait for this key"})
		return
	case q.change == nil && r.calls.Len() == 0:
		r.later = append(r.later, q)
	case q.change == nil:
		q.change = identity{} // behind the changes that were asked for before it
		p.call(r, q)
	default:
		p.call(r, q)
	}
	if _, sweep := q.change.(register.Sweep); sweep {
		r.swept = true
	}
	p.touch(r)
}

// call has a round serve the request.
func (p *proposer) call(r *contested, q *request) {
	if r.calls.Len() == 0 || q.deadline.Before(r.earliest) {
		r.earliest = q.deadline
	}
	r.calls.Add(&paxos.Call[*request]{Change: q.change, For: q})
}

// touch has the register looked at when the turn has taken all that waits.
func (p *proposer) touch(r *contested) {
	if !r.touched {
		r.touched = true
		p.touched = append(p.touched, r)
	}
}

// recall finds a register in memory or takes it up anew, above every ballot that may have been used for it. In a
// later run than the first it also records that, once for each register.
func (p *proposer) recall(key string) *contested {
	if r, ok := p.registers.get(key); ok {
		return r
	}
	effects := p.core.RestartProposer(p.floor)
	r := &contested{round: effects.After, preferred: p.prefers(key), traced: p.journal.keeps(key)}
	r.read.Number = p.floor
	p.registers.put(key, r, r.bytes())
	if _, done := p.restarted[key]; r.traced && p.restarted != nil && !done {
		p.restarted[key] = struct{}{}
		p.note(r.key, r.traced, &effects.Step)
	}
	return r
}

// prefers reports whether clients should ask this proposer for the key, so that the promises it holds stay good.
func (p *proposer) prefers(key string) bool {
	return transport.Preferred(p.Cluster.proposers(), key) == p.ID
}

// advance takes the next step for the register, if one is to be taken.
func (p *proposer) advance(r *contested) {
	if p.stopping {
		return
	}
	ignorant := p.learning.ignorant.Load()
	if ignorant {
		p.readByCalls(r)
	} else if len(r.readers) == 0 && len(r.later) > 0 {
		p.beginRead(r)
	}
	if r.round.Busy() || r.pausing || len(r.readers) > 0 {
		return // changes that were asked for after a read come after it
	}
	var above paxos.Ballot
	r.earliest = p.now.Add(time.Hour)
	for _, x := range r.calls.Expire(func(q *request) bool {
		if isClosed(q.gone) || !p.now.Before(q.deadline) {
			return true
		}
		above = max(above, q.above)
		if q.deadline.Before(r.earliest) {
			r.earliest = q.deadline
		}
		return false
	}) {
		p.conclude(x)
	}
	if !r.calls.Pending() {
		return
	}
	if ignorant {
		r.pausing = true
		p.setTimer(r, r.earliest.Sub(p.now))
		return
	}
	if r.round.Ready() && (r.round.Ballot <= above || r.round.OneTrip() && p.now.Sub(r.since) > p.cfg.SweepInterval/4) {
		// Promises that have waited long are perhaps none any more. If the register was erased meanwhile, nobody could
		// tell afterwards that a proposal with them has come to nothing.
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
		r.pausing = false // nothing has failed
	}
	if r.round.Ready() {
		effects, ended := r.calls.Propose(p.core, r.round, p.asksAhead(r), roundChanges)
		p.apply(r, effects)
		for _, x := range ended {
			p.conclude(x)
		}
		return
	}
	p.settle(r)
	r.round.Seen = max(r.round.Seen, above, p.configuration.Floor)
	effects, err := p.core.Prepare(r.round)
	if err != nil {
		for _, x := range r.calls.Stop() {
			x.Err = err
			p.conclude(x)
		}
		return
	}
	p.apply(r, effects)
}

// asksAhead reports whether the accept shall ask for the next promise, too: that is worth it where nobody else will
// probably change the register before this proposer does. Two who ask ahead spoil each other's promises. So the preferred
// proposer does it always, and another one where the state is its own, or nobody's yet: Redis clients may all ask this one.
func (p *proposer) asksAhead(r *contested) bool {
	found := p.core.Found(r.round)
	return r.preferred || r.calls.Len() > 1 || found == 0 || p.core.Scheme.Owns(found)
}

// apply takes over what a step does: the round as it is now, and for the end of the turn what is to be made
// durable, recorded and sent.
func (p *proposer) apply(r *contested, e paxos.ProposerEffects) {
	p.take(r, e)
	if r.swept && p.mayCollect(r) {
		p.take(r, p.core.Collect(r.round))
		if r.round.Ready() { // acceptors will have promised more, for other erased keys
			p.take(r, p.core.Abandon(r.round, paxos.Message{}))
			r.pausing, r.attempt = false, 0 // nothing has failed
		}
		r.swept = false
		p.floor = max(p.floor, r.round.Counter) // of keys that come anew, acceptors have promised as much
	}
}

// take is apply for one step.
func (p *proposer) take(r *contested, e paxos.ProposerEffects) {
	before := r.bytes()
	r.round = e.After
	p.registers.grow(r, r.bytes()-before)
	p.persist = max(p.persist, e.Persist)
	if e.Step.Action != "" {
		p.measure(r, e)
		at := p.note(r.key, r.traced, &e.Step)
		if e.Send.Kind != 0 {
			p.send = append(p.send, transport.Envelope{Key: r.key, Message: e.Send, Seq: at.seq, Clock: at.clock})
			if r.round.Busy() {
				p.setTimer(r, p.patience(r))
			}
		}
	}
	switch e.Outcome {
	case paxos.Undecided:
		if r.round.Ready() {
			p.touch(r)
		}
		return
	case paxos.Satisfied:
		r.attempt, r.alarm = 0, 0
		r.round = r.round.Settled()
	default:
		r.alarm = 0
	}
	for _, x := range r.calls.End(e) {
		p.conclude(x)
	}
	if e.Outcome != paxos.Satisfied && r.calls.Pending() && !p.stopping {
		p.pause(r)
	}
	p.touch(r)
}

// patience gives how long the phase under way may take. While nothing is proposed it ends with the first client's.
func (p *proposer) patience(r *contested) time.Duration {
	if r.round.Phase == paxos.Preparing {
		return min(p.cfg.PhaseTimeout, r.earliest.Sub(p.now))
	}
	return p.cfg.PhaseTimeout
}

// measure takes the time of phases and counts what rounds met.
func (p *proposer) measure(r *contested, e paxos.ProposerEffects) {
	took := p.now.Sub(r.since)
	r.since = p.now
	switch e.Step.Action {
	case "Prepare":
		p.Metrics.Round(false)
	case "Propose":
		if e.After.OneTrip() {
			p.Metrics.Round(true)
		} else {
			p.Metrics.Prepared(took)
		}
	case "Acknowledge":
		p.Metrics.Accepted(took)
	case "Abandon":
		if e.After.Seen > e.After.Counter {
			p.Metrics.Collided()
		}
	}
}

// The pauses before the next round after one that failed.
const (
	minPause = time.Millisecond
	maxPause = 128 * time.Millisecond
)

// pause puts the next round off. The pause grows and is jittered: proposers that contend for a register get out of
// each other's way. After a single failure there is none, because the round was perhaps the one that came too late.
func (p *proposer) pause(r *contested) {
	r.attempt++
	if r.attempt == 1 {
		return
	}
	pause := min(minPause<<min(r.attempt-2, 10), maxPause)
	r.pausing = true
	p.setTimer(r, min(pause/2+rand.N(pause), r.earliest.Sub(p.now)))
}

// timeOut does what is due: a round is given up, or after a pause the next one begins.
func (p *proposer) timeOut(t timer) {
	r := t.r
	switch {
	case t.read:
		p.failRead(r)
	case r.pausing:
		r.pausing = false
		p.touch(r)
	case r.round.Busy():
		p.apply(r, p.core.Abandon(r.round, paxos.Message{}))
	}
}

// conclude tells a client how its call ended.
func (p *proposer) conclude(x paxos.Result[*request]) {
	r := result{outcome: x.Outcome, ballot: x.Ballot, in: x.Proposed, found: x.Found, before: x.Before, after: x.After}
	switch {
	case x.Err != nil:
		r.reason = x.Err.Error()
	case x.Outcome == paxos.Unknown:
		r.reason = fmt.Sprintf("ballot %d was proposed, and whether a quorum accepted it is not known", r.ballot)
	case x.Outcome == paxos.Rejected && p.stopping:
		r.reason = errStopping.Error()
	case x.Outcome == paxos.Rejected:
		r.reason = "no round succeeded in time"
	}
	p.answer(x.For, r)
}

// answer has the client told when the turn is durable and recorded.
func (p *proposer) answer(q *request, r result) {
	p.answers = append(p.answers, answer{q, r})
	p.figures.count(r.outcome)
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
